import type { Random } from "../../core/index.js";

/** The first pause between two tries while we are alone; doubled every time. */
const FIRST_PAUSE_MS = 1000;
/** The longest pause between two tries while we are alone. */
const LONGEST_PAUSE_MS = 30_000;
/** How often a seed that is not a member is called while we are not alone, so that two halves find each other. */
const CALL_SILENT_MS = 60_000;

/** When to announce to which seed: to all of them with growing pauses while alone, to a silent one now and then. */
export class Joiner<T> {
  readonly seeds: readonly T[];
  /** When to try next, in the platform's milliseconds; Infinity for never. */
  nextMs: number;
  private pauseMs = FIRST_PAUSE_MS;
  private turn = 0;
  private readonly random: Random;

  constructor(seeds: readonly T[], random: Random, nowMs: number) {
    this.seeds = seeds;
    this.random = random;
    this.nextMs = seeds.length > 0 ? nowMs : Infinity;
  }

  /** Plans the next try while we are alone: half to all of the pause later, so that devices drift apart. */
  planAlone(nowMs: number): void {
    const jitter = 0.5 + (this.random() >>> 0) / 8589934592;
    this.nextMs = nowMs + Math.ceil(this.pauseMs * jitter);
    this.pauseMs = Math.min(LONGEST_PAUSE_MS, this.pauseMs * 2);
  }

  /** Plans the next call to a silent seed, and begins with short pauses when we are alone again. */
  planConnected(nowMs: number): void {
    this.pauseMs = FIRST_PAUSE_MS;
    this.nextMs = nowMs + CALL_SILENT_MS;
  }

  /** Tries soon, because we have just become alone. */
  hurry(nowMs: number): void {
    if (this.seeds.length > 0) this.nextMs = Math.min(this.nextMs, nowMs + FIRST_PAUSE_MS);
  }

  /** Stops for good. */
  stop(): void {
    this.nextMs = Infinity;
  }

  /** The seeds in turn: a different one each time. */
  nextSeed(): T {
    this.turn = (this.turn + 1) % this.seeds.length;
    return this.seeds[this.turn];
  }
}
