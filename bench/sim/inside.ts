// All that the simulator knows of a core's inside. What runs the cores and watches them asks here, so that a change of
// the core's shape is followed in this file alone.
import type { Members } from "../../core/members.js";
import { DEAD } from "../../core/knowledge.js";
import { NONE } from "../../core/order.js";
import type { Dialect } from "../../core/dialect.js";
import { point } from "../../core/ring.js";
import { NEWS, OURS, VERSION } from "../../core/records.js";
import type { Values } from "../../core/values.js";
import { areStrange } from "../../core/strangers.js";
import { State, type IdentityRef, type Swim } from "../../core/index.js";
import type { Naming } from "./identities.js";

/** The table of a core: what it holds of each member. */
export function membersOf(swim: Swim<unknown>): Members<unknown> {
  return swim["protocol"].knowledge.members;
}

/** The identity that a core has now, in bytes from 0 on; what lies behind them is stale. */
export function identityBytesOf(swim: Swim<unknown>): Uint8Array {
  const { ref } = swim["protocol"].knowledge.self;
  return ref.bytes.subarray(ref.at);
}

/** Has a core know a member as Alive, and tell nobody. `applyMany` of nothing connects it afterwards. */
export function introduce(swim: Swim<unknown>, ref: IdentityRef<unknown>): void {
  const { knowledge } = swim["protocol"];
  knowledge.learn(ref, 0, State.Alive, false);
  // As one that has always been there.
  const slot = knowledge.members.find(ref);
  if (slot !== NONE && !knowledge.members.wasHeard(slot)) knowledge.noteHeard(slot);
}

/** The part of a core's probes that its round gets: every fourth goes to the successor, others to those it has heard. */
export function partOfRound(swim: Swim<unknown>): number {
  const { probeSuccessor, preferHeard } = swim.config;
  if (preferHeard && areStrange(membersOf(swim))) return 1 / 4;
  return probeSuccessor ? 3 / 4 : 1;
}

/** How much a core holds; lengths in bytes where they say so. */
export interface Sizes {
  members: number;
  places: number;
  inSections: number;
  queuedUpdates: number;
  broadcasts: number;
  rowBytes: number;
  /** All typed arrays that hang on the table and its queue, but for the rows and our own; views of one buffer once. */
  columnBytes: number;
  sendBufferBytes: number;
  longestIdentityBytes: number;
}

export function sizesOf(swim: Swim<unknown>): Sizes {
  const { knowledge } = swim["protocol"];
  const { members, updates, broadcasts } = knowledge;
  const maxIdentityLength = members.ownSize;
  const buffers = new Set<ArrayBufferLike>();
  for (const owner of [members, members.order, updates]) {
    for (const value of Object.values(owner)) {
      if (ArrayBuffer.isView(value)) buffers.add(value.buffer);
    }
  }
  const rowBytes = members.capacity * members.rowSize;
  let columnBytes = -rowBytes - maxIdentityLength - members.datagram.length;
  for (const buffer of buffers) columnBytes += buffer.byteLength;
  return {
    members: members.length,
    places: members.capacity,
    inSections: members.order.numActive + members.order.numDown,
    queuedUpdates: updates.length,
    broadcasts: broadcasts.length,
    rowBytes,
    columnBytes,
    sendBufferBytes: members.datagram.length,
    longestIdentityBytes: maxIdentityLength,
  };
}

/** The host that a slot's identity names; -1 for none of ours. */
export function subjectOf(members: Members<unknown>, slot: number, naming: Naming): number {
  return naming.hostOf(members.bytes, members.identityAt(slot));
}

/** Who is told what a core hears of itself, and whether it let that stand. */
export interface SelfTap {
  heardOfSelf(host: number, incarnation: number, state: State, isAnswered: boolean): void;
}

/** Where a core is; a host's number changes with its address. */
interface Place {
  readonly index: number;
}

/** Has all that a core hears of itself told to `tap`: answered by a higher incarnation, or found to be its death. */
export function tapSelf(swim: Swim<unknown>, host: Place, tap: SelfTap): void {
  const { knowledge } = swim["protocol"];
  const untapped = knowledge["learnOfSelf"];
  const tapped = (incarnation: number, state: State): number => {
    const finding = untapped.call(knowledge, incarnation, state);
    const isAnswered = finding === DEAD || swim.isDefunct || swim.incarnation > incarnation;
    tap.heardOfSelf(host.index, incarnation, state, isAnswered);
    return finding;
  };
  Object.assign(knowledge, { learnOfSelf: tapped });
}

/** Who is told of a table's changes: slot and the state it has now, or UNKNOWN when it is about to be removed. */
export interface Tap {
  changed(host: number, members: Members<unknown>, slot: number, isRemoved: boolean): void;
}

interface TappedMembers extends Members<unknown> {
  tap: Tap;
  tapHost: Place;
  isReplacing: boolean;
  untapped: Pick<Members<unknown>, "insert" | "change" | "replace" | "remove" | "dismiss">;
}

/** Has every change of a core's table told to `tap`. */
export function tapMembers(swim: Swim<unknown>, host: Place, tap: Tap): void {
  const members = membersOf(swim);
  const { insert, change, replace, remove, dismiss } = members;
  const untapped = { insert, change, replace, remove, dismiss };
  const methods = {
    insert: tappedInsert,
    change: tappedChange,
    replace: tappedReplace,
    remove: tappedRemove,
    dismiss: tappedDismiss,
  };
  Object.assign(members, { tap, tapHost: host, isReplacing: false, untapped }, methods);
}

const tappedInsert: Members<unknown>["insert"] = function (this: TappedMembers, ref, incarnation, state) {
  const slot = this.untapped.insert.call(this, ref, incarnation, state);
  this.tap.changed(this.tapHost.index, this, slot, false);
  return slot;
};

const tappedChange: Members<unknown>["change"] = function (this: TappedMembers, slot, incarnation, state) {
  this.untapped.change.call(this, slot, incarnation, state);
  // A replacement changes the state before the identity: only the whole of it is told.
  if (!this.isReplacing) this.tap.changed(this.tapHost.index, this, slot, false);
};

const tappedReplace: Members<unknown>["replace"] = function (
  this: TappedMembers,
  slot,
  ref,
  incarnation,
  state,
) {
  this.isReplacing = true;
  this.untapped.replace.call(this, slot, ref, incarnation, state);
  this.isReplacing = false;
  this.tap.changed(this.tapHost.index, this, slot, false);
};

const tappedRemove: Members<unknown>["remove"] = function (this: TappedMembers, slot) {
  this.tap.changed(this.tapHost.index, this, slot, true);
  this.untapped.remove.call(this, slot);
};

const tappedDismiss: Members<unknown>["dismiss"] = function (this: TappedMembers, slot) {
  this.tap.changed(this.tapHost.index, this, slot, true);
  this.untapped.dismiss.call(this, slot);
};

/** Who is told of every record that a core keeps: whose, and of which version. */
export interface RecordTap {
  /** The host of a slot; -1 for none of ours. */
  subjectOf(members: Members<unknown>, slot: number): number;
  kept(host: number, subject: number, version: number): void;
}

/** Has every record that a core keeps told to `tap`. */
export function tapRecords(
  { records }: Values<unknown>,
  swim: Swim<unknown>,
  host: Place,
  tap: RecordTap,
): void {
  const members = membersOf(swim);
  const untapped = records.put.bind(records);
  records.put = (old, slot, marks, time, from, version, ...rest): void => {
    // Read first: the bytes may be moved.
    const number = members.dialect.readUint(from, version);
    untapped(old, slot, marks, time, from, version, ...rest);
    if (marks === NEWS) return;
    tap.kept(host.index, slot === OURS ? host.index : tap.subjectOf(members, slot), number);
  };
}

/** Calls `look` for each record that a core has: the slot of its owner, NONE for its own, and its version. */
export function eachRecord(
  { records }: Values<unknown>,
  swim: Swim<unknown>,
  look: (slot: number, version: number) => void,
): void {
  const { dialect } = membersOf(swim);
  for (let at = 0; at < records.end; at = records.next(at)) {
    if (records.isMarked(at, NEWS)) continue;
    const slot = records.slot(at);
    look(slot === OURS ? NONE : slot, dialect.readUint(records.bytes, at + VERSION));
  }
}

/** The host that a core takes for its successor on the circle of hashed addresses; -1 for none of ours. */
export function successorOf(swim: Swim<unknown>, naming: Naming): number {
  const { members, ring } = swim["protocol"].knowledge;
  return ring.successor === NONE ? -1 : subjectOf(members, ring.successor, naming);
}

/** Where the address of an identity lies on that circle. */
export function pointOf(bytes: Uint8Array, naming: Naming, dialect: Dialect): number {
  const start = naming.type.addressStart(dialect, bytes, 0);
  return point(bytes, start, naming.type.addressEnd(dialect, bytes, start));
}

/** Calls `look` for the host of each active member of a core. */
export function eachActive(swim: Swim<unknown>, naming: Naming, look: (host: number) => void): void {
  const members = membersOf(swim);
  for (let i = 0; i < members.order.numActive; i++)
    look(subjectOf(members, members.order.activeAt(i), naming));
}
