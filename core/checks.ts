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
    const hint = near === undefined ? "known are " + known.join(", ") : "did you mean " + near + "?";
    throw new TypeError(where + ": unknown option " + names[i] + "; " + hint);
  }
}

/**
 * The known name that has the most letters in common with `name` at both ends, whatever their case; undefined when
 * that is not more than half of them. One slip leaves all letters but one.
 */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const mine = name.toLowerCase();
  let most = name.length / 2;
  let near: string | undefined;
  for (let i = 0; i < known.length; i++) {
    const other = known[i].toLowerCase();
    const length = Math.min(mine.length, other.length);
    let same = 0;
    while (same < length && mine.charAt(same) === other.charAt(same)) same++;
    for (
      let back = 1;
      same < length && mine.charAt(mine.length - back) === other.charAt(other.length - back);
      back++
    )
      same++;
    // Of two that have as much in common, the one whose length is nearer.
    const score = same - Math.abs(mine.length - other.length) / 64;
    if (score <= most) continue;
    most = score;
    near = known[i];
  }
  return near;
}

/** The same TypeError or RangeError, with the name of what it is about before its message. */
export function about(where: string, error: unknown): Error {
  const message = where + (error instanceof Error ? error.message : String(error));
  return error instanceof RangeError ? new RangeError(message) : new TypeError(message);
}

/** The error of a method that was given a part of `bytes` that is not within it. */
export function outside(method: string, bytes: Uint8Array, start: unknown, end: unknown): RangeError {
  const what =
    ": start and end must be within " + bytes.length + ", got " + String(start) + " and " + String(end);
  return new RangeError(method + what);
}
