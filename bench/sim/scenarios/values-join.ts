import { Metric } from "../../../core/index.js";
import { Publishing, VALUES } from "./publishing.js";
import type { Scenario } from "./scenario.js";

export const valuesJoin: Scenario = {
  name: "values-join",
  about:
    "All hosts but the last have published, quietS ago; the last one starts, and joins by the first. Measures until it has all their records.",
  nodes: 51,
  durationS: 60,
  numOurs: 1,
  parameters: { ...VALUES, quietS: 60 },
  run(run) {
    const { world } = run;
    const publishing = new Publishing(run);
    const newcomer = world.hosts.length - 1;
    world.startSettled(newcomer);
    for (let host = 0; host < newcomer; host++) publishing.publish(host);
    world.run(run.number("quietS") * 1000 + world.chance.fraction() * 1000);
    const startMs = world.nowMs;
    let heldMs = Infinity;
    publishing.onKnown = () => {
      if (publishing.numKnownBy(newcomer) === newcomer) heldMs = Math.min(heldMs, world.nowMs - startMs);
    };
    world.start(newcomer);
    world.run(run.durationMs);
    run.addMs("holdsAll", heldMs);
    run.add("missing", "1", newcomer - publishing.numKnownBy(newcomer));
    run.add("repaired", "1", world.hosts[newcomer].swim?.metrics[Metric.RepairedValues] ?? 0);
  },
};
