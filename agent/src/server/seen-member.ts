import type { Integer64 } from "xswim";

export type SeenState = "Alive" | "Suspect" | "Asleep" | "Down" | "Left";

/** How many values of a member are kept, and how many characters of each. */
const MOST_VALUES = 16;
const MOST_CHARACTERS = 256;
/** How far back flaps count, and how many of them are kept. */
const FLAPS_MS = 3_600_000;
const MOST_FLAPS = 64;

/** A member as the agent shows it. Times are ISO 8601. */
export interface MemberJson {
  addr: string;
  bump: Integer64;
  state: SeenState;
  incarnation: number;
  /** When it came to this state. */
  since: string;
  /** When it came up last. */
  upSince: string;
  /** Of the last probe that it answered, in milliseconds. */
  rttMs: number | null;
  /** How often it was Suspect or Down and came back, within the last hour. */
  flaps: number;
  /** The address of who said that it is Suspect. */
  suspectedBy: string | null;
  /** When the last datagram of its own came. */
  lastHeard: string | null;
  napUntil: string | null;
  value: string | null;
  valueAgeMs: number | null;
  /** The last 16 values, the newest last, each cut off after 256 characters. */
  history: { at: string; value: string }[];
  /** The address of the next member on the circle of hashed addresses. */
  successor: string | null;
}

/** What the agent has seen of one member, or of itself. Times are in milliseconds since 1970. */
export class SeenMember {
  readonly addr: string;
  /** Where its address is on the circle. */
  readonly point: number;
  bump: Integer64;
  state: SeenState = "Alive";
  incarnation = 0;
  sinceMs: number;
  upSinceMs: number;
  rttMs: number | undefined;
  suspectedBy: string | undefined;
  lastHeardMs: number | undefined;
  napUntilMs: number | undefined;
  successor: string | undefined;
  private value: string | undefined;
  private valueMs = 0;
  private flapsMs: number[] = [];
  private readonly history: { at: string; value: string }[] = [];

  constructor(addr: string, bump: Integer64, point: number, nowMs: number) {
    this.addr = addr;
    this.bump = bump;
    this.point = point;
    this.sinceMs = this.upSinceMs = nowMs;
  }

  get isActive(): boolean {
    return this.state === "Alive" || this.state === "Suspect";
  }

  get isGone(): boolean {
    return this.state === "Down" || this.state === "Left";
  }

  get hasValue(): boolean {
    return this.value !== undefined;
  }

  become(state: SeenState, nowMs: number): void {
    this.state = state;
    this.sinceMs = nowMs;
    this.suspectedBy = undefined;
    this.napUntilMs = undefined;
  }

  /** It was Suspect or Down, and is back. */
  flapped(nowMs: number): void {
    this.flapsMs.push(nowMs);
    if (this.flapsMs.length > MOST_FLAPS) this.flapsMs.shift();
  }

  /** @param atMs when it was published */
  tookValue(value: string, atMs: number): void {
    this.value = value;
    this.valueMs = atMs;
    const shown = value.length > MOST_CHARACTERS ? value.slice(0, MOST_CHARACTERS) + "…" : value;
    this.history.push({ at: iso(atMs), value: shown });
    if (this.history.length > MOST_VALUES) this.history.shift();
  }

  json(nowMs: number): MemberJson {
    const { value } = this;
    this.flapsMs = this.flapsMs.filter((atMs) => nowMs - atMs < FLAPS_MS);
    return {
      addr: this.addr,
      bump: this.bump,
      state: this.state,
      incarnation: this.incarnation,
      since: iso(this.sinceMs),
      upSince: iso(this.upSinceMs),
      rttMs: this.rttMs === undefined ? null : round(this.rttMs),
      flaps: this.flapsMs.length,
      suspectedBy: this.suspectedBy ?? null,
      lastHeard: this.lastHeardMs === undefined ? null : iso(this.lastHeardMs),
      napUntil: this.napUntilMs === undefined ? null : iso(this.napUntilMs),
      value: value ?? null,
      valueAgeMs: value === undefined ? null : Math.max(0, Math.round(nowMs - this.valueMs)),
      history: this.history,
      successor: this.successor ?? null,
    };
  }
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** To a hundredth of a millisecond. */
export function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
