import { State, UNSOUGHT, type Codec, type IdentityForm, type IdentityRef } from "./codec.js";
import { INVALID, type Dialect } from "./dialect.js";
import type { IdentityType } from "./identity.js";
import {
  bucketOf,
  bucketOfSlot,
  FACTOR,
  recogniseBytes,
  recogniseSlowly,
  slotOf,
  UNKNOWN,
} from "./lookup.js";
import { isPromise } from "./promise.js";
import { COPIES_NATIVELY } from "./native.js";
import { NONE, Order } from "./order.js";
import type { Random } from "./random.js";
import { copyBytes, type Schema } from "./schema.js";
import { HEARD, LENGTH, LENGTH_AT, remake, SCRATCH, SHORT_TAIL, STATE, type Table } from "./table.js";

// Words of a slot, and parts of a head: see `Table.words`. `Order` and `Updates` have the others.
const WORDS = 8;
const HEAD = 2;
const CHAIN = 3;
const REMAINING_AT = 8;
const REMAINING = 0xff00;
/** Lengths from 1 to 31 stand in the head, when the tail is short; 0 says that the schema must be asked. */
const LONGEST_NOTED = 31;

/** Of an identity at most so many bytes behind its address are looked at by words: a number takes up to nine. */
const BEHIND = 9;
/** And so many of its address. */
const LONGEST_ADDRESS = SCRATCH - BEHIND;

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
  ints = new Int32Array(0);
  bucketsAt = 0;
  endsAt = 0;
  rowsAt = 0;
  rowSize = 0;
  ownAt = 0;
  readonly ownSize: number;
  datagram = new Uint8Array(0);
  ownRef: IdentityRef<unknown> | undefined = undefined;
  bucketShift = 0;
  freeSlot = 0;
  /** How long the address was that was entered last; 0 when it is not looked up by words. */
  private usualAddressLength = 0;

  maxMembers: number;
  /** Secret and odd; see `bucketOf` in lookup.ts, which `recognise` computes, too. */
  readonly hashSeed: number;

  /**
   * The rows have room for identities of `identityLength` bytes at first, our own `ownSize`, and the datagram `sendSize`. There
   * are `numEnds` ends of lists of `Updates`.
   */
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
    numEnds = 0,
  ) {
    this.type = type;
    this.codec = codec;
    this.dialect = codec.dialect;
    this.order = new Order(random, nowMs);
    this.ownSize = ownSize;
    this.maxMembers = maxMembers;
    this.hashSeed = random() | 1;
    remake(this, Math.min(capacity, maxMembers), (identityLength + 3) & ~1, numEnds, sendSize);
  }

  /**
   * Finds a member by the bytes of its identity. No encoding is the prefix of another, so what equals a known identity
   * byte by byte needs no further look.
   *
   * What stands in the table's own buffer, as a datagram that `Inbox` copied, is moved to the scratch and compared by words
   * of 32 bits: on XS a byte that is read costs as much as two operations. At first the address is taken to be as long as
   * usual. Only of who is not found so it is looked where it ends.
   */
  recognise(ref: IdentityRef<unknown>, bytes: Uint8Array, at: number, end: number): number {
    let addressLength = this.usualAddressLength;
    if (bytes !== this.bytes || addressLength === 0) {
      if (COPIES_NATIVELY) return recogniseSlowly(this, ref, bytes, at, end);
      return recogniseBytes(this, ref, bytes, at, end);
    }
    const words = this.words;
    const ints = this.ints;
    const seed = this.hashSeed;
    const imul = Math.imul;
    const scratch = this.ownAt - SCRATCH;
    const start = scratch >> 2;
    for (;;) {
      bytes.copyWithin(scratch, at, at + addressLength + BEHIND);
      const first = ints[start];
      let last = start;
      let hash = seed;
      let left = addressLength;
      for (; left > 4; left -= 4) {
        hash = imul(hash ^ ints[last], FACTOR);
        hash = imul(hash ^ (hash >>> 16), seed);
        hash ^= hash >>> 15;
        last++;
      }
      // What is not of the address is shifted out.
      const unused = (4 - left) << 3;
      hash = imul(hash ^ ((ints[last] << unused) >>> unused), seed);
      let sight = UNKNOWN;
      let slot = words[this.bucketsAt + (hash >>> this.bucketShift)];
      for (; slot !== NONE; slot = words[slot * WORDS + CHAIN]) {
        let row = (this.rowsAt + slot * this.rowSize) >> 1;
        if ((words[row] | (words[row + 1] << 16)) !== first) continue;
        const length = (words[slot * WORDS + HEAD] & LENGTH) >> LENGTH_AT;
        // 0, too: it is not noted then.
        if ((length - 1) >>> 0 >= addressLength + BEHIND) return recogniseSlowly(this, ref, bytes, at, end);
        let i = start + 1;
        let difference = ints[i] ^ (words[row + 2] | (words[row + 3] << 16));
        for (left = length - 4; left > 4 && difference === 0; left -= 4) {
          i++;
          row += 2;
          difference = ints[i] ^ (words[row + 2] | (words[row + 3] << 16));
        }
        // What is not of the identity is shifted out.
        const rest = left < 4 ? difference << ((4 - left) << 3) : difference;
        if (rest === 0 && at + length <= end) {
          ref.bytes = bytes;
          ref.at = at;
          ref.length = length;
          ref.sight = slot;
          return at + length;
        }
        if (i < last || (i === last && difference << unused !== 0)) continue;
        sight = -2 - slot;
        break;
      }
      const actual = this.type.addressEnd(this.dialect, bytes, at) - at;
      if (actual <= 4 || actual > LONGEST_ADDRESS) return recogniseSlowly(this, ref, bytes, at, end);
      if (actual === addressLength) {
        ref.sight = sight;
        return INVALID;
      }
      addressLength = actual;
    }
  }

  /**
   * Moves `ref.at` past those of the next `left` members in a datagram that say just what we know, up to the first that does
   * not. Returns how many are left. In a cluster at rest these are all.
   */
  passKnown(ref: IdentityRef<unknown>, bytes: Uint8Array, end: number, left: number): number {
    const words = this.words;
    const own = this.bytes;
    const rowsAt = this.rowsAt;
    const rowSize = this.rowSize;
    let at = ref.at;
    for (; left > 0; left--) {
      const next = this.recognise(ref, bytes, at, end);
      if (next === INVALID) break;
      const slot = ref.sight;
      const tail = rowsAt + slot * rowSize + ref.length;
      // The row ends with the same bytes.
      if (bytes[next] !== own[tail] || bytes[next + 1] !== own[tail + 1] || next + SHORT_TAIL > end) break;
      if ((words[slot * WORDS + HEAD] & LENGTH) === 0 && this.codec.tailEnd(own, tail) !== tail + SHORT_TAIL)
        break;
      at = next + SHORT_TAIL;
    }
    ref.at = at;
    return left;
  }

  /** The slot of the member with this identity's address, or NONE. */
  find(ref: IdentityRef<unknown>): number {
    if (ref.sight === UNSOUGHT) return slotOf(this, ref.bytes, ref.at);
    return ref.sight >= 0 ? ref.sight : -2 - ref.sight;
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

  /** Whether a member said that it takes a nap, and is not overdue. */
  isAsleep(slot: number): boolean {
    return this.state(slot) === State.Down && isPromise(this.incarnation(slot));
  }

  /** Whether the member at this address takes a nap. */
  isSleeper(ref: IdentityRef<unknown>): boolean {
    const slot = this.find(ref);
    return slot !== NONE && this.isAsleep(slot);
  }

  incarnation(slot: number): number {
    return this.codec.readIncarnation(this.bytes, this.identityAt(slot) + this.identityLength(slot));
  }

  identityAt(slot: number): number {
    return this.rowsAt + slot * this.rowSize;
  }

  identityLength(slot: number): number {
    const noted = (this.words[slot * WORDS + HEAD] & LENGTH) >> LENGTH_AT;
    if (noted !== 0) return noted;
    const at = this.identityAt(slot);
    return this.schema.skip(this.dialect, this.bytes, at, at + this.rowSize) - at;
  }

  /** Remaining transmissions of the member's update. */
  remaining(slot: number): number {
    return this.words[slot * WORDS + HEAD] >> REMAINING_AT;
  }

  /** The identity as a value. Allocates. */
  value(slot: number): T {
    return this.schema.read(this.dialect, this.bytes, this.identityAt(slot));
  }

  /** Points `ref` at the member's identity. */
  refer(slot: number, ref: IdentityRef<unknown>): void {
    ref.set(this.bytes, this.identityAt(slot), this.identityLength(slot));
  }

  /** Copies the member, as a datagram carries it, to `at` in `bytes`. Returns its end, or `INVALID` when that is beyond `end`. */
  copyMember(slot: number, at: number, end: number): number {
    const bytes = this.bytes;
    const row = this.rowsAt + slot * this.rowSize;
    const head = this.words[slot * WORDS + HEAD];
    let length = (head & LENGTH) >> LENGTH_AT;
    if (length !== 0) length += SHORT_TAIL;
    else length = this.codec.tailEnd(bytes, row + this.identityLength(slot)) - row;
    return at + length > end ? INVALID : copyBytes(bytes, row, length, bytes, at);
  }

  /** Enters an address that `find` missed, for which there is room. Allocates when the table grows. */
  insert(ref: IdentityRef<unknown>, incarnation: number, state: State): number {
    // When no slot is free, the room is doubled.
    if (this.length === this.capacity) remake(this, Math.min(this.capacity * 2, this.maxMembers), 0, 0, 0);
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
      this.forgetHeard(slot);
      this.order.removeAlive(slot);
      this.order.addDown(slot);
    }
  }

  /** Puts another identity with the same address in the member's place. May widen the rows. */
  replace(slot: number, ref: IdentityRef<unknown>, incarnation: number, state: State): void {
    this.forgetHeard(slot);
    this.change(slot, incarnation, state);
    this.write(slot, ref.bytes, ref.at, ref.length, incarnation, state);
  }

  /** Whether an active member has sent us a datagram itself. */
  wasHeard(slot: number): boolean {
    return (this.words[slot * WORDS + HEAD] & HEARD) !== 0;
  }

  /** Notes that an active member, of whom we were only told, has sent us a datagram itself. */
  noteHeard(slot: number): void {
    this.words[slot * WORDS + HEAD] |= HEARD;
    this.order.numHeard++;
  }

  /** Notes of a member that we have not heard it. */
  forgetHeard(slot: number): void {
    if (!this.wasHeard(slot)) return;
    this.words[slot * WORDS + HEAD] ^= HEARD;
    this.order.numHeard--;
  }

  /** Forgets a Down member; its slot is free. */
  remove(slot: number): void {
    this.order.removeDown(slot);
    this.free(slot);
  }

  /** Forgets an active member; its slot is free. */
  dismiss(slot: number): void {
    if (this.state(slot) === State.Suspect) this.order.unsuspect(slot);
    this.forgetHeard(slot);
    this.order.removeAlive(slot);
    this.free(slot);
  }

  private free(slot: number): void {
    const words = this.words;
    // The word that names the slot: the bucket, or the link of the one before.
    let at = bucketOfSlot(this, slot);
    while (words[at] !== slot) at = words[at] * WORDS + CHAIN;
    words[at] = words[slot * WORDS + CHAIN];
    words[slot * WORDS + CHAIN] = this.freeSlot;
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
    let row = 0;
    let rowEnd = INVALID;
    for (let size = length + SHORT_TAIL; rowEnd === INVALID; size = codec.maxMemberLength(length)) {
      if (size > this.rowSize) remake(this, 0, (size + 1) & ~1, 0, 0);
      const own = this.bytes;
      row = this.rowsAt + slot * this.rowSize;
      rowEnd = codec.writeMember(own, row, row + this.rowSize, bytes, at, length, incarnation, state);
    }
    const head = slot * WORDS + HEAD;
    const isNoted = length <= LONGEST_NOTED && rowEnd - row - length === SHORT_TAIL;
    const noted = isNoted ? length << LENGTH_AT : 0;
    this.words[head] = (this.words[head] & (REMAINING | HEARD)) | noted | state;
  }

  chain(slot: number): void {
    const type = this.type;
    const bytes = this.bytes;
    const row = this.rowsAt + slot * this.rowSize;
    const start = type.isAddressLater === true ? type.addressStart(this.dialect, bytes, row) : row;
    const length = type.addressEnd(this.dialect, bytes, start) - start;
    const isUsual = length > 4 && length <= LONGEST_ADDRESS && type.isAddressLater !== true;
    const bucket = bucketOf(this, bytes, start, length);
    this.usualAddressLength = isUsual ? length : 0;
    this.words[slot * WORDS + CHAIN] = this.words[bucket];
    this.words[bucket] = slot;
  }
}
