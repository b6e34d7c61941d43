// All figures side by side: a row a figure.
import Table from "cli-table3";
import type { DialectName } from "../../host-tests/support/wire.js";
import { CODECS, type Foca } from "./foca.js";
import type { Memberlist } from "./memberlist.js";
import { HELD, OPERATIONS, type BytesPerHeld, type Ours } from "./ours.js";

export const COLUMNS = ["xswim", "foca, postcard", "foca, bincode", "memberlist's codec"] as const;

/** One figure of all; null where it was not measured. */
export type Row = { figure: string } & Record<(typeof COLUMNS)[number], number | null>;

/** What was measured; null for what is not here. */
export interface Measured {
  ours: Ours | null;
  foca: Foca | null;
  memberlist: Memberlist | null;
}

const TITLES: Record<(typeof OPERATIONS)[number], string> = {
  answerPing: "a Ping answered",
  probeCycle: "a probe, from its Ping to its end",
  gossip20Known: "a gossip of 20 known members",
  gossip20New: "a gossip of 20 new members",
  answerPingFullQueue: "a Ping answered with a full Ack",
};

const SIZES = [16, 1024] as const;
const SLOT_BYTES = 16;

type Figure = number | null | undefined;

function rowOf(
  { foca }: Measured,
  figure: string,
  own: Figure,
  ask: (foca: Foca, codec: DialectName) => Figure,
  other: Figure = null,
): Row {
  const [postcard, bincode] = CODECS.map((codec) => (foca === null ? null : (ask(foca, codec) ?? null)));
  const theirs = {
    "foca, postcard": postcard,
    "foca, bincode": bincode,
    "memberlist's codec": other ?? null,
  };
  return { figure, xswim: own ?? null, ...theirs };
}

export function rowsOf(measured: Measured): Row[] {
  return [
    ...instructionRows(measured),
    ...allocationRows(measured),
    ...memoryRows(measured),
    ...programRows(measured),
  ];
}

function instructionRows(measured: Measured): Row[] {
  const rows: Row[] = [];
  for (const operation of OPERATIONS) {
    for (const size of SIZES) {
      const ask = ({ costs }: Foca, codec: DialectName): Figure =>
        costs.find((cost) => cost.codec === codec && cost.operation === operation && cost.members === size)
          ?.instructions;
      const title = `instructions: ${TITLES[operation]}, among ${size}`;
      const own = measured.ours?.operations[operation]?.instructions?.[size];
      // Its codec knows no members.
      const other = size === SIZES[0] ? codecCost(measured, operation)?.instructions : null;
      rows.push(rowOf(measured, title, own, ask, other));
    }
  }
  return rows;
}

function codecCost({ memberlist }: Measured, operation: string) {
  return memberlist?.costs.find((cost) => cost.operation === operation);
}

function allocationRows(measured: Measured): Row[] {
  const most = ({ costs }: Foca, codec: DialectName, of: "allocatedBytes" | "stackBytes", only?: string) =>
    costs
      .filter((cost) => cost.codec === codec && (only ?? cost.operation) === cost.operation)
      .reduce<number | null>((largest, cost) => Math.max(largest ?? 0, cost[of]), null);
  const rows = (["answerPing", "gossip20New"] as const).map((operation) => {
    const own = measured.ours?.operations[operation];
    const bytes = own === undefined ? null : Math.round(own.slots * SLOT_BYTES + own.chunkBytes);
    const other = codecCost(measured, operation)?.allocatedBytes;
    const ask = (foca: Foca, codec: DialectName): Figure => most(foca, codec, "allocatedBytes", operation);
    return rowOf(measured, `bytes allocated: ${TITLES[operation]}, at most`, bytes, ask, other);
  });
  const stacks = measured.memberlist?.costs.map(({ stackBytes }) => stackBytes);
  const stack = stacks === undefined ? null : Math.max(...stacks);
  rows.push(
    rowOf(measured, "bytes of stack, at most", null, (f, codec) => most(f, codec, "stackBytes"), stack),
  );
  return rows;
}

function memoryRows(measured: Measured): Row[] {
  const { ours } = measured;
  const keptOf = ({ kept }: Foca, codec: DialectName, memory: string, members: number) =>
    kept.find((k) => k.codec === codec && k.memory === memory && k.members === members);
  const [none, , many] = HELD;
  const each = (all: Figure, empty: Figure): number | null =>
    typeof all === "number" && typeof empty === "number"
      ? Math.round(((all - empty) / many) * 10) / 10
      : null;
  const rows: Row[] = [];
  for (const [memory, own, news] of [
    ["quiet", ours?.quietBytes, ""],
    ["joining", ours?.joiningBytes, ", news of all to be passed on"],
  ] as [string, BytesPerHeld | undefined, string][]) {
    for (const held of HELD) {
      if (held === none && memory === "joining") continue;
      const ask = (foca: Foca, codec: DialectName): Figure => keptOf(foca, codec, memory, held)?.bytes;
      rows.push(rowOf(measured, `bytes of RAM: ${held} members${news}`, own?.[held], ask));
    }
    const ask = (foca: Foca, codec: DialectName): Figure =>
      each(keptOf(foca, codec, memory, many)?.bytes, keptOf(foca, codec, memory, none)?.bytes);
    rows.push(rowOf(measured, `  each of ${many}`, each(own?.[many], own?.[none]), ask));
  }
  rows.push(
    rowOf(measured, "  in so many blocks", null, (f, codec) => keptOf(f, codec, "joining", many)?.blocks),
  );
  return rows;
}

function programRows(measured: Measured): Row[] {
  const { ours, memberlist } = measured;
  const flash = (foca: Foca, codec: DialectName): Figure => foca.programs[codec].flashBytes;
  return [
    rowOf(measured, "bytes of flash", ours?.flashBytes, flash, memberlist?.flashBytes),
    rowOf(measured, "  of a program without a member", null, (foca) => foca.empty.flashBytes),
    rowOf(measured, "  and its RAM, for the heap", null, (foca) => foca.empty.ramBytes),
  ];
}

/** No lines between the rows. */
const CHARS = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };

/** For people. A column without a figure is left out. */
export function tableOf(rows: readonly Row[]): string {
  const columns = COLUMNS.filter((column) => rows.some((row) => row[column] !== null));
  const hasFactor = columns.includes("xswim") && columns.includes("foca, postcard");
  const head = ["on an emulated RV32", ...columns, ...(hasFactor ? ["xswim / foca, postcard"] : [])];
  const colAligns = head.map((_, column) => (column === 0 ? ("left" as const) : ("right" as const)));
  const table = new Table({ chars: CHARS, style: { head: [], border: [] }, head, colAligns });
  for (const row of rows) {
    const cells = columns.map((column) => row[column]?.toLocaleString("en-US") ?? "–");
    table.push([row.figure, ...cells, ...(hasFactor ? [factor(row)] : [])]);
  }
  return table.toString();
}

function factor({ xswim, "foca, postcard": other }: Row): string {
  return xswim === null || other === null || other === 0 ? "" : (xswim / other).toPrecision(3);
}
