import type { Order } from "./order.js";

/** What time can bring. Of two that are due at the same moment the smaller number runs first, as in foca. */
export const Deadline = /* @__PURE__ */ Object.freeze({
  IndirectProbe: 0,
  Probe: 1,
  SuspectToDown: 2,
  PeriodicAnnounce: 3,
  PeriodicGossip: 4,
  RemoveDown: 5,
  PeriodicAnnounceToDown: 6,
});

/** No deadline is due. */
export const NOTHING_DUE = 7;

/** Bytes that `Deadlines` needs; they begin at a multiple of 8. */
export const DEADLINE_BYTES = (NOTHING_DUE + 1) * 8;

/**
 * The deadlines of a node, in the runtime's milliseconds; Infinity for none. Two of them, SuspectToDown and
 * RemoveDown, are copies of what `Order` knows.
 */
export class Deadlines {
  /** Whether one was set since the wake-up was last looked after. */
  isMoved = false;
  /** By `Deadline`; the last one is the moment that the runtime was asked to wake us. */
  private readonly at: Float64Array;

  /** Keeps them in `DEADLINE_BYTES` of the buffer. */
  constructor(buffer: ArrayBuffer, byteOffset: number) {
    this.at = new Float64Array(buffer, byteOffset, NOTHING_DUE + 1).fill(Infinity);
  }

  set(deadline: number, atMs: number): void {
    this.isMoved = true;
    this.at[deadline] = atMs;
  }

  get(deadline: number): number {
    return this.at[deadline];
  }

  /** Copies the two that `Order` knows. */
  follow(order: Order): void {
    order.isMoved = false;
    this.at[Deadline.SuspectToDown] = order.firstSuspicionMs;
    this.at[Deadline.RemoveDown] = order.firstForgettingMs;
  }

  /** Voids all but the forgetting of Down members. */
  clear(): void {
    this.isMoved = true;
    for (let i = 0; i < NOTHING_DUE; i++) if (i !== Deadline.RemoveDown) this.at[i] = Infinity;
  }

  /** When the runtime was asked to wake us; Infinity when it did. */
  get wakeMs(): number {
    return this.at[NOTHING_DUE];
  }

  /** Notes that we are awake. */
  awake(): void {
    this.isMoved = true;
    this.at[NOTHING_DUE] = Infinity;
  }

  /**
   * Makes the next deadline the moment to be woken at; returns whether the runtime must be told. No moment leaves
   * or enters here: a number that is not whole is an object to an engine.
   */
  moveWake(): boolean {
    this.isMoved = false;
    const at = this.at;
    let next = at[0];
    for (let i = 1; i < NOTHING_DUE; i++) if (at[i] < next) next = at[i];
    if (next === at[NOTHING_DUE] || next === Infinity) return false;
    at[NOTHING_DUE] = next;
    return true;
  }

  /** The oldest deadline that is due at `nowMs`, or NOTHING_DUE. */
  due(nowMs: number): number {
    let due = NOTHING_DUE;
    let oldest = nowMs;
    for (let i = NOTHING_DUE - 1; i >= 0; i--) {
      if (this.at[i] <= oldest) {
        oldest = this.at[i];
        due = i;
      }
    }
    return due;
  }
}
