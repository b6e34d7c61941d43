import type { Scenario } from "./scenario.js";
import { FalseDowns } from "./false-downs.js";
import { Traffic } from "./traffic.js";

export const flap: Scenario = {
  name: "flap",
  about:
    "The links of a few hosts go down and up. Measures what this does to the others, and until all know all afterwards.",
  nodes: 50,
  durationS: 600,
  parameters: { flapping: 3, offMs: 15_000, onMs: 15_000 },
  run(run) {
    const { world } = run;
    const flapping = new Set(world.chance.sample(world.hosts.length, run.number("flapping")));
    const falseDowns = new FalseDowns(run, (host) => flapping.has(host));
    world.startSettled();
    world.run(10_000);
    const endMs = world.nowMs + run.durationMs;
    const flip = (host: number, isUp: boolean): void => {
      world.setLink(host, isUp || world.nowMs >= endMs);
      if (world.nowMs >= endMs) return;
      const meanMs = run.number(isUp ? "onMs" : "offMs");
      world.plan(meanMs * world.chance.between(0.2, 1.8), () => flip(host, !isUp));
    };
    for (const host of flapping) world.plan(1000 * world.chance.fraction(), () => flip(host, false));
    const traffic = new Traffic(run);
    world.run(run.durationMs);
    traffic.noteSum("window");
    for (const host of flapping) world.setLink(host, true);
    falseDowns.note();
    run.addMs("settle", world.runUntilAgreed(600_000));
  },
};
