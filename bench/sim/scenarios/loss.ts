import type { Scenario } from "./scenario.js";
import { FalseDowns } from "./false-downs.js";

export const loss: Scenario = {
  name: "loss",
  about:
    "17 hosts join over a lossy network. Measures how many members each node holds (SWIM paper, figure 4).",
  nodes: 17,
  durationS: 300,
  faults: { loss: 0.1 },
  parameters: { joinGapMs: 2000 },
  run(run) {
    const { world } = run;
    const count = world.hosts.length;
    const falseDowns = new FalseDowns(run);
    for (let i = 0; i < count; i++) world.plan(i * run.number("joinGapMs"), () => world.start(i));
    world.run(count * run.number("joinGapMs"));
    run.addMs("allKnowAll", world.runUntilAgreed(60_000));
    let samples = 0;
    let whole = 0;
    for (let second = 0; second < run.durationMs / 1000; second++) {
      world.run(1000);
      for (let host = 0; host < count; host++) {
        const held = 1 + (world.hosts[host].node?.numMembers ?? 0);
        run.add("held", "1", held);
        run.add("missing", "1", Math.max(0, count - held));
        samples++;
        if (world.disagreements.of[host] === 0) whole++;
      }
    }
    run.add("wholeViews", "part", whole / samples);
    falseDowns.note();
  },
};
