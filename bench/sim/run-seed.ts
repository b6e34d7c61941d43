import type { Violation } from "./checkers/index.js";
import { Run, type RunHooks } from "./run.js";
import type { Metric } from "./samples.js";
import { scenarioOf } from "./scenarios/index.js";
import type { Settings } from "./settings.js";

/** What came of one seed. */
export interface Outcome {
  seed: number;
  metrics: Record<string, Metric>;
  violations: Violation[];
  numViolations: number;
  virtualMs: number;
  happened: number;
}

/** Runs one seed to its end. A pure function of its arguments. */
export function runSeed(settings: Settings, seed: number, hooks: RunHooks = {}): Outcome {
  const scenario = scenarioOf(settings.scenario);
  const run = new Run(settings, scenario, seed, hooks);
  scenario.run(run);
  const { world } = run;
  return {
    seed,
    metrics: run.samples.metrics,
    violations: world.books.violations,
    numViolations: world.books.numViolations,
    virtualMs: world.nowMs,
    happened: world.time.happened,
  };
}
