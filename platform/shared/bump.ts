import type { Integer64 } from "../../core/index.js";

/**
 * Where a small value survives a restart. The default export of Moddable's module `preference` is one, as it is.
 */
export interface Store {
  /** The value kept under that name; undefined or null when there is none. */
  get(domain: string, key: string): unknown;
  /** Keeps a value; may throw, which is counted and survived. */
  set(domain: string, key: string, value: string): void;
}

const DOMAIN = "xswim";
const KEY = "bump";

/**
 * The number of this life, larger than those of all lives before: one more than what is stored.
 * @param least what the platform knows beside that: the clock's seconds, or how often a host was started
 */
export function nextBump(store: Store | undefined, least: number): number {
  const stored = store === undefined ? 0 : Number(store.get(DOMAIN, KEY) ?? 0);
  const next = Number.isSafeInteger(stored) && stored > 0 ? stored + 1 : 1;
  return Math.max(next, least);
}

/**
 * Keeps the number for the next start, as text, because devices store integers of 32 bits only. Returns whether it was
 * written; what is stored already is not, to spare the flash.
 */
export function keepBump(store: Store, bump: Integer64): boolean {
  const text = String(bump);
  if (String(store.get(DOMAIN, KEY)) === text) return false;
  store.set(DOMAIN, KEY, text);
  return true;
}
