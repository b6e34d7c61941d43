import type { Scenario } from "./scenario.js";
import { Traffic } from "./traffic.js";

export const partition: Scenario = {
  name: "partition",
  about: "The network is cut in halves and joined again. Measures until all know all again.",
  nodes: 50,
  durationS: 900,
  parameters: { cutS: 600 },
  run(run) {
    const { world } = run;
    world.startSettled();
    world.run(10_000);
    const half = world.chance.sample(world.hosts.length, Math.floor(world.hosts.length / 2));
    for (const host of half) world.setGroup(host, 1);
    const before = new Traffic(run);
    world.run(run.number("cutS") * 1000);
    before.noteSum("cut");
    let across = 0;
    const cut = world.network.groupOf.slice();
    for (let a = 0; a < cut.length; a++) {
      for (let b = 0; b < cut.length; b++) if (cut[a] !== cut[b] && world.beliefs.isActive(a, b)) across++;
    }
    run.add("heldAcross", "1", across);
    const after = new Traffic(run);
    for (const host of half) world.setGroup(host, 0);
    const startMs = world.nowMs;
    let firstMs = Infinity;
    world.onTransition.push((t) => {
      if (cut[t.observer] !== cut[t.subject]) firstMs = Math.min(firstMs, world.nowMs - startMs);
    });
    run.addMs("allKnowAll", world.runUntilAgreed(run.durationMs));
    run.addMs("firstContact", firstMs);
    after.noteSum("heal");
  },
};
