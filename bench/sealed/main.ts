// What seals cost on Node: each operation beside a Ping to a node without keys, in turns, in one run.
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { measure, percentile, type Budget, type Sample } from "../measure.js";
import { OPERATIONS } from "./operations.js";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const rounds = values.quick ? 1 : Number(values.rounds);
const budget: Budget = values.quick ? { warmUpMs: 5, budgetMs: 5 } : { warmUpMs: 300, budgetMs: 200 };

interface Row {
  operation: string;
  medianNs: number;
  toPlainPing: number;
  allocatedBytes: number;
}

function rowsOf(samples: ReadonlyMap<string, Sample[]>): Row[] {
  const rows: Row[] = [];
  let plainNs = NaN;
  for (const [operation, ofRounds] of samples) {
    const middle = (figure: keyof Sample): number =>
      percentile(
        ofRounds.map((sample) => sample[figure]),
        50,
      );
    const medianNs = Math.round(middle("medianNs"));
    if (rows.length === 0) plainNs = medianNs;
    const toPlainPing = Number((medianNs / plainNs).toPrecision(3));
    rows.push({ operation, medianNs, toPlainPing, allocatedBytes: Math.round(middle("allocatedBytes")) });
  }
  return rows;
}

const samples = new Map<string, Sample[]>();
for (let round = 0; round < rounds; round++) {
  for (const build of OPERATIONS) {
    const operation = build();
    const before = samples.get(operation.name) ?? [];
    samples.set(operation.name, [...before, measure(operation, budget)]);
  }
}
const rows = rowsOf(samples);
if (values.json) console.log(JSON.stringify(rows, null, 1));
else {
  const table = new Table({
    style: { head: [], border: [] },
    head: ["operation", "median", "to a plain Ping", "allocated"],
    colAligns: ["left", "right", "right", "right"],
  });
  for (const row of rows)
    table.push([row.operation, row.medianNs + " ns", row.toPlainPing, row.allocatedBytes + " B"]);
  console.log(table.toString());
}
