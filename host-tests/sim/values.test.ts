// What members publish: that all come to know it, how soon and at what cost, and that each checker of it finds a core that was
// broken to provoke it.
import { describe, expect, it, vi } from "vitest";
import { makeReport, type Report } from "../../bench/sim/report.js";
import { runSeed } from "../../bench/sim/run-seed.js";
import { faultsWith, type Settings } from "../../bench/sim/settings.js";
import type { Swim } from "../../core/index.js";
import type { Values } from "../../core/values.js";
import { settings } from "./settings.js";

// The core that is broken here ships without assertions: the checkers must find it out by themselves.
vi.mock("../../core/debug.js", () => ({ DEBUG: false }));

/** How long a machine may take over a story; nothing here depends on it. */
const PATIENCE_MS = 300_000;

type Break = (values: Values<unknown>, host: number) => void;

function report(story: Settings, numSeeds = 1): Report {
  const outcomes = Array.from({ length: numSeeds }, (_, i) => runSeed(story, i + 1));
  expect(outcomes.flatMap(({ violations }) => violations)).toEqual([]);
  return makeReport(story, outcomes);
}

/** A figure that was measured; what never happened is endless. */
function figure({ metrics }: Report, name: string, part: "p50" | "max" = "max"): number {
  return metrics[name][part] ?? Infinity;
}

/** Bytes that a node sends in a second, on average. */
function restBytes(parameters: Settings["parameters"]): number {
  return figure(report(settings("values-rest", { durationS: 120, parameters })), "meanBytes");
}

describe("a newcomer", () => {
  it(
    "has-all-records-of-fifty-within-2-s",
    () => expect(figure(report(settings("values-join"), 5), "holdsAll")).toBeLessThan(2),
    PATIENCE_MS,
  );

  it("has-none-when-nobody-compares", () => {
    const story = settings("values-join", { nodes: 11, durationS: 20, parameters: { compareMs: 0 } });
    expect(figure(report(story), "missing")).toBe(10);
  });
});

describe("a network that loses a third", () => {
  it(
    "keeps-a-record-from-nobody-for-30-s-and-rarely-for-5-s",
    () => {
      const story = settings("values-loss");
      const outcomes = [1, 2, 3, 4].map((seed) => runSeed(story, seed));
      expect(outcomes.flatMap(({ violations }) => violations)).toEqual([]);
      const all = outcomes.flatMap(({ metrics }) => metrics["allKnow"].values);
      expect(all).toHaveLength(40);
      // Of hundreds one in a hundred is later.
      expect(all.filter((seconds) => seconds > 5).length).toBeLessThanOrEqual(1);
      expect(figure(makeReport(story, outcomes), "without")).toBe(0);
    },
    PATIENCE_MS,
  );

  it(
    "keeps-records-from-some-when-nobody-compares",
    () => {
      const story = settings("values-loss", { parameters: { compareMs: 0 } });
      expect(figure(report(story, 2), "without")).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );
});

describe("what fifty publish every five seconds", () => {
  it(
    "is-everywhere-within-two-and-costs-a-third-more-than-news-at-most",
    () => {
      const value = report(settings("values-publish", { durationS: 60 }));
      const news = report(settings("values-publish", { durationS: 60, parameters: { mode: "broadcast" } }));
      for (const one of [value, news]) {
        expect(figure(one, "allKnow")).toBeLessThan(2);
        expect(figure(one, "notByAll")).toBe(0);
      }
      expect(figure(value, "bytes", "p50")).toBeLessThan(1.3 * figure(news, "bytes", "p50"));
    },
    PATIENCE_MS,
  );
});

describe("records at rest", () => {
  it(
    "cost-a-node-five-bytes-a-second-at-most-and-nothing-when-nobody-compares",
    () => {
      const never = restBytes({ publish: 0 });
      const compared = restBytes({ publish: 1 });
      expect(compared).toBeGreaterThan(never);
      expect(compared - never).toBeLessThan(5);
      expect(restBytes({ publish: 1, compareMs: 0 })).toBeLessThan(never + 0.5);
    },
    PATIENCE_MS,
  );
});

describe("records in churn", () => {
  const churn = settings("values-churn", {
    nodes: 12,
    durationS: 400,
    set: { removeDownAfterMs: 20_000 },
    parameters: { eventMs: 5000, downMs: 30_000, quietS: 150 },
  });

  function expectCaught(checker: string, story: Settings, breakValues: Break): void {
    const breakCore = (swim: Swim<unknown>, host: number): void =>
      breakValues(swim["protocol"].knowledge.env.keeper as Values<unknown>, host);
    const { violations } = runSeed(story, 1, { breakCore });
    expect(violations.map((violation) => violation.checker)).toContain(checker);
  }

  it(
    "pass-all-checkers",
    () => {
      expect(figure(report(churn, 3), "without")).toBe(0);
    },
    PATIENCE_MS,
  );

  it(
    "of-an-older-version-are-a-violation",
    () => {
      expectCaught("older-record", churn, (values) => {
        values["isNewer"] = () => true;
      });
    },
    PATIENCE_MS,
  );

  it(
    "that-a-node-never-gets-are-a-violation",
    () => {
      const join = settings("values-join", { nodes: 11, durationS: 120, faults: faultsWith({}) });
      expectCaught("record-agreement", join, (values, host) => {
        if (host === 10) Object.assign(values["node"], { isValue: () => false });
      });
    },
    PATIENCE_MS,
  );

  it(
    "of-forgotten-members-are-a-violation",
    () => {
      expectCaught("forgotten-record", churn, (values) => {
        values.forgotten = () => undefined;
      });
    },
    PATIENCE_MS,
  );
});
