import { isFalseDown } from "../run.js";
import type { Scenario } from "./scenario.js";
import { Traffic } from "./traffic.js";

export const steady: Scenario = {
  name: "steady",
  about: "All know each other, nothing happens: traffic a node.",
  nodes: 50,
  durationS: 600,
  run(run) {
    const { world } = run;
    let falseDowns = 0;
    world.onTransition.push((t) => {
      if (isFalseDown(world, t)) falseDowns++;
    });
    world.startSettled();
    const traffic = new Traffic(run);
    world.run(run.durationMs);
    traffic.note();
    run.add("falseDowns", "1", falseDowns);
  },
};
