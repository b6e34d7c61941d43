import { Command, InvalidArgumentError, Option } from "commander";
import { DEFECT_NAMES, type DefectName } from "./defects.js";
import { hasCargo } from "../sim/foca-crate.js";
import { explore } from "./explore.js";
import { SCENARIOS } from "./scenarios.js";
import type { Findings } from "./space.js";

interface Flags {
  seconds: number;
  states: number;
  threads: number;
  suffixEvery: number;
  violations: number;
  scenario: string[];
  defect?: DefectName;
  json?: boolean;
}

const program = new Command("explore")
  .description(
    "Takes a few nodes through every order of deliver, drop, duplicate, timer, crash and restart, breadth first, and " +
      "checks every step, every moment, and from some moments on that all agree once the faults have ended.",
  )
  .option("--seconds <n>", "how long, for all scenarios together", number, 600)
  .option("--states <n>", "moments of a scenario at most", number, Infinity)
  .option("--threads <n>", "processors to use", number, 2)
  .option("--suffix-every <n>", "follow one moment in so many to the end of its faults", number, 400)
  .option("--violations <n>", "stop a scenario after so many broken rules", number, 20)
  .addOption(
    new Option("--scenario <name...>", "only these")
      .choices(SCENARIOS.map(({ name }) => name))
      .default(SCENARIOS.map(({ name }) => name)),
  )
  .addOption(new Option("--defect <name>", "take this mend out of the core again").choices(DEFECT_NAMES))
  .option("--json", "print one object: { states, depth, violations, … }")
  .addHelpText(
    "after",
    "\nScenarios:\n" + SCENARIOS.map(({ name, about }) => "  " + name.padEnd(12) + about).join("\n"),
  );

function number(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("expected a number above 0.");
  return value;
}

/** All findings as one. */
function summary(findings: readonly Findings[]): object {
  const sum = (of: (each: Findings) => number): number =>
    findings.reduce((total, each) => total + of(each), 0);
  return {
    states: sum(({ states }) => states),
    depth: Math.min(...findings.map(({ depth, isWhole }) => (isWhole ? Infinity : depth))),
    violations: findings.flatMap(({ violations }) => violations),
    transitions: sum(({ transitions }) => transitions),
    suffixes: sum(({ suffixes }) => suffixes),
    slowestMs: Math.max(...findings.map(({ slowestMs }) => slowestMs)),
    scenarios: findings.map(({ violations, ...rest }) => ({ ...rest, violations: violations.length })),
  };
}

function print(findings: readonly Findings[]): void {
  for (const each of findings) {
    const { scenario, states, depth, isWhole, transitions, suffixes, slowestMs, violations } = each;
    const reach = isWhole ? "all of it" : "depth " + depth;
    console.log(
      `${scenario.padEnd(10)} ${states} states, ${reach}, ${transitions} transitions, ${each.locals} states of a host, ` +
        `${suffixes} times to the end of the faults (agreed after ${(slowestMs / 1000).toFixed(1)} s at most), ` +
        `${violations.length} violations`,
    );
    for (const { rule, trace } of violations)
      console.log(["  " + rule, ...trace.map((line) => "    " + line)].join("\n"));
  }
}

program.parse();
const flags = program.opts<Flags>();
if (flags.scenario.includes("foca") && !hasCargo()) {
  console.error("skipped foca: it is built by cargo, which is not here: install Rust");
  flags.scenario = flags.scenario.filter((name) => name !== "foca");
}
const threads = Math.min(flags.threads, flags.scenario.length);
const seconds = (flags.seconds * threads) / flags.scenario.length;
const tasks = flags.scenario.map((scenario) => ({
  scenario,
  limits: { seconds, states: flags.states, suffixEvery: flags.suffixEvery, violations: flags.violations },
  defect: flags.defect,
}));
const findings = await explore(tasks, threads);
if (flags.json === true) console.log(JSON.stringify(summary(findings), null, 2));
else print(findings);
process.exitCode = findings.some(({ violations }) => violations.length > 0) ? 1 : 0;
