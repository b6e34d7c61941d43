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
export const DEADLINE_BYTES = (NOTHING_DUE + 1) * 8;

/** The deadlines of a node, in the runtime's milliseconds; Infinity for none. Those of members stand in `Order`, which is asked. */
export class Deadlines {
  /** By `Deadline`; the last entry is the moment that the runtime was asked to wake us. */
  private readonly at: Float64Array;
  private readonly order: Order;

  /** Keeps them in the first `DEADLINE_BYTES` of the buffer. */
  constructor(buffer: ArrayBufferLike, order: Order) {
    this.at = new Float64Array(buffer, 0, NOTHING_DUE + 1).fill(Infinity);
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

  /** Notes that the runtime woke us: the next wake-up must be asked for. */
  wake(): void {
    this.order.hasNewDeadline = true;
    this.at[NOTHING_DUE] = Infinity;
  }

  /** Whether the next deadline may be another one than the runtime was asked to wake us at. */
  get mayNeedWake(): boolean {
    return this.order.hasNewDeadline;
  }

  /**
   * The next deadline, when the runtime is not asked yet to wake us then; else Infinity. `wakesAt` must be told when
   * the runtime took it.
   */
  nextWakeMs(): number {
    const at = this.at;
    let next = Math.min(this.order.firstSuspicionMs, this.order.firstForgettingMs);
    for (let i = 0; i < NOTHING_DUE; i++) if (at[i] < next) next = at[i];
    return next === at[NOTHING_DUE] ? Infinity : next;
  }

  /** Notes when the runtime will wake us, or with Infinity that the wake-up stays as it was. */
  wakesAt(atMs: number): void {
    if (atMs !== Infinity) this.at[NOTHING_DUE] = atMs;
    this.order.hasNewDeadline = false;
  }

  /** The oldest deadline that is due at `nowMs`, or NOTHING_DUE. */
  due(nowMs: number): number {
    const at = this.at;
    const order = this.order;
    let due = NOTHING_DUE;
    let oldest = nowMs;
    for (let i = NOTHING_DUE - 1; i >= 0; i--) {
      if (at[i] <= oldest) {
        oldest = at[i];
        due = i;
      }
    }
    const forgetMs = order.firstForgettingMs;
    if (forgetMs < oldest || (forgetMs === oldest && due > Deadline.RemoveDown)) {
      oldest = forgetMs;
      due = Deadline.RemoveDown;
    }
    const suspectMs = order.firstSuspicionMs;
    if (suspectMs < oldest || (suspectMs === oldest && due > Deadline.SuspectToDown))
      return Deadline.SuspectToDown;
    return due;
  }
}
