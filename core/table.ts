import { State, type Codec, type IdentityForm, type IdentityRef } from "./codec.js";
import { INVALID, type Dialect } from "./dialect.js";
import type { IdentityType } from "./identity.js";
import { NONE, Order } from "./order.js";
import type { Random } from "./random.js";
import { copyWithin, type Schema } from "./schema.js";

// Words of a slot: see `Table.words`. `Members`, `Order` and `Updates` have the others.
const WORDS = 8;
const HEAD = 2;
// A head: the state in two bits, the length of the identity in six, and the remaining transmissions in eight.
const STATE = 3;
const LENGTH_AT = 2;
/** Lengths from 1 to 63 stand in the head; 0 says that the schema must be asked. */
const LONGEST_NOTED = 63;
const REMAINING_AT = 8;
/** What follows an identity in a row as long as the incarnation is small: one byte for it, and one for the state. */
const SHORT_TAIL = 2;

/**
 * Where all that is known of members stands: rows of bytes, and words of 16 bits. No object stands for a member. A member
 * is its slot, a small integer that stays the same until the member is removed.
 *
 * A row is the member as datagrams carry it: its identity in canonical bytes, its incarnation, its state. So an update is
 * sent by one copy. All rows are as wide as the longest met, so that a cluster of IPv4 addresses does not pay for IPv6.
 *
 * All of it is one buffer, since each takes a hundred bytes and more on XS before its first entry, and the engine can copy
 * within one without another object:
 * ```
 * slots: eight words each | hash chains | ends of `Updates` | rows | our own identity | the datagram that is sent
 * 0                       bucketsAt     endsAt              rowsAt ownAt
 * ```
 */
export abstract class Table<T> implements IdentityForm<T> {
  readonly type: IdentityType<T>;
  readonly codec: Codec;
  readonly dialect: Dialect;
  readonly order: Order;
  /** Members held, Down ones included. */
  length = 0;
  capacity = 0;
  /** The longest identity met so far, in bytes. */
  longestIdentity = 0;
  /** The buffer by bytes. It is another one when the table has grown. */
  bytes = new Uint8Array(0);
  /**
   * The buffer by words of 16 bits. A slot has eight:
   * ```
   * word   0, 1       2      3       4      5          6          7
   *        deadline   head   chain   next   previous   position   order
   * of     Order      Members        Updates           Order
   * ```
   * All belong to a slot but `order`, which is who stands at the position of that number. A head is
   * `state | length << 2 | remaining << 8`: of the member, its identity, and its update.
   */
  words = new Uint16Array(0);
  /** Where in `words` the first slots of the hash chains stand. */
  protected bucketsAt = 0;
  /** Where in `words` the ends of the lists of `Updates` begin, and how many there are. */
  endsAt = 0;
  numEnds = 0;
  /** Where in `bytes` the rows begin, each of so many bytes. */
  rowsAt = 0;
  rowSize = 0;
  /** Where in `bytes` our own identity stands, and how many bytes it may take. */
  ownAt = 0;
  private readonly ownSize: number;
  /** Where in `bytes` the datagram that is sent stands, with the room before and behind it. */
  sendAt = 0;
  /** The same as an array of its own: a runtime that writes over all that it is given does not reach the table. */
  datagram = new Uint8Array(0);
  /** Points at our own identity, wherever that is moved to. */
  ownRef: IdentityRef<unknown> | undefined = undefined;
  /** Hash chains, a power of two, less one. */
  protected bucketMask = 0;

  constructor(type: IdentityType<T>, codec: Codec, random: Random, nowMs: number, ownSize: number) {
    this.ownSize = ownSize;
    this.type = type;
    this.codec = codec;
    this.dialect = codec.dialect;
    this.order = new Order(random, nowMs);
  }

  get schema(): Schema<T> {
    return this.type.schema;
  }

  state(slot: number): State {
    return (this.words[slot * WORDS + HEAD] & STATE) as State;
  }

  isActive(slot: number): boolean {
    return (this.words[slot * WORDS + HEAD] & STATE) !== State.Down;
  }

  incarnation(slot: number): number {
    return this.codec.readIncarnation(this.bytes, this.identityAt(slot) + this.identityLength(slot));
  }

  /** Where the identity's bytes begin in `bytes`. */
  identityAt(slot: number): number {
    return this.rowsAt + slot * this.rowSize;
  }

  identityLength(slot: number): number {
    const noted = (this.words[slot * WORDS + HEAD] >> LENGTH_AT) & LONGEST_NOTED;
    if (noted !== 0) return noted;
    const at = this.identityAt(slot);
    return this.schema.skip(this.dialect, this.bytes, at, at + this.rowSize) - at;
  }

  /** Remaining transmissions of the member's update; `Updates` keeps them. */
  remaining(slot: number): number {
    return this.words[slot * WORDS + HEAD] >> REMAINING_AT;
  }

  setRemaining(slot: number, remaining: number): void {
    const head = slot * WORDS + HEAD;
    this.words[head] = (this.words[head] & 255) | (remaining << REMAINING_AT);
  }

  /** The identity as a value. Allocates. */
  value(slot: number): T {
    return this.schema.read(this.dialect, this.bytes, this.identityAt(slot));
  }

  /** Points `ref` at the member's identity. */
  refer(slot: number, ref: IdentityRef<unknown>): void {
    ref.set(this.bytes, this.identityAt(slot), this.identityLength(slot));
  }

  /**
   * Copies the member, as a datagram carries it, to `at` in `bytes` if it ends at `end` or before. Returns the position
   * after it, or `INVALID` when it does not fit.
   */
  copyMember(slot: number, at: number, end: number): number {
    const bytes = this.bytes;
    const from = this.rowsAt + slot * this.rowSize;
    const noted = (this.words[slot * WORDS + HEAD] >> LENGTH_AT) & LONGEST_NOTED;
    const length = this.codec.tailEnd(bytes, from + (noted || this.identityLength(slot))) - from;
    return at + length > end ? INVALID : copyWithin(bytes, from, length, at);
  }

  /** Writes a slot's row and head. May widen the rows. */
  protected write(
    slot: number,
    ref: IdentityRef<unknown>,
    incarnation: number,
    state: State,
    remaining: number,
  ): void {
    const noted = ref.length <= LONGEST_NOTED ? ref.length : 0;
    if (ref.length > this.longestIdentity) this.longestIdentity = ref.length;
    this.writeRow(slot, ref.bytes, ref.at, ref.length, incarnation, state);
    this.words[slot * WORDS + HEAD] = state | (noted << LENGTH_AT) | (remaining << REMAINING_AT);
  }

  /** Writes another state of a member into its row and head. May widen the rows. */
  protected rewrite(slot: number, incarnation: number, state: State): void {
    this.writeRow(slot, this.bytes, this.identityAt(slot), this.identityLength(slot), incarnation, state);
    const head = slot * WORDS + HEAD;
    this.words[head] = (this.words[head] & ~STATE) | state;
  }

  private writeRow(
    slot: number,
    bytes: Uint8Array,
    at: number,
    length: number,
    incarnation: number,
    state: State,
  ): void {
    const codec = this.codec;
    let size = length + SHORT_TAIL;
    for (;;) {
      if (size > this.rowSize) this.remake(this.capacity, even(size), this.numEnds, this.datagram.length);
      const row = this.identityAt(slot);
      const end = codec.writeMember(
        this.bytes,
        row,
        row + this.rowSize,
        bytes,
        at,
        length,
        incarnation,
        state,
      );
      if (end !== INVALID) return;
      size = codec.maxMemberLength(length);
    }
  }

  /** Makes the first buffer. */
  protected make(capacity: number, identityLength: number, sendSize: number): void {
    this.remake(capacity, even(identityLength + SHORT_TAIL), 0, sendSize);
  }

  /** Makes room for as many ends. */
  setNumEnds(numEnds: number): void {
    this.remake(this.capacity, this.rowSize, numEnds, this.datagram.length);
  }

  /** Gives the datagram that is sent so many bytes, with the room before and behind it. */
  setSendSize(sendSize: number): void {
    this.remake(this.capacity, this.rowSize, this.numEnds, sendSize);
  }

  /** Moves to another buffer, in which only the room for a datagram may be smaller than before. */
  protected remake(capacity: number, rowSize: number, numEnds: number, sendSize: number): void {
    const old = this.bytes;
    const from = this.capacity;
    const { rowsAt, rowSize: oldRowSize, ownAt, endsAt, numEnds: oldNumEnds } = this;
    const bucketMask = bucketCount(capacity) - 1;
    this.bucketsAt = capacity * WORDS;
    this.endsAt = this.bucketsAt + bucketMask + 1;
    this.rowsAt = (this.endsAt + numEnds) * 2;
    this.ownAt = this.rowsAt + capacity * rowSize;
    this.sendAt = this.ownAt + this.ownSize;
    const bytes = new Uint8Array((this.sendAt + sendSize + 3) & ~3);
    const words = new Uint16Array(bytes.buffer);
    // All moves towards the end, so what stands last goes first.
    bytes.set(old.length > bytes.length ? old.subarray(0, bytes.length) : old);
    bytes.copyWithin(this.ownAt, ownAt, ownAt + this.ownSize);
    for (let slot = from - 1; slot >= 0; slot--) {
      const row = rowsAt + slot * oldRowSize;
      bytes.copyWithin(this.rowsAt + slot * rowSize, row, row + oldRowSize);
    }
    words.copyWithin(this.endsAt, endsAt, endsAt + oldNumEnds);
    words.fill(NONE, this.endsAt + oldNumEnds, this.endsAt + numEnds);
    this.bytes = bytes;
    this.words = words;
    this.capacity = capacity;
    this.rowSize = rowSize;
    this.numEnds = numEnds;
    this.datagram = new Uint8Array(bytes.buffer, this.sendAt, sendSize);
    this.order.move(words, capacity);
    if (this.ownRef !== undefined) this.ownRef.set(bytes, this.ownAt, this.ownRef.length);
    if (capacity === from) return;
    this.bucketMask = bucketMask;
    this.addSlots(from);
  }

  /** Makes the slots from `from` to `capacity` free, and the hash chains anew. */
  protected abstract addSlots(from: number): void;
}

/** Half as many hash chains as members, a power of two: two bytes for two members. */
function bucketCount(capacity: number): number {
  let count = 4;
  while (count * 2 < capacity) count *= 2;
  return count;
}

/** The next even number. */
function even(size: number): number {
  return (size + 1) & ~1;
}
