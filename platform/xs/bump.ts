import type { Integer64 } from "../../core/index.js";

/**
 * Where a small value survives a restart. The default export of Moddable's module `preference` is one, as it is.
 */
export interface Store {
  get(domain: string, key: string): unknown;
  set(domain: string, key: string, value: string): void;
}

const DOMAIN = "xswim";
const KEY = "bump";
/** Before this moment (seconds since the epoch, November 2023) a clock has not been set. */
const CLOCK_IS_SET_S = 1_700_000_000;

/**
 * The number of this life, larger than those of all lives before: one more than what is stored, and not less than
 * the clock's seconds when the clock is set.
 */
export function nextBump(store: Store | undefined): number {
  const seconds = Math.floor(Date.now() / 1000);
  const stored = store === undefined ? 0 : Number(store.get(DOMAIN, KEY) ?? 0);
  const next = Number.isSafeInteger(stored) && stored > 0 ? stored + 1 : 1;
  return seconds > CLOCK_IS_SET_S && seconds > next ? seconds : next;
}

/**
 * Keeps the number for the next start, as text: devices store integers of 32 bits only. Returns whether it was written;
 * what is stored already is not, to spare the flash.
 */
export function keepBump(store: Store, bump: Integer64): boolean {
  const text = String(bump);
  if (String(store.get(DOMAIN, KEY)) === text) return false;
  store.set(DOMAIN, KEY, text);
  return true;
}
