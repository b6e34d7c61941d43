import { State } from "../../core/index.js";
import type { Naming } from "../sim/identities.js";
import type { Member } from "./member.js";

/** The crowd, as far as a watch needs it. */
interface Watched {
  readonly nowMs: number;
  readonly naming: Naming;
  readonly members: readonly Member[];
}

/** Who holds one host of a crowd, and when that changed, in milliseconds of virtual time. */
export class Watch {
  readonly subject: number;
  /** How many hosts hold it active. */
  numHolding = 0;
  firstSuspectMs = Infinity;
  firstDownMs = Infinity;
  /** When the last host so far came to hold it active, and when the last that did so ceased to. */
  lastUpMs = Infinity;
  lastGoneMs = Infinity;
  private readonly isHolding: Uint8Array;
  private readonly crowd: Watched;

  constructor(crowd: Watched, subject: number) {
    const { members, naming } = crowd;
    this.crowd = crowd;
    this.subject = subject;
    this.isHolding = new Uint8Array(members.length);
    const identity = naming.make(subject, 1);
    for (const { index, swim } of members) if (swim?.knows(identity) === true) this.hold(index, true);
  }

  /** Whether a host holds it active. */
  isHeldBy(observer: number): boolean {
    return this.isHolding[observer] === 1;
  }

  /** A host holds it in that state now, or not at all. */
  changed(observer: number, state: State | undefined): void {
    const { nowMs } = this.crowd;
    if (state === State.Suspect) this.firstSuspectMs = Math.min(this.firstSuspectMs, nowMs);
    if (state === State.Down) this.firstDownMs = Math.min(this.firstDownMs, nowMs);
    this.hold(observer, state === State.Alive || state === State.Suspect);
  }

  /** A host has lost its memory. */
  lost(observer: number): void {
    this.hold(observer, false);
  }

  private hold(observer: number, isHolding: boolean): void {
    if (this.isHeldBy(observer) === isHolding) return;
    this.isHolding[observer] = isHolding ? 1 : 0;
    this.numHolding += isHolding ? 1 : -1;
    if (isHolding) this.lastUpMs = this.crowd.nowMs;
    else this.lastGoneMs = this.crowd.nowMs;
  }
}
