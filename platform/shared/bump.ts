import type { Integer64 } from "../../core/index.js";

/**
 * Keeps small values over a restart. The default export of Moddable's module `preference` fits as it is. The node uses
 * the domain `xswim` and several keys, so a store of your own must tell keys apart. When a method throws, the node
 * counts a socket error, calls `onError`, and goes on.
 */
export interface Store {
  /** Returns the value with that name; undefined or null when there is none. */
  get(domain: string, key: string): unknown;
  /** Keeps a value under that name. */
  set(domain: string, key: string, value: string): void;
}

/** What the node's values are named by, beside a key. */
export const DOMAIN = "xswim";
/**
 * Numbers are written to two keys in turn. A power cut in the middle of a write destroys one of them at most, because
 * the flash is erased before it is written.
 */
const FIRST = "bump";
const SECOND = "bump2";

/** Returns the number that a text stands for: -1 when it could not be read, 0 when it is none of ours. */
function numberOf(text: string | undefined): number {
  if (text === undefined) return -1;
  const number = Number(text);
  // `nextBump` adds 2 at most.
  return number > 0 && Number.isSafeInteger(number + 2) ? number : 0;
}

/** Returns what a key holds as text, which is empty when it holds nothing. */
function read(store: Store, key: string): string {
  const value = store.get(DOMAIN, key);
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function readOr(store: Store, key: string, errors: unknown[]): number {
  try {
    return numberOf(read(store, key));
  } catch (error) {
    errors.push(error);
    return -1;
  }
}

/**
 * Returns the number of this life, which is larger than those of all earlier lives: one more than the larger of the two
 * stored numbers. When one of them is lost, it may have been the larger by one, so the result is two more than the
 * other. Does not throw.
 * @param least the smallest number to return: the clock's seconds, or how often a host was started
 * @param errors what the store throws is added here
 */
export function nextBump(store: Store | undefined, least: number, errors: unknown[]): number {
  if (store === undefined) return Math.max(1, least);
  const first = readOr(store, FIRST, errors);
  const second = readOr(store, SECOND, errors);
  const larger = Math.max(first, second);
  if (larger <= 0) return Math.max(1, least);
  return Math.max(larger + (Math.min(first, second) > 0 ? 1 : 2), least);
}

/** After a number was stored because the node rejoined, and after a failure, the time until that is done again. */
const PAUSE_MS = 60_000;

// What became of a number that was to be stored.
const ALREADY_THERE = 0;
const STORED = 1;
const FAILED = 2;

/** The node whose number is kept. */
interface Numbered {
  readonly identity: unknown;
  now(): number;
  failed(error: unknown): void;
}

/**
 * Stores a node's number for its next start: when the node starts, when the user changes its address, and when it
 * rejoined after being declared Down. Other nodes may make it rejoin again and again, so to spare the flash, the
 * number of a rejoin is stored at most once a minute, and when the node closes. Errors of the store go to `failed`, and
 * the number is stored a minute later.
 */
export class BumpKeeper {
  private readonly store: Store;
  /** Until when a new number stays in memory alone; 0 when it may be stored at once. */
  private pausedUntilMs = 0;

  constructor(store: Store) {
    this.store = store;
  }

  /** The node's identity has changed. `hasRenewed` says that it was renewed, and not changed by the user. */
  changed(node: Numbered, hasRenewed: boolean): void {
    if (hasRenewed) this.wake(node, node.now(), true);
    else if (this.keep(node) === FAILED) this.pausedUntilMs = node.now() + PAUSE_MS;
  }

  /** Stores a number that had to wait. */
  wake(node: Numbered, nowMs: number, isNew = this.pausedUntilMs > 0): void {
    if (isNew && nowMs >= this.pausedUntilMs)
      this.pausedUntilMs = this.keep(node) === ALREADY_THERE ? 0 : nowMs + PAUSE_MS;
  }

  /** Stores the number at the end of the node. */
  flush(node: Numbered): void {
    if (this.pausedUntilMs > 0) this.keep(node);
    this.pausedUntilMs = 0;
  }

  /**
   * Stores the number, as text because devices store integers of 32 bits only, in the place of the smaller of the two.
   * When that key can neither be read nor written, the other one is used.
   */
  private keep(node: Numbered): number {
    const bump = (node.identity as { bump?: Integer64 } | null)?.bump;
    if (bump === undefined) return ALREADY_THERE;
    const text = String(bump);
    const first = this.read(node, FIRST);
    const second = this.read(node, SECOND);
    if (first === text || second === text) return ALREADY_THERE;
    const isSecond = numberOf(second) < numberOf(first);
    if (this.write(node, isSecond ? SECOND : FIRST, text)) return STORED;
    if ((isSecond ? second : first) !== undefined) return FAILED;
    return this.write(node, isSecond ? FIRST : SECOND, text) ? STORED : FAILED;
  }

  private read(node: Numbered, key: string): string | undefined {
    try {
      return read(this.store, key);
    } catch (error) {
      node.failed(error);
      return undefined;
    }
  }

  private write(node: Numbered, key: string, text: string): boolean {
    try {
      this.store.set(DOMAIN, key, text);
      return true;
    } catch (error) {
      node.failed(error);
      return false;
    }
  }
}
