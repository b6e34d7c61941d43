// The tests of the suite at even places.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { declareSuite } from "./suite/run.js";
import { propertyModules } from "./suite/script.js";

test("has-the-properties-of-all-modules", async () => {
  const main = await readFile(join(import.meta.dirname, "suite/main.ts"), "utf8");
  for (const name of propertyModules()) expect(main).toContain(name.replace(/\.ts$/, ".js"));
});

declareSuite(0);
