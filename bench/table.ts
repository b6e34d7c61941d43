import Table from "cli-table3";
import type { Growth, Ratio, Result } from "./results.js";

const PLAIN = { style: { head: [], border: [] } };

/** The results for people: an operation and a number of members a row, the peers side by side. */
export function tableOf(results: readonly Result[], ratios: readonly Ratio[]): string {
  const peers = Array.from(new Set(results.map((result) => result.peer)));
  const others = peers.filter((peer) => peer !== "xswim");
  const head = ["operation", "members", ...peers, ...others.map((peer) => "xswim / " + peer)];
  const colAligns = head.map((_, column) => (column === 0 ? ("left" as const) : ("right" as const)));
  const table = new Table({ ...PLAIN, head, colAligns });
  const rows = new Set(results.map((result) => result.operation + "," + result.members));
  for (const row of rows) {
    const [operation, members] = [row.split(",")[0], Number(row.split(",")[1])];
    const of = (peer: string) =>
      results.find((r) => r.peer === peer && r.operation === operation && r.members === members);
    const ratioTo = (peer: string) =>
      ratios.find((r) => r.to === peer && r.operation === operation && r.members === members)?.ratio;
    const factors = others.map((peer) => ratioTo(peer)?.toPrecision(3) ?? "");
    table.push([operation, members, ...peers.map((peer) => cell(of(peer))), ...factors]);
  }
  return table.toString();
}

function cell(result: Result | undefined): string {
  if (result === undefined) return "";
  if (result.bytesPerMember !== null) return result.bytesPerMember + " B/member";
  const worst = result.worstNs === null ? "" : ` (worst ${duration(result.worstNs)})`;
  const allocated = result.allocatedBytes === 0 ? "" : `, ${size(result.allocatedBytes ?? NaN)}`;
  return duration(result.medianNs ?? NaN) + worst + allocated;
}

function duration(ns: number): string {
  if (ns < 1000) return Math.round(ns) + " ns";
  if (ns < 1e6) return (ns / 1000).toPrecision(3) + " µs";
  return (ns / 1e6).toPrecision(3) + " ms";
}

function size(bytes: number): string {
  return bytes < 10_000 ? Math.round(bytes) + " B" : Math.round(bytes / 1000) + " kB";
}

/** How the cost of each operation grows with the members. */
export function growthTableOf(growth: readonly Growth[]): string {
  const peers = Array.from(new Set(growth.map((entry) => entry.peer)));
  const title = `${growth[0].to} over ${growth[0].from} members`;
  const table = new Table({ ...PLAIN, head: [title, ...peers] });
  for (const operation of new Set(growth.map((entry) => entry.operation))) {
    const of = (peer: string) => growth.find((g) => g.peer === peer && g.operation === operation);
    table.push([operation, ...peers.map((peer) => of(peer)?.ratio.toPrecision(3) ?? "")]);
  }
  return table.toString();
}
