import { uniform, type Random } from "./random.js";

/** No slot, no position. */
export const NONE = 0xffff;

/** The deadline of what never comes due. */
export const NEVER = 0xffffffff;

/** Beyond this many milliseconds after the epoch, the deadlines are counted from a new one. */
const REBASE_AFTER_MS = 0x60000000;

/**
 * Who is probed next, who can be picked at random, and whose deadline comes first: all in one array of slots.
 *
 * ```
 * order    | suspects | unprobed | probed |   free   | down |
 *          0       numSuspect  unprobedEnd numActive          capacity
 * ```
 * The suspects are a binary heap by deadline, the first at 0. The Down are one too, the first at the far end, and
 * growing towards the middle. What lies between the suspects and `numActive` is Alive, in random order, and
 * divided by whether it was probed in this round. So an active member is any of the first `numActive`, a change of
 * state moves a few entries, and time costs four bytes a member.
 */
export class Order {
  numActive = 0;
  numSuspect = 0;
  numDown = 0;
  /** Milliseconds (of the runtime's clock) that deadlines are counted from. */
  epochMs: number;
  private capacity: number;
  /** `capacity` slots in the order above, then the position of each slot. */
  private order: Uint16Array;
  /** Of a suspect or Down slot its deadline, of an Alive one when it was last heard from; after the epoch. */
  private deadlines: Uint32Array;
  private unprobedEnd = 0;
  /** Probes that this round still owes the suspects. */
  private suspectTurns = 0;
  private readonly random: Random;

  constructor(capacity: number, random: Random, nowMs: number) {
    this.capacity = capacity;
    this.order = new Uint16Array(capacity * 2);
    this.deadlines = new Uint32Array(capacity);
    this.random = random;
    this.epochMs = nowMs;
  }

  /** Makes room for more slots; those there are keep their numbers. */
  grow(capacity: number): void {
    const old = this.order;
    const oldCapacity = this.capacity;
    const order = new Uint16Array(capacity * 2);
    const deadlines = new Uint32Array(capacity);
    deadlines.set(this.deadlines);
    this.capacity = capacity;
    this.order = order;
    this.deadlines = deadlines;
    for (let i = 0; i < this.numActive; i++) this.place(old[i], i);
    for (let i = 0; i < this.numDown; i++) this.place(old[oldCapacity - 1 - i], capacity - 1 - i);
  }

  /** The slot of an active member, by position from 0 to `numActive` - 1. */
  activeAt(position: number): number {
    return this.order[position];
  }

  /** Whether a slot, which may be free, is that of an active member. */
  isActive(slot: number): boolean {
    const position = this.order[this.capacity + slot];
    return position < this.numActive && this.order[position] === slot;
  }

  /** The slot of a Down member, by position from 0 to `numDown` - 1; 0 is the first to be forgotten. */
  downAt(position: number): number {
    return this.order[this.capacity - 1 - position];
  }

  /** Enters a slot that was in no section, as Alive, at a random place of the probing round. */
  addAlive(slot: number): void {
    this.deadlines[slot] = 0;
    const alive = this.numActive - this.numSuspect;
    const unprobed = this.unprobedEnd - this.numSuspect;
    this.place(slot, this.numActive);
    this.numActive++;
    if (uniform(this.random, alive + 1) <= unprobed) {
      this.swap(this.numActive - 1, this.unprobedEnd);
      this.unprobedEnd++;
    }
  }

  /** Enters a slot that was in no section, as Down, to be forgotten never unless a deadline is set. */
  addDown(slot: number): void {
    this.deadlines[slot] = NEVER;
    this.place(slot, this.capacity - 1 - this.numDown);
    this.numDown++;
    this.siftUp(this.numDown - 1, true);
  }

  /** Moves an Alive slot among the suspects, without a deadline. */
  suspect(slot: number): void {
    let position = this.order[this.capacity + slot];
    if (position >= this.unprobedEnd) {
      this.swap(position, this.unprobedEnd);
      position = this.unprobedEnd;
      this.unprobedEnd++;
    }
    this.swap(position, this.numSuspect);
    this.deadlines[slot] = NEVER;
    this.numSuspect++;
    this.siftUp(this.numSuspect - 1, false);
  }

  /** Moves a suspect back among the Alive. */
  unsuspect(slot: number): void {
    this.numSuspect--;
    this.removeFromHeap(this.order[this.capacity + slot], this.numSuspect, false);
    this.deadlines[slot] = 0;
  }

  /** Takes an Alive slot out of all sections. */
  removeAlive(slot: number): void {
    let position = this.order[this.capacity + slot];
    if (position < this.unprobedEnd) {
      this.unprobedEnd--;
      this.swap(position, this.unprobedEnd);
      position = this.unprobedEnd;
    }
    this.numActive--;
    this.swap(position, this.numActive);
  }

  /** Takes a Down slot out of all sections. */
  removeDown(slot: number): void {
    this.numDown--;
    this.removeFromHeap(this.positionOf(this.order[this.capacity + slot], true), this.numDown, true);
  }

  /**
   * The next active slot of a round robin in random order, or NONE when nobody is active. With `candidates` above 1
   * it is the one of so many that was not heard from for the longest.
   */
  nextToProbe(candidates: number): number {
    if (this.numActive === 0) return NONE;
    if (this.unprobedEnd === this.numSuspect && (this.suspectTurns === 0 || this.numSuspect === 0)) {
      this.unprobedEnd = this.numActive;
      this.suspectTurns = this.numSuspect;
    }
    const unprobed = this.unprobedEnd - this.numSuspect;
    const turns = Math.min(this.suspectTurns, this.numSuspect);
    const pick = uniform(this.random, unprobed + turns);
    if (pick >= unprobed) {
      this.suspectTurns--;
      return this.order[uniform(this.random, this.numSuspect)];
    }
    let position = this.numSuspect + pick;
    for (let i = 1; i < candidates; i++) {
      const other = this.numSuspect + uniform(this.random, unprobed);
      if (this.deadlines[this.order[other]] < this.deadlines[this.order[position]]) position = other;
    }
    this.unprobedEnd--;
    this.swap(position, this.unprobedEnd);
    return this.order[this.unprobedEnd];
  }

  /** Notes that a slot was heard from at `nowMs`; an Alive one counts as probed in this round. */
  passOver(slot: number, nowMs: number): void {
    const position = this.order[this.capacity + slot];
    if (position < this.numSuspect) return;
    this.deadlines[slot] = nowMs - this.epochMs;
    if (position >= this.unprobedEnd) return;
    this.unprobedEnd--;
    this.swap(position, this.unprobedEnd);
  }

  /** Whether a suspect or Down slot has a deadline. */
  hasDeadline(slot: number): boolean {
    return this.deadlines[slot] !== NEVER;
  }

  /** Sets when a suspect is declared Down or a Down member forgotten; `Infinity` for never. */
  setDeadline(slot: number, atMs: number, isDown: boolean): void {
    this.deadlines[slot] = atMs === Infinity ? NEVER : Math.min(Math.max(0, atMs - this.epochMs), NEVER - 1);
    const index = this.positionOf(this.order[this.capacity + slot], isDown);
    this.siftUp(index, isDown);
    this.siftDown(this.positionOf(this.order[this.capacity + slot], isDown), isDown);
  }

  /** Voids the deadlines of all suspects. */
  clearSuspicions(): void {
    for (let i = 0; i < this.numSuspect; i++) this.deadlines[this.order[i]] = NEVER;
  }

  /** When the first suspect is to be declared Down, in the runtime's milliseconds; Infinity for never. */
  get firstSuspicionMs(): number {
    return this.numSuspect === 0 ? Infinity : this.deadlineMs(this.order[0]);
  }

  /** When the first Down member is to be forgotten, in the runtime's milliseconds; Infinity for never. */
  get firstForgettingMs(): number {
    return this.numDown === 0 ? Infinity : this.deadlineMs(this.order[this.capacity - 1]);
  }

  /** Counts the deadlines from a new epoch when the present one lies too far back for 32 bits. */
  rebase(nowMs: number): void {
    const passed = nowMs - this.epochMs;
    if (passed < REBASE_AFTER_MS) return;
    for (let slot = 0; slot < this.capacity; slot++) {
      const deadline = this.deadlines[slot];
      if (deadline !== NEVER) this.deadlines[slot] = Math.max(0, deadline - passed);
    }
    this.epochMs = nowMs;
  }

  private deadlineMs(slot: number): number {
    const deadline = this.deadlines[slot];
    return deadline === NEVER ? Infinity : this.epochMs + deadline;
  }

  private place(slot: number, position: number): void {
    this.order[position] = slot;
    this.order[this.capacity + slot] = position;
  }

  private swap(a: number, b: number): void {
    const slot = this.order[a];
    this.place(this.order[b], a);
    this.place(slot, b);
  }

  /** Swaps the entry at heap index `index` with the one at `last`, which the heap just lost, and mends the heap. */
  private removeFromHeap(index: number, last: number, isDown: boolean): void {
    this.swap(this.positionOf(index, isDown), this.positionOf(last, isDown));
    if (index >= last) return;
    this.siftDown(index, isDown);
    this.siftUp(index, isDown);
  }

  /** Heap index to position, and back: it is its own inverse. */
  private positionOf(index: number, isDown: boolean): number {
    return isDown ? this.capacity - 1 - index : index;
  }

  private siftUp(index: number, isDown: boolean): void {
    const order = this.order;
    const slot = order[this.positionOf(index, isDown)];
    const deadline = this.deadlines[slot];
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const parentSlot = order[this.positionOf(parent, isDown)];
      if (this.deadlines[parentSlot] <= deadline) break;
      this.place(parentSlot, this.positionOf(index, isDown));
      index = parent;
    }
    this.place(slot, this.positionOf(index, isDown));
  }

  private siftDown(index: number, isDown: boolean): void {
    const order = this.order;
    const size = isDown ? this.numDown : this.numSuspect;
    const slot = order[this.positionOf(index, isDown)];
    const deadline = this.deadlines[slot];
    for (;;) {
      let child = index * 2 + 1;
      if (child >= size) break;
      let childSlot = order[this.positionOf(child, isDown)];
      if (child + 1 < size) {
        const other = order[this.positionOf(child + 1, isDown)];
        if (this.deadlines[other] < this.deadlines[childSlot]) {
          child++;
          childSlot = other;
        }
      }
      if (this.deadlines[childSlot] >= deadline) break;
      this.place(childSlot, this.positionOf(index, isDown));
      index = child;
    }
    this.place(slot, this.positionOf(index, isDown));
  }
}
