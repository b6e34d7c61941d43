import { State, UNSOUGHT, type Codec, type IdentityForm, type IdentityRef } from "./codec.js";
import { INVALID, type Dialect } from "./dialect.js";
import type { IdentityType } from "./identity.js";
import { NONE, Order } from "./order.js";
import type { Random } from "./random.js";
import { areEqual, copyWithin, type Schema } from "./schema.js";
import { remake, type Table } from "./table.js";

// Words of a slot: see `Table.words`. `Order` and `Updates` have the others.
const WORDS = 8;
const HEAD = 2;
const CHAIN = 3;
// A head: the state in two bits, the length of the identity in six, and the remaining transmissions in eight.
const STATE = 3;
const LENGTH_AT = 2;
/** Lengths from 1 to 63 stand in the head; 0 says that the schema must be asked. */
const LONGEST_NOTED = 63;
const REMAINING_AT = 8;
const REMAINING = 0xff00;
/** What follows an identity in a row as long as the incarnation is small: one byte for it, and one for the state. */
const SHORT_TAIL = 2;

/** Addresses of so many bytes are looked up by two words. */
const TWO_WORDS = 8;
/** `IdentityRef.sight` of an identity whose address is unknown. */
const UNKNOWN = -2 - NONE;
/** The first factor of the hash: see `mix`. */
const FACTOR = 0x9e3779b1;

/**
 * All known members, found by address. No object stands for a member. A member is its slot, a small integer that stays
 * the same until the member is removed. `Table` describes how slots are laid out.
 */
export class Members<T> implements IdentityForm<T>, Table {
  readonly type: IdentityType<T>;
  readonly codec: Codec;
  readonly dialect: Dialect;
  readonly order: Order;
  /** Members held, Down ones included. */
  length = 0;
  // These `Table` describes.
  capacity = 0;
  longestIdentity = 0;
  bytes = new Uint8Array(0);
  words = new Uint16Array(0);
  bucketsAt = 0;
  endsAt = 0;
  numEnds = 0;
  rowsAt = 0;
  rowSize = 0;
  ownAt = 0;
  readonly ownSize: number;
  datagram = new Uint8Array(0);
  ownRef: IdentityRef<unknown> | undefined = undefined;
  bucketMask = 0;
  freeSlot = 0;

  maxMembers: number;
  /** Secret and odd; see `mix`. */
  private readonly hashSeed: number;

  /** The rows have room for identities of `identityLength` bytes at first, our own `ownSize`, and the datagram `sendSize`. */
  constructor(
    type: IdentityType<T>,
    codec: Codec,
    capacity: number,
    maxMembers: number,
    random: Random,
    nowMs: number,
    identityLength = 0,
    ownSize = 0,
    sendSize = 0,
  ) {
    this.type = type;
    this.codec = codec;
    this.dialect = codec.dialect;
    this.order = new Order(random, nowMs);
    this.ownSize = ownSize;
    this.maxMembers = maxMembers;
    this.hashSeed = random() | 1;
    remake(this, Math.min(capacity, maxMembers), (identityLength + 3) & ~1, 0, sendSize);
  }

  /**
   * Finds a member by the bytes of its identity. No encoding is the prefix of another, so what equals a known identity
   * byte by byte needs no further look.
   *
   * Most addresses are IPv4's and take up to eight bytes. Those are put together as two words, from which the hash is made
   * and which are compared at once: on XS a byte that is read costs as much as two operations.
   */
  recognise(ref: IdentityRef<unknown>, bytes: Uint8Array, at: number, end: number): number {
    const type = this.type;
    const length = type.addressEnd(this.dialect, bytes, at) - at;
    if (length > TWO_WORDS || length <= 4 || at + TWO_WORDS > end || type.isAddressLater === true) {
      const slot = this.slotOf(bytes, at);
      if (slot === NONE) {
        ref.sight = UNKNOWN;
        return INVALID;
      }
      return this.settle(ref, slot, bytes, at, end);
    }
    const words = this.words;
    const first = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    const second = bytes[at + 4] | (bytes[at + 5] << 8) | (bytes[at + 6] << 16) | (bytes[at + 7] << 24);
    // What is not of the address is shifted out.
    const unused = (TWO_WORDS - length) << 3;
    const imul = Math.imul;
    const seed = this.hashSeed;
    let hash = imul(seed ^ first, FACTOR);
    hash = imul(hash ^ (hash >>> 16), seed);
    hash = imul(hash ^ (hash >>> 15) ^ ((second << unused) >>> unused), FACTOR);
    hash = imul(hash ^ (hash >>> 16), seed);
    const rowWords = this.rowSize >> 1;
    const rowsAt = this.rowsAt >> 1;
    let slot = words[this.bucketsAt + ((hash ^ (hash >>> 15)) & this.bucketMask)];
    for (; slot !== NONE; slot = words[slot * WORDS + CHAIN]) {
      let row = rowsAt + slot * rowWords;
      if ((words[row] | (words[row + 1] << 16)) !== first) continue;
      const rest = (words[row + 2] | (words[row + 3] << 16)) ^ second;
      if (rest << unused !== 0) continue;
      const known = (words[slot * WORDS + HEAD] >> LENGTH_AT) & LONGEST_NOTED;
      // The usual identity is twelve bytes: one word more.
      if (rest !== 0 || known !== TWO_WORDS + 4 || at + known > end)
        return this.settle(ref, slot, bytes, at, end);
      row += 4;
      const third = words[row] | (words[row + 1] << 16);
      at += TWO_WORDS;
      if (third !== (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24))) {
        ref.sight = -2 - slot;
        return INVALID;
      }
      ref.bytes = bytes;
      ref.at = at - TWO_WORDS;
      ref.length = known;
      ref.sight = slot;
      return at + 4;
    }
    ref.sight = UNKNOWN;
    return INVALID;
  }

  /** Notes what was found for an identity whose address the member has: the member, or another identity of it. */
  private settle(
    ref: IdentityRef<unknown>,
    slot: number,
    bytes: Uint8Array,
    at: number,
    end: number,
  ): number {
    const length = this.identityLength(slot);
    ref.sight = -2 - slot;
    if (at + length > end || !areEqual(this.bytes, this.identityAt(slot), bytes, at, length)) return INVALID;
    ref.set(bytes, at, length);
    ref.sight = slot;
    return at + length;
  }

  /** The slot of the member with this identity's address, or NONE. */
  find(ref: IdentityRef<unknown>): number {
    const sight = ref.sight;
    if (sight === UNSOUGHT) return this.slotOf(ref.bytes, ref.at);
    return sight >= 0 ? sight : -2 - sight;
  }

  /** The slot of the member that has the address of the identity at `at`, or NONE. */
  private slotOf(bytes: Uint8Array, at: number): number {
    const type = this.type;
    const dialect = this.dialect;
    const start = type.addressStart(dialect, bytes, at);
    const length = type.addressEnd(dialect, bytes, start) - start;
    let slot = this.words[this.bucketOf(bytes, start, length)];
    for (; slot !== NONE; slot = this.words[slot * WORDS + CHAIN]) {
      const known = type.addressStart(dialect, this.bytes, this.identityAt(slot));
      // No encoding is the prefix of another.
      if (areEqual(this.bytes, known, bytes, start, length)) return slot;
    }
    return NONE;
  }

  /** Whether the member has just this identity, and not only its address. */
  isIdentity(slot: number, ref: IdentityRef<unknown>): boolean {
    return ref.sight === slot || ref.equals(this.bytes, this.identityAt(slot), this.identityLength(slot));
  }

  /** Whether the known identity keeps its place against another with the same address. */
  wins(slot: number, ref: IdentityRef<unknown>): boolean {
    return this.type.wins(this.dialect, this.bytes, this.identityAt(slot), ref.bytes, ref.at);
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
    // What `identityAt` and `identityLength` give, written out here and in `copyMember`: a call takes ten steps and more on XS.
    const noted = (this.words[slot * WORDS + HEAD] >> LENGTH_AT) & LONGEST_NOTED;
    const identityEnd = this.rowsAt + slot * this.rowSize + (noted || this.identityLength(slot));
    return this.codec.readIncarnation(this.bytes, identityEnd);
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

  /** Enters an address that `find` missed, for which there is room. Allocates when the table grows. */
  insert(ref: IdentityRef<unknown>, incarnation: number, state: State): number {
    // When no slot is free, the room is doubled.
    if (this.length === this.capacity)
      remake(
        this,
        Math.min(this.capacity * 2, this.maxMembers),
        this.rowSize,
        this.numEnds,
        this.datagram.length,
      );
    const slot = this.freeSlot;
    const next = this.words[slot * WORDS + CHAIN];
    this.write(slot, ref.bytes, ref.at, ref.length, incarnation, state);
    this.freeSlot = next;
    this.length++;
    this.chain(slot);
    if (state === State.Down) this.order.addDown(slot);
    else this.order.addAlive(slot);
    if (state === State.Suspect) this.order.suspect(slot);
    return slot;
  }

  /** Gives a member another state, in the sections too. May widen the rows. */
  change(slot: number, incarnation: number, state: State): void {
    const before = this.state(slot);
    this.write(slot, this.bytes, this.identityAt(slot), this.identityLength(slot), incarnation, state);
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
    this.write(slot, ref.bytes, ref.at, ref.length, incarnation, state);
  }

  /** Forgets a Down member; its slot is free. */
  remove(slot: number): void {
    this.order.removeDown(slot);
    this.unchain(slot);
    this.words[slot * WORDS + CHAIN] = this.freeSlot;
    this.freeSlot = slot;
    this.length--;
  }

  /** Writes a slot's row, and all of its head but the remaining transmissions. May widen the rows. */
  private write(
    slot: number,
    bytes: Uint8Array,
    at: number,
    length: number,
    incarnation: number,
    state: State,
  ): void {
    const codec = this.codec;
    if (length > this.longestIdentity) this.longestIdentity = length;
    for (let size = length + SHORT_TAIL; ; size = codec.maxMemberLength(length)) {
      if (size > this.rowSize)
        remake(this, this.capacity, (size + 1) & ~1, this.numEnds, this.datagram.length);
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
      if (end !== INVALID) break;
    }
    const head = slot * WORDS + HEAD;
    const noted = length <= LONGEST_NOTED ? length << LENGTH_AT : 0;
    this.words[head] = (this.words[head] & REMAINING) | noted | state;
  }

  /** Where in `words` the hash chain of an address begins. */
  private bucketOf(bytes: Uint8Array, at: number, length: number): number {
    const seed = this.hashSeed;
    let hash = seed;
    for (let left = length; left > 0; left -= 4, at += 4) {
      let word = bytes[at];
      if (left > 1) word |= bytes[at + 1] << 8;
      if (left > 2) word |= bytes[at + 2] << 16;
      if (left > 3) word |= bytes[at + 3] << 24;
      hash = mix(hash, word, seed);
    }
    return this.bucketsAt + (hash & this.bucketMask);
  }

  private bucketOfSlot(slot: number): number {
    const start = this.type.addressStart(this.dialect, this.bytes, this.identityAt(slot));
    return this.bucketOf(this.bytes, start, this.type.addressEnd(this.dialect, this.bytes, start) - start);
  }

  chain(slot: number): void {
    const bucket = this.bucketOfSlot(slot);
    this.words[slot * WORDS + CHAIN] = this.words[bucket];
    this.words[bucket] = slot;
  }

  private unchain(slot: number): void {
    const words = this.words;
    // The word that names the slot: the bucket, or the link of the one before.
    let at = this.bucketOfSlot(slot);
    while (words[at] !== slot) at = words[at] * WORDS + CHAIN;
    words[at] = words[slot * WORDS + CHAIN];
  }
}

/**
 * Takes a word into the hash of an address. It is multiplied and folded twice. The second factor is secret, so that a
 * difference between two addresses comes out as nobody outside can tell, and no list of addresses shares a chain under
 * every seed. `Members.recognise` does the same for two words.
 */
function mix(hash: number, word: number, seed: number): number {
  hash = Math.imul(hash ^ word, FACTOR);
  hash = Math.imul(hash ^ (hash >>> 16), seed);
  return hash ^ (hash >>> 15);
}
