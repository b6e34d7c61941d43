import { State, UNSOUGHT, type IdentityRef, type IdentityForm } from "./codec.js";
import type { Dialect } from "./dialect.js";
import type { IdentityType } from "./identity.js";
import { NONE, Order } from "./order.js";
import type { Random } from "./random.js";
import { copyBytes, type Schema } from "./schema.js";

/** Bytes of a row before the identity: state and length, then remaining transmissions. */
const ROW_HEAD = 2;
/** Lengths from 1 to 63 stand in six bits of the row; 0 says that the schema must be asked. */
const LONGEST_NOTED = 63;
// Words of a slot: see `Members.words`. `Order` and `Updates` have theirs.
const WORDS = 8;
const INCARNATION = 2;
const CHAIN = 3;
/** `IdentityRef.sight` of an identity whose address is unknown. */
const UNKNOWN = -2 - NONE;

/**
 * The table of all known members: one row of bytes for each, found by address. No object stands for a member. A member
 * is its slot, a small integer that stays the same until the member is removed.
 *
 * A row is `state | length << 2`, the remaining transmissions of its update, and the identity's canonical bytes.
 * All rows are as wide as the longest identity met, so that a cluster of IPv4 addresses does not pay for IPv6.
 */
export class Members<T> implements IdentityForm<T> {
  readonly type: IdentityType<T>;
  readonly dialect: Dialect;
  readonly order: Order;
  /** Members held, Down ones included. */
  length = 0;
  /** Rows one after another, `rowSize` bytes each. */
  rows: Uint8Array;
  rowSize: number;
  capacity: number;
  maxMembers: number;
  /**
   * All that is kept in 16 bits, in one array, for an array takes 120 bytes on XS before its first entry: eight words a
   * slot, then the first slot of each hash chain, then the ends of the lists in `Updates`.
   *
   * ```
   * word   0, 1       2             3       4      5          6          7
   *        deadline   incarnation   chain   next   previous   position   order
   * of     Order      Members               Updates           Order
   * ```
   * All belong to a slot but `order`, which is who stands at the position of that number.
   */
  words: Uint16Array;
  /** Where in `words` the ends begin. */
  endsAt: number;
  /** Hash chains, a power of two, less one. */
  private bucketMask: number;
  private freeSlot = 0;
  /** Secret and odd; see `bucketOf`. */
  private readonly hashSeed: number;

  constructor(
    type: IdentityType<T>,
    dialect: Dialect,
    capacity: number,
    maxMembers: number,
    random: Random,
    nowMs: number,
  ) {
    this.type = type;
    this.dialect = dialect;
    this.maxMembers = maxMembers;
    this.capacity = Math.min(capacity, maxMembers);
    this.rowSize = ROW_HEAD;
    this.rows = new Uint8Array(0);
    this.bucketMask = bucketCount(this.capacity) - 1;
    this.endsAt = this.bucketsAt + this.bucketMask + 1;
    this.words = new Uint16Array(this.endsAt).fill(NONE, this.bucketsAt);
    this.order = new Order(this.words, this.capacity, random, nowMs);
    this.hashSeed = random() | 1;
    this.chainFreeSlots(0);
  }

  get schema(): Schema<T> {
    return this.type.schema;
  }

  /**
   * Finds a member by the bytes of its identity. No encoding is the prefix of another, so what equals a known identity
   * byte by byte needs no further look.
   */
  recognise(bytes: Uint8Array, at: number, end: number): number {
    const start = this.type.addressStart(this.dialect, bytes, at);
    const length = this.type.addressEnd(this.dialect, bytes, start) - start;
    const rows = this.rows;
    const words = this.words;
    const rowSize = this.rowSize;
    let sight = UNKNOWN;
    // Addresses of one network differ in the middle, in IPv4's last number: a look there ends most comparisons.
    const middle = start === at ? length >> 1 : 0;
    let slot = words[this.bucketOf(bytes, start, length)];
    for (; slot !== NONE; slot = words[slot * WORDS + CHAIN]) {
      const row = slot * rowSize + ROW_HEAD;
      if (middle > 0 && rows[row + middle] !== bytes[at + middle]) continue;
      const known = rows[slot * rowSize] >> 2 || this.identityLength(slot);
      const most = at + known > end ? end - at : known;
      let i = 0;
      while (i < most && rows[row + i] === bytes[at + i]) i++;
      if (i === known) return slot;
      const isSameAddress = start === at ? i >= length : this.hasAddress(slot, bytes, start, length);
      if (isSameAddress) sight = -2 - slot;
    }
    return sight;
  }

  /** The slot of the member with this identity's address, or NONE. */
  find(ref: IdentityRef<unknown>): number {
    const sight = ref.sight;
    if (sight !== UNSOUGHT) return sight >= 0 ? sight : -2 - sight;
    const start = this.type.addressStart(this.dialect, ref.bytes, ref.at);
    const length = this.type.addressEnd(this.dialect, ref.bytes, start) - start;
    let slot = this.words[this.bucketOf(ref.bytes, start, length)];
    while (slot !== NONE && !this.hasAddress(slot, ref.bytes, start, length))
      slot = this.words[slot * WORDS + CHAIN];
    return slot;
  }

  /** Whether the member has just this identity, and not only its address. */
  isIdentity(slot: number, ref: IdentityRef<unknown>): boolean {
    return ref.sight === slot || ref.equals(this.rows, this.identityAt(slot), this.identityLength(slot));
  }

  /** Whether the known identity keeps its place against another with the same address. */
  wins(slot: number, ref: IdentityRef<unknown>): boolean {
    return this.type.wins(this.dialect, this.rows, this.identityAt(slot), ref.bytes, ref.at);
  }

  state(slot: number): State {
    return (this.rows[slot * this.rowSize] & 3) as State;
  }

  isActive(slot: number): boolean {
    return (this.rows[slot * this.rowSize] & 3) !== State.Down;
  }

  incarnation(slot: number): number {
    return this.words[slot * WORDS + INCARNATION];
  }

  /** Where the identity's bytes begin in `rows`. */
  identityAt(slot: number): number {
    return slot * this.rowSize + ROW_HEAD;
  }

  identityLength(slot: number): number {
    const noted = this.rows[slot * this.rowSize] >> 2;
    if (noted !== 0) return noted;
    const at = this.identityAt(slot);
    return this.schema.skip(this.dialect, this.rows, at, at + this.rowSize) - at;
  }

  /** The same by what `recognise` found. */
  lengthOf(sight: number): number {
    return this.rows[sight * this.rowSize] >> 2 || this.identityLength(sight);
  }

  /** Where the remaining transmissions of the member's update stand in `rows`; `Updates` keeps them. */
  remainingAt(slot: number): number {
    return slot * this.rowSize + 1;
  }

  /** The identity as a value. Allocates. */
  value(slot: number): T {
    return this.schema.read(this.dialect, this.rows, this.identityAt(slot));
  }

  /** Points `ref` at the member's identity. */
  refer(slot: number, ref: IdentityRef<unknown>): void {
    ref.set(this.rows, this.identityAt(slot), this.identityLength(slot));
  }

  /** The longest identity met so far, in bytes. */
  get longestIdentity(): number {
    return this.rowSize - ROW_HEAD;
  }

  /** Enters an address that `find` missed, for which there is room. Allocates when the table grows. */
  insert(ref: IdentityRef<unknown>, incarnation: number, state: State): number {
    if (this.length === this.capacity) this.growCapacity();
    if (ref.length + ROW_HEAD > this.rowSize) this.widen(ref.length);
    const slot = this.freeSlot;
    this.freeSlot = this.words[slot * WORDS + CHAIN];
    this.length++;
    this.write(slot, ref, incarnation, state);
    this.rows[this.remainingAt(slot)] = 0;
    this.chain(slot);
    if (state === State.Down) this.order.addDown(slot);
    else this.order.addAlive(slot);
    if (state === State.Suspect) this.order.suspect(slot);
    return slot;
  }

  /** Gives a member another state, in the sections too. */
  change(slot: number, incarnation: number, state: State): void {
    const before = this.state(slot);
    const head = slot * this.rowSize;
    this.rows[head] = (this.rows[head] & ~3) | state;
    this.words[slot * WORDS + INCARNATION] = incarnation;
    if (before === state) {
      // What ran out against the older incarnation does not count against this one.
      if (state === State.Suspect) this.order.setDeadline(slot, Infinity, false);
      return;
    }
    if (before === State.Suspect) this.order.unsuspect(slot);
    if (before === State.Down) {
      this.order.removeDown(slot);
      this.order.addAlive(slot);
    }
    if (state === State.Suspect) this.order.suspect(slot);
    if (state === State.Down) {
      this.order.removeAlive(slot);
      this.order.addDown(slot);
    }
  }

  /** Puts another identity with the same address in the member's place. May widen the rows. */
  replace(slot: number, ref: IdentityRef<unknown>, incarnation: number, state: State): void {
    this.change(slot, incarnation, state);
    if (ref.length + ROW_HEAD > this.rowSize) this.widen(ref.length);
    this.write(slot, ref, incarnation, state);
  }

  /** Forgets a Down member; its slot is free. */
  remove(slot: number): void {
    this.order.removeDown(slot);
    this.unchain(slot);
    this.words[slot * WORDS + CHAIN] = this.freeSlot;
    this.freeSlot = slot;
    this.length--;
  }

  private write(slot: number, ref: IdentityRef<unknown>, incarnation: number, state: State): void {
    const noted = ref.length <= LONGEST_NOTED ? ref.length : 0;
    this.rows[slot * this.rowSize] = state | (noted << 2);
    copyBytes(ref.bytes, ref.at, ref.length, this.rows, this.identityAt(slot));
    this.words[slot * WORDS + INCARNATION] = incarnation;
  }

  private hasAddress(slot: number, bytes: Uint8Array, start: number, length: number): boolean {
    const at = this.type.addressStart(this.dialect, this.rows, this.identityAt(slot));
    // From the end: in one network the addresses differ there. No encoding is the prefix of another.
    for (let i = length - 1; i >= 0; i--) if (this.rows[at + i] !== bytes[start + i]) return false;
    return true;
  }

  /**
   * Where in `words` the hash chain of an address begins. Four bytes at a time are multiplied and folded twice. The
   * second factor is secret, so that a difference between two addresses comes out as nobody outside can tell, and no
   * list of addresses shares a chain under every seed.
   */
  private bucketOf(bytes: Uint8Array, at: number, length: number): number {
    const imul = Math.imul;
    const seed = this.hashSeed;
    let hash = seed;
    for (let left = length; left > 0; left -= 4, at += 4) {
      let word = bytes[at];
      if (left > 3) word |= (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
      else if (left > 1) word |= (bytes[at + 1] << 8) | ((left > 2 ? bytes[at + 2] : 0) << 16) | 0x1000000;
      hash = imul(hash ^ word, 0x9e3779b1);
      hash = imul(hash ^ (hash >>> 16), seed);
      hash ^= hash >>> 15;
    }
    return this.bucketsAt + (hash & this.bucketMask);
  }

  private bucketOfSlot(slot: number): number {
    const start = this.type.addressStart(this.dialect, this.rows, this.identityAt(slot));
    return this.bucketOf(this.rows, start, this.type.addressEnd(this.dialect, this.rows, start) - start);
  }

  private chain(slot: number): void {
    const bucket = this.bucketOfSlot(slot);
    this.words[slot * WORDS + CHAIN] = this.words[bucket];
    this.words[bucket] = slot;
  }

  private unchain(slot: number): void {
    const bucket = this.bucketOfSlot(slot);
    const next = this.words[slot * WORDS + CHAIN];
    if (this.words[bucket] === slot) {
      this.words[bucket] = next;
      return;
    }
    let before = this.words[bucket];
    while (this.words[before * WORDS + CHAIN] !== slot) before = this.words[before * WORDS + CHAIN];
    this.words[before * WORDS + CHAIN] = next;
  }

  private chainFreeSlots(from: number): void {
    for (let slot = from; slot < this.capacity; slot++) {
      this.words[slot * WORDS + CHAIN] = slot + 1 < this.capacity ? slot + 1 : NONE;
    }
    this.freeSlot = from;
  }

  /** Doubles the room, `maxMembers` at most. Called only when no slot is free. */
  private growCapacity(): void {
    const from = this.capacity;
    const numEnds = this.words.length - this.endsAt;
    this.capacity = Math.min(from * 2, this.maxMembers);
    const rows = new Uint8Array(this.capacity * this.rowSize);
    rows.set(this.rows);
    this.rows = rows;
    this.bucketMask = bucketCount(this.capacity) - 1;
    this.moveWords(from * WORDS, numEnds);
    this.chainFreeSlots(from);
    for (let slot = 0; slot < from; slot++) this.chain(slot);
  }

  /** Makes room for as many ends. */
  setNumEnds(numEnds: number): void {
    this.moveWords(this.endsAt, numEnds);
  }

  /** Makes an array for the words of the present capacity, with the first `kept` of those there are, and the ends. */
  private moveWords(kept: number, numEnds: number): void {
    const old = this.words;
    const oldEndsAt = this.endsAt;
    const endsAt = this.bucketsAt + this.bucketMask + 1;
    const words = new Uint16Array(endsAt + numEnds).fill(NONE, this.bucketsAt);
    for (let i = 0; i < kept; i++) words[i] = old[i];
    for (let i = oldEndsAt; i < old.length; i++) words[endsAt + i - oldEndsAt] = old[i];
    this.words = words;
    this.endsAt = endsAt;
    this.order.move(words, this.capacity);
  }

  /** Where in `words` the first slots of the hash chains stand. */
  private get bucketsAt(): number {
    return this.capacity * WORDS;
  }

  /** Makes the rows wide enough for an identity of `length` bytes. */
  private widen(length: number): void {
    const old = this.rows;
    const oldSize = this.rowSize;
    this.rowSize = ROW_HEAD + length;
    this.rows = new Uint8Array(this.capacity * this.rowSize);
    for (let slot = 0; slot * oldSize < old.length; slot++) {
      copyBytes(old, slot * oldSize, oldSize, this.rows, slot * this.rowSize);
    }
  }
}

/** Half as many hash chains as members, a power of two: two bytes for two members. */
function bucketCount(capacity: number): number {
  let count = 4;
  while (count * 2 < capacity) count *= 2;
  return count;
}
