import type { Row } from "./row.js";
import type { State } from "./wire.js";

/** A member in the picture, from 0 to 1 in both directions around the middle. */
export interface Place {
  readonly row: Row;
  /** Its address without what all have in common. */
  readonly name: string;
  readonly x: number;
  readonly y: number;
  /** The angle from the top, clockwise. */
  readonly angle: number;
  readonly isOnCircle: boolean;
}

/** Who stands within the circle: nobody's successor. */
const INNER_RADIUS = 0.58;

/** Goes from successor to successor, beginning with the agent itself. */
export function inOrder(rows: ReadonlyMap<string, Row>, self: Row | undefined): Row[] {
  const order: Row[] = [];
  const seen = new Set<Row>();
  const follow = (from: Row | undefined): void => {
    for (let row = from; row !== undefined && !seen.has(row);) {
      seen.add(row);
      order.push(row);
      const { successor } = row.member;
      row = successor === null ? undefined : rows.get(successor);
    }
  };
  follow(self);
  // For a moment, when only a part of a change has come, not everybody is on the way.
  const others = [...rows.values()].sort((a, b) => (a.addressKey < b.addressKey ? -1 : 1));
  for (const row of others) if (isActive(row)) follow(row);
  return order.filter(isActive);
}

/** Where everybody stands: the active ones on the circle, those that sleep or are gone within it. */
export function placesOf(rows: ReadonlyMap<string, Row>, self: Row | undefined): Place[] {
  const active = inOrder(rows, self);
  const others = [...rows.values()].filter((row) => !isActive(row));
  others.sort((a, b) => (a.addressKey < b.addressKey ? -1 : 1));
  const shorten = shortener([...active, ...others]);
  return [...around(active, 1, true, shorten), ...around(others, INNER_RADIUS, false, shorten)];
}

type Shorten = (name: string) => string;

/** Leaves out the port, or the address before it, when it is everybody's. */
function shortener(rows: readonly Row[]): Shorten {
  const first = rows[0]?.name ?? "";
  const at = first.lastIndexOf(":");
  const [host, port] = [first.slice(0, at), first.slice(at)];
  if (at < 0 || rows.length < 2) return (name) => name;
  if (rows.every(({ name }) => name.endsWith(port))) return (name) => name.slice(0, -port.length);
  if (rows.every(({ name }) => name.startsWith(host + ":"))) return (name) => name.slice(host.length);
  return (name) => name;
}

function around(rows: readonly Row[], radius: number, isOnCircle: boolean, shorten: Shorten): Place[] {
  return rows.map((row, index) => {
    const angle = (2 * Math.PI * index) / rows.length + (isOnCircle ? 0 : Math.PI / 2);
    return {
      row,
      name: shorten(row.name),
      angle,
      isOnCircle,
      x: radius * Math.sin(angle),
      y: -radius * Math.cos(angle),
    };
  });
}

function isActive({ member: { state } }: Row): boolean {
  return state === "Alive" || state === "Suspect";
}

/** Who suspects whom. */
export interface Suspicion {
  readonly by: string | null;
  readonly of: Row;
}

export function suspicionsOf(rows: Iterable<Row>): Suspicion[] {
  const found: Suspicion[] = [];
  for (const row of rows)
    if (row.member.state === "Suspect") found.push({ by: row.member.suspectedBy, of: row });
  return found;
}

/** The colours of the picture, from the style. */
export type Palette = Record<State | "text" | "quiet" | "line" | "panel" | "accent", string>;

export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  return {
    Alive: color("--alive"),
    Suspect: color("--suspect"),
    Asleep: color("--asleep"),
    Down: color("--down"),
    Left: color("--left"),
    text: color("--text"),
    quiet: color("--quiet"),
    line: color("--line"),
    panel: color("--panel"),
    accent: color("--accent"),
  };
}
