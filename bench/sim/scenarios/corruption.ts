import { Metric } from "../../../core/index.js";
import type { Run } from "../run.js";
import type { Scenario } from "./scenario.js";

/** Datagrams a second that members may cost who were never there, until they are forgotten. */
const GHOSTS_PER_S = 10;

export const corruption: Scenario = {
  name: "corruption",
  about:
    "A part of all datagrams is corrupted for a while. Measures until the cluster sends at most quietFactor times what it sent before.",
  nodes: 20,
  durationS: 300,
  numSeeds: 3,
  // Seconds since 1970: a turned bit can put such a bump ahead by years.
  firstLife: 1_700_000_000,
  faults: { corruption: 0.01 },
  parameters: { corruptS: 60, settleS: 60, windowS: 10, quietFactor: 2, limitMs: 180_000 },
  run(run) {
    const { world } = run;
    const { faults, counts } = world.network;
    const part = faults.corruption;
    faults.corruption = 0;
    world.startSettled();
    world.run(run.number("settleS") * 500);
    const steady = rateOver(run, run.number("settleS") * 500);
    faults.corruption = part;
    const corrupted = rateOver(run, run.number("corruptS") * 1000);
    faults.corruption = 0;
    const endMs = world.nowMs;
    const windowMs = run.number("windowS") * 1000;
    // A few ghosts that are announced to are no storm, which counts in a cluster of a few nodes.
    const quiet = steady * run.number("quietFactor") + GHOSTS_PER_S;
    const rejoinsBefore = rejoins(run);
    /** The end of the last window in which it was not quiet. */
    let loudMs = endMs;
    let last = 0;
    while (world.nowMs - endMs < run.durationMs) {
      last = rateOver(run, windowMs);
      if (last > quiet) loudMs = world.nowMs;
    }
    const quietMs = loudMs === world.nowMs ? Infinity : loudMs - endMs;
    run.add("steady", "1/s", steady);
    run.add("whileCorrupted", "1/s", corrupted);
    run.add("atTheEnd", "1/s", last);
    run.addMs("quietAgain", quietMs);
    run.add("rejoinsAfterwards", "1", rejoins(run) - rejoinsBefore);
    run.add("datagrams", "1", counts.sent);
    if (quietMs <= run.number("limitMs")) return;
    const when =
      quietMs === Infinity
        ? `not quiet after ${run.settings.durationS} s`
        : `quiet after ${quietMs / 1000} s only`;
    world.violate(
      "corruption",
      `the cluster is ${when}: ${last.toFixed(0)} datagrams a second, steady are ${steady.toFixed(0)}`,
    );
  },
};

/** Lets time pass; returns what the whole cluster sent in a second of it. */
function rateOver(run: Run, ms: number): number {
  const { counts } = run.world.network;
  const before = counts.sent;
  run.world.run(ms);
  return ((counts.sent - before) / ms) * 1000;
}

/** How often our nodes have come back under a renewed identity. */
function rejoins(run: Run): number {
  let sum = 0;
  for (const { swim } of run.world.hosts) if (swim !== undefined) sum += swim.metrics[Metric.Rejoins];
  return sum;
}
