import Time from "time";

/**
 * Milliseconds that never go back, from a counter that wraps: on devices `Time.ticks` has 32 bits and starts again
 * after 49.7 days. The clock must be read at least once in 24 days, or `Time.delta` would mistake the direction.
 */
export class Clock {
  private lastTicks = Time.ticks;
  private elapsedMs = 0;

  now(): number {
    const ticks = Time.ticks;
    const passedMs = Time.delta(this.lastTicks, ticks);
    this.lastTicks = ticks;
    // The simulator's counter is the host's wall clock, which may be set back.
    if (passedMs > 0) this.elapsedMs += passedMs;
    return this.elapsedMs;
  }
}
