// npm run fuzz: fuzzes the targets, guided by coverage.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError } from "commander";
import { buildTargets } from "./build/build.js";
import { readInputs, writeInputs } from "./engine/inputs.js";
import { dictionaryOf, load } from "./built.js";
import { reportOf, tableOf, type Report } from "./report.js";

const corpusPath = (name: string): string =>
  fileURLToPath(new URL("corpus/" + name + ".txt", import.meta.url));
const crashPath = (name: string): string =>
  fileURLToPath(new URL("crashes/" + name + ".txt", import.meta.url));

interface Flags {
  target: string[];
  executions: number;
  seconds?: number;
  seed: number;
  json?: boolean;
  write?: boolean;
  blind?: boolean;
  built?: string;
  nativeCopies?: boolean;
}

const program = new Command("fuzz")
  .description("Fuzzes the targets in host-tests/fuzz, guided by the coverage of branches.")
  .option("--target <name...>", "which; all when left out", (name, all: string[]) => [...all, name], [])
  .option("--executions <count>", "how many, of each target", count, 100_000)
  .option("--seconds <count>", "how long at most, each target", count)
  .option("--seed <number>", "another seed makes other inputs", count, 1)
  .option("--json", "print the report as JSON")
  .option(
    "--write",
    "keep what was found of use in host-tests/fuzz/corpus, and what broke something in crashes",
  )
  .option("--blind", "mutate what there is at the beginning only, to compare")
  .option("--built <file>", "the targets as they were built before")
  .option("--native-copies", "as on devices, where the core looks at a copy of each datagram");
program.parse();
const flags = program.opts<Flags>();

function count(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new InvalidArgumentError("Expected a whole number.");
}

const path = flags.built ?? (await buildTargets());
if (flags.built === undefined) process.on("exit", () => rmSync(dirname(path), { recursive: true }));
const built = await load(path, flags.nativeCopies === true);
const reports: Report[] = [];
for (const target of built.targets) {
  if (flags.target.length > 0 ? !flags.target.includes(target.name) : target.name === "planted") continue;
  const fuzzer = new built.Fuzzer(
    target,
    built.sites.sites,
    target.usesWords === false ? [] : dictionaryOf(built.sites),
    flags.seed,
    flags.blind,
  );
  const beginMs = performance.now();
  const begun = process.cpuUsage();
  await fuzzer.load([
    ...target.seeds(),
    ...readInputs(corpusPath(target.name)),
    ...readInputs(crashPath(target.name)),
  ]);
  const endMs = beginMs + (flags.seconds ?? Infinity) * 1000;
  await fuzzer.fuzz(flags.executions, () => performance.now() > endMs);
  // Of a processor: how long it took besides depends on what else the machine does.
  const { user, system } = process.cpuUsage(begun);
  const seconds = (user + system) / 1e6;
  if (flags.write === true) {
    mkdirSync(new URL("corpus/", import.meta.url), { recursive: true });
    writeInputs(corpusPath(target.name), await fuzzer.minimised());
    if (fuzzer.crashes.length > 0) {
      mkdirSync(new URL("crashes/", import.meta.url), { recursive: true });
      writeFileSync(
        crashPath(target.name),
        fuzzer.crashes.map(({ key }) => "# " + key.split("\n")[0] + "\n").join(""),
        { flag: "a" },
      );
      writeInputs(crashPath(target.name), [
        ...readInputs(crashPath(target.name)),
        ...fuzzer.crashes.map(({ input }) => input),
      ]);
    }
  }
  const report = reportOf(target, fuzzer, built.sites, seconds);
  reports.push(report);
  if (flags.json !== true) console.log(tableOf(report));
}
if (flags.json === true) console.log(JSON.stringify(reports, null, 2));
if (reports.some(({ crashes }) => crashes.length > 0)) process.exitCode = 1;
