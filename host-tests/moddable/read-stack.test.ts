// A stack trace of a device's bundle, read back.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const TEXT = "send: the socket is not open";

function lineWith(file: string, text: string): number {
  const lines = readFileSync(join(root, file), "utf8").split("\n");
  return lines.findIndex((line) => line.includes(text)) + 1;
}

function read(trace: string): string {
  return execFileSync(process.execPath, [join(root, "scripts/read-stack.mjs")], {
    input: trace,
    encoding: "utf8",
  });
}

test("tells-the-line-of-the-sources", () => {
  const built = lineWith("dist/xs/xs.js", TEXT);
  const source = lineWith("platform/xs/driver.ts", TEXT);
  expect(read(`Error: ${TEXT}\n at send (xswim/xs.js:${built})\n`)).toBe(
    `Error: ${TEXT}\n at send (xswim/xs.js:${built}) [platform/xs/driver.ts:${source}]\n`,
  );
});

test("tells-what-a-short-name-stands-for", () => {
  const { properties } = JSON.parse(readFileSync(join(root, "dist/xs/names.json"), "utf8")) as {
    properties: Record<string, string>;
  };
  const [[now, before]] = Object.entries(properties);
  expect(read(` at ${now}\n`)).toMatch(new RegExp(`^ at ${now} \\[${before}( or \\w+)?\\]\\n$`));
});

test("leaves-the-lines-of-others-alone", () => {
  const trace = "Error: no\n at abs (main.js:3)\n at onReady (main.js:12)\nready\n";
  expect(read(trace)).toBe(trace);
});
