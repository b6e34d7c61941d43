// Clusters of our core and the published foca in one simulated network: everything here is virtual time.
import { beforeAll, describe, expect, inject, it } from "vitest";
import { runSeed, type Outcome } from "../../bench/sim/run-seed.js";
import { Samples } from "../../bench/sim/samples.js";
import type { Settings } from "../../bench/sim/settings.js";
import { settings } from "../sim/settings.js";

/** Seeds of a story in which chance matters. */
const SEEDS = 100;
/** Who was not told by now waits for a probe, or for a periodic announce. */
const LATE_S = 15;
/** How long a hundred seeds of a story may take on a slow machine. */
const PATIENCE_MS = 300_000;

/** What a story came to under many seeds. */
interface Story {
  outcomes: Outcome[];
  /** All values of a metric, sorted. */
  values(name: string): number[];
}

function play(scenario: string, foca: number, seeds: number, changed: Partial<Settings> = {}): Story {
  const story = settings(scenario, { ...changed, foca });
  const samples = new Samples();
  const outcomes: Outcome[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const outcome = runSeed(story, seed);
    outcomes.push(outcome);
    samples.merge(outcome.metrics);
  }
  const values = (name: string): number[] => [...samples.metrics[name].values].sort((a, b) => a - b);
  return { outcomes, values };
}

function complaints(story: Story): unknown[] {
  return story.outcomes.flatMap(({ seed, violations }) => violations.map((each) => ({ seed, ...each })));
}

function percentile(values: readonly number[], part: number): number {
  return values[Math.ceil(part * values.length) - 1];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The part of the values that is larger. */
function partOver(values: readonly number[], limit: number): number {
  return values.filter((value) => value > limit).length / values.length;
}

describe.runIf(inject("hasCargo"))("a node dies in a cluster of fifty", () => {
  const QUICK = { parameters: { windowS: 0 } };
  let half: Story;
  let allFoca: Story;

  beforeAll(() => {
    half = play("kill", 25, SEEDS, QUICK);
    allFoca = play("kill", 50, SEEDS, QUICK);
  }, PATIENCE_MS);

  it("all-learn-of-it-whatever-they-run-and-no-checker-complains", () => {
    for (const story of [half, allFoca]) {
      expect(complaints(story)).toEqual([]);
      expect(story.values("allHoldDown")).toHaveLength(SEEDS);
      expect(percentile(story.values("allHoldDown"), 1)).toBeLessThan(180);
    }
    expect(half.values("nodeHoldsDownOfXswim").length + half.values("nodeHoldsDownOfFoca").length).toBe(
      49 * SEEDS,
    );
  });

  it("takes-foca-alone-as-long-as-it-was-measured-to-take", () => {
    // Measured with foca's own agents in virtual time: 9.1 s in the middle, and a tail of 8 % over 15 s.
    const allHoldDown = allFoca.values("allHoldDown");
    expect(percentile(allHoldDown, 0.5)).toBeGreaterThan(8.5);
    expect(percentile(allHoldDown, 0.5)).toBeLessThan(9.7);
    expect(partOver(allHoldDown, LATE_S)).toBeGreaterThan(0);
    expect(partOver(allHoldDown, LATE_S)).toBeLessThan(0.2);
  });

  it.each(["Xswim", "Foca"])("%s-nodes-learn-of-it-no-later-than-among-foca-alone", (kind) => {
    const mixed = half.values("nodeHoldsDownOf" + kind);
    const alone = allFoca.values("nodeHoldsDown");
    expect(percentile(mixed, 0.5)).toBeLessThan(percentile(alone, 0.5) * 1.08);
    expect(percentile(mixed, 0.9)).toBeLessThan(percentile(alone, 0.9) * 1.1);
    expect(partOver(mixed, LATE_S)).toBeLessThan(partOver(alone, LATE_S) + 0.005);
  });
});

describe.runIf(inject("hasCargo"))("fifty nodes join at once", () => {
  const QUICK = { parameters: { windowS: 0 } };
  /** Fifty are told in a second or so; who is not waits for a periodic announce. */
  const TOLD_S = 5;
  let half: Story;
  let allFoca: Story;

  beforeAll(() => {
    half = play("bootstrap", 25, SEEDS, QUICK);
    allFoca = play("bootstrap", 50, SEEDS, QUICK);
  }, PATIENCE_MS);

  it("all-come-to-know-all-and-no-checker-complains", () => {
    for (const story of [half, allFoca]) {
      expect(complaints(story)).toEqual([]);
      // The periodic announce after half a minute, or the next.
      expect(percentile(story.values("allKnowAll"), 1)).toBeLessThan(65);
    }
  });

  it("takes-foca-alone-as-long-as-it-was-measured-to-take", () => {
    // Measured: 1.0 s in the middle; a quarter of the runs waits for the periodic announce after 30 s.
    const allKnowAll = allFoca.values("allKnowAll");
    expect(percentile(allKnowAll, 0.5)).toBeLessThan(1.5);
    expect(partOver(allKnowAll, TOLD_S)).toBeGreaterThan(0.08);
    expect(partOver(allKnowAll, TOLD_S)).toBeLessThan(0.45);
  });

  it.each(["Xswim", "Foca"])("%s-nodes-know-all-no-later-than-among-foca-alone", (kind) => {
    const mixed = half.values("nodeKnowsAllOf" + kind);
    const alone = allFoca.values("nodeKnowsAll");
    // Gossip goes out every 200 ms, so this is the one beat or the next.
    expect(percentile(mixed, 0.5)).toBeLessThan(percentile(alone, 0.5) + 0.201);
    expect(percentile(mixed, 0.9)).toBeLessThan(percentile(alone, 0.9) + 0.201);
    expect(partOver(mixed, TOLD_S)).toBeLessThan(partOver(alone, TOLD_S) + 0.01);
  });
});

describe.runIf(inject("hasCargo"))("a mixed cluster", () => {
  it("costs-either-kind-as-much-in-steady-state-as-foca-alone", () => {
    const changed = { durationS: 300 };
    const half = play("steady", 25, 2, changed);
    const allFoca = play("steady", 50, 2, changed);
    expect(complaints(half)).toEqual([]);
    for (const what of ["datagrams", "bytes"]) {
      const alone = mean(allFoca.values(what));
      for (const kind of ["OfXswim", "OfFoca", "ToXswim", "ToFoca"]) {
        const ratio = mean(half.values(what + kind)) / alone;
        expect(ratio, what + kind).toBeGreaterThan(0.9);
        expect(ratio, what + kind).toBeLessThan(1.1);
      }
    }
  });

  it("lives-through-joins-leaves-crashes-freezes-and-a-bad-network-without-a-complaint", () => {
    const story = play("churn", 12, 2, { nodes: 24, durationS: 1800 });
    expect(complaints(story)).toEqual([]);
    // As many as there are when everything is over; some are still on their way back.
    expect(story.values("live")[0]).toBeGreaterThan(12);
  });

  it("heals-after-it-was-cut-in-halves", () => {
    const story = play("partition", 8, 3, { nodes: 16, parameters: { cutS: 180 } });
    expect(complaints(story)).toEqual([]);
    expect(percentile(story.values("heldAcross"), 1)).toBe(0);
    expect(percentile(story.values("allKnowAll"), 1)).toBeLessThan(300);
  });

  it.each(
    ["renewableV4", "renewableAddr", "plainV4", "plain"].flatMap((identity) =>
      ["bincode", "postcard"].map((codec) => [identity, codec]),
    ),
  )("understands-itself-with-identities-%s-in-%s", (identity, codec) => {
    const story = play("leave", 5, 2, { nodes: 10, identity, codec });
    expect(complaints(story)).toEqual([]);
    expect(percentile(story.values("allHoldDown"), 1)).toBeLessThan(65);
  });
});

describe.runIf(inject("hasCargo"))("the simulator with foca in it", () => {
  it("is-a-pure-function-of-its-seed", () => {
    const story = settings("churn", { nodes: 9, foca: 5, durationS: 300 });
    const first = runSeed(story, 5);
    // Another in between: one process has them all, one after another.
    expect(runSeed(story, 6)).not.toEqual(first);
    expect(runSeed(story, 5)).toEqual(first);
  });

  it("mixes-the-kinds-by-the-seed", () => {
    const story = settings("bootstrap", { nodes: 4, foca: 2, durationS: 60 });
    const kinds = [1, 2, 3].map((seed) => Object.keys(runSeed(story, seed).metrics));
    for (const names of kinds)
      expect(names).toEqual(expect.arrayContaining(["nodeKnowsAllOfXswim", "nodeKnowsAllOfFoca"]));
  });

  it("has-its-checkers-see-what-foca's-nodes-hold", () => {
    // Chance leaves some of them out for longer than this.
    const story = play("kill", 50, 12, { boundMs: 20_000, parameters: { windowS: 0 } });
    const { length } = story.values("allHoldDown").filter((seconds) => seconds > 22);
    expect(length).toBeGreaterThan(0);
    const complaining = story.outcomes.filter(({ violations }) =>
      violations.some(({ checker, text }) => checker === "agreement" && text.includes("holds the lost host")),
    );
    expect(complaining).toHaveLength(length);
  });

  it("has-its-checkers-see-what-either-kind-cannot-read", () => {
    const story = settings("bootstrap", { nodes: 12, foca: 6, durationS: 10 });
    const outcome = runSeed(story, 1, {
      breakCore: (swim) => {
        const host = swim["protocol"].knowledge.env.runtime;
        const sendTo = host.sendTo.bind(host);
        host.sendTo = (to, data, start, end) => sendTo(to, data, start, end - 1);
      },
    });
    const refusals = outcome.violations
      .filter(({ checker }) => checker === "refusal")
      .map(({ text }) => text);
    expect(refusals).toContainEqual(expect.stringMatching(/^foca on host \d+ says Decode$/));
    expect(refusals).toContainEqual(expect.stringMatching(/^host \d+ says Decode$/));
  });
});
