// A test runner for Stryker. It bundles the tests with the instrumented sources, and runs them one by one in its own
// process: a mutant costs milliseconds, where a start of vitest costs a second.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Script } from "node:vm";
import { commonTokens, declareClassPlugin, PluginKind, tokens } from "@stryker-mutator/api/plugin";
import { build } from "vite";
import { noted } from "./vitest-stand-in.mjs";

const STAND_IN = fileURLToPath(new URL("./vitest-stand-in.mjs", import.meta.url));
/** A test that takes this much longer than without a mutant never ends. */
const TIME_FACTOR = 20;
const LEAST_TIME_MS = 2000;
/** A mutant that a test comes to this much more often than without it never ends. */
const HIT_FACTOR = 100;
const LEAST_HITS = 200_000;

class Timeout extends Error {}

class InProcessRunner {
  static inject = tokens(commonTokens.options);
  /** By test id: milliseconds of the processor, and how often it comes to which mutant. */
  costs = {};
  tests = new Map();
  /** What killed lately kills again. */
  kills = new Map();
  loads = 0;
  isStale = false;

  constructor(options) {
    this.settings = { ...options.inProcess, without: new RegExp(options.inProcess.without) };
    // Of properties a part.
    process.env.FUZZ_RUNS ??= String(this.settings.fuzzRuns);
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    this.space = globalThis.__stryker__ ??= {};
    this.folder = join(process.cwd(), "host-tests/mutation");
    this.bundle = join(this.folder, `bundle-${process.pid}.mjs`);
    await this.makeBundle();
    this.costsFile = join(this.folder, "costs.json");
    if (existsSync(this.costsFile)) this.costs = JSON.parse(readFileSync(this.costsFile, "utf8"));
  }

  async makeBundle() {
    mkdirSync(this.folder, { recursive: true });
    const entry = join(this.folder, "entry.ts");
    const lines = [];
    this.settings.tests.forEach((file, i) => {
      const path = "./" + relative(this.folder, join(process.cwd(), file));
      lines.push(`import "begin:${i}";`, `import ${JSON.stringify(path)};`);
    });
    writeFileSync(entry, lines.join("\n"));
    const plugin = {
      name: "mutation-tests",
      enforce: "pre",
      resolveId: (id) => {
        if (id === "vitest") return { id: STAND_IN, external: "absolute" };
        return id.startsWith("begin:") ? "\0" + id : null;
      },
      load: (id) => {
        if (/\/core\/debug\.[jt]s$/.test(id)) return "export const DEBUG = true;";
        if (!id.startsWith("\0begin:")) return null;
        const file = this.settings.tests[Number(id.slice(7))];
        return `import { beginFile } from "vitest"; beginFile(${JSON.stringify(file)});`;
      },
    };
    await build({
      configFile: false,
      logLevel: "error",
      root: process.cwd(),
      plugins: [plugin],
      build: {
        ssr: entry,
        outDir: this.folder,
        emptyOutDir: false,
        minify: false,
        target: "node20",
        rollupOptions: {
          output: { entryFileNames: `bundle-${process.pid}.mjs`, codeSplitting: false },
          treeshake: false,
        },
      },
    });
  }

  async load() {
    noted.length = 0;
    this.space.currentTestId = undefined;
    await import(pathToFileURL(this.bundle).href + "?" + this.loads++);
    this.tests.clear();
    for (const test of noted) {
      let name = test.name;
      for (let i = 2; this.tests.has(name); i++) name = test.name + " again " + i;
      if (!this.settings.without.test(name)) this.tests.set(name, test);
    }
    this.isStale = false;
  }

  /** Runs one test; what it throws comes out of here. */
  async runTest(test, limitMs) {
    let timer;
    try {
      // A loop without end is broken off by the engine; a promise without end by the timer.
      globalThis.__runTest = test.run;
      let result;
      try {
        result = new Script("__runTest()").runInThisContext({ timeout: Math.ceil(limitMs) });
      } catch (error) {
        if (error?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") throw new Timeout();
        throw error;
      }
      if (typeof result?.then === "function") {
        const late = new Promise((_, reject) => {
          timer = setTimeout(() => reject(new Timeout()), limitMs);
        });
        await Promise.race([result, late]);
      }
    } finally {
      clearTimeout(timer);
      for (const cleanUp of test.cleanUps) cleanUp();
    }
  }

  async dryRun() {
    this.space.activeMutant = undefined;
    this.space.mutantCoverage = undefined;
    await this.load();
    const results = [];
    for (const [id, test] of this.tests) {
      this.space.currentTestId = id;
      const began = process.cpuUsage();
      let failure;
      try {
        await this.runTest(test, 300_000);
      } catch (error) {
        failure = error;
      }
      const used = process.cpuUsage(began);
      const timeSpentMs = (used.user + used.system) / 1000;
      this.space.currentTestId = undefined;
      const hits = this.space.mutantCoverage?.perTest[id] ?? {};
      this.costs[id] = { timeSpentMs, hits, breadth: Object.keys(hits).length };
      const what = { id, name: id, timeSpentMs, fileName: id.split(" > ")[0] };
      if (failure === undefined) results.push({ ...what, status: 0 });
      else results.push({ ...what, status: 1, failureMessage: String(failure?.stack ?? failure) });
    }
    writeFileSync(this.costsFile, JSON.stringify(this.costs));
    return { status: "complete", tests: results, mutantCoverage: this.space.mutantCoverage };
  }

  async mutantRun({ activeMutant, mutantActivation, testFilter, reloadEnvironment }, isAgain = false) {
    const id = activeMutant.id;
    this.space.hitCount = undefined;
    this.space.hitLimit = undefined;
    this.space.activeMutant = mutantActivation === "static" ? id : undefined;
    try {
      if (reloadEnvironment || this.isStale || this.tests.size === 0) await this.load();
    } catch (error) {
      this.isStale = true;
      return { status: "killed", failureMessage: String(error), killedBy: [], nrOfTests: 0 };
    }
    this.space.activeMutant = id;
    if (mutantActivation === "static") this.isStale = true;
    const ids = testFilter ?? [...this.tests.keys()];
    // First what is quick, comes by few mutants, and so has something to say of this one, and killed others.
    const rank = (test) => {
      const { timeSpentMs, breadth } = this.costs[test] ?? { timeSpentMs: 1, breadth: 1 };
      return (timeSpentMs * breadth) / (1 + (this.kills.get(test) ?? 0));
    };
    // Where only what is loaded comes by a mutant, all tests may notice it: first those that come by others of its file.
    const near = testFilter === undefined ? Array.from({ length: 81 }, (_, i) => Number(id) - 40 + i) : [];
    const nearness = (test) => near.filter((other) => this.costs[test]?.hits[other] > 0).length;
    const ordered = ids
      .filter((test) => this.tests.has(test))
      .map((test) => ({ test, nearness: nearness(test), rank: rank(test) }))
      .sort((a, b) => Math.sign(b.nearness) - Math.sign(a.nearness) || a.rank - b.rank)
      .map(({ test }) => test);
    let count = 0;
    let spentMs = 0;
    for (const name of ordered) {
      spentMs += this.costs[name]?.timeSpentMs ?? 0;
      if (spentMs > this.settings.budgetMs && count > 0) break;
      count++;
      const outcome = await this.judge(id, name);
      if (outcome === undefined) continue;
      this.space.activeMutant = undefined;
      if (!this.isStale && !isAgain && !(await this.passes(name))) {
        // What an earlier mutant left behind failed it.
        return this.mutantRun({ activeMutant, mutantActivation, testFilter, reloadEnvironment: true }, true);
      }
      this.kills.set(name, (this.kills.get(name) ?? 0) + 1);
      return { ...outcome, nrOfTests: count, killedBy: [name] };
    }
    this.space.activeMutant = undefined;
    return { status: "survived", nrOfTests: count };
  }

  /** Whether a test passes without a mutant, so that its failure was the mutant's doing. */
  async passes(name) {
    this.space.hitCount = undefined;
    this.space.hitLimit = undefined;
    try {
      await this.runTest(this.tests.get(name), 60_000);
    } catch {
      return false;
    }
    return true;
  }

  /** What a test says of the active mutant; undefined where it passes. */
  async judge(mutant, name) {
    const cost = this.costs[name] ?? { timeSpentMs: 1000, hits: {} };
    const limitMs = LEAST_TIME_MS + TIME_FACTOR * cost.timeSpentMs;
    this.space.hitCount = 0;
    this.space.hitLimit = LEAST_HITS + HIT_FACTOR * (cost.hits[mutant] ?? 0);
    try {
      await this.runTest(this.tests.get(name), limitMs);
    } catch (error) {
      if (error instanceof Timeout) {
        // It was broken off anywhere, so that the next mutant gets all anew.
        this.isStale = true;
        return { status: "timeout", reason: "ran longer than " + limitMs + " ms" };
      }
      if (this.space.hitCount <= this.space.hitLimit) {
        return { status: "killed", failureMessage: String(error?.message ?? error).slice(0, 300) };
      }
    }
    return this.space.hitCount > this.space.hitLimit
      ? { status: "timeout", reason: "hit " + this.space.hitCount + " times" }
      : undefined;
  }

  dispose() {}
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "in-process", InProcessRunner)];
