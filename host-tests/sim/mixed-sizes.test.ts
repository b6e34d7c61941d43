// Devices that have no room for the whole cluster, among large ones that have: they keep nobody from the news.
import { describe, expect, it } from "vitest";
import { Run } from "../../bench/sim/run.js";
import { runSeed, type Outcome } from "../../bench/sim/run-seed.js";
import { scenarioOf } from "../../bench/sim/scenarios/index.js";
import { Traffic } from "../../bench/sim/scenarios/traffic.js";
import type { Settings } from "../../bench/sim/settings.js";
import { settings } from "./settings.js";

/** How long a machine may take over a story; nothing here depends on it. */
const PATIENCE_MS = 300_000;

const SIXTY = settings("mixed-sizes", { durationS: 120 });
const HALF = { nodes: 100, parameters: { partialPart: 1 } };

function outcomes(story: Settings, seeds: number): Outcome[] {
  return Array.from({ length: seeds }, (_, i) => runSeed(story, i + 1));
}

/** A metric of all seeds. */
function values(all: readonly Outcome[], name: string): number[] {
  return all.flatMap(({ metrics }) => metrics[name].values);
}

describe("sixty nodes of which a third has room for thirty", () => {
  it(
    "hold-a-death-within-20-s-and-know-each-other-within-15-s",
    () => {
      const all = outcomes(SIXTY, 8);
      expect(all.flatMap(({ violations }) => violations)).toEqual([]);
      expect(Math.max(...values(all, "allHoldDown"))).toBeLessThan(20);
      expect(Math.max(...values(all, "allKnowAll"))).toBeLessThan(15);
    },
    PATIENCE_MS,
  );
});

describe("nodes that all have room for half of the cluster", () => {
  it(
    "hold-a-death-within-20-s",
    () => {
      const all = outcomes(settings("mixed-sizes", { ...HALF, durationS: 60 }), 2);
      expect(all.flatMap(({ violations }) => violations)).toEqual([]);
      expect(Math.max(...values(all, "allHoldDown"))).toBeLessThan(20);
    },
    PATIENCE_MS,
  );

  it(
    "do-not-tell-each-other-the-same-for-ever",
    () => {
      // Nobody asks for a Feed, from which a node can learn of somebody who was there all along.
      const story = settings("mixed-sizes", { ...HALF, set: { periodicAnnounce: null } });
      const run = new Run(story, scenarioOf("mixed-sizes"), 1, {});
      for (let host = 0; host < HALF.nodes; host++) run.world.start(host);
      run.world.run(60_000);
      const traffic = new Traffic(run);
      run.world.run(60_000);
      traffic.noteMeanRate("at rest");
      // A Ping and an Ack each second, and nothing else.
      expect(run.samples.metrics["at restDatagrams"].values[0]).toBeLessThan(2.05);
      expect(run.samples.metrics["at restBytes"].values[0]).toBeLessThan(43);
    },
    PATIENCE_MS,
  );
});
