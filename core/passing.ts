// What is said of members for which the table has no room, to be passed on all the same: else nodes with little room keep news
// from others. It is a list of updates as datagrams carry them, made when it is first needed. Each is passed on once, as long as
// it is remembered. All of it is one array of bytes, since an object takes more flash.
import { areEqual, copyBytes } from "./schema.js";

/** Updates that are remembered. */
export const MOST = 16;
/** How often an update is sent; the first time to our successor. */
const TRANSMISSIONS = 2;
/**
 * All places are taken anew in so many seconds at the soonest: by then all have heard the news. Who forgot it sooner would hear
 * it from another node without room, and pass it on once more, and so would that.
 */
const LAP_S = 16;

// The list begins with the number of updates that are still to be sent, the number of the entry that is the oldest, and the
// lowest byte of the second in which the first entry was written.
export const QUEUED = 0;
const OLDEST = 1;
const SECOND = 2;
const ENTRIES = 3;
// Before its update, an entry has a byte for how often that is still to be sent, and one for its length.
const LENGTH = 1;
const UPDATE = 2;

/** Makes a list of updates that have so many bytes at most; of longer ones nothing is passed on. */
export function makePassing(longest: number): Uint8Array {
  return new Uint8Array(ENTRIES + MOST * (UPDATE + Math.min(longest, 255)));
}

function entrySize(list: Uint8Array): number {
  return (list.length - ENTRIES) / MOST;
}

/** Where in the list the entry of a number stands. */
export function entryAt(list: Uint8Array, number: number): number {
  return ENTRIES + entrySize(list) * number;
}

/** Takes the update `from[start..end]` into the list, unless it is there, or all places were taken lately. */
export function pass(list: Uint8Array, from: Uint8Array, start: number, end: number, nowMs: number): void {
  const size = entrySize(list);
  const length = end - start;
  const second = (nowMs / 1000) & 255;
  for (let at = ENTRIES; at < list.length; at += size)
    if (list[at + LENGTH] === length && areEqual(list, at + UPDATE, from, start, length)) return;
  const oldest = list[OLDEST];
  const at = ENTRIES + oldest * size;
  if (length + UPDATE > size) return;
  if (oldest === 0) {
    if (list[at + LENGTH] > 0 && ((second - list[SECOND]) & 255) < LAP_S) return;
    list[SECOND] = second;
  }
  list[OLDEST] = (oldest + 1) % MOST;
  if (list[at] === 0) list[QUEUED]++;
  list[at] = TRANSMISSIONS;
  list[at + LENGTH] = length;
  copyBytes(from, start, length, list, at + UPDATE);
}

/**
 * Writes those that fit before `end` into `out`, unless they may be sent more than `most` times; each counts as sent once.
 * `cursor.at` goes to the position after the last. Returns how many it wrote.
 */
export function fillPassing(
  list: Uint8Array,
  out: Uint8Array,
  cursor: { at: number },
  end: number,
  most: number,
): number {
  if (list[QUEUED] === 0) return 0;
  const size = entrySize(list);
  let written = 0;
  for (let at = ENTRIES; at < list.length; at += size) {
    const length = list[at + LENGTH];
    if (list[at] === 0 || list[at] > most || cursor.at + length > end) continue;
    cursor.at = copyBytes(list, at + UPDATE, length, out, cursor.at);
    list[at]--;
    if (list[at] === 0) list[QUEUED]--;
    written++;
  }
  return written;
}
