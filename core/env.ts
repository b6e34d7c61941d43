import type { BroadcastHandler } from "./broadcasts.js";
import type { Config } from "./config.js";
import { DEADLINE_BYTES } from "./deadlines.js";
import { METRIC_COUNT } from "./metrics.js";
import type { Keeper } from "./keeper.js";
import type { SwimOptions } from "./options.js";
import type { Random } from "./random.js";
import type { Runtime } from "./runtime.js";

/** What comes from outside of the core, and is given to all of its parts. It knows none of them. */
export class Env<T> {
  /** The settings in force. */
  config: Config;
  readonly runtime: Runtime<T>;
  readonly handler: BroadcastHandler<T> | undefined;
  /** The handler, when it is one that keeps what belongs to members. */
  readonly keeper: Keeper<T> | undefined;
  readonly random: Random;
  /** The counters, by `Metric`. They lie in a buffer whose first `DEADLINE_BYTES` belong to `Deadlines`. */
  readonly metrics: Uint32Array;
  /** The runtime's clock as it was read last, in milliseconds. */
  nowMs: number;

  constructor(options: SwimOptions<T>, config: Config) {
    this.config = config;
    this.runtime = options.runtime;
    this.keeper = options.keeper;
    this.handler = options.keeper ?? options.broadcastHandler;
    this.random = options.random;
    // One buffer for both, because a buffer of its own costs an array 56 bytes more on XS.
    const buffer = new ArrayBuffer(DEADLINE_BYTES + METRIC_COUNT * 4);
    this.metrics = new Uint32Array(buffer, DEADLINE_BYTES, METRIC_COUNT);
    this.nowMs = this.runtime.now();
  }

  /** Reads the runtime's clock, and holds it back when it goes backwards. */
  readClock(): number {
    const nowMs = this.runtime.now();
    if (nowMs > this.nowMs) this.nowMs = nowMs;
    return this.nowMs;
  }
}
