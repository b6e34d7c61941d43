// The manifest for apps that are built from the sources names every module of them: mcconfig preloads what is named only.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

test("the-manifest-of-the-sources-preloads-every-module", () => {
  const text = readFileSync(join(root, "platform/xs/sources/manifest.json"), "utf8");
  const { preload } = JSON.parse(text) as { preload: string[] };
  const modules = ["core", "platform/shared", "platform/xs"].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(".ts"))
      .map((name) => `xswim/${folder}/${name.slice(0, -".ts".length)}`),
  );
  expect([...preload].sort()).toEqual([...modules, "xswim/xs"].sort());
});
