import { got } from "./checks.js";
import type { Clock } from "./clock.js";

/** The clock of one machine. It begins at 0 when the machine starts, and may be faster or slower than the virtual clock. */
export class OwnClock {
  private readonly clock: Clock;
  /** By how many millionths it is faster; negative when it is slower. */
  private fasterPpm = 0;
  private rate = 1;
  /** A moment of the virtual clock, and what this one showed then. */
  private fromMs: number;
  private shownMs = 0;

  constructor(clock: Clock) {
    this.clock = clock;
    this.fromMs = clock.nowMs;
  }

  get nowMs(): number {
    return this.shownMs + (this.clock.nowMs - this.fromMs) * this.rate;
  }

  get driftPpm(): number {
    return this.fasterPpm;
  }

  /** Goes on from what it shows now, at another speed. @throws TypeError or RangeError when `ppm` is no drift */
  setDrift(ppm: unknown): void {
    const text = "Host.driftPpm must be a number above -1000000 and up to 1000000, such as 200" + got(ppm);
    if (typeof ppm !== "number") throw new TypeError(text);
    if (!(ppm > -1e6 && ppm <= 1e6)) throw new RangeError(text);
    this.shownMs = this.nowMs;
    this.fromMs = this.clock.nowMs;
    this.fasterPpm = ppm;
    this.rate = 1 + ppm / 1e6;
  }

  /** Begins at 0 again. */
  restart(): void {
    this.fromMs = this.clock.nowMs;
    this.shownMs = 0;
  }

  /** The moment of the virtual clock at which this one shows `ms`, but for rounding. */
  momentOf(ms: number): number {
    return this.fromMs + (ms - this.shownMs) / this.rate;
  }
}
