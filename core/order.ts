import { uniform, type Random } from "./random.js";

/** No slot, no position. */
export const NONE = 0xffff;

// Words of a slot (see `Table.words`): where it stands in the order; who stands at the position of that number; and, of
// half as many words of 32 bits, its deadline. Constants of this module: an engine does not fold what is imported.
const WORDS = 8;
const POSITION = 6;
const ORDER = 7;
const DEADLINES = WORDS / 2;

/**
 * A deadline is a number of half milliseconds after the epoch, counted from `EPOCH` on, which is the least of 32 bits.
 * Deadlines of `NEVER` and above never come due.
 */
const EPOCH = -0x80000000;
const NEVER = 0x7ffffffe;

/** Beyond this many milliseconds after the epoch, the deadlines are counted from a new one: 20 hours, beside 24 days to wait. */
const REBASE_AFTER_MS = 72_000_000;

/**
 * Who is probed next, who can be picked at random, and whose deadline comes first: all in one order.
 *
 * ```
 * order    | suspects | unprobed | probed |   free   | down |
 *          0       numSuspect  unprobedEnd numActive          capacity
 * ```
 * The suspects are a binary heap by deadline, the first at 0. The Down are one too, the first at the far end, and
 * growing towards the middle. What lies between the suspects and `numActive` is Alive, in random order, and
 * divided by whether it was probed in this round. So an active member is any of the first `numActive`, a change of
 * state moves a few entries, and time costs four bytes a member.
 *
 * The lowest bit of a suspect's deadline says whether it was probed in this round: it was, when it equals the round's.
 *
 * A round ends: each probe takes one member away from what is left of it, and a member that becomes Suspect or Alive keeps
 * its place before or behind the probe. Who comes in the middle gets a random place, as in SWIM, but only as long as the
 * round has no more turns than there are active members; else it waits for the next one.
 */
export class Order {
  numActive = 0;
  numSuspect = 0;
  numDown = 0;
  /** Active members that have sent us a datagram themselves. We were only told of the others. */
  numHeard = 0;
  /**
   * Whether some deadline of the node may have changed, or somebody may have become active or not, since the protocol asked
   * for the wake-up last.
   */
  hasNewDeadline = false;
  /** Milliseconds (of the runtime's clock) that deadlines are counted from. */
  epochMs: number;
  private capacity = 0;
  /** The words of all slots, which `remake` makes. Ours are the order and the position of each slot in it. */
  private words = new Uint16Array(0);
  /** A view of the same: of a suspect or Down slot its deadline, of an Alive one when it was last heard from. */
  private deadlines = new Int32Array(0);
  private unprobedEnd = 0;
  /** Suspects that were not probed yet in this round. */
  private unprobedSuspects = 0;
  /** The number of this round, of which only the lowest bit is kept. */
  private round = 0;
  /** Turns that were taken in this round. */
  private turns = 0;
  private readonly random: Random;

  constructor(random: Random, nowMs: number) {
    this.random = random;
    this.epochMs = nowMs;
  }

  /** Moves to an array with the same words, and as many slots or more. */
  move(words: Uint16Array<ArrayBuffer>, ints: Int32Array<ArrayBuffer>, capacity: number): void {
    const before = this.capacity;
    this.words = words;
    this.deadlines = ints;
    this.capacity = capacity;
    // The far end, where the Down begin, lies farther now.
    for (let i = 1; i <= this.numDown; i++) this.place(words[(before - i) * WORDS + ORDER], capacity - i);
  }

  /** The slot of an active member, by position from 0 to `numActive` - 1. */
  activeAt(position: number): number {
    return this.words[position * WORDS + ORDER];
  }

  /** Whether a slot, which may be free, is that of an active member. */
  isActive(slot: number): boolean {
    const position = this.words[slot * WORDS + POSITION];
    return position < this.numActive && this.words[position * WORDS + ORDER] === slot;
  }

  /** The slot of a Down member, by position from 0 to `numDown` - 1; 0 is the first to be forgotten. */
  downAt(position: number): number {
    return this.words[(this.capacity - 1 - position) * WORDS + ORDER];
  }

  /** Enters a slot that was in no section, as Alive, at a random place of the round if that has room, else behind it. */
  addAlive(slot: number): void {
    this.hasNewDeadline = true;
    this.deadlines[slot * DEADLINES] = EPOCH;
    const last = this.numActive++;
    const unprobed = this.unprobedEnd - this.numSuspect;
    let position = last;
    // A full round takes no number from the random source.
    const hasRoom = this.turns + unprobed + this.unprobedSuspects < this.numActive;
    if (hasRoom && uniform(this.random, this.numActive - this.numSuspect) <= unprobed) {
      position = this.unprobedEnd++;
      if (position !== last) this.place(this.words[position * WORDS + ORDER], last);
    }
    this.place(slot, position);
  }

  /** Enters a slot that was in no section, as Down, to be forgotten never unless a deadline is set. */
  addDown(slot: number): void {
    this.deadlines[slot * DEADLINES] = NEVER;
    this.place(slot, this.capacity - 1 - this.numDown);
    this.numDown++;
    this.siftUp(this.numDown - 1, true);
  }

  /** Moves an Alive slot among the suspects, without a deadline. */
  suspect(slot: number): void {
    let position = this.words[slot * WORDS + POSITION];
    let mark = this.round;
    if (position >= this.unprobedEnd) {
      this.swap(position, this.unprobedEnd);
      position = this.unprobedEnd;
      this.unprobedEnd++;
    } else {
      mark ^= 1;
      this.unprobedSuspects++;
    }
    this.swap(position, this.numSuspect);
    this.deadlines[slot * DEADLINES] = NEVER + mark;
    this.numSuspect++;
    this.siftUp(this.numSuspect - 1, false);
  }

  /** Moves a suspect back among the Alive, probed or not as it was. */
  unsuspect(slot: number): void {
    const wasProbed = this.wasProbed(slot);
    this.numSuspect--;
    this.removeFromHeap(this.words[slot * WORDS + POSITION], this.numSuspect, false);
    this.deadlines[slot * DEADLINES] = EPOCH;
    if (!wasProbed) this.unprobedSuspects--;
    else {
      this.unprobedEnd--;
      this.swap(this.words[slot * WORDS + POSITION], this.unprobedEnd);
    }
  }

  /** Takes an Alive slot out of all sections. */
  removeAlive(slot: number): void {
    let position = this.words[slot * WORDS + POSITION];
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
    this.removeFromHeap(this.positionOf(this.words[slot * WORDS + POSITION], true), this.numDown, true);
  }

  /** The Alive slot that we heard from once, but longer ago than all others, and before `sinceMs`; else NONE. Looks at all. */
  longestSilent(sinceMs: number): number {
    let least = EPOCH + Math.max(0, Math.floor((sinceMs - this.epochMs) * 2));
    let slot = NONE;
    for (let i = this.numSuspect; i < this.numActive; i++) {
      const heardAt = this.heardAt(i);
      if (heardAt === EPOCH || heardAt >= least) continue;
      least = heardAt;
      slot = this.words[i * WORDS + ORDER];
    }
    return slot;
  }

  /**
   * The next active slot of a round robin in random order, or NONE when nobody is active. With `candidates` above 1
   * it is, of so many Alive ones that we heard from, the one that was silent for the longest; but when chance picks one that
   * we were only told of, it is that. Between two turns of a member lie at
   * most 2 N - 2 turns of others, of N members (SWIM section 4.3).
   */
  nextToProbe(candidates: number): number {
    if (this.numActive === 0) return NONE;
    if (this.unprobedEnd === this.numSuspect && this.unprobedSuspects === 0) {
      this.unprobedEnd = this.numActive;
      this.unprobedSuspects = this.numSuspect;
      this.round ^= 1;
      this.turns = 0;
    }
    this.turns++;
    const unprobed = this.unprobedEnd - this.numSuspect;
    const pick = uniform(this.random, unprobed + this.unprobedSuspects);
    if (pick >= unprobed) return this.nextSuspect();
    let position = this.numSuspect + pick;
    let least = this.heardAt(position);
    for (let i = 1; i < candidates && least !== EPOCH; i++) {
      const other = this.numSuspect + uniform(this.random, unprobed);
      const heardAt = this.heardAt(other);
      if (heardAt === EPOCH || heardAt >= least) continue;
      least = heardAt;
      position = other;
    }
    this.unprobedEnd--;
    this.swap(position, this.unprobedEnd);
    return this.words[this.unprobedEnd * WORDS + ORDER];
  }

  /**
   * A suspect that was not probed in this round, from a random place on. They cannot stand together, because the heap
   * orders them by deadline; of n suspects the search looks at ln n on average, and at all of them at most.
   */
  private nextSuspect(): number {
    let position = uniform(this.random, this.numSuspect);
    while (this.wasProbed(this.words[position * WORDS + ORDER])) position = (position + 1) % this.numSuspect;
    const slot = this.words[position * WORDS + ORDER];
    this.markProbed(slot);
    return slot;
  }

  /** Notes that a suspect, which was not probed in this round, was. */
  private markProbed(slot: number): void {
    this.deadlines[slot * DEADLINES] ^= 1;
    this.unprobedSuspects--;
  }

  /** Whether a suspect was probed in this round. */
  private wasProbed(slot: number): boolean {
    return (this.deadlines[slot * DEADLINES] & 1) === this.round;
  }

  /** Notes that an active slot was heard from at `nowMs`: it counts as probed in this round. */
  passOver(slot: number, nowMs: number): void {
    const position = this.words[slot * WORDS + POSITION];
    if (position < this.numSuspect) {
      if (!this.wasProbed(slot)) this.markProbed(slot);
      return;
    }
    // One more than nothing: who was never heard is at `EPOCH`.
    this.deadlines[slot * DEADLINES] = EPOCH + 1 + Math.floor((nowMs - this.epochMs) * 2);
    if (position >= this.unprobedEnd) return;
    this.unprobedEnd--;
    this.swap(position, this.unprobedEnd);
  }

  /** Whether a suspect or Down slot has a deadline. */
  hasDeadline(slot: number): boolean {
    return this.deadlines[slot * DEADLINES] < NEVER;
  }

  /** Sets when a suspect is declared Down or a Down member forgotten; `Infinity` for never. */
  setDeadline(slot: number, atMs: number, isDown: boolean): void {
    const mark = this.deadlines[slot * DEADLINES] & 1;
    const half = Math.min(EPOCH + Math.max(0, Math.floor(atMs - this.epochMs)) * 2, NEVER);
    this.deadlines[slot * DEADLINES] = half + mark;
    const index = this.positionOf(this.words[slot * WORDS + POSITION], isDown);
    this.siftUp(index, isDown);
    this.siftDown(this.positionOf(this.words[slot * WORDS + POSITION], isDown), isDown);
  }

  /** Voids the deadlines of all suspects. */
  clearSuspicions(): void {
    this.hasNewDeadline = true;
    for (let i = 0; i < this.numSuspect; i++) {
      const at = this.words[i * WORDS + ORDER] * DEADLINES;
      this.deadlines[at] = NEVER + (this.deadlines[at] & 1);
    }
  }

  /** Gives all suspects that have a deadline so many milliseconds more. */
  delaySuspicions(ms: number): void {
    this.hasNewDeadline = true;
    for (let i = 0; i < this.numSuspect; i++) {
      const at = this.words[i * WORDS + ORDER] * DEADLINES;
      const deadline = this.deadlines[at];
      // All move alike, so the heap stays one.
      if (deadline < NEVER)
        this.deadlines[at] = Math.min((deadline & -2) + Math.floor(ms) * 2, NEVER) + (deadline & 1);
    }
  }

  /** When the first suspect is to be declared Down, in the runtime's milliseconds; Infinity for never. */
  get firstSuspicionMs(): number {
    return this.numSuspect === 0 ? Infinity : this.deadlineMs(this.words[ORDER]);
  }

  /** When the first Down member is to be forgotten, in the runtime's milliseconds; Infinity for never. */
  get firstForgettingMs(): number {
    return this.numDown === 0 ? Infinity : this.deadlineMs(this.words[(this.capacity - 1) * WORDS + ORDER]);
  }

  /** Counts the deadlines from a new epoch when the present one lies too far back for 32 bits. */
  rebase(nowMs: number): void {
    const passed = nowMs - this.epochMs;
    if (passed < REBASE_AFTER_MS) return;
    this.hasNewDeadline = true;
    for (let slot = 0; slot < this.capacity; slot++) {
      const deadline = this.deadlines[slot * DEADLINES];
      if (deadline >= NEVER) continue;
      const left = Math.max(0, Math.floor((deadline - EPOCH) / 2 - passed));
      this.deadlines[slot * DEADLINES] = EPOCH + left * 2 + (deadline & 1);
    }
    this.epochMs = nowMs;
  }

  private deadlineMs(slot: number): number {
    const deadline = this.deadlines[slot * DEADLINES];
    return deadline >= NEVER ? Infinity : this.epochMs + ((deadline ^ EPOCH) >>> 1);
  }

  /** When the Alive slot at a position was last heard from, as a deadline; `EPOCH` for never since it is Alive. */
  private heardAt(position: number): number {
    return this.deadlines[this.words[position * WORDS + ORDER] * DEADLINES];
  }

  private place(slot: number, position: number): void {
    this.words[position * WORDS + ORDER] = slot;
    this.words[slot * WORDS + POSITION] = position;
  }

  private swap(a: number, b: number): void {
    const slot = this.words[a * WORDS + ORDER];
    this.place(this.words[b * WORDS + ORDER], a);
    this.place(slot, b);
  }

  /** Swaps the entry at heap index `index` with the one at `last`, which the heap just lost, and mends the heap. */
  private removeFromHeap(index: number, last: number, isDown: boolean): void {
    this.hasNewDeadline = true;
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
    this.hasNewDeadline = true;
    const words = this.words;
    const slot = words[this.positionOf(index, isDown) * WORDS + ORDER];
    const deadline = this.deadlines[slot * DEADLINES];
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const parentSlot = words[this.positionOf(parent, isDown) * WORDS + ORDER];
      if (this.deadlines[parentSlot * DEADLINES] <= deadline) break;
      this.place(parentSlot, this.positionOf(index, isDown));
      index = parent;
    }
    this.place(slot, this.positionOf(index, isDown));
  }

  private siftDown(index: number, isDown: boolean): void {
    const words = this.words;
    const size = isDown ? this.numDown : this.numSuspect;
    const slot = words[this.positionOf(index, isDown) * WORDS + ORDER];
    const deadline = this.deadlines[slot * DEADLINES];
    for (;;) {
      let child = index * 2 + 1;
      if (child >= size) break;
      let childSlot = words[this.positionOf(child, isDown) * WORDS + ORDER];
      if (child + 1 < size) {
        const other = words[this.positionOf(child + 1, isDown) * WORDS + ORDER];
        if (this.deadlines[other * DEADLINES] < this.deadlines[childSlot * DEADLINES]) {
          child++;
          childSlot = other;
        }
      }
      if (this.deadlines[childSlot * DEADLINES] >= deadline) break;
      this.place(childSlot, this.positionOf(index, isDown));
      index = child;
    }
    this.place(slot, this.positionOf(index, isDown));
  }
}
