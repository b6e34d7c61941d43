import { printable } from "./words.js";
import type { Member } from "./wire.js";

/** How many round trips of a member are kept. */
const MOST_ROUND_TRIPS = 64;

/** A member as the page keeps it. */
export class Row {
  member: Member;
  readonly isSelf: boolean;
  /** The address, fit to be shown. */
  readonly name: string;
  /** By this addresses are in the order of their numbers. */
  readonly addressKey: string;
  /** The value on one line. */
  text = "";
  /** When it was told by the stream last, on this page's clock. */
  toldMs = -Infinity;
  /** When each round trip was seen, in seconds since 1970, and how long it took, in milliseconds. */
  readonly roundTripAt: number[] = [];
  readonly roundTripMs: number[] = [];

  constructor(member: Member, isSelf: boolean) {
    this.member = member;
    this.isSelf = isSelf;
    this.name = printable(member.addr, 120);
    this.addressKey = member.addr.slice(0, 120).replace(/\d+/g, (digits) => digits.padStart(6, "0"));
    this.take(member, Date.now());
  }

  /** @param nowMs the time of the agent */
  take(member: Member, nowMs: number): void {
    const isNewTime = this.roundTripMs.length === 0 || member.rttMs !== this.member.rttMs;
    if (member.rttMs !== null && isNewTime) {
      this.roundTripAt.push(nowMs / 1000);
      this.roundTripMs.push(member.rttMs);
      if (this.roundTripMs.length > MOST_ROUND_TRIPS) {
        this.roundTripAt.shift();
        this.roundTripMs.shift();
      }
    }
    if (this.text === "" || member.value !== this.member.value) this.text = printable(member.value ?? "");
    this.member = member;
  }

  get isPresent(): boolean {
    return this.member.state !== "Down" && this.member.state !== "Left";
  }
}
