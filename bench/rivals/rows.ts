// All figures side by side: a row a figure.
import Table from "cli-table3";
import type { DialectName } from "../../host-tests/support/wire.js";
import { CODECS, type Foca } from "./foca.js";
import { HELD, OPERATIONS, type Ours } from "./ours.js";

/** One figure of all; null where it was not measured. */
export interface Row {
  figure: string;
  xswim: number | null;
  "foca, postcard": number | null;
  "foca, bincode": number | null;
}

const TITLES: Record<(typeof OPERATIONS)[number], string> = {
  answerPing: "a Ping answered",
  probeCycle: "a probe, from Ping to end",
  gossip20Known: "a gossip of 20 known",
  gossip20New: "a gossip of 20 new",
  answerPingFullQueue: "a Ping answered with a full Ack",
};

const SIZES = [16, 1024] as const;

type Ask<T> = (foca: Foca, codec: DialectName) => T;

function rowOf(figure: string, xswim: number | null, foca: Foca | null, ask: Ask<number | undefined>): Row {
  const [postcard, bincode] = CODECS.map((codec) => (foca === null ? null : (ask(foca, codec) ?? null)));
  return { figure, xswim, "foca, postcard": postcard, "foca, bincode": bincode };
}

export function rowsOf(ours: Ours | null, foca: Foca | null): Row[] {
  return [...operationRows(ours, foca), ...memoryRows(ours, foca), ...programRows(ours, foca)];
}

function operationRows(ours: Ours | null, foca: Foca | null): Row[] {
  const rows: Row[] = [];
  const costOf = ({ costs }: Foca, codec: string, operation: string, members: number) =>
    costs.find((cost) => cost.codec === codec && cost.operation === operation && cost.members === members);
  for (const operation of OPERATIONS) {
    for (const size of SIZES) {
      const own = ours?.operations[operation]?.instructions?.[size] ?? null;
      const title = `instructions: ${TITLES[operation]}, among ${size}`;
      rows.push(rowOf(title, own, foca, (f, codec) => costOf(f, codec, operation, size)?.instructions));
    }
  }
  const most = ({ costs }: Foca, codec: string, of: "allocatedBytes" | "stackBytes", only?: string): number =>
    Math.max(
      ...costs
        .filter((cost) => cost.codec === codec && (only ?? cost.operation) === cost.operation)
        .map((cost) => cost[of]),
    );
  const heap = (operation: string): number | null => {
    const cost = ours?.operations[operation];
    return cost === undefined ? null : Math.round(cost.slots * SLOT_BYTES + cost.chunkBytes);
  };
  for (const operation of ["answerPing", "gossip20New"] as const) {
    const title = `bytes allocated: ${TITLES[operation]}, at most`;
    rows.push(rowOf(title, heap(operation), foca, (f, codec) => most(f, codec, "allocatedBytes", operation)));
  }
  rows.push(rowOf("bytes of stack, the most", null, foca, (f, codec) => most(f, codec, "stackBytes")));
  return rows;
}

const SLOT_BYTES = 16;

function memoryRows(ours: Ours | null, foca: Foca | null): Row[] {
  const keptOf = ({ kept }: Foca, codec: string, memory: string, members: number) =>
    kept.find((k) => k.codec === codec && k.memory === memory && k.members === members);
  const own = (held: number): number | null => ours?.coreBytes[held] ?? null;
  const rows = HELD.map((held) =>
    rowOf(
      `RAM of a node of ${held} members`,
      own(held),
      foca,
      (f, codec) => keptOf(f, codec, "quiet", held)?.bytes,
    ),
  );
  const [none, , many] = HELD;
  for (const [memory, title] of [
    ["quiet", "  each of 1,000"],
    ["joining", "  each of 1,000, news of all in the queue"],
  ]) {
    const each = (all: number | null | undefined, empty: number | null | undefined): number | null =>
      all === null || all === undefined || empty === null || empty === undefined
        ? null
        : Math.round(((all - empty) / many) * 10) / 10;
    const theirs: Ask<number | undefined> = (f, codec) =>
      each(keptOf(f, codec, memory, many)?.bytes, keptOf(f, codec, memory, none)?.bytes) ?? undefined;
    rows.push(rowOf(title, each(own(many), own(none)), foca, theirs));
  }
  const blocks: Ask<number | undefined> = (f, codec) => keptOf(f, codec, "joining", many)?.blocks;
  rows.push(rowOf("  blocks of the heap for that", null, foca, blocks));
  return rows;
}

function programRows(ours: Ours | null, foca: Foca | null): Row[] {
  return [
    rowOf(
      "flash, beside a program that is no member",
      ours?.flashBytes ?? null,
      foca,
      (f, codec) => f.programs[codec].flashBytes,
    ),
    rowOf("  that program's own flash", null, foca, (f) => f.empty.flashBytes),
    rowOf("  its RAM, the heap's lists", null, foca, (f) => f.empty.ramBytes),
  ];
}

/** No lines between the rows. */
const CHARS = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };
const NAMES = ["xswim", "foca, postcard", "foca, bincode"] as const;

export function tableOf(rows: readonly Row[]): string {
  const head = ["on RV32", "xswim on XS", "foca, postcard", "foca, bincode", "xswim / foca, postcard"];
  const colAligns = head.map((_, column) => (column === 0 ? ("left" as const) : ("right" as const)));
  const table = new Table({ chars: CHARS, style: { head: [], border: [] }, head, colAligns });
  for (const row of rows) {
    const cells = NAMES.map((name) => row[name]?.toLocaleString("en-US") ?? "–");
    table.push([row.figure, ...cells, factor(row.xswim, row["foca, postcard"])]);
  }
  return table.toString();
}

function factor(own: number | null, other: number | null): string {
  return own === null || other === null || other === 0 ? "" : (own / other).toPrecision(3);
}
