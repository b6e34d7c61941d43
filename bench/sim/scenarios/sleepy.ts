import { Metric } from "../../../core/index.js";
import type { Scenario } from "./scenario.js";
import { FalseDowns } from "./false-downs.js";
import { Traffic } from "./traffic.js";

export const sleepy: Scenario = {
  name: "sleepy",
  about:
    "Some hosts are on Wi-Fi with power saving: datagrams to them are late, 250 ms on average and at most 4 s.",
  nodes: 50,
  durationS: 600,
  parameters: { sleepyPart: 0.5, meanMs: 250, maxMs: 4000 },
  run(run) {
    const { world } = run;
    const falseDowns = new FalseDowns(run);
    const count = Math.round(world.hosts.length * run.number("sleepyPart"));
    for (const host of world.chance.sample(world.hosts.length, count)) {
      world.network.radioMeanMs[host] = run.number("meanMs");
    }
    world.network.radioMaxMs = run.number("maxMs");
    world.startSettled();
    const traffic = new Traffic(run);
    world.run(run.durationMs);
    traffic.note();
    falseDowns.note();
    for (const { swim } of world.hosts) {
      if (swim === undefined) continue;
      run.add("probeFailures", "part", swim.metrics[Metric.ProbeFailures] / swim.metrics[Metric.Probes]);
      run.add("refutations", "1", swim.metrics[Metric.Refutations]);
    }
  },
};
