// What the agent answers at /api/…, as far as the page reads it.

export type State = "Alive" | "Suspect" | "Asleep" | "Down" | "Left";

/** A value that a member published, and when. */
export interface PastValue {
  at: string;
  value: string;
}

/** A member as the agent sees it. Times are ISO 8601. */
export interface Member {
  addr: string;
  bump: number | string;
  state: State;
  incarnation: number;
  /** When it came to this state. */
  since: string;
  upSince: string;
  rttMs: number | null;
  /** How often it was Suspect or Down and came back, within the last hour. */
  flaps: number;
  suspectedBy: string | null;
  lastHeard: string | null;
  napUntil: string | null;
  value: string | null;
  valueAgeMs: number | null;
  /** The newest last. */
  history: PastValue[];
  /** The address of the next one on the circle. */
  successor: string | null;
}

export interface Members {
  self: Member;
  members: Member[];
}

export interface Trouble {
  kind: string;
  text: string;
  at: string;
}

/** What the agent is, and how it is. */
export interface Info {
  version: string;
  identity: { addr: string; bump: number | string };
  bind: string;
  advertised: { address: string; why: string };
  cluster: string | null;
  codec: string;
  config: { name: string; size: number };
  upSeconds: number;
  state: "alone" | "connected" | "defunct" | "left";
  numMembers: number;
  rttMs: number | null;
  sealing: string | null;
  keyIds: readonly number[] | null;
  discovery: { state: string; found: readonly string[] } | null;
  troubles: readonly Trouble[];
  counters: Record<string, number | number[]>;
  seal: Record<string, number> | null;
  socketErrors: number;
  /** Whether the agent does what this caller posts. */
  verbs: boolean;
}

export interface Amount {
  datagrams: number;
  bytes: number;
}

/** One second of the agent. */
export interface Second {
  at: string;
  sent: Amount;
  received: Amount;
  members: number;
  suspects: number;
  rttMs: number | null;
}

/** An event: what `--json` prints on a line. */
export interface AgentEvent {
  time: string;
  level?: string;
  event: string;
  msg?: string;
}

/** What changed since the last message of that kind. */
export interface Changes {
  changed: Member[];
  removed: string[];
}

export interface PingResult {
  via: string | null;
  rttMs: number | null;
}
