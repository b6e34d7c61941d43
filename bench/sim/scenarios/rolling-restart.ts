import type { Scenario } from "./scenario.js";
import { FalseDowns } from "./false-downs.js";

export const rollingRestart: Scenario = {
  name: "rolling-restart",
  about:
    "Hosts are restarted one after another. Measures until all others know the new life. how=crash or leave.",
  nodes: 50,
  durationS: 120,
  numSeeds: 3,
  parameters: { how: "crash", downMs: 5000, gapMs: 10_000 },
  run(run) {
    const { world } = run;
    const falseDowns = new FalseDowns(run);
    world.startSettled();
    world.run(10_000);
    for (let host = 0; host < world.hosts.length; host++) {
      if (run.word("how") === "leave") {
        world.leave(host);
        world.run(100);
      }
      world.crash(host);
      world.run(run.number("downMs"));
      world.start(host);
      const tookMs = world.runUntil(() => world.disagreements.about[host] === 0, run.durationMs);
      run.addMs("knownAgain", tookMs);
      world.run(Math.max(0, run.number("gapMs") - tookMs));
    }
    run.addMs("settle", world.runUntilAgreed(run.durationMs));
    falseDowns.note();
  },
};
