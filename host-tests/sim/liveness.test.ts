// Clusters that must come to rest, and know of every death, whatever befalls them. A run is a pure function of its seed.
import { describe, expect, it } from "vitest";
import { runSeed } from "../../bench/sim/run-seed.js";
import { faultsWith, type Settings } from "../../bench/sim/settings.js";
import { settings } from "./settings.js";

/** How long a machine may take over a story; nothing here depends on it. */
const PATIENCE_MS = 300_000;

const DAY_S = 86_400;
const YEAR_S = 365 * DAY_S;

/** What is complained of, seed by seed. */
function complaints(story: Settings, seeds: number): unknown[] {
  const all: unknown[] = [];
  for (let seed = 1; seed <= seeds; seed++)
    for (const { checker, text } of runSeed(story, seed).violations) all.push({ seed, checker, text });
  return all;
}

describe("fifty nodes, twenty of them behind links that lose much", () => {
  it.each([0.4, 0.6])(
    "learn-of-every-death-within-a-minute-where-they-are-well-connected-when-%s-is-lost",
    (loss) => {
      expect(complaints(settings("bad-links", { durationS: 600, faults: faultsWith({ loss }) }), 2)).toEqual(
        [],
      );
    },
    PATIENCE_MS,
  );
});

describe("strangers whom somebody renews", () => {
  it(
    "keep-nobody-from-being-probed-nor-a-death-from-being-found",
    () => {
      const parameters = { strangers: 10, downMs: 150_000 };
      expect(complaints(settings("strangers", { nodes: 20, durationS: 600, parameters }), 3)).toEqual([]);
    },
    PATIENCE_MS,
  );
});

describe("a node whose clock was set back", () => {
  it.each([
    ["by-a-day", 10, DAY_S],
    ["by-a-day", 50, DAY_S],
    ["by-a-year", 10, YEAR_S],
    ["by-a-year", 50, YEAR_S],
    ["to-where-starts-are-counted", 10, Infinity],
    ["to-where-starts-are-counted", 50, Infinity],
  ])(
    "%s-is-a-member-among-%i-within-five-seconds-and-200-datagrams",
    (_, nodes, backS) => {
      expect(complaints(settings("clock-back", { nodes, parameters: { backS } }), 3)).toEqual([]);
    },
    PATIENCE_MS,
  );
});

describe("datagrams that are corrupted for a minute", () => {
  it.each(["bincode", "postcard"])(
    "leave-no-storm-behind-in-%s",
    (codec) => {
      expect(complaints(settings("corruption", { nodes: 10, codec }), 20)).toEqual([]);
    },
    PATIENCE_MS,
  );
});

describe("a host that freezes for half a minute again and again", () => {
  it(
    "is-found-out-each-time-and-has-few-others-declared-down",
    () => {
      const parameters = { stalled: 1, stallMs: 32_000, gapMs: 2000 };
      // As in foca, without the settings that would hide whom a round leaves out.
      const set = { probeSilentFirst: false, probeSuccessor: false, gossipToSuccessor: false };
      for (const seed of [1, 2]) {
        const { metrics, violations } = runSeed(settings("stall", { parameters, set }), seed);
        expect(violations).toEqual([]);
        // About nine times in 300 s, by each of 99 others.
        expect(metrics["downsOfSick"].values[0]).toBeGreaterThan(700);
        expect(metrics["falseDownsAtHealthy"].values[0]).toBeLessThan(1000);
      }
    },
    PATIENCE_MS,
  );
});
