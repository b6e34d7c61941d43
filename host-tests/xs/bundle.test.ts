import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bundle } from "./bundle.js";
import { subjectScript } from "../footprint/measurement.js";
import { XsWorker } from "./engine.js";
import { buildTimeoutMs, lanes } from "./lanes.js";

const fixtures = join(import.meta.dirname, "fixtures");

test("refuses-an-import-that-is-not-a-file-of-the-project", async () => {
  await expect(bundle(join(fixtures, "imports-node.ts"), "anything")).rejects.toThrow(/node:os/);
});

test("only-a-debug-build-has-the-invariants", async () => {
  const core = join(import.meta.dirname, "../../core/index.ts");
  const externals = ["timer", "time", "net", "embedded:io/socket/udp"];
  const device = join(import.meta.dirname, "../../platform/xs/swim-node.ts");
  const releases = [bundle(core, "core"), bundle(device, "device", { externals }), subjectScript()];
  for (const script of await Promise.all(releases)) expect(script).not.toMatch(/invariant|\bDEBUG\b/i);
  const debug = await bundle(core, "core", { isDebugBuild: true });
  expect(debug).toContain("Broken invariant: ");
});

for (const { engine, title, missing } of lanes("x64", "ia32", "rv32")) {
  describe.skipIf(missing)(title, { timeout: buildTimeoutMs }, () => {
    test("runs-bundled-typescript-modules", async () => {
      const worker = await XsWorker.start(engine);
      try {
        await worker.load(await bundle(join(fixtures, "bundled.ts"), "bundled"));
        const { text } = await worker.evaluate(
          "new bundled.Digest('Wikipedia').value.toString(16) + bundled.Digest.made",
        );
        expect(text).toBe("11e603981");
      } finally {
        await worker.close();
      }
    });
  });
}
