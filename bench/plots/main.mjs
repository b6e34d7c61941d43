// Runs the simulator and the benchmark, keeps what they say in docs/plots/data/, and makes docs/plots/*.svg and the
// tables of docs/MEASUREMENTS.md and docs/SCALE.md from it.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { CHARTS } from "./charts.mjs";
import { pathOf, read } from "./data.mjs";
import { draw } from "./draw.mjs";
import { RUNS } from "./runs.mjs";
import { fill } from "./tables.mjs";

const USAGE = `npm run plots -- [--draw] [--missing] [--only PREFIX]
  --draw         run nothing, draw from what docs/plots/data/ holds
  --missing      run only what docs/plots/data/ does not hold
  --only PREFIX  run only what begins with it: kill-, bench, stall-; or with one of several: --only kill-,stall-
`;

const { values } = parseArgs({
  options: {
    draw: { type: "boolean" },
    missing: { type: "boolean" },
    only: { type: "string", default: "" },
    help: { type: "boolean" },
  },
});

/** How each is built, and what is then run. */
const PROGRAMS = {
  sim: ["bench/sim/rollup.config.mjs", "build/sim/bench/sim/main.js"],
  bench: ["bench/rollup.config.mjs", "build/bench/bench/main.js"],
  scale: ["bench/scale/rollup.config.mjs", "build/scale-program/bench/scale/main.js"],
};
const FLAGS = { scale: ["--expose-gc", "--max-old-space-size=6144"] };
const built = new Set();

/** The program behind `npm run NAME`, which is built once. */
function programOf(name) {
  const [config, program] = PROGRAMS[name];
  if (!built.has(name)) {
    execFileSync("npx", ["rollup", "-c", config, "--silent"], { stdio: ["ignore", "ignore", "inherit"] });
    built.add(name);
  }
  return program;
}

/** The simulator exits with 1 when a checker complained; what it measured counts all the same. */
function outputOf(words) {
  const options = { encoding: "utf8", maxBuffer: 1 << 26, stdio: ["ignore", "pipe", "inherit"] };
  try {
    return execFileSync(process.execPath, words, options);
  } catch (error) {
    if (error.status === 1 && error.stdout) return error.stdout;
    throw error;
  }
}

/** Runs `npm run NAME -- WORDS` with `--json`, and keeps its command, wall time and output. */
function run({ name, command }) {
  process.stderr.write(`${name}: ${command}\n`);
  const [, , script, , ...words] = command.split(" ");
  const program = programOf(script);
  const startMs = performance.now();
  const output = outputOf([...(FLAGS[script] ?? []), program, ...words, "--json"]);
  const wallS = Math.round((performance.now() - startMs) / 100) / 10;
  writeFileSync(pathOf(name), JSON.stringify({ command, wallS, report: JSON.parse(output) }, null, 1) + "\n");
}

if (values.help) process.stdout.write(USAGE);
else {
  mkdirSync(new URL("../../docs/plots/data/", import.meta.url), { recursive: true });
  for (const each of values.draw ? [] : RUNS) {
    if (!values.only.split(",").some((prefix) => each.name.startsWith(prefix))) continue;
    if (values.missing && existsSync(pathOf(each.name))) continue;
    try {
      run(each);
    } catch (error) {
      process.stderr.write(`${each.name}: ${error.message}\n`);
      process.exitCode = 1;
    }
  }
  for (const [name, specOf] of Object.entries(CHARTS)) await draw(name, specOf(read));
  for (const name of ["MEASUREMENTS", "SCALE"]) {
    const page = new URL(`../../docs/${name}.md`, import.meta.url);
    writeFileSync(page, fill(readFileSync(page, "utf8"), read));
  }
}
