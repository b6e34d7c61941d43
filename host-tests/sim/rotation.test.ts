// Keys and seals in a running cluster, in small: who goes step by step loses nothing, and who does not is complained of.
import { expect, test } from "vitest";
import { runSeed, type Outcome } from "../../bench/sim/run-seed.js";
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

test("without-the-steps-that-others-wait-for-it-is-complained-of", () => {
  const outcome = runSeed(settings("rotation", { ...SMALL, isChecked: false, parameters: { hasty: 1 } }), 1);
  expect(complaints(outcome)).toEqual([
    expect.stringMatching(/^\d+ datagrams were refused: RefusedPlain$/),
    expect.stringMatching(/^\d+ datagrams were refused: UnknownKey$/),
    ...(countOf(outcome, "falseDowns") > 0 ? [expect.stringMatching(/was held Down$/)] : []),
  ]);
});
