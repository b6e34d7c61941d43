// Which items of owners that are no members here came last, so that each is heard and passed on once.

/** A place for each owner: its hash, and the version that came last. Before them stands which place is taken next. */
const PLACES = 64;

/** Makes the list, which takes 1,032 bytes: only where such items come. */
export function makeStrangeItems(): Float64Array {
  return new Float64Array(1 + PLACES * 2);
}

/** Notes an item. Returns whether it is newer than what came of that owner, as far as that is remembered. */
export function noteStrangeItem(items: Float64Array, owner: number, version: number): boolean {
  for (let i = 1; i < items.length; i += 2) {
    if (items[i] !== owner) continue;
    if (items[i + 1] >= version) return false;
    items[i + 1] = version;
    return true;
  }
  const next = items[0];
  items[1 + next * 2] = owner;
  items[2 + next * 2] = version;
  items[0] = (next + 1) % PLACES;
  return true;
}
