// Prints, file by file, what came of the mutants in a report of Stryker, and those survivors that `equivalent.json` does not
// explain. Fails below 90 %, and where the table explains a mutant that a test kills or that there is no more.
//
//   node host-tests/mutation/score.mjs [REPORT…]
import { readFileSync } from "node:fs";
import Table from "cli-table3";

const LEAST_PERCENT = 90;
const LABELS = ["mutants", "killed", "timed out", "survived", "equivalent", "score"];

const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));
const explained = readJson(new URL("./equivalent.json", import.meta.url));
const reports = process.argv.length > 2 ? process.argv.slice(2) : ["build/mutation/report.json"];

/** The mutated text, the line that it begins in, and what it became: that outlives a change elsewhere in the file. */
function describe(source, { location: { start, end }, replacement }) {
  const lines = source.split("\n").slice(start.line - 1, end.line);
  const line = lines[0].trim();
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column - 1);
  lines[0] = lines[0].slice(start.column - 1);
  return { line, part: lines.join("\n"), becomes: replacement };
}

function judge(name, { source, mutants }) {
  const entries = (explained[name] ?? []).map((entry) => ({ ...entry, uses: 0, kills: 0 }));
  const row = { mutants: 0, killed: 0, timeouts: 0, survived: 0, equivalent: 0, left: [], stale: [] };
  for (const mutant of mutants) {
    if (mutant.status === "Ignored" || mutant.status.endsWith("Error")) continue;
    const what = describe(source, mutant);
    const entry = entries.find(
      ({ line, part, becomes }) =>
        line === what.line && part === what.part.slice(0, 80) && becomes === what.becomes.slice(0, 80),
    );
    row.mutants++;
    // On a busy machine a mutant that makes no difference may time out.
    if (entry !== undefined && mutant.status === "Killed") entry.kills++;
    if (mutant.status === "Killed") row.killed++;
    else if (mutant.status === "Timeout") row.timeouts++;
    else if (entry !== undefined) {
      row.equivalent++;
      entry.uses++;
    } else row.left.push({ ...what, at: mutant.location.start.line });
  }
  row.survived = row.left.length;
  // Some lines may not have been mutated this time.
  for (const entry of entries)
    if (entry.uses === 0 && (entry.kills > 0 || !source.includes(entry.line))) row.stale.push(entry);
  return row;
}

const percent = ({ mutants, killed, timeouts, equivalent }) =>
  mutants === equivalent ? 100 : (100 * (killed + timeouts)) / (mutants - equivalent);
const cells = (row) => [
  row.mutants,
  row.killed,
  row.timeouts,
  row.survived,
  row.equivalent,
  percent(row).toFixed(1),
];

const files = Object.assign({}, ...reports.map((report) => readJson(report).files));
const table = new Table({ head: ["file", ...LABELS], style: { head: [], border: [] } });
const all = { mutants: 0, killed: 0, timeouts: 0, survived: 0, equivalent: 0 };
const stale = [];
for (const name of Object.keys(files).sort()) {
  const row = judge(name, files[name]);
  if (row.mutants === 0) continue;
  for (const key of Object.keys(all)) all[key] += row[key];
  table.push([name, ...cells(row)]);
  stale.push(...row.stale.map((entry) => ({ name, ...entry })));
  for (const { at, part, becomes } of row.left) console.log(`${name}:${at} survives: ${part} -> ${becomes}`);
}
table.push(["all", ...cells(all)]);
console.log(table.toString());
for (const { name, line, part, becomes } of stale)
  console.log(`equivalent.json, ${name}: no survivor is ${part} -> ${becomes} in "${line}"`);
if (stale.length > 0 || percent(all) < LEAST_PERCENT) process.exitCode = 1;
