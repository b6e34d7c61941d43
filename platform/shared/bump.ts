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

/** After the number was stored because it was renewed, the time until it is stored for that reason again. */
const PAUSE_MS = 60_000;

/** Whose number is kept. */
interface NumberedNode {
  readonly identity: unknown;
  now(): number;
  failed(error: unknown): void;
}

/**
 * Keeps the number of our life for the next start. A number that we chose is stored at once. One that was renewed, since
 * others declared us Down, is stored once a minute at most: they may do so again and again, and flash wears out.
 */
export class BumpKeeper {
  private readonly store: Store;
  private readonly node: NumberedNode;
  /** Until when a renewed number stays in memory alone; 0 when it may be stored at once. */
  private untilMs = 0;

  constructor(store: Store, node: NumberedNode) {
    this.store = store;
    this.node = node;
  }

  /**
   * Stores the number as text, because devices store integers of 32 bits only. Returns whether it tried to: not when it is
   * stored already. What the store throws is told as an error of the node.
   */
  keep(): boolean {
    const bump = (this.node.identity as { bump?: Integer64 } | null)?.bump;
    if (bump === undefined) return false;
    try {
      const text = String(bump);
      if (String(this.store.get(DOMAIN, KEY)) === text) return false;
      this.store.set(DOMAIN, KEY, text);
    } catch (error) {
      this.node.failed(error);
    }
    return true;
  }

  /** Stores a renewed number, unless one was stored within the last minute. */
  keepRenewed(): void {
    const nowMs = this.node.now();
    if (nowMs >= this.untilMs) this.untilMs = this.keep() ? nowMs + PAUSE_MS : 0;
  }

  /** Stores what was left to be stored, when the minute is over. To be called now and then. */
  keepLeft(): void {
    if (this.untilMs > 0) this.keepRenewed();
  }

  /** Stores what was left to be stored, at once. */
  end(): void {
    if (this.untilMs > 0) this.keep();
  }
}
