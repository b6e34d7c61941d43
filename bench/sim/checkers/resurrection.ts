import { State } from "../../../core/index.js";
import { UNKNOWN, type Transition } from "../beliefs.js";
import type { World } from "../world.js";
import type { Checker } from "./checker.js";

/** Nobody who is held Down comes back but under a newer identity, until it was forgotten (SWIM section 4.2). */
export class Resurrection implements Checker {
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  transition(t: Transition): void {
    if (t.stateBefore === UNKNOWN || t.state === UNKNOWN) return;
    if (t.life < t.lifeBefore) {
      this.world.violate(
        "resurrection",
        `host ${t.observer} replaced life ${t.lifeBefore} of host ${t.subject} by the older ${t.life}`,
      );
    } else if (t.life === t.lifeBefore && t.stateBefore === State.Down && t.state !== State.Down) {
      this.world.violate(
        "resurrection",
        `host ${t.observer} held host ${t.subject} (life ${t.life}) Down and takes it back at incarnation ${t.incarnation}`,
      );
    }
  }
}
