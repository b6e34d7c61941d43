import { Values, type ValueNode } from "../../core/values.js";
import type { Codec, Config, IdentityType, LeanSwim } from "../../core/index.js";
import type { NodeMember } from "./node-types.js";
import type { AnyNodeOptions } from "./options.js";
import { readValue, type ValueFormat, type ValueOf } from "./value-format.js";

/** Milliseconds from one digest of the values to the next, where the options do not say. */
const COMPARE_MS = 5000;
/** Bytes for each of the members that the table has room for, where the options do not say how many there are for values. */
const BYTES_A_MEMBER = 64;

/** Makes what a node keeps of the values of others; undefined where there are none. */
export function valuesOf<T, A>(
  node: ValueNode,
  options: AnyNodeOptions<T, A>,
  type: IdentityType<T>,
  config: Config,
): Values<T> | undefined {
  if (options.broadcastHandler !== undefined || type.addressSchema === undefined) return undefined;
  const { maxMembers } = config;
  return new Values<T>(
    node,
    options.maxValues ?? maxMembers,
    options.maxValueBytes ?? maxMembers * BYTES_A_MEMBER,
    options.compareValuesMs ?? COMPARE_MS,
  );
}

/** Where in the records that of a member begins, which is named by an identity or an address; -1 when there is none. */
function entryOf<T>(values: Values<T> | undefined, type: IdentityType<T>, member: T | string): number {
  if (values === undefined) return -1;
  return values.entryOf(typeof member === "string" && type.at ? type.at(member, 0) : (member as T));
}

/** Returns the value in the record that begins at `entry`. */
function valueAt<T, F>(values: Values<T>, format: ValueFormat, codec: Codec, entry: number): ValueOf<F> {
  const { bytes } = values.records;
  const end = values.records.next(entry);
  return readValue(format, codec.dialect, bytes, values.valueStart(entry), end) as ValueOf<F>;
}

/** Returns the value of a member, or undefined. @throws TypeError or RangeError when `member` names none */
export function valueOf<T, F>(
  values: Values<T> | undefined,
  type: IdentityType<T>,
  format: ValueFormat,
  codec: Codec,
  member: T | string,
): ValueOf<F> | undefined {
  const entry = entryOf(values, type, member);
  return values === undefined || entry < 0 ? undefined : valueAt<T, F>(values, format, codec, entry);
}

/** Returns how old that is, or NaN. @throws as `valueOf` does */
export function valueAgeMsOf<T>(
  values: Values<T> | undefined,
  type: IdentityType<T>,
  member: T | string,
): number {
  const entry = entryOf(values, type, member);
  return values === undefined || entry < 0 ? NaN : values.ageMs(entry);
}

/** Returns the active members of a core, and those that take a nap, each with its value. */
export function shownMembers<T, F>(
  values: Values<T> | undefined,
  format: ValueFormat,
  codec: Codec,
  swim: LeanSwim<T>,
): NodeMember<T, ValueOf<F>>[] {
  const members = swim.members() as NodeMember<T, ValueOf<F>>[];
  const sleepers = swim.sleepers();
  for (let i = 0; i < sleepers.length; i++)
    members.push({ identity: sleepers[i].identity, incarnation: 0, state: "Asleep" });
  for (let i = 0; values !== undefined && i < members.length; i++) {
    const entry = values.entryOf(members[i].identity);
    if (entry < 0) continue;
    members[i].value = valueAt<T, F>(values, format, codec, entry);
    members[i].valueAgeMs = values.ageMs(entry);
  }
  return members;
}
