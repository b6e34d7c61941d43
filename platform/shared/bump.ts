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

/** After the number was stored because the node came back, the time until it is stored for that reason again. */
const PAUSE_MS = 60_000;

/** The node whose number is kept. */
interface Numbered {
  readonly identity: unknown;
  now(): number;
  failed(error: unknown): void;
}

/**
 * Keeps a node's number for its next start: when it starts, when its user gives it another address, and when it came back
 * from being declared Down. The last at most once a minute and at its end, to spare the flash, because others may have
 * it come back again and again. What `set` throws is told by `failed`.
 */
export class BumpKeeper {
  private readonly store: Store;
  /** Until when a renewed number stays in memory alone; 0 when it may be stored at once. */
  private pausedUntilMs = 0;

  constructor(store: Store) {
    this.store = store;
  }

  /** The node's identity is another one. `hasRenewed`: not because the user wanted it. */
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

  /** Stores the number, as text, because devices store integers of 32 bits only. Returns whether it was not stored already. */
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
