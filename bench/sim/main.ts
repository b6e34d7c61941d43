import { availableParallelism } from "node:os";
import { buildFoca } from "./foca-crate.js";
import { makeProgram, replayOf, settingsOf, type Flags } from "./options.js";
import { runSeeds } from "./pool.js";
import { Progress } from "./progress.js";
import { formatReport, formatViolations, makeReport } from "./report.js";
import type { Settings } from "./settings.js";

/** Failing seeds whose violations are told one by one. */
const DETAILED = 3;

/** Runs what the command line says; the exit code is 1 when a checker complained. */
async function main(name: string, flags: Flags): Promise<void> {
  const settings = prepare(name, flags);
  const first = flags.seed;
  const count = flags.seeds;
  const progress = new Progress(process.stderr, count);
  const startMs = performance.now();
  const threads = flags.threads ?? availableParallelism();
  const outcomes = await runSeeds(settings, first, count, threads, progress);
  progress.clear();
  const report = makeReport(settings, outcomes);
  if (flags.json) process.stdout.write(JSON.stringify(report, null, 2) + "\n");
  else process.stdout.write(formatReport(report));
  const failed = outcomes.filter((outcome) => outcome.numViolations > 0);
  if (failed.length > 0) process.exitCode = 1;
  failed.forEach((outcome, index) => {
    const replay = replayOf(name, flags, outcome.seed);
    process.stderr.write(formatViolations(outcome, replay, index < DETAILED));
  });
  const seconds = (performance.now() - startMs) / 1000;
  const virtualS = outcomes.reduce((sum, outcome) => sum + outcome.virtualMs, 0) / 1000;
  const happened = outcomes.reduce((sum, outcome) => sum + outcome.happened, 0);
  process.stderr.write(
    `${virtualS.toFixed(0)} virtual seconds in ${seconds.toFixed(1)} s, ${(happened / seconds / 1000).toFixed(0)} thousand happenings a second\n`,
  );
}

/** What is to be run, once all that it takes is there; ends the program when it cannot be. */
function prepare(name: string, flags: Flags): Settings {
  try {
    const settings = settingsOf(name, flags);
    if (settings.foca > 0) buildFoca();
    return settings;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(2);
  }
}

await makeProgram(main).parseAsync();
