// Which items of owners that are no members here came last, so that each is heard and passed on once.

/** A place for each owner: its hash, the version that came last, and when. */
const PLACES = 64;
const PLACE = 3;
/** An owner keeps its place for so many milliseconds. By then an item is nobody's to pass on any more. */
const KEPT_MS = 60_000;

/** Makes the list, which takes 1,536 bytes: only where such items come. */
export function makeStrangeItems(): Float64Array {
  return new Float64Array(PLACES * PLACE).fill(-Infinity);
}

/**
 * Notes an item. Returns whether it is newer than what came of that owner. Those of further owners count as old while all
 * places are taken: of more than are remembered, each would be new again when it comes round.
 */
export function noteStrangeItem(items: Float64Array, owner: number, version: number, nowMs: number): boolean {
  let oldest = 0;
  for (let at = 0; at < items.length; at += PLACE) {
    if (items[at] === owner) {
      if (items[at + 1] >= version) return false;
      oldest = at;
      break;
    }
    if (items[at + 2] < items[oldest + 2]) oldest = at;
  }
  if (items[oldest] !== owner && nowMs - items[oldest + 2] < KEPT_MS) return false;
  items[oldest] = owner;
  items[oldest + 1] = version;
  items[oldest + 2] = nowMs;
  return true;
}
