// Figures, times and foreign texts in words.
import type { State } from "./wire.js";

const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A text from the network, on one line, with nothing in it that cannot be seen or that turns what follows around. */
export function printable(text: string, mostCharacters = 300): string {
  const cut = text.length > mostCharacters ? text.slice(0, mostCharacters) + "…" : text;
  return cut.replace(CONTROLS, (character) => "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0"));
}

export function count(number: number, one: string, many = one + "s"): string {
  return number.toLocaleString("en") + " " + (number === 1 ? one : many);
}

/** How long something took or lasts, in its two largest units. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return seconds + " s";
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return pair(minutes, "min", seconds % 60, "s");
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return pair(hours, "h", minutes % 60, "min");
  return pair(Math.floor(hours / 24), "d", hours % 24, "h");
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return large + " " + largeUnit + (small > 0 && large < 10 ? " " + small + " " + smallUnit : "");
}

/** How long ago that was, in one unit. */
export function ago(iso: string | null, nowMs: number): string {
  if (iso === null) return "never";
  const ms = nowMs - Date.parse(iso);
  return ms < 1500 ? "just now" : coarse(ms) + " ago";
}

/** A duration in its largest unit alone. */
export function coarse(ms: number): string {
  return duration(ms).split(" ").slice(0, 2).join(" ");
}

export function roundTrip(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return "–";
  if (ms < 10) return ms.toFixed(ms < 1 ? 2 : 1) + " ms";
  return ms < 1000 ? Math.round(ms) + " ms" : (ms / 1000).toFixed(1) + " s";
}

export function bytes(number: number): string {
  if (number < 1000) return number + " B";
  return number < 1e6 ? (number / 1000).toFixed(1) + " kB" : (number / 1e6).toFixed(1) + " MB";
}

const TIME = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

export function clockTime(ms: number): string {
  return Number.isFinite(ms) ? TIME.format(ms) : "–";
}

/** How many members are in each state, with the agent itself. */
export type Census = Record<State, number>;

/** The state of the cluster in a few words, such as "12 members, 1 suspect". */
export function clusterInWords(census: Census): string {
  const words = [count(census.Alive + census.Suspect + census.Asleep, "member")];
  if (census.Suspect > 0) words.push(census.Suspect + " suspect");
  if (census.Asleep > 0) words.push(census.Asleep + " asleep");
  const gone = census.Down + census.Left;
  if (gone > 0) words.push(gone + " gone");
  return words.join(", ");
}
