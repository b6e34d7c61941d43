import { percentile } from "./measure.js";
import type { Line } from "./peers.js";

/** One operation of one peer at one number of members: medians over the rounds. */
export interface Result {
  readonly peer: string;
  readonly operation: string;
  readonly members: number;
  readonly medianNs: number | null;
  /** Calls of the allocator an operation. V8 does not tell their number: null, or 0 when it allocated no byte. */
  readonly allocations: number | null;
  readonly allocatedBytes: number | null;
  readonly bytesPerMember: number | null;
  /** Of `probeCycle`: the slowest place in a round through all members. */
  readonly worstNs: number | null;
  /** The median of each round, in order. */
  readonly roundsNs: readonly number[];
}

/** What one peer takes for what another takes 1 for. */
export interface Ratio {
  readonly operation: string;
  readonly members: number;
  readonly of: string;
  readonly to: string;
  readonly ratio: number;
}

/** What a peer takes at the most members for what it takes 1 for at the fewest. */
export interface Growth {
  readonly peer: string;
  readonly operation: string;
  readonly from: number;
  readonly to: number;
  readonly ratio: number;
}

/** Brings the rounds together, in the order in which they came. */
export function resultsOf(lines: readonly Line[]): Result[] {
  const groups = new Map<string, Line[]>();
  for (const line of lines) {
    const key = [line.operation, line.members, line.peer].join();
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return Array.from(groups.values(), (group) => {
    const { peer, operation, members } = group[0];
    return {
      peer,
      operation,
      members,
      medianNs: medianOf(group, "medianNs"),
      allocations: medianOf(group, "allocations"),
      allocatedBytes: medianOf(group, "allocatedBytes"),
      bytesPerMember: medianOf(group, "bytesPerMember"),
      worstNs: medianOf(group, "worstNs"),
      roundsNs: numbers(group, "medianNs"),
    };
  });
}

type Figure = "medianNs" | "worstNs" | "allocations" | "allocatedBytes" | "bytesPerMember";

function numbers(lines: readonly Line[], figure: Figure): number[] {
  return lines.map((line) => line[figure]).filter((value) => typeof value === "number");
}

function medianOf(lines: readonly Line[], figure: Figure): number | null {
  const values = numbers(lines, figure);
  return values.length < lines.length ? null : percentile(values, 50);
}

/** xswim against every other peer, of time and of memory. */
export function ratiosOf(results: readonly Result[]): Ratio[] {
  const ratios: Ratio[] = [];
  for (const ours of results.filter((result) => result.peer === "xswim")) {
    for (const theirs of results) {
      if (theirs.peer === "xswim" || theirs.operation !== ours.operation) continue;
      if (theirs.members !== ours.members) continue;
      const ratio = quotient(ours.medianNs ?? ours.bytesPerMember, theirs.medianNs ?? theirs.bytesPerMember);
      if (ratio === null) continue;
      ratios.push({ operation: ours.operation, members: ours.members, of: "xswim", to: theirs.peer, ratio });
    }
  }
  return ratios;
}

/** How the time of each operation grows with the members. */
export function growthOf(results: readonly Result[]): Growth[] {
  const timed = results.filter((result) => result.medianNs !== null);
  const from = Math.min(...timed.map((result) => result.members));
  const to = Math.max(...timed.map((result) => result.members));
  const growth: Growth[] = [];
  if (from === to) return growth;
  for (const few of timed.filter((result) => result.members === from)) {
    const { peer, operation } = few;
    const many = timed.find((r) => r.peer === peer && r.operation === operation && r.members === to);
    const ratio = quotient(many?.medianNs ?? null, few.medianNs);
    if (ratio !== null) growth.push({ peer, operation, from, to, ratio });
  }
  return growth;
}

function quotient(a: number | null, b: number | null): number | null {
  return a === null || b === null || b === 0 ? null : Number((a / b).toPrecision(3));
}
