import { Metric } from "../../../core/index.js";
import type { World } from "../world.js";
import type { Checker } from "./checker.js";

/** A healthy node that knows somebody is connected, before long, and probes: its deadlines are never lost. */
export class Pulse implements Checker {
  private readonly world: World;
  private readonly probes: Float64Array;
  /** When the probe counter was last seen to move, or the host to be excused. */
  private readonly beatMs: Float64Array;
  /** When a host was last seen connected, or to be excused. */
  private readonly connectedMs: Float64Array;
  private readonly boundMs: number;

  /** `boundMs`: how long a node may know active members and not be connected, as right after it renewed. */
  constructor(world: World, boundMs: number) {
    this.world = world;
    this.boundMs = boundMs;
    this.connectedMs = new Float64Array(world.hosts.length);
    this.probes = new Float64Array(world.hosts.length);
    this.beatMs = new Float64Array(world.hosts.length);
  }

  second(): void {
    const { hosts, nowMs } = this.world;
    for (const { index, swim, config, frozenUntilMs } of hosts) {
      const isAlone = swim === undefined || swim.isDefunct || swim.numMembers === 0;
      if (isAlone || swim.isConnected || frozenUntilMs > nowMs || !this.reachesAnybody(index))
        this.connectedMs[index] = nowMs;
      if (nowMs - this.connectedMs[index] > this.boundMs) {
        this.world.violate("pulse", `host ${index} knows ${swim?.numMembers} members and is not connected`);
        this.connectedMs[index] = nowMs;
      }
      const isExcused = swim === undefined || !swim.isConnected || frozenUntilMs > nowMs;
      const probes = swim === undefined ? 0 : swim.metrics[Metric.Probes];
      if (isExcused || probes !== this.probes[index]) this.beatMs[index] = nowMs;
      this.probes[index] = probes;
      if (nowMs - this.beatMs[index] <= 3 * config.probePeriodMs + 1000 + config.quietStartMs) continue;
      this.world.violate("pulse", `host ${index} has not probed for ${nowMs - this.beatMs[index]} ms`);
      this.beatMs[index] = nowMs;
    }
  }

  private reachesAnybody(host: number): boolean {
    const { truth, network } = this.world;
    return truth.isLive.some(
      (isLive, other) => isLive === 1 && other !== host && network.connects(host, other),
    );
  }
}
