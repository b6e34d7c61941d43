// The behaviours and the properties that vitest runs on Node, run inside QuickJS, by the same names, in a file for each of
// the two engines: there are two processors.
import { afterAll, beforeAll, describe, test } from "vitest";
import { hasEnoughWithFewerRuns, isLong } from "../xs/suite/effort.js";
import { environment, suiteNames, suiteScript } from "../xs/suite/script.js";
import { type Engine, QuickJsMachine } from "./engine.js";
import { isWhole, lanes } from "./lanes.js";

const script = await suiteScript();
const names = suiteNames(script).filter((name) => isWhole || !isLong(name));

/** Runs of a property, in parts of those on Node. */
function runsFactor(name: string): number {
  if (hasEnoughWithFewerRuns(name)) return isWhole ? 0.05 : 0.01;
  if (name.includes("raw-bytes")) return isWhole ? 0.3 : 0.02;
  return isWhole ? 0.3 : 0.1;
}

/** For CI, where time is short, each engine has every other test. */
function namesFor(engine: Engine): string[] {
  const engines = lanes();
  if (isWhole || !engines.includes(engine)) return names;
  return names.filter((_, index) => index % engines.length === engines.indexOf(engine));
}

/** Declares the tests on one engine, where they are wanted. */
export function declareSuite(engine: Engine): void {
  describe.runIf(lanes().includes(engine))(engine, () => {
    let machine: QuickJsMachine;

    beforeAll(async () => {
      machine = await QuickJsMachine.start(engine);
      machine.evaluate(environment);
      machine.evaluate(script, "suite.js");
    });

    afterAll(() => machine.close());

    test.each(namesFor(engine))("%s", (name) => {
      machine.evaluate(`suite.run(${JSON.stringify(name)}, ${runsFactor(name)})`);
    });
  });
}
