import { nextBump, type Store } from "../shared/bump.js";

/** A clock that shows an earlier moment than this (in seconds since 1970: November 2023) has not been set. */
const CLOCK_IS_SET_S = 1_700_000_000;

/**
 * Returns the number of this life: larger than the stored number, and at least the clock's seconds when the clock is
 * set. Does not throw.
 * @param errors what the store throws is added here
 */
export function deviceBump(store: Store | undefined, errors: unknown[]): number {
  const seconds = Math.floor(Date.now() / 1000);
  return nextBump(store, seconds > CLOCK_IS_SET_S ? seconds : 1, errors);
}
