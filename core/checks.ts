/** Helps to say what is wrong with what a program gave, by the name it gave it under. */

/**
 * Refuses names that an object of options may not have, because a mistyped option would have no effect in silence.
 * @param where what the message begins with
 * @throws TypeError with the known name that is nearest, or with all of them when none is near
 */
export function refuseUnknown(where: string, given: object, known: readonly string[]): void {
  const names = Object.keys(given);
  for (let i = 0; i < names.length; i++) {
    if (known.indexOf(names[i]) >= 0) continue;
    const near = nearest(names[i], known);
    const hint = near === undefined ? "; known are " + known.join(", ") : "; did you mean " + near + "?";
    throw new TypeError(where + ": unknown option " + names[i] + hint);
  }
}

/** The known name that the fewest changed letters lead to; undefined when half of the letters would change. */
function nearest(name: string, known: readonly string[]): string | undefined {
  let least = name.length / 2;
  let near: string | undefined;
  for (let i = 0; i < known.length; i++) {
    const changes = distance(name.toLowerCase(), known[i].toLowerCase());
    if (changes >= least) continue;
    least = changes;
    near = known[i];
  }
  return near;
}

/** How many letters must be put in, left out or replaced to get from one word to the other (Levenshtein's distance). */
function distance(from: string, to: string): number {
  const row: number[] = [];
  for (let j = 0; j <= to.length; j++) row.push(j);
  for (let i = 1; i <= from.length; i++) {
    let diagonal = row[0];
    row[0] = i;
    for (let j = 1; j <= to.length; j++) {
      const above = row[j];
      const replaced = from.charCodeAt(i - 1) === to.charCodeAt(j - 1) ? diagonal : diagonal + 1;
      row[j] = Math.min(replaced, above + 1, row[j - 1] + 1);
      diagonal = above;
    }
  }
  return row[to.length];
}

/** Refuses what is neither left out nor a function, among the fields with these names. @throws TypeError */
export function checkCallbacks(where: string, given: object, names: readonly string[]): void {
  for (let i = 0; i < names.length; i++) {
    const callback = (given as Record<string, unknown>)[names[i]];
    if (callback === undefined || typeof callback === "function") continue;
    throw new TypeError(where + names[i] + " must be a function");
  }
}

/** The same TypeError or RangeError, with the name of what it is about before its message. */
export function about(where: string, error: unknown): Error {
  const message = where + (error instanceof Error ? error.message : String(error));
  return error instanceof RangeError ? new RangeError(message) : new TypeError(message);
}
