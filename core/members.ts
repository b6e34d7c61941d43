import { State, type IdentityRef, type IdentityForm } from "./codec.js";
import type { Dialect } from "./dialect.js";
import type { IdentityType } from "./identity.js";
import { NONE, Order } from "./order.js";
import type { Random } from "./random.js";
import { copyBytes, type Schema } from "./schema.js";

/** Bytes of a row before the identity: state and length, then remaining transmissions. */
const ROW_HEAD = 2;
/** Lengths from 1 to 63 stand in six bits of the row; 0 says that the schema must be asked. */
const LONGEST_NOTED = 63;
const INCARNATION = 0;
const CHAIN = 1;
const LINKS = 2;

/**
 * Who is known: one row of bytes a member, found by address. No object stands for a member; a member is its
 * slot, a small integer that stays the same until it is removed.
 *
 * A row is `state | length << 2`, the remaining transmissions of its update, and the identity's canonical bytes.
 * All rows are as wide as the longest identity met, so that a cluster of IPv4 addresses does not pay for IPv6.
 */
export class Members<T> implements IdentityForm<T> {
  readonly type: IdentityType<T>;
  readonly schema: Schema<T>;
  readonly dialect: Dialect;
  readonly order: Order;
  /** Members held, Down ones included. */
  length = 0;
  /** Rows one after another, `rowSize` bytes each. */
  rows: Uint8Array;
  rowSize: number;
  capacity: number;
  maxMembers: number;
  /** Incarnation and next slot of the hash chain (or of the free list), by slot. */
  private links: Uint16Array;
  /** First slot of each hash chain. */
  private buckets: Uint16Array;
  private freeSlot = 0;
  /** The hash chain that `find` searched last. */
  private bucket = 0;
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
    this.schema = type.schema;
    this.dialect = dialect;
    this.maxMembers = maxMembers;
    this.capacity = Math.min(capacity, maxMembers);
    this.order = new Order(this.capacity, random, nowMs);
    this.rowSize = ROW_HEAD;
    this.rows = new Uint8Array(0);
    this.links = new Uint16Array(this.capacity * LINKS);
    this.buckets = new Uint16Array(bucketCount(this.capacity)).fill(NONE);
    this.hashSeed = random() | 0;
    this.chainFreeSlots(0);
  }

  /** The slot of the identity that `recognise` met last. */
  recognised = 0;

  /**
   * Finds a member by the bytes of its identity. No encoding is the prefix of another, so what equals a known identity
   * byte by byte needs no further look.
   */
  recognise(bytes: Uint8Array, at: number, end: number): number {
    const start = this.type.addressStart(this.dialect, bytes, at);
    const length = this.type.addressEnd(this.dialect, bytes, start) - start;
    const { rows, links, rowSize } = this;
    let slot = this.buckets[this.hash(bytes, start, length)];
    for (; slot !== NONE; slot = links[slot * LINKS + CHAIN]) {
      const row = slot * rowSize + ROW_HEAD;
      const known = rows[slot * rowSize] >> 2 || this.identityLength(slot);
      if (at + known > end) continue;
      let i = 0;
      while (i < known && rows[row + i] === bytes[at + i]) i++;
      if (i < known) continue;
      this.recognised = slot;
      return known;
    }
    return 0;
  }

  /** The slot of the member with this identity's address, or NONE. */
  find(ref: IdentityRef<unknown>): number {
    if (ref.slot >= 0) return ref.slot;
    const start = this.type.addressStart(this.dialect, ref.bytes, ref.at);
    const length = this.type.addressEnd(this.dialect, ref.bytes, start) - start;
    this.bucket = this.hash(ref.bytes, start, length);
    let slot = this.buckets[this.bucket];
    while (slot !== NONE && !this.hasAddress(slot, ref.bytes, start, length))
      slot = this.links[slot * LINKS + CHAIN];
    return slot;
  }

  /** Whether the member has just this identity, and not only its address. */
  isIdentity(slot: number, ref: IdentityRef<unknown>): boolean {
    return ref.slot === slot || ref.equals(this.rows, this.identityAt(slot), this.identityLength(slot));
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
    return this.links[slot * LINKS + INCARNATION];
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

  /** Whether a further member finds room without forgetting one. */
  get isFull(): boolean {
    return this.length >= this.maxMembers;
  }

  /** Enters an address that `find` just missed, for which there is room. Allocates when the table grows. */
  insert(ref: IdentityRef<unknown>, incarnation: number, state: State): number {
    if (this.length === this.capacity) {
      this.growCapacity();
      this.find(ref);
    }
    if (ref.length + ROW_HEAD > this.rowSize) this.widen(ref.length);
    const slot = this.freeSlot;
    this.freeSlot = this.links[slot * LINKS + CHAIN];
    this.length++;
    this.write(slot, ref, incarnation, state);
    this.rows[this.remainingAt(slot)] = 0;
    this.links[slot * LINKS + CHAIN] = this.buckets[this.bucket];
    this.buckets[this.bucket] = slot;
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
    this.links[slot * LINKS + INCARNATION] = incarnation;
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
    this.links[slot * LINKS + CHAIN] = this.freeSlot;
    this.freeSlot = slot;
    this.length--;
  }

  private write(slot: number, ref: IdentityRef<unknown>, incarnation: number, state: State): void {
    const noted = ref.length <= LONGEST_NOTED ? ref.length : 0;
    this.rows[slot * this.rowSize] = state | (noted << 2);
    copyBytes(ref.bytes, ref.at, ref.length, this.rows, this.identityAt(slot));
    this.links[slot * LINKS + INCARNATION] = incarnation;
  }

  private hasAddress(slot: number, bytes: Uint8Array, start: number, length: number): boolean {
    const at = this.type.addressStart(this.dialect, this.rows, this.identityAt(slot));
    // From the end: in one network the addresses differ there. No encoding is the prefix of another.
    for (let i = length - 1; i >= 0; i--) if (this.rows[at + i] !== bytes[start + i]) return false;
    return true;
  }

  /** FNV-1a over the address, seeded, so that nobody can tell from outside which addresses share a chain. */
  private hash(bytes: Uint8Array, at: number, length: number): number {
    let hash = this.hashSeed;
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ bytes[at + i], 0x01000193);
    return (hash ^ (hash >>> 15)) & (this.buckets.length - 1);
  }

  private bucketOf(slot: number): number {
    const start = this.type.addressStart(this.dialect, this.rows, this.identityAt(slot));
    return this.hash(this.rows, start, this.type.addressEnd(this.dialect, this.rows, start) - start);
  }

  private chain(slot: number): void {
    const bucket = this.bucketOf(slot);
    this.links[slot * LINKS + CHAIN] = this.buckets[bucket];
    this.buckets[bucket] = slot;
  }

  private unchain(slot: number): void {
    const bucket = this.bucketOf(slot);
    const next = this.links[slot * LINKS + CHAIN];
    if (this.buckets[bucket] === slot) {
      this.buckets[bucket] = next;
      return;
    }
    let before = this.buckets[bucket];
    while (this.links[before * LINKS + CHAIN] !== slot) before = this.links[before * LINKS + CHAIN];
    this.links[before * LINKS + CHAIN] = next;
  }

  private chainFreeSlots(from: number): void {
    for (let slot = from; slot < this.capacity; slot++) {
      this.links[slot * LINKS + CHAIN] = slot + 1 < this.capacity ? slot + 1 : NONE;
    }
    this.freeSlot = from;
  }

  /** Doubles the room, `maxMembers` at most. Called only when no slot is free. */
  private growCapacity(): void {
    const from = this.capacity;
    this.capacity = Math.min(from * 2, this.maxMembers);
    this.order.grow(this.capacity);
    const rows = new Uint8Array(this.capacity * this.rowSize);
    rows.set(this.rows);
    this.rows = rows;
    const links = new Uint16Array(this.capacity * LINKS);
    links.set(this.links);
    this.links = links;
    this.chainFreeSlots(from);
    this.buckets = new Uint16Array(bucketCount(this.capacity)).fill(NONE);
    for (let slot = 0; slot < from; slot++) this.chain(slot);
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
