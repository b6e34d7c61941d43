import { Metric } from "../../../core/index.js";
import { Publishing, VALUES } from "./publishing.js";
import type { Scenario } from "./scenario.js";
import { Traffic } from "./traffic.js";

export const valuesPublish: Scenario = {
  name: "values-publish",
  about:
    "All hosts publish every everyMs: records (mode=value), or news that nobody keeps (mode=broadcast). Measures the traffic, and until all know it or newer.",
  nodes: 50,
  durationS: 120,
  parameters: { ...VALUES, everyMs: 5000, mode: "value" },
  run(run) {
    const { world } = run;
    const mode = run.word("mode");
    if (mode !== "value" && mode !== "broadcast")
      throw new Error(`mode: expected value or broadcast, got ${mode}`);
    const publishing = new Publishing(run, mode === "broadcast");
    const everyMs = run.number("everyMs");
    world.startSettled();
    const startMs = world.nowMs + Math.max(10_000, everyMs);
    const endMs = startMs + run.durationMs;
    for (const { index } of world.hosts) publishing.publishEvery(index, everyMs, endMs);
    world.run(startMs - world.nowMs);
    const { listeners } = publishing;
    let numAll = 0;
    publishing.onKnown = (ms, numKnow) => {
      if (numKnow < listeners.length || world.nowMs - ms < startMs) return;
      numAll++;
      run.addMs("allKnow", ms);
    };
    const traffic = new Traffic(run);
    world.run(run.durationMs);
    traffic.note();
    world.run(30_000);
    const published = publishing.countSince(startMs);
    run.add("published", "1/s", published / run.settings.durationS);
    run.add("notByAll", "part", (published - numAll) / published);
    for (const name of ["DroppedBroadcasts", "ReplacedBroadcasts", "RepairedValues"] as const) {
      let sum = 0;
      for (const { swim } of world.hosts) sum += swim?.metrics[Metric[name]] ?? 0;
      run.add(name.charAt(0).toLowerCase() + name.slice(1), "1", sum);
    }
  },
};
