// One figure for each curve of docs/SCALE.md, in small clusters: what a change makes worse is seen here first. The figures
// follow from the seeds. A change of chance moves them a little, so each has some air; what grows beyond that is to be looked at.
import { beforeAll, describe, expect, it, test, vi } from "vitest";
import { MEASUREMENTS } from "../../bench/scale/measurements.js";
import { makeCase } from "../../bench/scale/run.js";
import { Samples, type Summary } from "../../bench/sim/samples.js";

/** How long a machine may take over a story; nothing here depends on it. */
const PATIENCE_MS = 300_000;
vi.setConfig({ testTimeout: PATIENCE_MS, hookTimeout: PATIENCE_MS });

/** What a measurement says of so many nodes, over some seeds. */
function measured(
  name: string,
  nodes: number,
  parameters: Record<string, number> = {},
  seeds = 2,
  room = Infinity,
): Record<string, Summary> {
  const measurement = MEASUREMENTS.find((each) => each.name === name);
  if (measurement === undefined) throw new Error(`no measurement ${name}`);
  const samples = new Samples();
  for (let seed = 1; seed <= seeds; seed++) {
    const given = makeCase(nodes, seed, room, { ...measurement.parameters, ...parameters });
    measurement.run(given);
    samples.merge(given.samples.metrics);
  }
  return samples.summary();
}

/** Fails for the figures that are larger than allowed, or never came. */
function expectAtMost(metrics: Record<string, Summary>, most: Record<string, number>): void {
  const worse = Object.entries(most).filter(([name, limit]) => !((metrics[name].max ?? Infinity) <= limit));
  expect(worse.map(([name, limit]) => `${name}: ${metrics[name].max}, at most ${limit}`)).toEqual([]);
}

describe("a cluster of 32 in which all know all", () => {
  let life: Record<string, Summary> = {};
  beforeAll(() => {
    life = measured("life", 32, { restS: 20, rounds: 1 });
  });

  it("is-at-rest-as-cheap-as-it-was", () => {
    expectAtMost(life, { restMeanDatagrams: 2.2, restMeanBytes: 66, tableBytes: 2340, roundPeriods: 26 });
  });
  it("knows-of-a-newcomer-as-soon-as-it-did", () => {
    expectAtMost(life, { newcomerKnownByAll: 0.8, newcomerKnowsAll: 0.05, newcomerDatagrams: 6 });
  });
  it("knows-of-a-death-as-soon-as-it-did", () => {
    expectAtMost(life, { firstSuspicion: 4, firstDown: 10, deathKnownByAll: 10.5, deathDatagrams: 42 });
  });
});

test("32-that-start-at-once-know-each-other-as-soon-and-as-cheaply-as-they-did", () => {
  const start = measured("start", 32, { windowS: 20 });
  expectAtMost(start, { startAllKnowAll: 1.25, firstMinuteDatagrams: 60, firstMinuteBytes: 3900 });
});

test("all-of-32-know-a-published-value-as-soon-as-they-did", () => {
  expectAtMost(measured("value", 32), { valueKnownByAll: 0.85 });
});

test("a-seed-gives-the-same-figures-again", () => {
  const [once, again] = [1, 2].map(() => measured("start", 16, { windowS: 10 }, 1));
  expect(again).toEqual(once);
});

test("64-nodes-with-room-for-16-are-connected-and-find-a-death", () => {
  const parameters = { settleS: 5, restS: 5, victims: 2, limitS: 40 };
  const views = measured("views", 64, parameters, 1, 16);
  expect([views.viewStrong.p50, views.viewKnowsSuccessor.p50, views.viewHolds.max]).toEqual([1, 1, 16]);
  expectAtMost(views, { restMeanBytes: 48, firstDown: 12, heldByNobody: 20 });
});
