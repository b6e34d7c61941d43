/** How many sites there may be. */
export const MOST_SITES = 0x2000;
/** How many marks of its own a target may set, beside the sites. */
export const MARKS = 0x400;

/** How often each site was passed since `clear`, by its number, modulo 256; behind the sites, the marks. */
export const counters = new Uint8Array(MOST_SITES + MARKS);
/** The same, four at a time. */
export const counterWords = new Uint32Array(counters.buffer);

/** Notes that something was met that no branch shows, such as two states at once. */
export function mark(number: number): void {
  counters[MOST_SITES + (number & (MARKS - 1))] |= 1;
}
