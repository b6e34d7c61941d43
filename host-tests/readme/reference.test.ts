import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { blocks, root } from "./pages.js";

function json<T>(path: string): T {
  return JSON.parse(readFileSync(join(root, path), "utf8")) as T;
}

test("every-module-of-the-package-is-in-the-API-reference", () => {
  const { exports } = json<{ exports: Record<string, unknown> }>("package.json");
  const { entryPoints } = json<{ entryPoints: string[] }>("typedoc.json");
  const documented = entryPoints.map((path) => {
    const text = readFileSync(join(root, path), "utf8");
    return /^ \* @module (\S+)$/m.exec(text)?.[1];
  });
  const modules = Object.keys(exports)
    .filter((name) => !name.endsWith(".json"))
    .map((name) => "xswim" + name.slice(1));
  expect(documented.sort()).toEqual(modules.sort());
});

test("the-README-begins-with-the-two-commands", () => {
  const [first] = blocks("README.md");
  const commands = first.text
    .trim()
    .split("\n")
    .map((line) => line.replace(/ *#.*/, ""));
  expect(commands).toEqual(["npm ci && npm start", "npm ci && npm test"]);
});
