// How records, and the messages that compare them, stand in datagrams: docs/WIRE.md, "Values".
import type { IdentityRef } from "./codec.js";
import type { Knowledge } from "./knowledge.js";
import { NEWS, OURS, unitsSince, UNIT_MS, VERSION, type Records } from "./records.js";
import { copyBytes } from "./schema.js";

// What follows the value of an item: nothing, when it is a record. foca's nodes do not look at it, and pass it on.
/** The item is news, which nobody keeps. */
export const NEWS_ITEM = 1;
/** A record that its sender kept. How many seconds ago it was published follows in three bytes. */
export const COPY = 2;
// Messages from node to node stand in items of version 0 of the receiver, who published newer ones already.
/** The sum of the hashes of all records follows in four bytes; nothing, when the sender holds none. */
export const DIGEST = 3;
/** Asks for all records in a range of hashes but those that are listed: salt, first hash, width, then pairs of hashes. */
export const LIST = 4;
/** Asks for those that are listed, and other than listed, in the same layout. */
export const WANT = 5;
/** Says that not all that was asked for found room. */
export const MORE = 6;

/** Bytes that a copy has more than the item that its owner sends. */
export const COPY_LENGTH = 4;
/** Bytes of a message beside the address: its length, version 0, an empty value, the mark. */
const MESSAGE = 5;

/** 32 bits of some bytes (FNV-1a), stirred so that their upper half is as good as any. */
export function hash(seed: number, bytes: Uint8Array, at: number, end: number): number {
  let sum = seed ^ 0x811c9dc5;
  for (; at < end; at++) sum = Math.imul(sum ^ bytes[at], 0x01000193);
  sum = Math.imul(sum ^ (sum >>> 15), 0x2c1b3c6d);
  return sum ^ (sum >>> 13);
}

// Numbers in messages have their low byte first.
export function readHalf(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8);
}

export function writeHalf(value: number, out: Uint8Array, at: number): number {
  out[at] = value;
  out[at + 1] = value >> 8;
  return at + 2;
}

/** Where in the table the identity stands of the member that has the slot, or ours. */
function ownerAt(knowledge: Knowledge<unknown>, slot: number): number {
  return slot === OURS ? knowledge.self.ref.at : knowledge.members.identityAt(slot);
}

/** Whether a record is one that all should hold: of us, or of an active member. */
export function isCurrent(knowledge: Knowledge<unknown>, records: Records, entry: number): boolean {
  const slot = records.slot(entry);
  return !records.isMarked(entry, NEWS) && (slot === OURS || knowledge.members.isActive(slot));
}

/** The hash of an owner. */
export function hashOfOwner(knowledge: Knowledge<unknown>, salt: number, slot: number): number {
  const { type, dialect, bytes } = knowledge.members;
  const start = type.addressStart(dialect, bytes, ownerAt(knowledge, slot));
  return hash(salt, bytes, start, type.addressEnd(dialect, bytes, start));
}

/** The hash of a record's version, beginning with that of its owner. */
export function hashOfVersion(
  knowledge: Knowledge<unknown>,
  records: Records,
  owner: number,
  entry: number,
): number {
  const { bytes } = records;
  return hash(owner, bytes, entry + VERSION, knowledge.members.dialect.uintEnd(bytes, entry + VERSION));
}

function addressLength(knowledge: Knowledge<unknown>, bytes: Uint8Array, at: number): number {
  const { type, dialect } = knowledge.members;
  const start = type.addressStart(dialect, bytes, at);
  return type.addressEnd(dialect, bytes, start) - start;
}

/** Writes the address of the identity at `from`. */
function writeAddress(
  knowledge: Knowledge<unknown>,
  bytes: Uint8Array,
  from: number,
  out: Uint8Array,
  at: number,
): number {
  const { type, dialect } = knowledge.members;
  const start = type.addressStart(dialect, bytes, from);
  return copyBytes(bytes, start, type.addressEnd(dialect, bytes, start) - start, out, at);
}

/** Bytes of a message to a node without a body. */
export function messageLength(knowledge: Knowledge<unknown>, to: IdentityRef<unknown>): number {
  return MESSAGE + addressLength(knowledge, to.bytes, to.at);
}

/** Begins a message to a node. Returns where its body begins; -1 when not even that fits. */
export function beginMessage(
  knowledge: Knowledge<unknown>,
  mark: number,
  to: IdentityRef<unknown>,
  out: Uint8Array,
  at: number,
  end: number,
): number {
  if (at + messageLength(knowledge, to) > end) return -1;
  const body = writeAddress(knowledge, to.bytes, to.at, out, at + 2);
  out[body] = 0;
  out[body + 1] = 0;
  out[body + 2] = mark;
  return body + 3;
}

/** Writes the length of the item that stands in `out[at + 2..end]`; returns its end. */
export function finishItem(out: Uint8Array, at: number, end: number): number {
  out[at] = (end - at - 2) >> 8;
  out[at + 1] = end - at - 2;
  return end;
}

/** Writes a record as its owner would, and how old it is. Returns -1 when it does not fit. */
export function writeCopy(
  knowledge: Knowledge<unknown>,
  records: Records,
  entry: number,
  out: Uint8Array,
  at: number,
  end: number,
): number {
  const { members, env } = knowledge;
  const { dialect } = members;
  const from = records.bytes;
  const version = entry + VERSION;
  const value = dialect.uintEnd(from, version);
  const length = records.next(entry) - value;
  const owner = ownerAt(knowledge, records.slot(entry));
  const size = addressLength(knowledge, members.bytes, owner) + value - version + length + COPY_LENGTH;
  if (at + 2 + size + dialect.uintLength(length) > end) return -1;
  let body = writeAddress(knowledge, members.bytes, owner, out, at + 2);
  body = copyBytes(from, version, value - version, out, body);
  body = dialect.writeUint(length, out, body);
  body = copyBytes(from, value, length, out, body);
  const seconds = Math.min(0xffffff, (unitsSince(records.time(entry), env.nowMs) * UNIT_MS) / 1000);
  out[body] = COPY;
  body = writeHalf(seconds, out, body + 1);
  out[body] = seconds >> 16;
  return finishItem(out, at, body + 1);
}
