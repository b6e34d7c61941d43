import { mkdirSync, writeFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { formatReport } from "../sim/report.js";
import { Samples } from "../sim/samples.js";
import { MEASUREMENTS } from "./measurements.js";
import { makeCase, type Measurement } from "./run.js";

interface Flags {
  nodes: number;
  room: number;
  seed: number;
  seeds: number;
  with: string[];
  json?: boolean;
}

const program = new Command("scale").description(
  "Measures clusters of up to 16,384 nodes in virtual time, and one node with 65,000 members. A run depends only on its seed. Each result is kept in build/scale.",
);
for (const measurement of MEASUREMENTS) {
  const pairs = Object.entries(measurement.parameters).map(([name, value]) => `${name}=${value}`);
  program
    .command(measurement.name)
    .description(measurement.about)
    .option("--nodes <count>", "how many", whole, 1024)
    .option("--room <members>", "members that a node has room for; for all when left out", whole, Infinity)
    .option("--seed <number>", "the first seed", whole, 1)
    .option("--seeds <count>", "how many seeds, one after another", whole, 1)
    .option("--with <name=value...>", `of this measurement: ${pairs.join(" ")}`, collect, [])
    .option("--json", "print figures for programs")
    .action((flags: Flags) => measure(measurement, flags));
}

function measure(measurement: Measurement, flags: Flags): void {
  const parameters = { ...measurement.parameters };
  for (const pair of flags.with) {
    const [name, value] = pair.split("=");
    if (!(name in parameters)) program.error(`--with: ${measurement.name} knows no ${name}`);
    parameters[name] = Number(value);
  }
  const samples = new Samples();
  const startMs = performance.now();
  let rssBytes = 0;
  for (let seed = flags.seed; seed < flags.seed + flags.seeds; seed++) {
    const given = makeCase(flags.nodes, seed, flags.room, parameters);
    measurement.run(given);
    samples.merge(given.samples.metrics);
    rssBytes = Math.max(rssBytes, process.resourceUsage().maxRSS * 1024);
  }
  const { nodes, seeds } = flags;
  const report = {
    scenario: measurement.name,
    nodes,
    ...(flags.room === Infinity ? {} : { room: flags.room }),
    seeds,
    violations: 0,
    metrics: samples.summary(),
  };
  const seconds = (performance.now() - startMs) / 1000;
  const text = JSON.stringify(report, null, 2) + "\n";
  mkdirSync("build/scale", { recursive: true });
  const room = flags.room === Infinity ? "" : `-${flags.room}`;
  writeFileSync(`build/scale/${measurement.name}-${nodes}${room}.json`, text);
  process.stdout.write(flags.json ? text : formatReport(report));
  process.stderr.write(`${seconds.toFixed(1)} s, ${(rssBytes / 2 ** 20).toFixed(0)} MB\n`);
}

function whole(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError("expected a whole number from 1 on");
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

program.parse();
