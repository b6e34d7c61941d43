import { State } from "../../../core/index.js";
import type { Run } from "../run.js";
import { isFalseDown } from "../run.js";

/**
 * Counts who comes to hold a running host Down, as the Lifeguard paper does (section 5): at healthy nodes and in
 * all, about healthy ones and about those that were only slow. A host is healthy when `isSick` does not name it.
 * Who cannot be reached is held Down rightly.
 */
export class FalseDowns {
  /** About healthy hosts: held by anybody, and by healthy hosts (the paper's FP and FP-). */
  aboutHealthy = 0;
  aboutHealthyAtHealthy = 0;
  /** About hosts that were sick but ran. */
  aboutSick = 0;
  suspicions = 0;
  private readonly run: Run;

  constructor(run: Run, isSick: (host: number) => boolean = () => false) {
    this.run = run;
    run.world.onTransition.push((t) => {
      if (t.state === State.Suspect && t.stateBefore !== State.Suspect) this.suspicions++;
      if (!isFalseDown(run.world, t) || !run.world.network.connects(t.observer, t.subject)) return;
      if (isSick(t.subject)) this.aboutSick++;
      else {
        this.aboutHealthy++;
        if (!isSick(t.observer)) this.aboutHealthyAtHealthy++;
      }
    });
  }

  note(): void {
    this.run.add("falseDowns", "1", this.aboutHealthy);
    this.run.add("falseDownsAtHealthy", "1", this.aboutHealthyAtHealthy);
    this.run.add("downsOfSick", "1", this.aboutSick);
    this.run.add("suspicions", "1", this.suspicions);
  }
}
