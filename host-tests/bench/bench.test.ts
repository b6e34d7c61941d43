import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Growth, Ratio, Result } from "../../bench/results.js";

// What the benchmark prints, not how fast anything is.

interface Report {
  results: Result[];
  ratios: Ratio[];
  growth: Growth[];
  skipped: { peer: string; reason: string }[];
}

const root = fileURLToPath(new URL("../../", import.meta.url));
const run = promisify(execFile);
const MINUTE_MS = 60_000;
const TIMED = ["handlePing", "handlePingFullQueue", "probeCycle", "gossip20Known", "gossip20New"];
const MEMORY = ["memoryQueueEmpty", "memoryQueueFull"];

let out: string;
let report: Report;

/** Runs the benchmark where no cargo is found, so that foca is not there. */
async function bench(...options: string[]): Promise<string> {
  const env = { ...process.env, PATH: out };
  const main = [join(root, "build/bench/bench/main.js"), "--quick", ...options];
  const { stdout } = await run(process.execPath, main, { cwd: root, env, timeout: MINUTE_MS });
  return stdout;
}

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), "xswim-bench-"));
  const rollup = join(root, "node_modules/rollup/dist/bin/rollup");
  const config = ["-c", "bench/rollup.config.mjs", "--silent"];
  await run(process.execPath, [rollup, ...config], { cwd: root, timeout: MINUTE_MS });
  report = JSON.parse(await bench("--json")) as Report;
}, 3 * MINUTE_MS);

afterAll(() => rm(out, { recursive: true }));

test("measures-a-release-not-a-debug-build", async () => {
  const swim = await readFile(join(root, "build/bench/core/swim.js"), "utf8");
  expect(swim).toContain("class Swim");
  expect(swim).not.toMatch(/invariant|\bDEBUG\b/i);
});

describe("npm run bench -- --quick --json", () => {
  test("names-a-peer-that-is-not-there-as-skipped", () => {
    expect(report.skipped).toEqual([{ peer: "foca", reason: "cargo does not start: install Rust" }]);
    expect(report.results.map((result) => result.peer)).not.toContain("foca");
  });

  test.each(["xswim", "swim"])("times-every-operation-of-%s-and-its-memory", (peer) => {
    const own = peer === "xswim" ? ["feed", "applyMany"] : [];
    const results = report.results.filter((result) => result.peer === peer);
    expect(results.map((result) => result.operation)).toEqual([...TIMED, ...own, ...MEMORY]);
    for (const result of results) {
      const isMemory = MEMORY.includes(result.operation);
      expect(result.members).toBe(16);
      expect(typeof result.medianNs).toBe(isMemory ? "object" : "number");
      expect(typeof result.bytesPerMember).toBe(isMemory ? "number" : "object");
      expect(result.roundsNs).toHaveLength(isMemory ? 0 : 1);
    }
  });

  test("gives-a-ratio-for-everything-that-both-peers-do", () => {
    expect(report.ratios.map((ratio) => ratio.operation)).toEqual([...TIMED, ...MEMORY]);
    for (const ratio of report.ratios) {
      expect(ratio).toMatchObject({ members: 16, of: "xswim", to: "swim" });
      expect(typeof ratio.ratio).toBe("number");
    }
  });
});

describe("npm run bench -- --quick", () => {
  test("prints-a-table-for-people", async () => {
    const table = await bench("--peers", "xswim,foca");
    expect(table).toMatch(/operation +│ members │ +xswim/);
    expect(table).toMatch(/gossip20Known +│ +16 │/);
    expect(table).toContain("skipped foca: cargo does not start: install Rust");
  });
});

describe("npm run bench:sealed -- --quick --json", () => {
  const names = ["plain Ping, answered", "sealed Ping, answered"];
  const refusals = ["refused: forged", "refused: replayed", "refused: plain"];

  async function sealed(...options: string[]): Promise<Record<string, unknown>[]> {
    const main = [
      "--expose-gc",
      join(root, "build/bench/bench/sealed/main.js"),
      "--quick",
      "--json",
      ...options,
    ];
    const { stdout } = await run(process.execPath, main, { cwd: root, timeout: MINUTE_MS });
    return JSON.parse(stdout) as Record<string, unknown>[];
  }

  test.each([
    ["the core", [], [...names, ...refusals]],
    ["sockets", ["--sockets"], [...names, ...refusals]],
  ])("compares-what-is-sealed-and-refused-with-a-plain-ping: %s", async (_of, options, expected) => {
    const rows = await sealed(...options);
    expect(rows.map((row) => row["operation"]).slice(0, 5)).toEqual(expected);
    expect(rows[0]["toPlainPing"]).toBe(1);
    for (const row of rows) expect(row["medianNs"]).toBeGreaterThan(0);
  });
});
