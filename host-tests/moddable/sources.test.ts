// What an app of TypeScript meets, as far as it can be checked without the SDK.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

// mcconfig preloads a TypeScript module only when it is named.
test("the-manifest-of-the-sources-preloads-every-module", () => {
  const text = readFileSync(join(root, "platform/xs/sources/manifest.json"), "utf8");
  const { preload } = JSON.parse(text) as { preload: string[] };
  const modules = ["core", "platform/shared", "platform/xs"].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(".ts"))
      .map((name) => `xswim/${folder}/${name.slice(0, -".ts".length)}`),
  );
  expect([...preload].sort()).toEqual(
    [...modules, "xswim", "xswim/xs", "xswim/postcard", "xswim/metrics", "xswim/schema"].sort(),
  );
});

test.each(["examples/esp32-sensor", "examples/esp32-sensor/napping"])(
  "type-checks-with-the-typings-of-npm: %s",
  { timeout: 60_000 },
  (folder) => {
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    const run = spawnSync(process.execPath, [compiler, "-p", folder], { cwd: root, encoding: "utf8" });
    expect(run.stdout).toBe("");
  },
);
