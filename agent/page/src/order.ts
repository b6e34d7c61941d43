import type { Row } from "./row.js";
import type { State } from "./wire.js";

export type SortKey = "state" | "address" | "up" | "rtt" | "flaps" | "heard" | "value";
export interface Sorting {
  readonly key: SortKey;
  readonly isDescending: boolean;
}

/** Which members are listed: all, those in a state, or those that are gone. */
export type Kind = "all" | "Alive" | "Suspect" | "Asleep" | "gone";

/** Those that ask for attention come first. */
const RANKS: Record<State, number> = { Suspect: 0, Down: 1, Asleep: 2, Alive: 3, Left: 4 };

type Compare = (a: Row, b: Row) => number;

const byAddress: Compare = (a, b) => (a.addressKey < b.addressKey ? -1 : a.addressKey > b.addressKey ? 1 : 0);

// ISO times are in order as texts are.
const COMPARES: Record<SortKey, Compare> = {
  state: (a, b) => RANKS[a.member.state] - RANKS[b.member.state],
  address: byAddress,
  up: (a, b) => compareTexts(b.member.upSince, a.member.upSince),
  rtt: (a, b) => (a.member.rttMs ?? Infinity) - (b.member.rttMs ?? Infinity) || 0,
  flaps: (a, b) => a.member.flaps - b.member.flaps,
  heard: (a, b) => compareTexts(b.member.lastHeard ?? "", a.member.lastHeard ?? ""),
  value: (a, b) => compareTexts(a.text, b.text),
};

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function isOfKind({ member: { state } }: Row, kind: Kind): boolean {
  if (kind === "all") return true;
  return kind === "gone" ? state === "Down" || state === "Left" : state === kind;
}

/** The rows of that kind that have the text in their address, state or value, in order. */
export function listed(rows: Iterable<Row>, kind: Kind, text: string, { key, isDescending }: Sorting): Row[] {
  const wanted = text.trim().toLowerCase();
  const found: Row[] = [];
  for (const row of rows) if (isOfKind(row, kind) && has(row, wanted)) found.push(row);
  const compare = COMPARES[key];
  const sign = isDescending ? -1 : 1;
  return found.sort((a, b) => sign * compare(a, b) || byAddress(a, b));
}

function has(row: Row, wanted: string): boolean {
  if (wanted === "") return true;
  const { addr, state, value } = row.member;
  return (
    addr.toLowerCase().includes(wanted) ||
    state.toLowerCase().includes(wanted) ||
    (value?.toLowerCase().includes(wanted) ?? false)
  );
}
