import type { IdentityRef } from "./codec.js";
import type { Dialect } from "./dialect.js";
import type { IdentityType } from "./identity.js";
import { NONE, type Order } from "./order.js";

// Words of a slot: see `Table.words`.
const WORDS = 8;
const HEAD = 2;
const CHAIN = 3;

// A head: the state in two bits, whether we have heard the member itself in one, the length of the identity in five, and the
// remaining transmissions in eight.
export const STATE = 3;
/** An active member has sent us a datagram itself. */
export const HEARD = 4;
/** Of a row whose tail is short; 0 says that both must be asked for. */
export const LENGTH_AT = 3;
export const LENGTH = 0xf8;
/** What follows an identity in a row as long as the incarnation is small: one byte for it, and one for the state. */
export const SHORT_TAIL = 2;

/** See `Table`: the longest identity of our own types has 29 bytes. */
export const SCRATCH = 32;

/**
 * The buffer in which `Members` keeps all that is known of them.
 *
 * A row is the member as datagrams carry it: its identity in canonical bytes, its incarnation, its state. So an update is
 * sent by one copy. All rows are as wide as the longest met, so that a cluster of IPv4 addresses does not pay for IPv6.
 *
 * All of it is one buffer, since each takes a hundred bytes and more on XS before its first entry, and the engine can copy
 * within one without another object:
 * ```
 * slots: eight words each | hash chains | ends of `Updates` | rows | scratch | our own identity | the datagram that is sent
 * 0                       bucketsAt     endsAt              rowsAt         ownAt
 * ```
 * The last three begin at a multiple of four bytes, so that what stands there can be read four at a time. `SCRATCH` bytes
 * are for an identity from elsewhere that is to be read so.
 */
export interface Table {
  readonly type: IdentityType<unknown>;
  readonly dialect: Dialect;
  readonly order: Order;
  /** Secret and odd; see `bucketOf` in lookup.ts. */
  readonly hashSeed: number;
  capacity: number;
  /** The longest identity met so far, in bytes. */
  longestIdentity: number;
  /** The buffer by bytes. It is another one when the table has grown. */
  bytes: Uint8Array<ArrayBuffer>;
  /**
   * The buffer by words of 16 bits. A slot has eight:
   * ```
   * word   0, 1       2      3       4      5          6          7
   *        deadline   head   chain   next   previous   position   order
   * of     Order      Members        Updates           Order
   * ```
   * All belong to a slot but `order`, which is who stands at the position of that number. A head is
   * `state | heard << 2 | length << 3 | remaining << 8`: of the member, its row, its identity, and its update.
   */
  words: Uint16Array<ArrayBuffer>;
  /** The buffer by words of 32 bits. */
  ints: Int32Array<ArrayBuffer>;
  /** Where in `words` the first slots of the hash chains stand. */
  bucketsAt: number;
  /** Where in `words` the ends of the lists of `Updates` begin. They end where the rows begin. */
  endsAt: number;
  /** Where in `bytes` the rows begin, each of so many bytes. */
  rowsAt: number;
  rowSize: number;
  /** Where in `bytes` our own identity stands, and how many bytes it may take. */
  ownAt: number;
  readonly ownSize: number;
  /**
   * The datagram that is sent, with the room before and behind it. An array of its own, so that a runtime that writes over
   * all that it is given does not reach the table.
   */
  datagram: Uint8Array<ArrayBuffer>;
  /** Points at our own identity, wherever that is moved to. */
  ownRef: IdentityRef<unknown> | undefined;
  /** How far the hash of an address is shifted, so that the bits that are left number the hash chains. */
  bucketShift: number;
  freeSlot: number;
  /** Hangs a slot into the hash chain of its address. */
  chain(slot: number): void;
  /** Where in `bytes` the identity of a slot begins, and how many bytes it takes. */
  identityAt(slot: number): number;
  identityLength(slot: number): number;
}

/**
 * Moves to another buffer: for so many slots, rows of so many bytes (an even number), ends, and bytes of the datagram with
 * the room before and behind it. 0 leaves each as it is. Only the last may be less than before.
 */
export function remake(
  table: Table,
  capacity: number,
  rowSize: number,
  numEnds: number,
  sendSize: number,
): void {
  const old = table.bytes;
  const from = table.capacity;
  const rowsAt = table.rowsAt;
  const oldRowSize = table.rowSize;
  const ownAt = table.ownAt;
  const endsAt = table.endsAt;
  const oldNumEnds = (rowsAt >> 1) - endsAt;
  capacity = capacity || from;
  rowSize = rowSize || oldRowSize;
  numEnds = numEnds || oldNumEnds;
  sendSize = sendSize || table.datagram.length;
  // Half as many hash chains as members, a power of two: two bytes for two members.
  let bucketShift = 30;
  while (2 << (32 - bucketShift) < capacity) bucketShift--;
  const numBuckets = 1 << (32 - bucketShift);
  table.bucketsAt = capacity * WORDS;
  table.endsAt = table.bucketsAt + numBuckets;
  table.rowsAt = (table.endsAt + numEnds) * 2;
  // Multiples of four.
  table.ownAt = ((table.rowsAt + capacity * rowSize + 3) & ~3) + SCRATCH;
  const sendAt = (table.ownAt + table.ownSize + 3) & ~3;
  const bytes = new Uint8Array((sendAt + sendSize + 3) & ~3);
  const words = new Uint16Array(bytes.buffer);
  const ints = new Int32Array(bytes.buffer);
  // All moves towards the end, so what stands last goes first.
  // eslint-disable-next-line no-restricted-syntax -- only when the settings allow shorter datagrams than before
  bytes.set(old.length > bytes.length ? old.subarray(0, bytes.length) : old);
  bytes.copyWithin(table.ownAt, ownAt, ownAt + table.ownSize);
  for (let slot = from - 1; slot >= 0; slot--) {
    const row = rowsAt + slot * oldRowSize;
    bytes.copyWithin(table.rowsAt + slot * rowSize, row, row + oldRowSize);
  }
  words.copyWithin(table.endsAt, endsAt, endsAt + oldNumEnds);
  words.fill(NONE, table.endsAt + oldNumEnds, table.endsAt + numEnds);
  table.bytes = bytes;
  table.words = words;
  table.ints = ints;
  table.capacity = capacity;
  table.rowSize = rowSize;
  table.datagram = new Uint8Array(bytes.buffer, sendAt, sendSize);
  table.order.move(words, ints, capacity);
  if (table.ownRef !== undefined) table.ownRef.set(bytes, table.ownAt, table.ownRef.length);
  if (capacity === from) return;
  table.bucketShift = bucketShift;
  // The slots from `from` on are free, and all hash chains made anew.
  words.fill(NONE, table.bucketsAt, table.endsAt);
  for (let slot = from; slot < table.capacity; slot++) {
    words[slot * WORDS + HEAD] = 0;
    words[slot * WORDS + CHAIN] = slot + 1 < table.capacity ? slot + 1 : NONE;
  }
  table.freeSlot = from;
  for (let slot = 0; slot < from; slot++) table.chain(slot);
}
