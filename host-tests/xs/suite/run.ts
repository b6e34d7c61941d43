// The behaviours and the properties that vitest runs on Node, run inside XS, by the same names, in two files: an emulator
// takes long for them, and there are two processors.
import { afterAll, beforeAll, describe, test } from "vitest";
import { type Engine, buildEngine } from "../build.js";
import { XsWorker } from "../engine.js";
import { buildTimeoutMs, lanes } from "../lanes.js";
import { hasEnoughWithFewerRuns, isLong } from "./effort.js";
import { environment, suiteNames, suiteScript } from "./script.js";

const script = await suiteScript();
const names = suiteNames(script);

/** Runs of a property, in parts of those on Node: enough that every end of a datagram is met. */
const runsFactors: Record<Engine, number> = { x64: 0.3, ia32: 0.3, rv32: 0.15 };
function runsFactor(engine: Engine, name: string): number {
  if (hasEnoughWithFewerRuns(name)) return engine === "rv32" ? 0.01 : 0.05;
  if (name.includes("raw-bytes") && engine === "rv32") return 0.01;
  if (name.includes("talk-that-is-partly-broken") && engine === "rv32") return 0.05;
  return runsFactors[engine];
}
function namesFor(engine: Engine): string[] {
  return engine === "rv32" ? names.filter((name) => !isLong(name)) : names;
}

/** An emulator takes a minute for what a processor does in a second. */
const testTimeoutMs = 400_000;

/** Declares the tests of one of the two files. */
export function declareSuite(file: 0 | 1): void {
  for (const { engine, title, missing } of lanes("x64", "ia32", "rv32")) {
    describe.skipIf(missing)(title, { timeout: testTimeoutMs }, () => {
      let worker: XsWorker;

      beforeAll(async () => {
        await buildEngine(engine);
        worker = await XsWorker.start(engine, { callTimeoutMs: testTimeoutMs });
        await worker.evaluate(environment);
        await worker.load(script);
      }, buildTimeoutMs);

      afterAll(() => worker.close());

      test.each(namesFor(engine).filter((_, index) => index % 2 === file))("%s", async (name) => {
        await worker.evaluate(`suite.run(${JSON.stringify(name)}, ${runsFactor(engine, name)})`);
      });
    });
  }
}
