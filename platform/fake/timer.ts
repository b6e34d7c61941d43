import { wrongNumber } from "./checks.js";
import type { Clock, Happening } from "./clock.js";

/** A machine that has timers. While it is frozen, they are late. */
export interface Freezable {
  readonly clock: Clock;
  readonly frozenUntilMs: number;
}

/** A timer of a host, which `Machine.makeTimer` makes. Setting it again replaces what it was set to. */
export class FakeTimer implements Happening {
  private readonly host: Freezable;
  private readonly callback: () => void;
  private dueMs = Infinity;
  /** The soonest moment at which this object is planned on the clock. */
  private plannedMs = Infinity;

  /** Use `Machine.makeTimer` instead, so that a crash of the machine stops the timer. */
  constructor(host: Freezable, callback: () => void) {
    this.host = host;
    this.callback = callback;
  }

  /**
   * Sets the timer: its callback is called once, in `ms` milliseconds. 0 or less means as soon as the clock runs on,
   * and Infinity means never. The call replaces the previous one.
   * @throws TypeError or RangeError when `ms` is not a number; then the previous setting stays
   */
  set(ms: number): void {
    if (typeof ms !== "number" || Number.isNaN(ms))
      throw wrongNumber("FakeTimer.set: ms must be a number of milliseconds", ms);
    this.dueMs = this.host.clock.nowMs + Math.max(0, ms);
    this.plan(this.dueMs);
  }

  /** Stops the timer. It can be set again. */
  clear(): void {
    this.dueMs = Infinity;
  }

  /** @internal For the clock. */
  run(): void {
    const { nowMs } = this.host.clock;
    // An earlier entry of the clock has replaced this one.
    if (this.plannedMs !== nowMs) return;
    this.plannedMs = Infinity;
    if (this.dueMs === Infinity) return;
    if (nowMs < this.dueMs) return this.plan(this.dueMs);
    if (this.host.frozenUntilMs > nowMs) return this.plan(this.host.frozenUntilMs);
    this.dueMs = Infinity;
    this.callback();
  }

  private plan(atMs: number): void {
    if (atMs >= this.plannedMs) return;
    const { clock } = this.host;
    const waitMs = atMs - clock.nowMs;
    this.plannedMs = clock.nowMs + waitMs;
    clock.plan(waitMs, this);
  }
}
