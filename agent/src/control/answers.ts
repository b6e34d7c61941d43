// What an agent answers at its control address.

/** A member as an agent shows it. */
export interface ShownMember {
  addr: string;
  bump: number | string;
  state: "Alive" | "Suspect" | "Asleep" | "Down" | "Left";
  incarnation: number;
  /** When it came to that state (ISO 8601). */
  since: string;
  rttMs: number | null;
  /** How often it went and came back within the last hour. */
  flaps: number;
  suspectedBy: string | null;
  value: string | null;
  valueAgeMs: number | null;
}

/** The answer of `/api/members`. */
export interface MembersAnswer {
  self: ShownMember;
  members: ShownMember[];
}

/** The answer of `/api/info`, as far as commands read it. */
export interface InfoAnswer {
  version: string;
  identity: { addr: string; bump: number | string };
  bind: string;
  advertised: { address: string; why: string } | null;
  cluster: string | null;
  codec: string;
  config: { name: string; size: number } | null;
  upSeconds: number;
  state: string;
  numMembers: number;
  rttMs: number | null;
  sealing: string | null;
  keyIds: number[] | null;
  discovery: { state: string; found: string[] } | null;
  troubles: { kind: string; text: string; at: string }[];
  socketErrors: number;
}

/** The answer of `/api/ping`. */
export interface PingAnswer {
  results: { via: string | null; rttMs: number | null }[];
}
