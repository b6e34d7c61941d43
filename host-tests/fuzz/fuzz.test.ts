// The corpus again, and a little more of the same: `npm run fuzz` is the long form. And whether the fuzzer finds a defect.
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildFuzzer } from "./builder/build.js";
import { instrument } from "./builder/instrument.js";
import { Image } from "./engine/image.js";
import { readInputs } from "./engine/inputs.js";
import type { Report } from "./report.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const CORPUS = fileURLToPath(new URL("corpus/", import.meta.url));
/** A busy machine takes twenty times as long. */
const PATIENCE_MS = 300_000;
const run = promisify(execFile);

let folder: string;
let program: string;
beforeAll(async () => {
  folder = mkdtempSync(ROOT + "build/fuzz-test-");
  program = await buildFuzzer(folder);
}, PATIENCE_MS);
afterAll(() => rmSync(folder, { recursive: true }));

/** Fuzzes in a process of its own; returns the reports. */
async function fuzz(...options: string[]): Promise<Report[]> {
  const words = [program, "--json", ...options];
  // A crash is told by the exit code, and by the report.
  const { stdout } = await run(process.execPath, words, {
    cwd: ROOT,
    timeout: PATIENCE_MS,
    maxBuffer: 1 << 26,
  }).catch((error: { stdout: string }) => error);
  return JSON.parse(stdout) as Report[];
}

test("the-corpus-and-what-is-like-it-breaks-nothing", { timeout: PATIENCE_MS }, async () => {
  const reports = await fuzz("--executions", "1000");
  const names = readdirSync(CORPUS).map((name) => name.replace(".txt", ""));
  expect(reports.map(({ target }) => target).sort()).toEqual(names.sort());
  for (const { target, crashes, executions, functions, branches } of reports) {
    expect(crashes, target).toEqual([]);
    expect(executions).toBeGreaterThan(1000 + readInputs(CORPUS + target + ".txt").length);
    // A corpus that does not fit its target any more reaches little.
    expect(functions[0] / functions[1], target).toBeGreaterThan(0.5);
    expect(branches[0] / branches[1], target).toBeGreaterThan(0.5);
  }
});

test(
  "datagrams-break-nothing-where-the-core-copies-them-as-on-devices",
  { timeout: PATIENCE_MS },
  async () => {
    const [report] = await fuzz("--target", "datagrams", "--native-copies", "--executions", "1000");
    expect(report.crashes).toEqual([]);
  },
);

describe("the fuzzer itself", () => {
  test("finds-a-planted-defect-each-time-and-not-without-coverage", { timeout: PATIENCE_MS }, async () => {
    const options = ["--target", "planted", "--executions", "400000"];
    const [found] = await fuzz(...options);
    expect(found.crashes.map(({ key }) => key.split("\n")[0])).toEqual(["RangeError: the planted defect"]);
    const [again] = await fuzz(...options);
    expect({ ...again, seconds: 0, perSecond: 0 }).toEqual({ ...found, seconds: 0, perSecond: 0 });
    const [blind] = await fuzz(...options, "--blind");
    expect(blind.crashes).toEqual([]);
  });

  test("counts-branches-and-leaves-the-code-as-it-was", () => {
    const source = `
      const pick = (a: number, b?: number): number => a > 1 && b !== undefined ? a : (b ??= 3) || 0;
      function walk(list: readonly number[]): string {
        let text = "";
        for (const each of list) if (each > 2) text += "big"; else if (each === 2) text += "two";
        while (text.length < 3) text += ".";
        switch (text.length) { case 3: return text; default: try { JSON.parse("{"); } catch { return text + "!"; } }
        return "";
      }
      return [pick(1), pick(2, 0), pick(2), walk([]), walk([2, 3]), walk([3])].join();`;
    const { text, sites } = instrument("x.ts", source, 10);
    const plain = (of: string): string => ts.transpile(of, { target: ts.ScriptTarget.ES2022 });
    const counters = new Uint8Array(64);
    const counted = new Function("counters_", plain(text))(counters) as string;
    expect(counted).toBe(new Function(plain(source))());
    expect(text.split("\n").length).toBe(source.split("\n").length);
    // The 0 behind `||`, and what is neither 2 nor larger.
    const missed = sites.filter((_, i) => counters[10 + i] === 0);
    expect([sites.length, missed.map(({ line }) => line)]).toEqual([16, [2, 5]]);
  });

  test("sees-what-changed-anywhere-in-a-state-and-puts-it-back", () => {
    const part = { bytes: new Uint8Array(4), list: [1, 2], left: 0 };
    const root = { part, deep: { ratio: 0.5 } };
    const image = new Image([root], new Set(), new Set(["left"]));
    const changes: [() => unknown, string | undefined][] = [
      [() => (part.bytes[3] = 1), "root0.part.bytes"],
      [() => part.list.push(3), "root0.part.list"],
      [() => (root.deep.ratio = NaN), "root0.deep.ratio"],
      [() => (part.bytes = new Uint8Array(5)), "root0.part.bytes"],
      [() => (part.left = 7), undefined],
    ];
    for (const [change, path] of changes) {
      image.note();
      expect(image.changed(() => undefined)).toBeUndefined();
      change();
      expect(image.changed(() => undefined)).toBe(path);
      image.restore();
      expect(root).toEqual({
        part: { bytes: new Uint8Array(4), list: [1, 2], left: 0 },
        deep: { ratio: 0.5 },
      });
    }
  });
});
