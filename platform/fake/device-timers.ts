import { checkFunction, got, wrongNumber } from "./checks.js";
import type { FakeTimer } from "./timer.js";

/** What a timer of Node and of a browser can wait at most. */
const LONGEST_MS = 2_147_483_647;

/** The machine that has the timers. */
interface TimerMaker {
  makeTimer(callback: () => void): FakeTimer;
  dropTimer(timer: FakeTimer): void;
}

/** The timers of a device's program, which it knows by their numbers. */
export class DeviceTimers {
  private readonly machine: TimerMaker;
  private readonly running = new Map<number, FakeTimer>();
  /** Numbers are never used twice, so that a program that crashed cannot stop a timer of its next life. */
  private lastId = 0;

  constructor(machine: TimerMaker) {
    this.machine = machine;
  }

  /** Starts a timer, and returns its number. `name` is what the program called. @throws TypeError or RangeError */
  start(name: string, callback: () => void, ms: unknown, isRepeated: boolean): number {
    checkFunction("Host." + name + ": callback", callback);
    if (typeof ms !== "number" || !(ms <= LONGEST_MS))
      throw wrongNumber("Host." + name + ": ms must be a number of milliseconds, at most " + LONGEST_MS, ms);
    const waitMs = Math.max(1, ms);
    const id = ++this.lastId;
    const timer = this.machine.makeTimer(() => {
      if (isRepeated) timer.set(waitMs);
      else this.drop(id);
      callback();
    });
    this.running.set(id, timer);
    timer.set(waitMs);
    return id;
  }

  /** Stops a timer. Does nothing when it does not run. @throws TypeError when `id` cannot be the number of one */
  stop(name: string, id: unknown): void {
    if (id === undefined || id === null) return;
    if (typeof id !== "number") {
      const kind = name.replace("clear", "set");
      throw new TypeError("Host." + name + ": expected what host." + kind + " returned" + got(id));
    }
    this.drop(id);
  }

  /** Forgets all of them: the machine crashed. */
  clear(): void {
    this.running.clear();
  }

  private drop(id: number): void {
    const timer = this.running.get(id);
    if (timer !== undefined) this.machine.dropTimer(timer);
    this.running.delete(id);
  }
}
