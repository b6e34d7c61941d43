// The behaviours and the properties that vitest runs on Node, run inside XS, by the same names.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Engine, buildEngine } from "./build.js";
import { XsWorker } from "./engine.js";
import { buildTimeoutMs, lanes } from "./lanes.js";
import { environment, propertyModules, suiteNames, suiteScript } from "./suite/script.js";

const script = await suiteScript();
const names = suiteNames(script);

/** Runs of a property, in parts of those on Node: enough that every end of a datagram is met. */
const runsFactors: Record<Engine, number> = { x64: 0.3, ia32: 0.3, rv32: 0.15 };
/** Long ones have enough with less. */
function runsFactor(engine: Engine, name: string): number {
  const isLong = /long-histories|^the round of probes|^a runtime that throws/.test(name);
  if (isLong) return engine === "rv32" ? 0.01 : 0.05;
  if (name.includes("raw-bytes") && engine === "rv32") return 0.02;
  return runsFactors[engine];
}
/** What an engine is given: fifty nodes are too many for an emulator. */
function namesFor(engine: Engine): string[] {
  return engine === "rv32" ? names.filter((name) => !name.startsWith("cluster > 50-nodes")) : names;
}

/** An emulator takes a minute for what a processor does in a second. */
const testTimeoutMs = 400_000;

test("has-the-properties-of-all-modules", async () => {
  const main = await readFile(join(import.meta.dirname, "suite/main.ts"), "utf8");
  for (const name of propertyModules()) expect(main).toContain(name.replace(/\.ts$/, ".js"));
});

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

    test.each(namesFor(engine))("%s", async (name) => {
      await worker.evaluate(`suite.run(${JSON.stringify(name)}, ${runsFactor(engine, name)})`);
    });
  });
}
