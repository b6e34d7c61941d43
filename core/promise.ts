// How long a member that takes a nap will be away, as the incarnation of its farewell. A Down overrides all at any
// incarnation, and foca's nodes pass it on as it is, so the promise goes wherever the farewell goes. It takes two bytes more than
// the 0 of a farewell, in datagrams and, once a table knows of a nap, in its rows.

/** Incarnations from here on, of a Down member, are promises. The largest incarnation is none. */
const FIRST = 0xf000;
const LAST = 0xfffe;
/** The promise of `FIRST`, in milliseconds, and so the shortest. */
const UNIT_MS = 16;
const MANTISSA = 256;

/** The shortest and the longest nap that can be promised: 4.1 s and 74 hours, in milliseconds. */
export const SHORTEST_NAP_MS = UNIT_MS * MANTISSA;
export const LONGEST_NAP_MS = promisedMs(LAST);

/** @throws TypeError or RangeError when a nap cannot last so many milliseconds */
export function checkNap(ms: number): void {
  if (typeof ms !== "number") throw new TypeError("nap: expected milliseconds, got " + String(ms));
  if (!(ms >= 1 && ms <= LONGEST_NAP_MS))
    throw new RangeError("nap: expected 1 to " + LONGEST_NAP_MS + " milliseconds, got " + ms);
}

/** Returns the incarnation that promises to be back within `ms` milliseconds, which are rounded up by half a percent at most. */
export function promiseOf(ms: number): number {
  // Not by Math.ceil: some C libraries of RISC-V devices round 2097153.06 up to 2097152.
  const length = Math.max(ms, SHORTEST_NAP_MS) / UNIT_MS;
  let units = Math.floor(length);
  if (units < length) units++;
  let exponent = 0;
  while (units >= 2 * MANTISSA) {
    units = (units + 1) >>> 1;
    exponent++;
  }
  return FIRST + exponent * MANTISSA + units - MANTISSA;
}

/** Whether the incarnation of a Down member is a promise. */
export function isPromise(incarnation: number): boolean {
  return incarnation >= FIRST && incarnation <= LAST;
}

/** Returns what an incarnation promises, in milliseconds. */
export function promisedMs(incarnation: number): number {
  const digits = incarnation - FIRST;
  return UNIT_MS * (MANTISSA + (digits % MANTISSA)) * 2 ** Math.floor(digits / MANTISSA);
}

/**
 * Returns after how many milliseconds a member that promised this is overdue: seven sixteenths as long again, and 5 s at least.
 * With the time that a farewell takes to reach all, that is before one and a half promises are over.
 */
export function overdueMs(incarnation: number): number {
  const ms = promisedMs(incarnation);
  return ms + Math.max((ms * 7) / 16, 5000);
}

/** The incarnation of a member that is declared Down by others, so that it is no promise. */
export function withoutPromise(incarnation: number): number {
  return Math.min(incarnation, FIRST - 1);
}
