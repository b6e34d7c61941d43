// Keys and seals in a running cluster, in small: who goes step by step loses nothing, and who does not is complained of.
import { expect, test } from "vitest";
import { runSeed, type Outcome } from "../../bench/sim/run-seed.js";
import { faultsWith } from "../../bench/sim/settings.js";
import { settings } from "./settings.js";

const SMALL = { nodes: 12, durationS: 10 };

function complaints({ violations }: Outcome): string[] {
  return violations.filter(({ checker }) => checker === "rotation").map(({ text }) => text);
}

function countOf({ metrics }: Outcome, name: string): number {
  return metrics[name].values[0];
}

test("step-by-step-no-host-is-held-Down-and-no-datagram-lacks-a-key", () => {
  const outcome = runSeed(settings("rotation", { ...SMALL, parameters: { restartMs: 2000 } }), 1);
  expect(outcome.violations).toEqual([]);
  expect(countOf(outcome, "takenPlain")).toBeGreaterThan(100);
  expect(countOf(outcome, "opened")).toBeGreaterThan(1000);
});

test("steps-that-do-not-wait-for-datagrams-on-their-way-are-complained-of", () => {
  const story = settings("rotation", {
    ...SMALL,
    faults: faultsWith({ latencyMs: 200 }),
    parameters: { gapMs: 0, settleMs: 100 },
  });
  const lost = Array.from({ length: 10 }, (_, i) => complaints(runSeed(story, i + 1))).flat();
  expect(lost).toContainEqual(expect.stringMatching(/^\d+ datagrams were refused: RefusedPlain$/));
  expect(lost).toContainEqual(expect.stringMatching(/^\d+ datagrams were refused: UnknownKey$/));
});

test("without-the-steps-that-others-wait-for-hosts-lose-each-other", () => {
  const outcome = runSeed(settings("rotation", { ...SMALL, parameters: { hasty: 1, gapMs: 2000 } }), 1);
  for (const name of ["refusedPlain", "unknownKey", "falseDowns"])
    expect(countOf(outcome, name), name).toBeGreaterThan(0);
  expect(outcome.numViolations).toBeGreaterThan(0);
});
