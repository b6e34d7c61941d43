import Time from "time";

/**
 * Milliseconds that never go back, from a counter that wraps: on devices `Time.ticks` is 32 bits and starts anew
 * after 49.7 days. Must be read once in 24 days at least, so that `Time.delta` cannot mistake the direction.
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
