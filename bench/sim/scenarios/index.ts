import { bootstrap } from "./bootstrap.js";
import { kill, leave } from "./kill.js";
import type { Scenario } from "./scenario.js";
import { steady } from "./steady.js";

export const SCENARIOS: readonly Scenario[] = [steady, bootstrap, kill, leave];

/** @throws Error when there is none of that name. */
export function scenarioOf(name: string): Scenario {
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (scenario !== undefined) return scenario;
  throw new Error(`no scenario ${name}; there are ${SCENARIOS.map((one) => one.name).join(", ")}`);
}
