// No module imports itself by way of others. Imports of types count too: they tie modules together as well.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { preProcessFile } from "typescript";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
/** The folders without circles. */
const FOLDERS = ["core", "platform", "agent", "bench"];

/** What each module imports by a path, types included; by paths from the root. */
type Imports = ReadonlyMap<string, readonly string[]>;

function importsOf(file: string, text: string): string[] {
  const names = preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
  const paths = names.filter((name) => name.startsWith("."));
  return paths.map((path) => posix.join(dirname(file), path).replace(/\.js$/, ".ts"));
}

function importsBelow(folder: string): Imports {
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  const files = names
    .filter((name) => name.endsWith(".ts") && !name.includes("node_modules"))
    .map((name) => posix.join(folder, name.replaceAll("\\", "/")));
  return new Map(files.map((file) => [file, importsOf(file, readFileSync(join(ROOT, file), "utf8"))]));
}

/** One circle for each place where a way through the imports comes back to where it has been. */
function circles(imports: Imports): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const way: string[] = [];
  const follow = (file: string): void => {
    if (way.includes(file)) found.push([...way.slice(way.indexOf(file)), file].join(" → "));
    if (done.has(file) || way.includes(file)) return;
    way.push(file);
    for (const next of imports.get(file) ?? []) follow(next);
    way.pop();
    done.add(file);
  };
  for (const file of imports.keys()) follow(file);
  return found;
}

describe("imports", () => {
  test.each(FOLDERS.filter((folder) => existsSync(join(ROOT, folder))))("make-no-circle-in: %s", (folder) => {
    const imports = importsBelow(folder);
    expect(imports.size).toBeGreaterThan(0);
    expect(circles(imports)).toEqual([]);
  });

  test("of-types-and-of-what-is-handed-on-are-found", () => {
    const text = `
      import type { B } from "./b.js";
      import { type C } from "../c.js";
      export { d } from "./deep/d.js";
      export type E = import("./e.js").E;
      import "./f.js";
      import { g } from "node:fs";
      // import { h } from "./h.js";
    `;
    const expected = ["x/b.ts", "c.ts", "x/deep/d.ts", "x/e.ts", "x/f.ts"];
    expect(importsOf("x/a.ts", text).sort()).toEqual(expected.sort());
  });

  test("that-come-back-are-named-in-their-order", () => {
    const imports = new Map([
      ["a.ts", ["b.ts", "d.ts"]],
      ["b.ts", ["c.ts"]],
      ["c.ts", ["b.ts", "d.ts"]],
      ["d.ts", []],
    ]);
    expect(circles(imports)).toEqual(["b.ts → c.ts → b.ts"]);
  });
});
