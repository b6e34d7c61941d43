import { Metric } from "../../../core/index.js";
import type { World } from "../world.js";
import type { Checker } from "./checker.js";

/** A healthy node that knows somebody probes: its deadlines are never lost. */
export class Pulse implements Checker {
  private readonly world: World;
  private readonly probes: Float64Array;
  /** When the probe counter was last seen to move, or the host to be excused. */
  private readonly beatMs: Float64Array;

  constructor(world: World) {
    this.world = world;
    this.probes = new Float64Array(world.hosts.length);
    this.beatMs = new Float64Array(world.hosts.length);
  }

  second(): void {
    const { hosts, nowMs } = this.world;
    for (const { index, swim, config, frozenUntilMs } of hosts) {
      const isExcused = swim === undefined || !swim.isConnected || frozenUntilMs > nowMs;
      const probes = swim === undefined ? 0 : swim.metrics[Metric.Probes];
      if (isExcused || probes !== this.probes[index]) this.beatMs[index] = nowMs;
      this.probes[index] = probes;
      if (nowMs - this.beatMs[index] <= 3 * config.probePeriodMs + 1000) continue;
      this.world.violate("pulse", `host ${index} has not probed for ${nowMs - this.beatMs[index]} ms`);
      this.beatMs[index] = nowMs;
    }
  }
}
