import { wrongNumber } from "./checks.js";
import type { Clock, Happening } from "./clock.js";
import type { OwnClock } from "./own-clock.js";

/** A machine that has timers. While it is frozen, they are late; while it is off, none runs out. */
export interface Freezable {
  readonly clock: Clock;
  /** By which the timers go. */
  readonly ownClock: OwnClock;
  readonly frozenUntilMs: number;
  readonly isOff: boolean;
}

/** A timer of a host, which `Machine.makeTimer` makes. Setting it again replaces what it was set to. */
export class FakeTimer implements Happening {
  private readonly host: Freezable;
  private readonly callback: () => void;
  /** When it runs out, by the machine's own clock. */
  private dueMs = Infinity;
  /** The soonest moment at which this object is planned on the clock. */
  private plannedMs = Infinity;

  /** Use `Machine.makeTimer` instead, so that a crash of the machine stops the timer. */
  constructor(host: Freezable, callback: () => void) {
    this.host = host;
    this.callback = callback;
  }

  /**
   * Sets the timer: its callback is called once, in `ms` milliseconds of the host's own clock. 0 or less means as soon as
   * the clock runs on, and Infinity means never. The call replaces the previous one.
   * @throws TypeError or RangeError when `ms` is not a number; then the previous setting stays
   */
  set(ms: number): void {
    if (typeof ms !== "number" || Number.isNaN(ms))
      throw wrongNumber("FakeTimer.set: ms must be a number of milliseconds", ms);
    this.dueMs = this.host.ownClock.nowMs + Math.max(0, ms);
    this.planDue();
  }

  /** Stops the timer. It can be set again. */
  clear(): void {
    this.dueMs = Infinity;
  }

  /** @internal For the machine: its clock runs at another speed from now on. */
  drifted(): void {
    if (this.dueMs !== Infinity) this.planDue();
  }

  /** @internal For the clock. */
  run(): void {
    const { nowMs } = this.host.clock;
    // An earlier entry of the clock has replaced this one.
    if (this.plannedMs !== nowMs) return;
    this.plannedMs = Infinity;
    if (this.dueMs === Infinity || this.host.isOff) return;
    if (this.host.ownClock.nowMs < this.dueMs) return this.planDue();
    if (this.host.frozenUntilMs > nowMs) return this.plan(this.host.frozenUntilMs);
    this.dueMs = Infinity;
    this.callback();
  }

  private planDue(): void {
    if (this.dueMs === Infinity) return;
    const { clock, ownClock } = this.host;
    const atMs = ownClock.momentOf(this.dueMs);
    // By rounding, that may not be later than now, although the timer is not due.
    const isTooSoon = atMs <= clock.nowMs && ownClock.nowMs < this.dueMs;
    this.plan(isTooSoon ? clock.nowMs * (1 + Number.EPSILON) : atMs);
  }

  private plan(atMs: number): void {
    if (atMs >= this.plannedMs) return;
    const { clock } = this.host;
    const waitMs = Math.max(0, atMs - clock.nowMs);
    this.plannedMs = clock.nowMs + waitMs;
    clock.plan(waitMs, this);
  }
}
