import { expect, it } from "vitest";
import { hasCargo } from "../../bench/sim/foca-crate.js";
import { SCENARIOS, type Scenario } from "../../bench/explore/scenarios.js";
import { Space } from "../../bench/explore/space.js";

const scenario = SCENARIOS.find(({ name }) => name === "foca") as Scenario;
const limits = { seconds: Infinity, states: 20_000, suffixEvery: 100, violations: 1 };

it.skipIf(!hasCargo())("two-nodes-and-a-foca-agree-after-whatever-happens-in-the-beginning", () => {
  const findings = new Space(scenario).run(limits);
  expect(findings.violations).toEqual([]);
  expect(findings.suffixes).toBeGreaterThan(100);
});

it.skipIf(!hasCargo())("a-foca-that-never-answers-is-found-by-the-explorer", () => {
  // Whoever hears nothing of it declares it Down, while it is there.
  const space = new Space({ ...scenario, limitMs: 20_000 });
  const { foca } = space.machine;
  if (foca === undefined) throw new Error("there is no foca");
  foca.handleData = () => undefined;
  expect(space.run(limits).violations.map(({ rule }) => rule)).toEqual([
    expect.stringMatching(/^liveness: /),
  ]);
});
