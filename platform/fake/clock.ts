import { checkFunction, checkMs, wrongNumber } from "./checks.js";
import { settle } from "./settle.js";

/** How long `runUntil` waits unless it is given another limit: ten minutes. */
const USUAL_LIMIT_MS = 600_000;
/** More happenings than this at one moment are taken for a loop that never ends. */
const MOST_AT_ONE_MOMENT = 1_000_000;

/** Something that happens at a moment of the virtual clock. */
export interface Happening {
  /** Called when the clock has reached that moment. */
  run(): void;
}

interface Planned {
  readonly atMs: number;
  readonly sequence: number;
  readonly happening: Happening;
}

/**
 * A virtual clock and what is planned on it. It stands still until you advance it. Of several happenings at the same
 * moment, the one that was planned first happens first.
 */
export class Clock {
  /** Milliseconds since the clock was made. */
  nowMs = 0;
  /** How many happenings have happened. */
  happened = 0;
  private sequence = 0;
  /** Says how things stand, for the message of an error. */
  private readonly describe: () => string;
  private isRunning = false;
  /** The asynchronous method that has not ended yet. */
  private pending = "";
  /** Happenings since the clock last moved. */
  private happenedNow = 0;
  private readonly heap: Planned[] = [];

  /** @param describe says how things stand: `runUntil` adds that to the message of its error */
  constructor(describe: () => string = () => "") {
    this.describe = describe;
  }

  /**
   * Plans a happening in `ms` milliseconds. 0 or less means as soon as the clock runs on, but never inside this call.
   * @throws TypeError or RangeError when `ms` is not a finite number; then nothing was planned
   */
  plan(ms: number, happening: Happening): void {
    if (typeof ms !== "number" || !(ms < Infinity))
      throw wrongNumber("plan: ms must be a number of milliseconds", ms);
    const planned = { atMs: this.nowMs + Math.max(0, ms), sequence: this.sequence++, happening };
    const heap = this.heap;
    let index = heap.length;
    heap.push(planned);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(planned, heap[parent])) break;
      heap[index] = heap[parent];
      index = parent;
    }
    heap[index] = planned;
  }

  /** The moment of the next happening, in milliseconds; Infinity when nothing is planned. */
  get nextMs(): number {
    return this.heap.length === 0 ? Infinity : this.heap[0].atMs;
  }

  /**
   * Advances to the next happening and lets it happen. Returns whether there was one.
   * @throws Error when called inside a callback, and what the happening throws; it then counts as done, and you may
   *   call this again
   */
  step(): boolean {
    this.refuseInside("step");
    if (this.heap.length === 0) return false;
    this.next();
    return true;
  }

  /**
   * Advances by `ms` milliseconds, and lets everything happen that is planned until then.
   * @throws TypeError or RangeError when `ms` is not a finite number of 0 or more; Error when called inside a
   *   callback; what a happening throws. The clock then stands at the moment of that happening, and can be advanced
   *   again
   */
  advance(ms: number): void {
    checkMs("advance: ms", ms);
    this.refuseInside("advance");
    const untilMs = this.nowMs + ms;
    while (this.nextMs <= untilMs) this.next();
    this.nowMs = untilMs;
  }

  /**
   * Advances until `condition` returns true. It is called before the first happening and after each one. Returns how
   * many milliseconds that took.
   * @param limitMs how long to wait at most; ten minutes (600,000) when left out
   * @throws TypeError or RangeError for a bad argument, and Error when called inside a callback; then nothing has
   *   happened. Error when the condition does not hold within the limit, or when nothing is planned any more; then
   *   the clock stands at the last happening. Whatever a happening or the condition throws
   */
  runUntil(condition: () => boolean, limitMs = USUAL_LIMIT_MS): number {
    checkFunction("runUntil: condition", condition);
    checkMs("runUntil: limitMs", limitMs);
    this.refuseInside("runUntil");
    const startMs = this.nowMs;
    while (!condition()) {
      this.refuseToWait("runUntil", startMs, limitMs);
      this.next();
    }
    return this.nowMs - startMs;
  }

  /**
   * As `advance`, for programs with promises: before the first happening and after each one, everything runs that waits
   * for a promise which is settled already. `await` the call. What waits for a file, a socket or a timer of Node is not
   * waited for.
   * @throws what `advance` throws, by the promise that is returned
   */
  async advanceAsync(ms: number): Promise<void> {
    checkMs("advanceAsync: ms", ms);
    await this.whilePending("advanceAsync", async () => {
      const untilMs = this.nowMs + ms;
      await settle();
      while (this.nextMs <= untilMs) {
        this.next();
        await settle();
      }
      this.nowMs = untilMs;
    });
  }

  /**
   * As `runUntil`, for programs with promises, as `advanceAsync` is. The condition may return a promise, too.
   * @throws what `runUntil` throws, by the promise that is returned
   */
  async runUntilAsync(
    condition: () => boolean | Promise<boolean>,
    limitMs = USUAL_LIMIT_MS,
  ): Promise<number> {
    checkFunction("runUntilAsync: condition", condition);
    checkMs("runUntilAsync: limitMs", limitMs);
    return this.whilePending("runUntilAsync", async () => {
      const startMs = this.nowMs;
      await settle();
      while (!(await condition())) {
        this.refuseToWait("runUntilAsync", startMs, limitMs);
        this.next();
        await settle();
      }
      return this.nowMs - startMs;
    });
  }

  /** Lets nothing else run the clock until `action` has ended. */
  private async whilePending<T>(method: string, action: () => Promise<T>): Promise<T> {
    this.refuseInside(method);
    this.pending = method;
    try {
      return await action();
    } finally {
      this.pending = "";
    }
  }

  /** Refuses to go on to the next happening where there is none, or where it is beyond the limit. */
  private refuseToWait(method: string, startMs: number, limitMs: number): void {
    if (this.nextMs <= startMs + limitMs && this.nextMs !== Infinity) return;
    const text =
      this.nextMs === Infinity
        ? ": nothing is planned any more, so the condition can never hold; is no node running?"
        : ": the condition does not hold after " + limitMs + " virtual milliseconds";
    const state = this.describe();
    throw new Error(method + text + (state === "" ? "" : "\n" + state));
  }

  /** Refuses to run the clock while it is running, because it would go back afterwards. */
  private refuseInside(method: string): void {
    if (this.isRunning) {
      throw new Error(
        method +
          ": called inside a callback, while the clock is running; return first, and use a timer for what is to happen" +
          " later: host.setTimeout(callback, ms), or host.makeTimer(callback).set(ms)",
      );
    }
    if (this.pending === "") return;
    throw new Error(
      method +
        ": called while " +
        this.pending +
        " has not ended; await that first, and in a device's program wait by host.setTimeout",
    );
  }

  /** Lets the next happening happen. There must be one. */
  private next(): void {
    const heap = this.heap;
    const first = heap[0];
    if (first.atMs > this.nowMs) this.happenedNow = 0;
    else if (++this.happenedNow > MOST_AT_ONE_MOMENT) {
      throw new Error(
        "the clock stands still at " +
          this.nowMs +
          " ms after a million happenings; does a callback plan itself again in 0 ms?",
      );
    }
    const last = heap.pop() as Planned;
    if (heap.length > 0) this.sink(last);
    this.nowMs = first.atMs;
    this.happened++;
    this.isRunning = true;
    try {
      first.happening.run();
    } finally {
      this.isRunning = false;
    }
  }

  private sink(planned: Planned): void {
    const heap = this.heap;
    let index = 0;
    for (;;) {
      let child = index * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++;
      if (!isBefore(heap[child], planned)) break;
      heap[index] = heap[child];
      index = child;
    }
    heap[index] = planned;
  }
}

function isBefore(a: Planned, b: Planned): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence);
}
