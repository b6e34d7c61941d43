import { State } from "../../../core/index.js";
import { UNKNOWN, type Transition } from "../beliefs.js";
import type { World } from "../world.js";
import type { Checker } from "./checker.js";

/**
 * Incarnations only grow, in every table and at their owner, and come from nobody but their owner. Down counts at
 * any incarnation: a farewell says 0.
 */
export class Incarnation implements Checker {
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  transition(t: Transition): void {
    if (t.state === UNKNOWN || t.state === State.Down) return;
    const { truth, naming } = this.world;
    const who = `host ${t.observer} holds host ${t.subject} (life ${t.life}) at incarnation ${t.incarnation}`;
    if (t.stateBefore !== UNKNOWN && t.life === t.lifeBefore && t.incarnation < t.incarnationBefore) {
      this.world.violate("incarnation", `${who}, after ${t.incarnationBefore}`);
    }
    // Without lives, who restarts has the identity it had, and starts again at 0.
    if (!naming.canRenew || t.life !== truth.lifeOf[t.subject]) return;
    if (t.incarnation > truth.incarnationOf[t.subject]) {
      this.world.violate("incarnation", `${who}, which it never had: ${truth.incarnationOf[t.subject]}`);
    }
  }

  incarnated(host: number, incarnation: number, before: number): void {
    if (incarnation >= before) return;
    this.world.violate(
      "incarnation",
      `host ${host} went back from its incarnation ${before} to ${incarnation}`,
    );
  }

  renewed(host: number, life: number, before: number): void {
    if (life > before) return;
    this.world.violate("incarnation", `host ${host} renewed its life ${before} to ${life}`);
  }
}
