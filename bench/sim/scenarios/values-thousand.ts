import { Metric } from "../../../core/index.js";
import { Publishing, VALUES } from "./publishing.js";
import type { Scenario } from "./scenario.js";
import { Traffic } from "./traffic.js";

/** Parts of all pairs whose time is noted. */
const PARTS = [0.5, 0.9, 0.99, 0.999];

export const valuesThousand: Scenario = {
  name: "values-thousand",
  about: "All of a thousand hosts publish at one moment. Measures until they know everything of each other.",
  nodes: 1000,
  durationS: 120,
  parameters: { ...VALUES, publish: 1 },
  run(run) {
    const { world } = run;
    const publishing = new Publishing(run);
    const count = world.hosts.length;
    world.startSettled();
    world.run(5000);
    const startMs = world.nowMs;
    const total = count * (publishing.listeners.length - 1);
    const knownMs = PARTS.map(() => Infinity);
    let allMs = Infinity;
    let numKnown = 0;
    publishing.onKnown = () => {
      numKnown++;
      PARTS.forEach((part, i) => {
        if (numKnown >= part * total) knownMs[i] = Math.min(knownMs[i], world.nowMs - startMs);
      });
      if (numKnown === total) allMs = world.nowMs - startMs;
    };
    const traffic = new Traffic(run);
    if (run.number("publish") > 0) for (const { index } of world.hosts) publishing.publish(index);
    for (let second = 0; second < run.settings.durationS; second++) {
      world.run(1000);
      if (run.number("publish") > 0 && (second < 5 || second % 10 === 9))
        run.add(`known${second + 1}s`, "part", numKnown / total);
    }
    PARTS.forEach((part, i) => run.addMs("known" + part, knownMs[i]));
    run.addMs("allKnowAll", allMs);
    traffic.noteSum("window");
    for (const name of ["DroppedBroadcasts", "RepairedValues"] as const) {
      let sum = 0;
      for (const { swim } of world.hosts) sum += swim?.metrics[Metric[name]] ?? 0;
      run.add(name.charAt(0).toLowerCase() + name.slice(1), "1/node", sum / count);
    }
  },
};
