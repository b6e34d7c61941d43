import type { LeanSwim, Random } from "../../core/index.js";

/** The first pause between two tries while we are alone; doubled every time. */
const FIRST_PAUSE_MS = 1000;
/** The longest pause between two tries while we are alone. */
const LONGEST_PAUSE_MS = 30_000;
/**
 * How often a connected node calls a seed that is not a member, so that the halves of a split cluster find each
 * other.
 */
const CALL_SILENT_MS = 60_000;

/**
 * Says when to announce to which seed: to all, and to the remembered members, with growing pauses, while the node is
 * alone; later to a silent one now and then.
 */
export class Joiner<T> {
  readonly seeds: readonly T[];
  /** When to try next, in the platform's milliseconds; Infinity for never. */
  nextMs: number;
  private pauseMs = FIRST_PAUSE_MS;
  private turn = 0;
  private wasAnswered = false;
  private readonly random: Random;
  private readonly hasMore: boolean;

  /** @param hasMore whether there may be others to call, beside the seeds, while the node is alone */
  constructor(seeds: readonly T[], random: Random, nowMs: number, hasMore: boolean) {
    this.seeds = seeds;
    this.random = random;
    this.hasMore = hasMore;
    this.nextMs = hasMore || seeds.length > 0 ? nowMs : Infinity;
  }

  /**
   * Whether one of the seeds has answered, or there is none. Until then those that claim to be members may be made up, and
   * the seeds are called as if nobody was there.
   */
  hasAnswer(swim: Pick<LeanSwim<T>, "hasHeard">): boolean {
    const { seeds } = this;
    for (let i = 0; i < seeds.length && !this.wasAnswered; i++) {
      try {
        if (swim.hasHeard(seeds[i])) this.wasAnswered = true;
      } catch {
        // The user's identity type threw; `onError` is told when the seed is called.
      }
    }
    return this.wasAnswered || seeds.length === 0;
  }

  /**
   * Plans the next try of a node that is alone: after half to all of the pause, so that devices do not all try at
   * once.
   */
  planAlone(nowMs: number): void {
    const jitter = 0.5 + (this.random() >>> 0) / 8589934592;
    this.nextMs = nowMs + Math.ceil(this.pauseMs * jitter);
    this.pauseMs = Math.min(LONGEST_PAUSE_MS, this.pauseMs * 2);
  }

  /** Plans the next call to a silent seed. When the node is alone again, it begins with short pauses. */
  planConnected(nowMs: number): void {
    this.pauseMs = FIRST_PAUSE_MS;
    this.nextMs = nowMs + CALL_SILENT_MS;
  }

  /** Tries soon and with short pauses, because the node has just become alone, or the network is another. */
  hurry(nowMs: number): void {
    this.pauseMs = FIRST_PAUSE_MS;
    if (this.hasMore || this.seeds.length > 0) this.nextMs = Math.min(this.nextMs, nowMs + FIRST_PAUSE_MS);
  }

  /** Stops for good. */
  stop(): void {
    this.nextMs = Infinity;
  }

  /** Returns the next seed, each one in turn; undefined when there is none. */
  nextSeed(): T | undefined {
    this.turn = (this.turn + 1) % this.seeds.length;
    return this.seeds[this.turn];
  }
}
