import { parseArgs } from "node:util";
import { collectGarbage, heapBytes, measure, percentile, type Budget, type Operation } from "../measure.js";

/** What a peer's process is told, in the same words as the Rust bench. */
export interface PeerArguments extends Budget {
  readonly members: readonly number[];
}

export function peerArguments(): PeerArguments {
  const { values } = parseArgs({
    options: {
      members: { type: "string", default: "16,128,1024,8192" },
      "warm-up-ms": { type: "string", default: "300" },
      "budget-ms": { type: "string", default: "400" },
    },
  });
  return {
    members: values.members.split(",").map(Number),
    warmUpMs: Number(values["warm-up-ms"]),
    budgetMs: Number(values["budget-ms"]),
  };
}

/** Prints one result as a line of JSON. */
export function print(line: Record<string, unknown>): void {
  process.stdout.write(JSON.stringify(line) + "\n");
}

/** Measures one operation and returns its line. */
export function lineOf(peer: string, operation: Operation, members: number, budget: Budget) {
  const sample = measure(operation, budget);
  const bytes = Math.round(sample.allocatedBytes * 10) / 10;
  // Bytes are what V8 tells; that there were no allocations is all that follows from them.
  return {
    peer,
    operation: operation.name,
    members,
    medianNs: Math.round(sample.medianNs * 10) / 10,
    p90Ns: Math.round(sample.p90Ns * 10) / 10,
    allocations: bytes === 0 ? 0 : null,
    allocatedBytes: bytes,
  };
}

/** Enough nodes that the collector's own noise is small beside them. */
const NODES = 1024;
const FOOTPRINTS = 5;

/** Heap bytes that `members` members add to a node without any, divided by `members`. */
export function bytesPerMember(members: number, build: (known: number) => unknown): number {
  const nodes = Math.min(NODES, Math.max(4, Math.ceil(32768 / members)));
  const footprint = (known: number): number => {
    const kept: unknown[] = [];
    settle();
    const before = heapBytes();
    for (let i = 0; i < nodes; i++) kept.push(build(known));
    settle();
    return (heapBytes() - before) / kept.length;
  };
  const differences = Array.from({ length: FOOTPRINTS }, () => footprint(members) - footprint(0));
  return Math.round((percentile(differences, 50) / members) * 10) / 10;
}

/** Collects until code that was not used lately is gone as well. */
function settle(): void {
  for (let i = 0; i < 3; i++) collectGarbage();
}
