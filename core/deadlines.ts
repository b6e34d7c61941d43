/** What time can bring. Of two that are due at the same moment the smaller number runs first, as in foca. */
export const Deadline = Object.freeze({
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

/**
 * The deadlines of a node, in the runtime's milliseconds; Infinity for none. Two of them, SuspectToDown and
 * RemoveDown, are copies of what `Order` knows.
 */
export class Deadlines {
  private readonly at = new Float64Array(NOTHING_DUE).fill(Infinity);

  set(deadline: number, atMs: number): void {
    this.at[deadline] = atMs;
  }

  get(deadline: number): number {
    return this.at[deadline];
  }

  /** Voids all but the forgetting of Down members. */
  clear(): void {
    const removeDown = this.at[Deadline.RemoveDown];
    this.at.fill(Infinity);
    this.at[Deadline.RemoveDown] = removeDown;
  }

  /** The moment of the next one. */
  get nextMs(): number {
    let next = Infinity;
    for (let i = 0; i < NOTHING_DUE; i++) if (this.at[i] < next) next = this.at[i];
    return next;
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
