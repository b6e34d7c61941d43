import { State } from "../../../core/index.js";
import type { World } from "../world.js";
import type { Checker } from "./checker.js";

/** Nobody lets a suspicion of itself, or its death, stand (SWIM section 4.2). */
export class Refutation implements Checker {
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  heardOfSelf(host: number, incarnation: number, state: State, isAnswered: boolean): void {
    if (state === State.Alive || isAnswered) return;
    const what = state === State.Down ? "that it is Down" : `a suspicion at incarnation ${incarnation}`;
    this.world.violate("refutation", `host ${host} lets stand ${what}`);
  }
}
