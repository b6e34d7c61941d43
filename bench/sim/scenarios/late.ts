import { MessageKind, Metric } from "../../../core/index.js";
import type { Scenario } from "./scenario.js";
import { FalseDowns } from "./false-downs.js";
import { Traffic } from "./traffic.js";

export const late: Scenario = {
  name: "late",
  about:
    "Some hosts are on Wi-Fi with power saving: datagrams to them are late, 250 ms on average and at most 4 s. Measures what that costs.",
  nodes: 50,
  durationS: 600,
  parameters: { latePart: 0.5, meanMs: 250, maxMs: 4000, settleS: 0 },
  run(run) {
    const { world } = run;
    const falseDowns = new FalseDowns(run);
    const count = Math.round(world.hosts.length * run.number("latePart"));
    for (const host of world.chance.sample(world.hosts.length, count)) {
      world.network.radioMeanMs[host] = run.number("meanMs");
    }
    world.network.radioMaxMs = run.number("maxMs");
    world.startSettled();
    world.run(run.number("settleS") * 1000);
    const traffic = new Traffic(run);
    world.run(run.durationMs);
    traffic.note();
    falseDowns.note();
    for (const { swim } of world.hosts) {
      if (swim === undefined) continue;
      const { metrics } = swim;
      run.add("probeFailures", "part", metrics[Metric.ProbeFailures] / metrics[Metric.Probes]);
      run.add("indirectProbes", "1", metrics[Metric.SentPing + MessageKind.PingReq]);
      run.add("refutations", "1", metrics[Metric.Refutations]);
    }
  },
};
