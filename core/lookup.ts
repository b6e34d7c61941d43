// How a member is found by its address: through chains of slots, by a hash that nobody outside can tell. These functions
// are the parts of `Members.recognise` that a device seldom comes to, and what keeps the chains.
import type { IdentityRef } from "./codec.js";
import { INVALID } from "./dialect.js";
import { NONE } from "./order.js";
import { areEqual } from "./schema.js";
import { LENGTH, LENGTH_AT, type Table } from "./table.js";

// Words of a slot: see `Table.words`.
const WORDS = 8;
const HEAD = 2;
const CHAIN = 3;

/** Addresses of so many bytes are looked up by two words. */
const TWO_WORDS = 8;
/** `IdentityRef.sight` of an identity whose address is unknown. */
export const UNKNOWN = -2 - NONE;
/** The known factor of the hash: see `bucketOf`. */
export const FACTOR = -0x61c88647;

/** As `Members.recognise`, in any array, by as many words as most addresses have: those of IPv4 take up to eight bytes. */
export function recogniseBytes(
  members: Table,
  ref: IdentityRef<unknown>,
  bytes: Uint8Array,
  at: number,
  end: number,
): number {
  const type = members.type;
  const length = type.addressEnd(members.dialect, bytes, at) - at;
  if (length > TWO_WORDS || length <= 4 || at + TWO_WORDS > end || type.isAddressLater === true)
    return recogniseSlowly(members, ref, bytes, at, end);
  const words = members.words;
  const first = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
  const second = bytes[at + 4] | (bytes[at + 5] << 8) | (bytes[at + 6] << 16) | (bytes[at + 7] << 24);
  // What is not of the address is shifted out.
  const unused = (TWO_WORDS - length) << 3;
  const imul = Math.imul;
  const seed = members.hashSeed;
  let hash = imul(seed ^ first, FACTOR);
  hash = imul(hash ^ (hash >>> 16), seed);
  hash = imul(hash ^ (hash >>> 15) ^ ((second << unused) >>> unused), seed);
  const rowWords = members.rowSize >> 1;
  const rowsAt = members.rowsAt >> 1;
  let slot = words[members.bucketsAt + (hash >>> members.bucketShift)];
  for (; slot !== NONE; slot = words[slot * WORDS + CHAIN]) {
    let row = rowsAt + slot * rowWords;
    if ((words[row] | (words[row + 1] << 16)) !== first) continue;
    const rest = (words[row + 2] | (words[row + 3] << 16)) ^ second;
    if (rest << unused !== 0) continue;
    const known = (words[slot * WORDS + HEAD] & LENGTH) >> LENGTH_AT;
    // The usual identity is twelve bytes: one word more.
    if (rest !== 0 || known !== TWO_WORDS + 4 || at + known > end)
      return settle(members, ref, slot, bytes, at, end);
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

/** As `Members.recognise`, of addresses of any length, wherever they stand in an identity. */
export function recogniseSlowly(
  members: Table,
  ref: IdentityRef<unknown>,
  bytes: Uint8Array,
  at: number,
  end: number,
): number {
  const slot = slotOf(members, bytes, at);
  if (slot !== NONE) return settle(members, ref, slot, bytes, at, end);
  ref.sight = UNKNOWN;
  return INVALID;
}

/** Notes what was found for an identity whose address the member has: the member, or another identity of it. */
function settle(
  members: Table,
  ref: IdentityRef<unknown>,
  slot: number,
  bytes: Uint8Array,
  at: number,
  end: number,
): number {
  const length = members.identityLength(slot);
  ref.sight = -2 - slot;
  if (at + length > end || !areEqual(members.bytes, members.identityAt(slot), bytes, at, length))
    return INVALID;
  ref.set(bytes, at, length);
  ref.sight = slot;
  return at + length;
}

/** The slot of the member that has the address of the identity at `at`, or NONE. */
export function slotOf(members: Table, bytes: Uint8Array, at: number): number {
  const type = members.type;
  const dialect = members.dialect;
  const start = type.addressStart(dialect, bytes, at);
  return slotAt(members, bytes, start, type.addressEnd(dialect, bytes, start) - start);
}

/** The slot of the member that has the address at `start`, or NONE. */
export function slotAt(members: Table, bytes: Uint8Array, start: number, length: number): number {
  const type = members.type;
  const dialect = members.dialect;
  // The bytes are no identity.
  if (length < 0) return NONE;
  let slot = members.words[bucketOf(members, bytes, start, length)];
  for (; slot !== NONE; slot = members.words[slot * WORDS + CHAIN]) {
    const known = type.addressStart(dialect, members.bytes, members.identityAt(slot));
    // No encoding is the prefix of another.
    if (areEqual(members.bytes, known, bytes, start, length)) return slot;
  }
  return NONE;
}

/**
 * Where in `words` the hash chain of an address begins. Of the address's words each but the last is multiplied and folded
 * twice, and the last is multiplied once. That factor is secret, so that a difference between two addresses comes out as
 * nobody outside can tell, and no list of addresses shares a chain under every seed. The upper bits of the product number the
 * chain: what differs in the upper bits of a word alone never reaches the lower ones.
 */
export function bucketOf(members: Table, bytes: Uint8Array, at: number, length: number): number {
  const seed = members.hashSeed;
  let hash = seed;
  for (let left = length; ; left -= 4, at += 4) {
    const word = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    if (left <= 4) {
      // What is not of the address is shifted out.
      const unused = (4 - left) << 3;
      hash = Math.imul(hash ^ (left > 0 ? (word << unused) >>> unused : 0), seed);
      return members.bucketsAt + (hash >>> members.bucketShift);
    }
    hash = Math.imul(hash ^ word, FACTOR);
    hash = Math.imul(hash ^ (hash >>> 16), seed);
    hash ^= hash >>> 15;
  }
}

/** Where in `words` the hash chain begins in which a member's slot hangs. */
export function bucketOfSlot(members: Table, slot: number): number {
  const type = members.type;
  const dialect = members.dialect;
  const bytes = members.bytes;
  const start = type.addressStart(dialect, bytes, members.identityAt(slot));
  return bucketOf(members, bytes, start, type.addressEnd(dialect, bytes, start) - start);
}
