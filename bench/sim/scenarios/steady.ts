import { isFalseDown } from "../run.js";
import type { Scenario } from "./scenario.js";
import { Traffic } from "./traffic.js";

export const steady: Scenario = {
  name: "steady",
  about:
    "Nothing happens in a cluster in which all know each other. Measures the traffic of a node, from settleS on.",
  nodes: 50,
  durationS: 600,
  parameters: { settleS: 30 },
  run(run) {
    const { world } = run;
    let falseDowns = 0;
    world.onTransition.push((t) => {
      if (isFalseDown(world, t)) falseDowns++;
    });
    world.startSettled();
    world.run(run.number("settleS") * 1000);
    const traffic = new Traffic(run);
    world.run(run.durationMs);
    traffic.note();
    run.add("falseDowns", "1", falseDowns);
  },
};
