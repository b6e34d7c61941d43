import type { Site } from "./builder/instrument.js";
import type { Fuzzer } from "./engine/fuzzer.js";
import type { Target } from "./engine/target.js";

interface FileCoverage {
  readonly file: string;
  readonly functions: readonly [met: number, all: number];
  readonly branches: readonly [met: number, all: number];
  /** The lines of branches that were not met. */
  readonly missed: readonly number[];
}

/** What came of fuzzing a target. */
export interface Report {
  readonly target: string;
  readonly executions: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly tally: Readonly<Record<string, number>>;
  readonly corpus: number;
  readonly crashes: readonly { readonly key: string; readonly input: string; readonly stack: string }[];
  readonly functions: readonly [met: number, all: number];
  readonly branches: readonly [met: number, all: number];
  readonly files: readonly FileCoverage[];
}

/**
 * Sums up.
 * @param before the counters when fuzzing began: what was passed until then, and not since, is left out
 */
export function reportOf(
  target: Target,
  fuzzer: Fuzzer,
  sites: readonly Site[],
  before: Uint8Array,
  seconds: number,
): Report {
  const files = new Map<
    string,
    { functions: [number, number]; branches: [number, number]; missed: number[] }
  >();
  sites.forEach(({ file, line, kind }, i) => {
    if (!target.covers.some((covered) => file.startsWith(covered))) return;
    if (before[i] !== 0 && fuzzer.met[i] === 0) return;
    let found = files.get(file);
    if (found === undefined) files.set(file, (found = { functions: [0, 0], branches: [0, 0], missed: [] }));
    const counts = kind === "function" ? found.functions : found.branches;
    counts[1]++;
    if (fuzzer.met[i] !== 0) counts[0]++;
    else found.missed.push(line);
  });
  // A file of which nothing was met is no part of what is fuzzed.
  const covered = [...files]
    .map(([file, found]) => ({ file, ...found, missed: [...new Set(found.missed)] }))
    .filter(({ functions, branches }) => functions[0] + branches[0] > 0);
  const sum = (of: "functions" | "branches"): [number, number] => [
    covered.reduce((all, file) => all + file[of][0], 0),
    covered.reduce((all, file) => all + file[of][1], 0),
  ];
  return {
    target: target.name,
    executions: fuzzer.executions,
    seconds: Math.round(seconds * 10) / 10,
    perSecond: Math.round(fuzzer.executions / seconds),
    tally: { ...target.tally },
    corpus: fuzzer.corpus.length,
    crashes: fuzzer.crashes.map(({ key, input, stack }) => ({
      key,
      input: input.map((record) => Buffer.from(record).toString("hex")).join(" "),
      stack,
    })),
    functions: sum("functions"),
    branches: sum("branches"),
    files: covered,
  };
}

/** The report as text. */
export function tableOf(report: Report): string {
  const { target, executions, seconds, perSecond, corpus, crashes, functions, branches } = report;
  const tally = Object.entries(report.tally).map(([name, count]) => `, ${count} ${name}`);
  const lines = [
    `${target}: ${executions} executions${tally.join("")} in ${seconds} s (${perSecond}/s), ${corpus} inputs of use, ` +
      `${functions.join(" of ")} functions, ${branches.join(" of ")} branches, ${crashes.length} crashes`,
  ];
  for (const { key, input, stack } of crashes) lines.push("  " + key, "    " + input, stack);
  return lines.join("\n");
}
