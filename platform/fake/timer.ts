import { wrongNumber } from "./checks.js";
import type { Clock, Happening } from "./clock.js";

/** What a timer belongs to: while it is frozen, its timers are late. */
export interface Freezable {
  readonly clock: Clock;
  readonly frozenUntilMs: number;
}

/** One timer of a host: set again, it forgets what it was set to. */
export class FakeTimer implements Happening {
  private readonly host: Freezable;
  private readonly callback: () => void;
  private dueMs = Infinity;
  /** The soonest moment at which this object is planned on the clock. */
  private plannedMs = Infinity;

  constructor(host: Freezable, callback: () => void) {
    this.host = host;
    this.callback = callback;
  }

  /**
   * Calls back once in `ms` milliseconds, in the place of what was asked for before: as soon as the clock moves on for
   * 0 or less, never for Infinity.
   * @throws TypeError or RangeError when it is no number; what was asked for before stands then
   */
  set(ms: number): void {
    if (typeof ms !== "number" || Number.isNaN(ms))
      throw wrongNumber("FakeTimer.set: ms must be a number of milliseconds", ms);
    this.dueMs = this.host.clock.nowMs + Math.max(0, ms);
    this.plan(this.dueMs);
  }

  clear(): void {
    this.dueMs = Infinity;
  }

  run(): void {
    const { nowMs } = this.host.clock;
    // An entry of the clock that an earlier one took the place of.
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
