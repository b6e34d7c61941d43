import type { Integer64 } from "../../core/index.js";

/**
 * Keeps a small value over a restart. The default export of Moddable's module `preference` fits as it is.
 */
export interface Store {
  /** Returns the value with that name; undefined or null when there is none. */
  get(domain: string, key: string): unknown;
  /** Keeps a value under that name. When it throws, the node counts a socket error, calls `onError`, and goes on. */
  set(domain: string, key: string, value: string): void;
}

const DOMAIN = "xswim";
const KEY = "bump";

/**
 * Returns the number of this life, which is larger than those of all earlier lives: one more than the stored number.
 * @param least the smallest number to return: the clock's seconds, or how often a host was started
 */
export function nextBump(store: Store | undefined, least: number): number {
  const stored = store === undefined ? 0 : Number(store.get(DOMAIN, KEY) ?? 0);
  const next = Number.isSafeInteger(stored) && stored > 0 ? stored + 1 : 1;
  return Math.max(next, least);
}

/** After a number was stored because the node rejoined, the time until that is done again. */
const PAUSE_MS = 60_000;

/** The node whose number is kept. */
interface Numbered {
  readonly identity: unknown;
  now(): number;
  failed(error: unknown): void;
}

/**
 * Stores a node's number for its next start: when the node starts, when the user changes its address, and when it
 * rejoined after being declared Down. Other nodes may make it rejoin again and again, so to spare the flash, the
 * number of a rejoin is stored at most once a minute, and when the node closes. Errors of the store go to `failed`.
 */
export class BumpKeeper {
  private readonly store: Store;
  /** Until when a renewed number stays in memory alone; 0 when it may be stored at once. */
  private pausedUntilMs = 0;

  constructor(store: Store) {
    this.store = store;
  }

  /** The node's identity has changed. `hasRenewed` says that it was renewed, and not changed by the user. */
  changed(node: Numbered, hasRenewed: boolean): void {
    if (!hasRenewed) this.keep(node);
    else this.wake(node, node.now(), true);
  }

  /** Stores a number that had to wait. */
  wake(node: Numbered, nowMs: number, isNew = this.pausedUntilMs > 0): void {
    if (isNew && nowMs >= this.pausedUntilMs) this.pausedUntilMs = this.keep(node) ? nowMs + PAUSE_MS : 0;
  }

  /** Stores the number at the end of the node. */
  flush(node: Numbered): void {
    if (this.pausedUntilMs > 0) this.keep(node);
    this.pausedUntilMs = 0;
  }

  /**
   * Stores the number, as text, because devices store integers of 32 bits only. Returns whether it was not stored
   * already.
   */
  private keep(node: Numbered): boolean {
    const bump = (node.identity as { bump?: Integer64 } | null)?.bump;
    if (bump === undefined) return false;
    const text = String(bump);
    try {
      if (String(this.store.get(DOMAIN, KEY)) === text) return false;
      this.store.set(DOMAIN, KEY, text);
    } catch (error) {
      node.failed(error);
    }
    return true;
  }
}
