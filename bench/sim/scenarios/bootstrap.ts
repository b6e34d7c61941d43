import type { Scenario } from "./scenario.js";
import { Traffic } from "./traffic.js";

export const bootstrap: Scenario = {
  name: "bootstrap",
  about:
    "All hosts join by one seed. Measures until all know all. mode=at-once, second (spread over a second) or chain (each joins by the one before).",
  nodes: 50,
  durationS: 600,
  parameters: { mode: "at-once", chainGapMs: 20, windowS: 60 },
  run(run) {
    const { world } = run;
    const count = world.hosts.length;
    const mode = run.word("mode");
    const gapMs = run.number("chainGapMs");
    if (mode !== "at-once" && mode !== "second" && mode !== "chain")
      throw new Error(`mode: expected at-once, second or chain, got ${mode}`);
    let lastMs = 0;
    for (let i = 0; i < count; i++) {
      const atMs =
        mode === "at-once" ? 0 : mode === "chain" ? i * gapMs : i === 0 ? 0 : 1000 * world.chance.fraction();
      lastMs = Math.max(lastMs, atMs);
      world.plan(atMs, () => world.start(i, mode === "chain" ? [Math.max(0, i - 1)] : world.seeds));
    }
    const traffic = new Traffic(run);
    const limitMs = run.durationMs;
    world.run(lastMs);
    // A host is done once it knows all; looked at as it learns, so that the moment is exact.
    const doneMs = new Float64Array(count).fill(Infinity);
    let left = count;
    const look = (host: number): void => {
      if (doneMs[host] !== Infinity || world.disagreements.of[host] > 0) return;
      doneMs[host] = world.nowMs - lastMs;
      left--;
    };
    world.onTransition.push((t) => look(t.observer));
    for (let i = 0; i < count; i++) look(i);
    run.addMs(
      "allKnowAll",
      world.runUntil(() => left === 0 && world.disagreements.total === 0, limitMs),
    );
    traffic.noteSum("until");
    for (let i = 0; i < count; i++) run.addOf(i, "nodeKnowsAll", "s", doneMs[i] / 1000);
    const windowMs = run.number("windowS") * 1000 - world.nowMs;
    if (windowMs > 0) world.run(windowMs);
    traffic.noteSum("window");
  },
};
