// Where a machine's time comes from: the real clock, or one that a test moves.

export interface Clock {
  /** Monotonic milliseconds. */
  now(): number;
  /** Calls back once after so many milliseconds, unless the returned function is called first. */
  after(ms: number, callback: () => void): () => void;
}

export const realClock: Clock = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** Time that stands still until it is moved. */
export class VirtualClock implements Clock {
  #nowMs = 0;
  readonly #timers = new Set<{ atMs: number; callback: () => void }>();

  now(): number {
    return this.#nowMs;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs + ms, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /**
   * Moves on, timer by timer, the earliest first.
   * @param settled waited for after each timer, so that what it set in motion can arm the next one; `worker.settled`
   */
  async advance(ms: number, settled: () => Promise<void> = async () => undefined): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settled();
    for (let timer = this.#earliest(); timer !== undefined && timer.atMs <= endMs; timer = this.#earliest()) {
      this.#timers.delete(timer);
      this.#nowMs = timer.atMs;
      timer.callback();
      await settled();
    }
    this.#nowMs = endMs;
  }

  #earliest(): { atMs: number; callback: () => void } | undefined {
    let earliest: { atMs: number; callback: () => void } | undefined;
    for (const timer of this.#timers)
      if (earliest === undefined || timer.atMs < earliest.atMs) earliest = timer;
    return earliest;
  }
}
