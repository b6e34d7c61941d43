import type { Run } from "../run.js";
import { FalseDowns } from "./false-downs.js";
import type { Scenario } from "./scenario.js";
import { Traffic } from "./traffic.js";
import { Wholeness } from "./wholeness.js";

export const partition: Scenario = {
  name: "partition",
  about:
    "The network is cut in halves and joined again. Measures until the first contact across, until all know all again, and the traffic before, while it is cut and while it heals.",
  nodes: 50,
  durationS: 900,
  parameters: {
    cutS: 600,
    phaseS: 65,
    part: 0.5,
    steadyS: 60,
    apartFromS: 300,
    watchS: 120,
    limitMs: 150_000,
  },
  run(run) {
    const { world } = run;
    const falseDowns = new FalseDowns(run);
    world.startSettled();
    world.run(10_000);
    const steady = new Traffic(run);
    world.run(run.number("steadyS") * 1000);
    if (run.number("steadyS") > 0) steady.noteMeanRate("steady");
    const cut = stayCut(run);
    const after = new Traffic(run);
    for (let host = 0; host < cut.length; host++) if (cut[host] === 1) world.setGroup(host, 0);
    const startMs = world.nowMs;
    let firstMs = Infinity;
    world.onTransition.push((t) => {
      if (cut[t.observer] !== cut[t.subject]) firstMs = Math.min(firstMs, world.nowMs - startMs);
    });
    const wholeness = new Wholeness(run);
    wholeness.watchUntilWhole(run.durationMs);
    after.noteSum("heal");
    wholeness.watch(run.number("watchS") * 1000);
    wholeness.note(run.number("limitMs"));
    run.addMs("firstContact", firstMs);
    falseDowns.note();
  },
};

/** Cuts the network in two and lets that last; returns who was on which side. */
function stayCut(run: Run): Uint8Array {
  const { world } = run;
  const { hosts, beliefs, network } = world;
  const count = Math.floor(hosts.length * run.number("part"));
  for (const host of world.chance.sample(hosts.length, count)) world.setGroup(host, 1);
  // Nodes that started together also announce to the Down together: chance decides at which point of their pause the cut ends.
  const cutMs = (run.number("cutS") + run.number("phaseS") * world.chance.fraction()) * 1000;
  // Until then the deaths of the other side are news.
  const newsMs = Math.min(cutMs, run.number("apartFromS") * 1000);
  const whole = new Traffic(run);
  world.run(newsMs);
  const apart = new Traffic(run);
  world.run(cutMs - newsMs);
  if (cutMs > newsMs) apart.noteMeanRate("apart");
  whole.noteSum("cut");
  const cut = network.groupOf.slice();
  let across = 0;
  for (let a = 0; a < cut.length; a++) {
    for (let b = 0; b < cut.length; b++) if (cut[a] !== cut[b] && beliefs.isActive(a, b)) across++;
  }
  run.add("heldAcross", "1", across);
  return cut;
}
