import type { Integer64, Member, Renewable } from "xswim";
import type { SavedValue } from "xswim/node";
import { isSocketAddress } from "./socket-address.js";

/** The only version of the file so far. */
export const STATE_VERSION = 1;
const STATES = ["Alive", "Suspect", "Down"];
const MAX_U64 = 0xffffffffffffffffn;

/** What an agent found in its state file. */
export interface SavedState {
  /** The largest bump that the agent had; undefined when none is known. */
  bump: Integer64 | undefined;
  /** Whether the agent's own value was published by somebody, and is no greeting. */
  isPublished: boolean;
  store: Map<string, string>;
  members: Member<Renewable>[];
  values: SavedValue<Renewable>[];
}

/**
 * Reads the text of a state file, and leaves out what is wrong in it.
 * @param text undefined when there is no file
 * @param ignored gets a sentence for each kind of thing that was left out
 */
export function readState(text: string | undefined, nowMs: number, ignored: string[]): SavedState {
  const state: SavedState = {
    bump: undefined,
    isPublished: false,
    store: new Map(),
    members: [],
    values: [],
  };
  if (text === undefined) return state;
  const saved = parse(text, ignored);
  if (saved === undefined) return state;
  if (isInteger64(saved["bump"])) state.bump = saved["bump"];
  else ignored.push("its bump is no number");
  state.isPublished = saved["isPublished"] === true;
  for (const [key, value] of Object.entries(asObject(saved["store"])))
    if (typeof value === "string") state.store.set(key, value);
  state.members = list(saved["members"], toMember, "members", ignored);
  state.values = list(saved["values"], (value) => toValue(value, nowMs), "values", ignored);
  return state;
}

function parse(text: string, ignored: string[]): Record<string, unknown> | undefined {
  let saved: Record<string, unknown>;
  try {
    saved = asObject(JSON.parse(text));
  } catch {
    ignored.push("it is not whole, so nothing of it is used");
    return undefined;
  }
  if (saved["version"] === STATE_VERSION) return saved;
  ignored.push("it is not of version " + STATE_VERSION + ", so nothing of it is used");
  return undefined;
}

/** Returns what `convert` makes of the items; those of which it makes nothing are counted and left out. */
function list<T>(
  items: unknown,
  convert: (item: Record<string, unknown>) => T | undefined,
  name: string,
  ignored: string[],
): T[] {
  const all = Array.isArray(items) ? items : [];
  const good = all.map((item) => convert(asObject(item))).filter((item) => item !== undefined);
  if (good.length < all.length) ignored.push(all.length - good.length + " of its " + name + " are wrong");
  return good;
}

function toMember({ identity, incarnation, state }: Record<string, unknown>): Member<Renewable> | undefined {
  const named = toIdentity(identity);
  const isNumber = Number.isInteger(incarnation) && Number(incarnation) >= 0 && Number(incarnation) <= 0xffff;
  if (named === undefined || !isNumber || !STATES.includes(state as string)) return undefined;
  return { identity: named, incarnation: incarnation as number, state: state as "Alive" };
}

function toValue(value: Record<string, unknown>, nowMs: number): SavedValue<Renewable> | undefined {
  const { version, base64, publishedAt } = value;
  const identity = toIdentity(value["identity"]);
  const publishedMs = typeof publishedAt === "string" ? Date.parse(publishedAt) : NaN;
  if (identity === undefined || typeof version !== "string" || !isInteger64(version)) return undefined;
  if (typeof base64 !== "string" || Number.isNaN(publishedMs)) return undefined;
  // A clock that was set back since then makes nothing younger than new.
  const ageMs = Math.max(0, nowMs - publishedMs);
  return { identity, version, bytes: Buffer.from(base64, "base64"), ageMs };
}

function toIdentity(identity: unknown): Renewable | undefined {
  const { addr, bump } = asObject(identity);
  return typeof addr === "string" && isSocketAddress(addr) && isInteger64(bump) ? { addr, bump } : undefined;
}

/** Whether it is a whole number below 2^64, or its digits. */
export function isInteger64(value: unknown): value is Integer64 {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0;
  return typeof value === "string" && /^[0-9]{1,20}$/.test(value) && BigInt(value) <= MAX_U64;
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
