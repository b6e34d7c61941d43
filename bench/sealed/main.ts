// What seals cost on Node: each operation beside a Ping to a node without keys, in turns, in one run.
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { measure, percentile, type Budget } from "../measure.js";
import { OPERATIONS } from "./operations.js";
import { overSockets } from "./sockets.js";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    sockets: { type: "boolean", default: false },
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
  allocatedBytes: number | null;
}

const middle = (figures: readonly number[]): number => percentile([...figures], 50);

/** By operation, the nanoseconds and the allocated bytes of each round. */
function rowsOf(operations: ReadonlyMap<string, { ns: number[]; bytes: number[] }>): Row[] {
  const rows: Row[] = [];
  for (const [operation, { ns, bytes }] of operations) {
    const medianNs = Math.round(middle(ns));
    const toPlainPing = Number((medianNs / (rows[0]?.medianNs ?? medianNs)).toPrecision(3));
    const allocatedBytes = bytes.length === 0 ? null : Math.round(middle(bytes));
    rows.push({ operation, medianNs, toPlainPing, allocatedBytes });
  }
  return rows;
}

function ofTheCore(): Row[] {
  const samples = new Map<string, { ns: number[]; bytes: number[] }>();
  for (let round = 0; round < rounds; round++) {
    for (const build of OPERATIONS) {
      const operation = build();
      const figures = samples.get(operation.name) ?? { ns: [], bytes: [] };
      const { medianNs, allocatedBytes } = measure(operation, budget);
      figures.ns.push(medianNs);
      figures.bytes.push(allocatedBytes);
      samples.set(operation.name, figures);
    }
  }
  return rowsOf(samples);
}

async function ofSockets(): Promise<Row[]> {
  const figures = await overSockets(rounds, values.quick ? 1000 : 40_000);
  const rounded = new Map<string, { ns: number[]; bytes: number[] }>();
  for (const [name, us] of figures) rounded.set(name, { ns: us.map((n) => n * 1000), bytes: [] });
  return rowsOf(rounded);
}

const rows = values.sockets ? await ofSockets() : ofTheCore();
if (values.json) console.log(JSON.stringify(rows, null, 1));
else {
  const table = new Table({
    style: { head: [], border: [] },
    head: ["operation", "median", "to a plain Ping", "allocated"],
    colAligns: ["left", "right", "right", "right"],
  });
  for (const { operation, medianNs, toPlainPing, allocatedBytes } of rows)
    table.push([
      operation,
      medianNs + " ns",
      toPlainPing,
      allocatedBytes === null ? "" : allocatedBytes + " B",
    ]);
  console.log(table.toString());
}
