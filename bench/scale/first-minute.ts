import { Crowd } from "./crowd.js";
import { configOf, type Measurement } from "./run.js";
import { Traffic } from "./traffic.js";

/** All nodes start at one moment and join by the first. */
export const firstMinute: Measurement = {
  name: "start",
  about: "all start at once by one seed: until all know all, and what that takes in the first minute",
  parameters: { windowS: 60, limitS: 600 },
  run(given) {
    const { nodes, seed, samples, parameters } = given;
    const crowd = new Crowd({ count: nodes, seed, config: configOf(given) });
    const doneMs = new Float64Array(nodes).fill(Infinity);
    let left = nodes;
    crowd.onChange = (observer, { order }) => {
      if (order.numActive < nodes - 1 || doneMs[observer] !== Infinity) return;
      doneMs[observer] = crowd.nowMs;
      left--;
    };
    const traffic = new Traffic(crowd);
    for (let host = 0; host < nodes; host++) crowd.start(host);
    const allMs = crowd.time.runUntil(() => left === 0, parameters.limitS * 1000);
    samples.add("startAllKnowAll", "s", allMs / 1000);
    for (const ms of doneMs) samples.add("startNodeKnowsAll", "s", ms / 1000);
    traffic.noteMeans(samples, "start");
    const restMs = parameters.windowS * 1000 - crowd.nowMs;
    if (restMs > 0) crowd.time.run(restMs);
    traffic.noteMeans(samples, "firstMinute");
  },
};
