import { nextBump, type Store } from "../shared/bump.js";

/** Before this moment (seconds since the epoch, November 2023) a clock has not been set. */
const CLOCK_IS_SET_S = 1_700_000_000;

/** The number of this life: one more than what is stored, and not less than the clock's seconds when the clock is set. */
export function deviceBump(store: Store | undefined): number {
  const seconds = Math.floor(Date.now() / 1000);
  return nextBump(store, seconds > CLOCK_IS_SET_S ? seconds : 1);
}
