import { State, UNSOUGHT, type Codec, type IdentityRef } from "./codec.js";
import { INVALID } from "./dialect.js";
import type { IdentityType } from "./identity.js";
import { NONE } from "./order.js";
import type { Random } from "./random.js";
import { areEqual } from "./schema.js";
import { Table } from "./table.js";

// Words of a slot, and the length in a head: see `Table`.
const WORDS = 8;
const HEAD = 2;
const CHAIN = 3;
const LENGTH_AT = 2;
const LONGEST_NOTED = 63;
/** Addresses of so many bytes are looked up by two words. */
const TWO_WORDS = 8;
/** `IdentityRef.sight` of an identity whose address is unknown. */
const UNKNOWN = -2 - NONE;

/**
 * All known members, found by address, and each with its state. The buffer that holds them is `Table`'s.
 */
export class Members<T> extends Table<T> {
  maxMembers: number;
  private freeSlot = 0;
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
    super(type, codec, random, nowMs, ownSize);
    this.maxMembers = maxMembers;
    this.hashSeed = random() | 1;
    this.make(Math.min(capacity, maxMembers), identityLength, sendSize);
  }

  /**
   * Finds a member by the bytes of its identity. No encoding is the prefix of another, so what equals a known identity
   * byte by byte needs no further look.
   */
  recognise(ref: IdentityRef<unknown>, bytes: Uint8Array, at: number, end: number): number {
    const length = this.type.addressEnd(this.dialect, bytes, at) - at;
    if (!this.type.isAddressFirst || length > TWO_WORDS || length <= 4 || at + TWO_WORDS > end)
      return this.recogniseAny(ref, bytes, at, end);
    const words = this.words;
    const first = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    const second = bytes[at + 4] | (bytes[at + 5] << 8) | (bytes[at + 6] << 16) | (bytes[at + 7] << 24);
    // What is not of the address is shifted out.
    const unused = (TWO_WORDS - length) << 3;
    const imul = Math.imul;
    const seed = this.hashSeed;
    let hash = imul(seed ^ first, 0x9e3779b1);
    hash = imul(hash ^ (hash >>> 16), seed);
    hash = imul(hash ^ (hash >>> 15) ^ ((second << unused) >>> unused), 0x9e3779b1);
    hash = imul(hash ^ (hash >>> 16), seed);
    const rowWords = this.rowSize >> 1;
    const rowsAt = this.rowsAt >> 1;
    ref.sight = UNKNOWN;
    let slot = words[this.bucketsAt + ((hash ^ (hash >>> 15)) & this.bucketMask)];
    for (; slot !== NONE; slot = words[slot * WORDS + CHAIN]) {
      const row = rowsAt + slot * rowWords;
      if ((words[row] | (words[row + 1] << 16)) !== first) continue;
      const rest = (words[row + 2] | (words[row + 3] << 16)) ^ second;
      if (rest << unused !== 0) continue;
      const known = (words[slot * WORDS + HEAD] >> LENGTH_AT) & LONGEST_NOTED;
      if (known >= TWO_WORDS ? rest === 0 && at + known <= end : this.hasIdentity(slot, bytes, at, end)) {
        let i = TWO_WORDS;
        let word = row + 4;
        while (i + 1 < known && words[word] === (bytes[at + i] | (bytes[at + i + 1] << 8))) {
          i += 2;
          word++;
        }
        if (i + 1 === known && (words[word] & 255) === bytes[at + i]) i++;
        if (i >= known) {
          ref.set(bytes, at, known || this.identityLength(slot));
          ref.sight = slot;
          return at + ref.length;
        }
      }
      ref.sight = -2 - slot;
      return INVALID;
    }
    return INVALID;
  }

  /** The same for addresses of any length, anywhere in the identity. */
  private recogniseAny(ref: IdentityRef<unknown>, bytes: Uint8Array, at: number, end: number): number {
    const start = this.type.addressStart(this.dialect, bytes, at);
    const length = this.type.addressEnd(this.dialect, bytes, start) - start;
    let slot = this.words[this.bucketOf(bytes, start, length)];
    while (slot !== NONE && !this.hasAddress(slot, bytes, start, length))
      slot = this.words[slot * WORDS + CHAIN];
    ref.sight = slot === NONE ? UNKNOWN : -2 - slot;
    if (slot === NONE || !this.hasIdentity(slot, bytes, at, end)) return INVALID;
    ref.set(bytes, at, this.identityLength(slot));
    ref.sight = slot;
    return at + ref.length;
  }

  /** Whether the bytes from `at` to `end` or before are the member's identity. */
  private hasIdentity(slot: number, bytes: Uint8Array, at: number, end: number): boolean {
    const length = this.identityLength(slot);
    return at + length <= end && areEqual(this.bytes, this.identityAt(slot), bytes, at, length);
  }

  private hasAddress(slot: number, bytes: Uint8Array, start: number, length: number): boolean {
    const at = this.type.addressStart(this.dialect, this.bytes, this.identityAt(slot));
    // No encoding is the prefix of another.
    return areEqual(this.bytes, at, bytes, start, length);
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
    return ref.sight === slot || ref.equals(this.bytes, this.identityAt(slot), this.identityLength(slot));
  }

  /** Whether the known identity keeps its place against another with the same address. */
  wins(slot: number, ref: IdentityRef<unknown>): boolean {
    return this.type.wins(this.dialect, this.bytes, this.identityAt(slot), ref.bytes, ref.at);
  }

  /** Enters an address that `find` missed, for which there is room. Allocates when the table grows. */
  insert(ref: IdentityRef<unknown>, incarnation: number, state: State): number {
    if (this.length === this.capacity) this.growCapacity();
    const slot = this.freeSlot;
    const next = this.words[slot * WORDS + CHAIN];
    this.write(slot, ref, incarnation, state, 0);
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
    this.rewrite(slot, incarnation, state);
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
    this.write(slot, ref, incarnation, state, this.remaining(slot));
  }

  /** Forgets a Down member; its slot is free. */
  remove(slot: number): void {
    this.order.removeDown(slot);
    this.unchain(slot);
    this.words[slot * WORDS + CHAIN] = this.freeSlot;
    this.freeSlot = slot;
    this.length--;
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

  /** Doubles the room, `maxMembers` at most. Called only when no slot is free. */
  private growCapacity(): void {
    const capacity = Math.min(this.capacity * 2, this.maxMembers);
    this.remake(capacity, this.rowSize, this.numEnds, this.datagram.length);
  }

  protected addSlots(from: number): void {
    const words = this.words;
    words.fill(NONE, this.bucketsAt, this.endsAt);
    for (let slot = from; slot < this.capacity; slot++)
      words[slot * WORDS + CHAIN] = slot + 1 < this.capacity ? slot + 1 : NONE;
    this.freeSlot = from;
    for (let slot = 0; slot < from; slot++) this.chain(slot);
  }
}

/**
 * Takes a word into the hash of an address. It is multiplied and folded twice. The second factor is secret, so that a
 * difference between two addresses comes out as nobody outside can tell, and no list of addresses shares a chain under
 * every seed. `Members.recognise` does the same for two words.
 */
function mix(hash: number, word: number, seed: number): number {
  hash = Math.imul(hash ^ word, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), seed);
  return hash ^ (hash >>> 15);
}
