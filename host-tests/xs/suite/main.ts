// The suite that runs inside a machine: the behaviours of host-tests/scenarios and the properties of host-tests/properties.
import "../../properties/ccm.test.js";
import "../../properties/datagrams.test.js";
import "../../properties/hash.test.js";
import "../../properties/members.test.js";
import "../../properties/promise.test.js";
import "../../properties/recognise.test.js";
import "../../properties/replays.test.js";
import "../../properties/rounds.test.js";
import "../../properties/schemas.test.js";
import "../../properties/throwing.test.js";
import "../../properties/values.test.js";
import "../../properties/walk.test.js";
import { subjects } from "../../scenarios/index.js";
import { describe, test, tests } from "./vitest.js";

for (const [subject, scenarios] of Object.entries(subjects)) {
  describe(subject, () => {
    for (const [behaviour, run] of Object.entries(scenarios)) test(behaviour, run);
  });
}

/** What there is to run. */
export function names(): string[] {
  return Array.from(tests.keys());
}

/** Runs one test; throws what it throws. `runsFactor`: a property's runs, in parts of those on Node. */
export function run(name: string, runsFactor: number): void {
  const body = tests.get(name);
  if (body === undefined) throw new RangeError("no test " + name);
  process.env["FUZZ_RUNS"] = String(runsFactor);
  body();
}
