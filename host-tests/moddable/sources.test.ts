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
    [...modules, "xswim", "xswim/xs", "xswim/postcard", "xswim/metrics"].sort(),
  );
});

test("the-sensor-example-type-checks-with-the-typings-of-npm", { timeout: 60_000 }, () => {
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [compiler, "-p", "examples/esp32-sensor"], {
    cwd: root,
    encoding: "utf8",
  });
  expect(stdout).toBe("");
});
