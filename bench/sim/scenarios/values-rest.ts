import { Publishing, VALUES } from "./publishing.js";
import type { Scenario } from "./scenario.js";
import { Traffic } from "./traffic.js";

export const valuesRest: Scenario = {
  name: "values-rest",
  about:
    "All hosts have published once (publish=0: nobody ever), and nothing more happens. Measures the traffic from settleS on. restarted hosts start again after that, and publish nothing in their new lives.",
  nodes: 50,
  durationS: 300,
  parameters: { ...VALUES, publish: 1, settleS: 60, restarted: 0 },
  run(run) {
    const { world } = run;
    const publishing = new Publishing(run);
    world.startSettled();
    if (run.number("publish") > 0) for (const { index } of world.hosts) publishing.publish(index);
    world.run(10_000);
    // Never the first, by which they join.
    const last = world.hosts.length - 1;
    for (let i = 0; i < run.number("restarted"); i++) {
      world.crash(last - i);
      world.start(last - i);
    }
    world.run(run.number("settleS") * 1000);
    const traffic = new Traffic(run);
    world.run(run.durationMs);
    traffic.note();
    traffic.noteMeanRate("mean");
  },
};
