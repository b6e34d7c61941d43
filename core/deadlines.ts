import type { Order } from "./order.js";

/** What time can bring. Of two that are due at the same moment the smaller number runs first, as in foca. */
export const Deadline = /* @__PURE__ */ Object.freeze({
  IndirectProbe: 0,
  Probe: 1,
  /** The first suspicion runs out: `Order` keeps these. */
  SuspectToDown: 2,
  PeriodicAnnounce: 3,
  PeriodicGossip: 4,
  /** The first Down member is to be forgotten: `Order` keeps these. */
  RemoveDown: 5,
  PeriodicAnnounceToDown: 6,
  /** We were declared Down and wait for our turn to come back. */
  Rejoin: 7,
});

/** No deadline is due. */
export const NOTHING_DUE = 8;

/** Bytes that `Deadlines` needs, from the beginning of a buffer. */
export const DEADLINE_BYTES = NOTHING_DUE * 8;

/** The deadlines of a node, in the runtime's milliseconds; Infinity for none. Those of members stand in `Order`, which is asked. */
export class Deadlines {
  /** By `Deadline`. */
  private readonly at: Float64Array;
  private readonly order: Order;
  /** The deadline that `next` found, and when it is. */
  first = NOTHING_DUE;
  nextMs = Infinity;
  /** When the runtime was asked to wake us; Infinity when it was not, or has. */
  wakeMs = Infinity;
  /** When we last gave what waits time to be read, after a stall. */
  private graceMs = -Infinity;

  /** Keeps them in the first `DEADLINE_BYTES` of the buffer. */
  constructor(buffer: ArrayBufferLike, order: Order) {
    this.at = new Float64Array(buffer, 0, NOTHING_DUE).fill(Infinity);
    this.order = order;
  }

  set(deadline: number, atMs: number): void {
    this.order.hasNewDeadline = true;
    this.at[deadline] = atMs;
  }

  /** Whether the deadline, which must not be one of those in `Order`, is set. */
  has(deadline: number): boolean {
    return this.at[deadline] !== Infinity;
  }

  /** Voids all that need other members: all but `Rejoin`. */
  clear(): void {
    this.order.hasNewDeadline = true;
    for (let i = 0; i < Deadline.Rejoin; i++) this.at[i] = Infinity;
  }

  /**
   * Has a stall of so many milliseconds not count: what is judged by it comes later by that long. What waits to be read gets
   * `graceMs` more, but only once in `pauseMs` beside the stalls, so that a node that is always late judges, too.
   */
  standStill(lateMs: number, nowMs: number, graceMs: number, pauseMs: number): void {
    const at = this.at;
    if (nowMs - lateMs >= this.graceMs + pauseMs) {
      this.graceMs = nowMs;
      lateMs += graceMs;
    } else this.graceMs += lateMs;
    at[Deadline.IndirectProbe] += lateMs;
    at[Deadline.Probe] += lateMs;
    this.order.delaySuspicions(lateMs);
    this.next();
  }

  /** Looks for the earliest deadline: `first`, or NOTHING_DUE when none is set, and `nextMs`. */
  next(): void {
    const at = this.at;
    at[Deadline.SuspectToDown] = this.order.firstSuspicionMs;
    at[Deadline.RemoveDown] = this.order.firstForgettingMs;
    let next = NOTHING_DUE;
    let earliest = Infinity;
    for (let i = 0; i < NOTHING_DUE; i++) {
      if (at[i] < earliest) {
        earliest = at[i];
        next = i;
      }
    }
    this.first = next;
    this.nextMs = earliest;
  }
}
