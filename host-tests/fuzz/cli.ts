// The command line, built with the targets into one program whose sources count their branches. `main.ts` builds it and runs it.
import { mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError } from "commander";
import type { SiteList } from "./builder/build.js";
import { counters } from "./engine/counters.js";
import { Fuzzer } from "./engine/fuzzer.js";
import { readInputs, writeInputs } from "./engine/inputs.js";
import type { Target } from "./engine/target.js";
import { reportOf, tableOf, type Report } from "./report.js";
import { targets } from "./targets/index.js";

interface Flags {
  target?: string[];
  executions: number;
  seconds?: number;
  seed: number;
  json?: boolean;
  write?: boolean;
  blind?: boolean;
}

/** What was counted until all targets were made: no input has reached that. */
const before = counters.slice();
// The program stands in a folder of `build`.
const { sites } = JSON.parse(readFileSync(new URL("sites.json", import.meta.url), "utf8")) as SiteList;

function folder(name: string): string {
  return fileURLToPath(new URL("../../host-tests/fuzz/" + name + "/", import.meta.url));
}

function count(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new InvalidArgumentError("Expected a whole number.");
}

function flagsOf(): Flags {
  const program = new Command("fuzz")
    .description("Fuzzes the targets in host-tests/fuzz, guided by the coverage of branches.")
    .option("--target <name...>", "which; all of ours when left out")
    .option("--executions <count>", "how many, of each target", count, 100_000)
    .option("--seconds <count>", "how long at most, each target", count)
    .option("--seed <number>", "another seed makes other inputs", count, 1)
    .option("--json", "print the report as JSON")
    .option("--write", "keep what was of use in host-tests/fuzz/corpus, and what broke something in crashes")
    .option("--blind", "mutate only what there is at the beginning, to compare")
    .option("--native-copies", "as on devices, where the core looks at a copy of each datagram");
  const about = targets.map((target) => "  " + target.name.padEnd(10) + target.about);
  program.addHelpText("after", "\nTargets:\n" + about.join("\n"));
  return program.parse().opts<Flags>();
}

async function fuzz(target: Target, flags: Flags): Promise<Report> {
  const fuzzer = new Fuzzer(target, sites, flags.seed, flags.blind);
  const corpus = folder("corpus") + target.name + ".txt";
  const crashes = folder("crashes") + target.name + ".txt";
  const endMs = performance.now() + (flags.seconds ?? Infinity) * 1000;
  const begun = process.cpuUsage();
  await fuzzer.load([...target.seeds(), ...readInputs(corpus), ...readInputs(crashes)]);
  await fuzzer.fuzz(flags.executions, () => performance.now() > endMs);
  // Of a processor: how long it took besides depends on what else the machine does.
  const { user, system } = process.cpuUsage(begun);
  if (flags.write === true) {
    writeInputs(corpus, await fuzzer.minimised());
    if (fuzzer.crashes.length > 0) {
      mkdirSync(folder("crashes"), { recursive: true });
      writeInputs(crashes, [...readInputs(crashes), ...fuzzer.crashes.map(({ input }) => input)]);
    }
  }
  return reportOf(target, fuzzer, sites, before, (user + system) / 1e6);
}

const flags = flagsOf();
const reports: Report[] = [];
for (const target of targets) {
  if (flags.target === undefined ? target.name === "planted" : !flags.target.includes(target.name)) continue;
  const report = await fuzz(target, flags);
  reports.push(report);
  if (flags.json !== true) console.log(tableOf(report));
}
if (flags.json === true) console.log(JSON.stringify(reports, null, 2));
if (reports.some(({ crashes }) => crashes.length > 0)) process.exitCode = 1;
