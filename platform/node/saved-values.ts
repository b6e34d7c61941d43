import { Metric, type Dialect, type IdentityType, type Integer64, type Schema } from "../../core/index.js";
import { COPY } from "../../core/record-items.js";
import { HEARD_ONLY, NEWS, OURS, VERSION } from "../../core/records.js";
import type { Values } from "../../core/values.js";

/** What a member published, to keep somewhere and to give to `SwimNode.applyValues` after a restart. */
export interface SavedValue<T> {
  /** The member that published it, or the node itself. */
  identity: T;
  /** Its version, in decimal digits: a member's newer value has a larger one. */
  version: string;
  /** The value as it stands on the wire. */
  bytes: Uint8Array;
  /** How many milliseconds ago it was published. */
  ageMs: number;
}

/** Bytes of the mark and of the age behind a value. */
const TAIL = 4;
const LONGEST_AGE_S = 0xffffff;

/** The node whose values they are. */
interface ValueOwner<T> {
  ownLife(): Integer64;
  readonly swim: { readonly metrics: Uint32Array; isSelf(identity: T): boolean };
  isValue(bytes: Uint8Array, at: number, end: number): boolean;
}

/** Returns a copy of all values that are kept, the node's own one too. */
export function savedValues<T>(values: Values<T>, own: T, dialect: Dialect): SavedValue<T>[] {
  const { records } = values;
  const saved: SavedValue<T>[] = [];
  for (let at = 0; at < records.end; at = records.next(at)) {
    if (records.isMarked(at, NEWS) || records.isMarked(at, HEARD_ONLY)) continue;
    const slot = records.slot(at);
    saved.push({
      identity: slot === OURS ? own : values.identityAt(slot),
      version: dialect.readBigUint(records.bytes, at + VERSION).toString(),
      bytes: records.bytes.slice(values.valueStart(at), records.next(at)),
      ageMs: values.ageMs(at),
    });
  }
  return saved;
}

/**
 * Takes saved values in as if another member had sent copies of them; returns how many were taken. One that is older than what
 * is kept, of a member that is not known, or no value, is left out.
 * @throws TypeError or RangeError when one has not the shape of a `SavedValue`; those before it were taken
 */
export function applyValues<T>(
  node: ValueOwner<T>,
  values: Values<T>,
  type: IdentityType<T>,
  dialect: Dialect,
  saved: Iterable<SavedValue<T>>,
): number {
  const { metrics } = node.swim;
  let taken = 0;
  for (const value of saved) {
    const { bytes } = value;
    if (!(bytes instanceof Uint8Array)) throw new TypeError("applyValues: bytes must be a Uint8Array");
    if (!/^[0-9]{1,20}$/.test(value.version) || BigInt(value.version) > 0xffffffffffffffffn)
      throw new RangeError("applyValues: version must be the digits of a number below 2^64");
    if (!node.isValue(bytes, 0, bytes.length)) continue;
    // What we publish from now on must be newer than that.
    const isTooNew = BigInt(value.version) > BigInt(node.ownLife()) << 20n;
    if (isTooNew && node.swim.isSelf(value.identity)) continue;
    const repaired = metrics[Metric.RepairedValues];
    values.receiveItem(copyOf(type, dialect, value));
    // It did not come from another node, so it does not count as such.
    if (metrics[Metric.RepairedValues] !== repaired) taken++;
    metrics[Metric.RepairedValues] = repaired;
  }
  return taken;
}

/** The item in which another member would send it. */
function copyOf<T>(type: IdentityType<T>, dialect: Dialect, value: SavedValue<T>): Uint8Array {
  const schema = type.addressSchema as Schema<unknown>;
  const { bytes, ageMs } = value;
  const room = schema.maxLength(dialect) + 2 * dialect.maxUintLength(64) + bytes.length + TAIL;
  const item = new Uint8Array(room);
  let at = schema.write(dialect, type.addressOf(value.identity), item, 0);
  at = dialect.writeBigUint(BigInt(value.version), item, at);
  at = dialect.writeUint(bytes.length, item, at);
  item.set(bytes, at);
  at += bytes.length;
  const seconds = Math.min(LONGEST_AGE_S, Math.max(0, Math.floor(ageMs / 1000)));
  item.set([COPY, seconds, seconds >> 8, seconds >> 16], at);
  return item.subarray(0, at + TAIL);
}
