import { Publishing, VALUES } from "./publishing.js";
import type { Scenario } from "./scenario.js";
import { Traffic } from "./traffic.js";

export const valuesLoss: Scenario = {
  name: "values-loss",
  about:
    "On a network that loses much (loss), hosts publish one after another, every windowS. Measures until all know it, and how many do not when the time is over.",
  nodes: 50,
  durationS: 300,
  faults: { loss: 0.3 },
  parameters: { ...VALUES, windowS: 30 },
  run(run) {
    const { world } = run;
    const publishing = new Publishing(run);
    world.startSettled();
    // All have something, as in a cluster that has run for long.
    for (let host = 0; host < world.hosts.length; host++) publishing.publish(host);
    const windowMs = run.number("windowS") * 1000;
    world.run(2 * windowMs);
    const { listeners } = publishing;
    const traffic = new Traffic(run);
    for (const endMs = world.nowMs + run.durationMs; world.nowMs < endMs;) {
      const host = listeners[world.chance.below(listeners.length)];
      const startMs = world.nowMs;
      let allMs = Infinity;
      publishing.onKnown = (ms) => {
        if (startMs + ms !== world.nowMs) return;
        if (publishing.numWithout(host) === 0) allMs = ms;
      };
      publishing.publish(host);
      world.run(windowMs);
      publishing.onKnown = undefined;
      run.addMs("allKnow", allMs);
      run.add("without", "1", publishing.numWithout(host));
    }
    traffic.noteMeanRate("mean");
  },
};
