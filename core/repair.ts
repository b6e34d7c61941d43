// How nodes find out that one has missed a record of another, and what they then send: docs/WIRE.md, "Repair".
import type { IdentityRef } from "./codec.js";
import type { Protocol } from "./protocol.js";
import { uniform } from "./random.js";
import { HEARD_ONLY, NEWS, OURS, unitsSince, UNIT_MS, VERSION, type Records } from "./records.js";
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

/** Bytes of a message beside the address: its length, version 0, an empty value, the mark. */
const MESSAGE = 5;
/** Bytes of the salt, the first hash and the width, and of a pair of hashes: the owner's and the version's. */
const RANGE = 5;
const PAIR = 4;

/** A record counts in the digest when it is so many units old: until then it may be on its way. */
const FRESH = 4;
/** After something new so many digests follow each other in tenths of the period. */
const HASTY = 6;
/** When we are new in the cluster so many follow each other in fiftieths, until one is answered. */
const FIRST = 16;
/** The longest pause between two questions that brought nothing, in periods. */
const LONGEST_PAUSE = 4;
/** So many answers at once, and so many milliseconds until there is one more. */
const AT_ONCE = 20;
const ANSWER_MS = 50;

/** Compares the records that we hold with those of others, and sends what they lack. */
export class Repair<T> {
  private readonly protocol: Protocol<T>;
  private readonly records: Records;
  private readonly periodMs: number;
  /** When the next digest may go out, how many more go out soon, and whether nobody has answered us yet. */
  private nextMs = 0;
  private soon = 0;
  private isNew = false;
  /** Until when we ask nobody, and for how long after the next question. */
  private silentUntilMs = 0;
  private pauseMs: number;
  /** When all answers will have had their time. */
  private busyUntilMs = 0;
  /** The sum of hashes, and whether it still holds. */
  private digest = 0;
  private isDigested = false;

  constructor(protocol: Protocol<T>, records: Records, periodMs: number) {
    this.protocol = protocol;
    this.records = records;
    this.periodMs = periodMs;
    this.pauseMs = periodMs / 10;
  }

  /** The records have changed, or who is active. */
  changed(): void {
    this.isDigested = false;
  }

  /** We have come into the cluster, or back. */
  joined(): void {
    this.isNew = true;
    this.soon = FIRST;
    this.nextMs = 0;
    this.moved();
  }

  /** There is something new, of which others may know nothing, or we of more. */
  hurry(): void {
    const now = this.protocol.knowledge.env.nowMs + this.periodMs / 10;
    if (this.soon < HASTY) this.soon = HASTY;
    if (this.nextMs > now) this.nextMs = now;
  }

  /** To ask has helped somebody. */
  moved(): void {
    this.pauseMs = this.periodMs / 10;
    this.silentUntilMs = 0;
  }

  /** Adds our digest, when it is time to, to a datagram that is sent anyway. Returns the position after it. */
  addDigest(to: IdentityRef<T>, out: Uint8Array, at: number, end: number): number {
    const nowMs = this.protocol.knowledge.env.nowMs;
    if (nowMs < this.nextMs) return at;
    const isEmpty = this.records.end === 0;
    if ((isEmpty || this.digestNow() === 0) && !this.isNew) return at;
    const length = isEmpty ? 0 : 4;
    let body = this.begin(DIGEST, to, out, at, end - length);
    if (body < 0) return at;
    if (!isEmpty) body = writeWord(this.digest, out, body);
    const part = this.isNew ? 50 : 10;
    this.nextMs = nowMs + (this.soon > 0 ? this.periodMs / part : this.periodMs);
    if (this.soon > 0) this.soon--;
    else this.isNew = false;
    return finish(out, at, body);
  }

  /** Takes in a message from the node `from`: what follows its mark is `bytes[at..end]`. May send an answer. */
  receive(mark: number, bytes: Uint8Array, at: number, end: number, from: IdentityRef<T>): void {
    const { knowledge, connection, outbox } = this.protocol;
    const nowMs = knowledge.env.readClock();
    if (!connection.isConnected || this.busyUntilMs - nowMs > AT_ONCE * ANSWER_MS) return;
    let asks = mark === LIST || mark === WANT ? end - at >= RANGE : mark === MORE;
    if (mark === DIGEST) asks = this.differs(bytes, at, end, nowMs);
    if (!asks) return;
    this.busyUntilMs = Math.max(this.busyUntilMs, nowMs) + ANSWER_MS;
    const start = outbox.beginItems(from);
    const out = knowledge.members.bytes;
    const last = outbox.end;
    const isAll = mark === DIGEST && end === at;
    if (mark === LIST || mark === WANT || isAll)
      outbox.at = this.writeRecords(mark, bytes, at, end, from, out, start, last);
    else outbox.at = this.writeList(from, out, start, last);
    if (outbox.at > start) outbox.finish(from);
  }

  /** Whether a digest is another than ours, and is to be answered. */
  private differs(bytes: Uint8Array, at: number, end: number, nowMs: number): boolean {
    if (end === at) return this.records.end > 0;
    if (end - at < 4) return false;
    if (
      this.digestNow() ===
      (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24))
    ) {
      this.isNew = false;
      this.soon = 0;
      return false;
    }
    if (nowMs < this.silentUntilMs) return false;
    this.silentUntilMs = nowMs + this.pauseMs;
    this.pauseMs = Math.min(this.pauseMs * 2, this.periodMs * LONGEST_PAUSE);
    this.hurry();
    return true;
  }

  /** Writes the records that the other asks for, as many as fit; then that there are more, or what we ask for. */
  private writeRecords(
    mark: number,
    list: Uint8Array,
    listAt: number,
    listEnd: number,
    to: IdentityRef<T>,
    out: Uint8Array,
    at: number,
    end: number,
  ): number {
    const { records } = this;
    const pairs = listAt + RANGE;
    const numPairs = mark === DIGEST ? 0 : Math.floor((listEnd - pairs) / PAIR);
    const salt = mark === DIGEST ? 0 : list[listAt];
    const low = mark === DIGEST ? 0 : readHalf(list, listAt + 1);
    const width = mark === DIGEST ? 0 : readHalf(list, listAt + 3);
    // The hashes of the versions that we hold of those listed, and -1 where we hold none.
    const held = new Int32Array(numPairs).fill(-1);
    const room = end - this.lengthOf(to);
    let isWhole = true;
    let entry = this.anyEntry();
    for (let left = records.end; left > 0;) {
      const next = records.next(entry);
      left -= next - entry;
      if (this.isCurrent(entry)) {
        const key = this.keyOf(salt, records.slot(entry));
        const short = key >>> 16;
        let i = 0;
        while (i < numPairs && readHalf(list, pairs + i * PAIR) !== short) i++;
        let isWanted = mark !== WANT && (width === 0 || ((short - low) & 0xffff) < width);
        if (i < numPairs) {
          held[i] = this.hashOf(key, entry) >>> 16;
          isWanted = readHalf(list, pairs + i * PAIR + 2) !== held[i];
        }
        if (isWanted && !records.isMarked(entry, HEARD_ONLY)) {
          const after = isWhole ? this.writeCopy(entry, out, at, room) : -1;
          if (after < 0) isWhole = false;
          else at = after;
        }
      }
      entry = next >= records.end ? 0 : next;
    }
    if (!isWhole) {
      const body = this.begin(MORE, to, out, at, end);
      return body < 0 ? at : finish(out, at, body);
    }
    return mark === LIST ? this.writeWant(list, listAt, held, to, out, at, end) : at;
  }

  /** Asks for the records of a list that we do not hold, or hold another version of. */
  private writeWant(
    list: Uint8Array,
    listAt: number,
    held: Int32Array,
    to: IdentityRef<T>,
    out: Uint8Array,
    at: number,
    end: number,
  ): number {
    let body = this.begin(WANT, to, out, at, end - RANGE);
    if (body < 0) return at;
    body = copyBytes(list, listAt, RANGE, out, body);
    const first = body;
    for (let i = 0; i < held.length && body + PAIR <= end; i++) {
      const pair = listAt + RANGE + i * PAIR;
      const theirs = readHalf(list, pair + 2);
      if (held[i] === theirs) continue;
      body = writeHalf(readHalf(list, pair), out, body);
      // What we hold, so that it is not sent when ours has come to be theirs; any but theirs, when we hold none.
      body = writeHalf(held[i] < 0 ? ~theirs : held[i], out, body);
    }
    return body === first ? at : finish(out, at, body);
  }

  /** Lists what we hold: all of it, or a random part when not all finds room. */
  private writeList(to: IdentityRef<T>, out: Uint8Array, at: number, end: number): number {
    const { records } = this;
    const { random } = this.protocol.knowledge.env;
    let body = this.begin(LIST, to, out, at, end - RANGE);
    if (body < 0) return at;
    let count = 0;
    for (let entry = 0; entry < records.end; entry = records.next(entry)) if (this.isCurrent(entry)) count++;
    const room = Math.floor((end - body - RANGE) / PAIR);
    const salt = uniform(random, 256);
    const low = uniform(random, 0x10000);
    // A little less than there may be room for: hashes do not lie evenly.
    const width = count <= room ? 0 : Math.max(1, Math.floor((0xe000 * room) / count));
    out[body++] = salt;
    body = writeHalf(low, out, body);
    body = writeHalf(width, out, body);
    for (let entry = 0; entry < records.end && body + PAIR <= end; entry = records.next(entry)) {
      if (!this.isCurrent(entry)) continue;
      const key = this.keyOf(salt, records.slot(entry));
      if (width > 0 && (((key >>> 16) - low) & 0xffff) >= width) continue;
      body = writeHalf(key >>> 16, out, body);
      body = writeHalf(this.hashOf(key, entry) >>> 16, out, body);
    }
    return finish(out, at, body);
  }

  /** Writes a record as its owner would, and how old it is. Returns -1 when it does not fit. */
  private writeCopy(entry: number, out: Uint8Array, at: number, end: number): number {
    const { records } = this;
    const { members, env } = this.protocol.knowledge;
    const { dialect } = members;
    const from = records.bytes;
    const version = entry + VERSION;
    const value = dialect.uintEnd(from, version);
    const length = records.next(entry) - value;
    const owner = this.ownerAt(records.slot(entry));
    const address = this.addressLength(members.bytes, owner);
    if (at + address + value - version + dialect.uintLength(length) + length + 6 > end) return -1;
    let body = this.writeAddress(members.bytes, owner, out, at + 2);
    body = copyBytes(from, version, value - version, out, body);
    body = dialect.writeUint(length, out, body);
    body = copyBytes(from, value, length, out, body);
    const seconds = Math.min(0xffffff, (unitsSince(records.time(entry), env.nowMs) * UNIT_MS) / 1000);
    out[body] = COPY;
    body = writeHalf(seconds, out, body + 1);
    out[body] = seconds >> 16;
    this.moved();
    return finish(out, at, body + 1);
  }

  /** Begins a message to a node. Returns where its body begins; -1 when not even that fits. */
  private begin(mark: number, to: IdentityRef<T>, out: Uint8Array, at: number, end: number): number {
    if (at + this.lengthOf(to) > end) return -1;
    const body = this.writeAddress(to.bytes, to.at, out, at + 2);
    out[body] = 0;
    out[body + 1] = 0;
    out[body + 2] = mark;
    return body + 3;
  }

  /** Bytes of a message to a node without a body. */
  private lengthOf(to: IdentityRef<T>): number {
    return MESSAGE + this.addressLength(to.bytes, to.at);
  }

  private addressLength(bytes: Uint8Array, at: number): number {
    const { type, dialect } = this.protocol.knowledge.members;
    const start = type.addressStart(dialect, bytes, at);
    return type.addressEnd(dialect, bytes, start) - start;
  }

  /** Writes the address of the identity at `from`. */
  private writeAddress(bytes: Uint8Array, from: number, out: Uint8Array, at: number): number {
    const { type, dialect } = this.protocol.knowledge.members;
    return copyBytes(
      bytes,
      type.addressStart(dialect, bytes, from),
      this.addressLength(bytes, from),
      out,
      at,
    );
  }

  /** Where in the table the identity stands of the member that has the slot, or ours. */
  private ownerAt(slot: number): number {
    const { members, self } = this.protocol.knowledge;
    return slot === OURS ? self.ref.at : members.identityAt(slot);
  }

  /** Whether a record is one that all should hold: of us, or of an active member. */
  private isCurrent(entry: number): boolean {
    const { records } = this;
    const slot = records.slot(entry);
    return (
      !records.isMarked(entry, NEWS) && (slot === OURS || this.protocol.knowledge.members.isActive(slot))
    );
  }

  /** The sum of the hashes of all records that are not quite fresh. */
  private digestNow(): number {
    if (this.isDigested) return this.digest;
    const { records } = this;
    const { nowMs } = this.protocol.knowledge.env;
    this.isDigested = true;
    let sum = 0;
    for (let entry = 0; entry < records.end; entry = records.next(entry)) {
      if (!this.isCurrent(entry)) continue;
      if (unitsSince(records.time(entry), nowMs) < FRESH) this.isDigested = false;
      else sum = (sum + this.hashOf(this.keyOf(0, records.slot(entry)), entry)) | 0;
    }
    this.digest = sum;
    return sum;
  }

  /** The hash of an owner. */
  private keyOf(salt: number, slot: number): number {
    const { type, dialect, bytes } = this.protocol.knowledge.members;
    const start = type.addressStart(dialect, bytes, this.ownerAt(slot));
    return hash(salt, bytes, start, type.addressEnd(dialect, bytes, start));
  }

  /** The hash of a record's version, beginning with that of its owner. */
  private hashOf(key: number, entry: number): number {
    const { bytes } = this.records;
    const { dialect } = this.protocol.knowledge.members;
    return hash(key, bytes, entry + VERSION, dialect.uintEnd(bytes, entry + VERSION));
  }

  /** An entry anywhere, so that not all answers begin with the same. */
  private anyEntry(): number {
    const { records } = this;
    const at = uniform(this.protocol.knowledge.env.random, records.end);
    let entry = 0;
    while (entry < records.end && records.next(entry) <= at) entry = records.next(entry);
    return entry;
  }
}

/** 32 bits of some bytes (FNV-1a), stirred so that their upper half is as good as any. */
export function hash(seed: number, bytes: Uint8Array, at: number, end: number): number {
  let sum = seed ^ 0x811c9dc5;
  for (; at < end; at++) sum = Math.imul(sum ^ bytes[at], 0x01000193);
  sum = Math.imul(sum ^ (sum >>> 15), 0x2c1b3c6d);
  return sum ^ (sum >>> 13);
}

/** Writes the length of the item that stands in `out[at + 2..end]`; returns its end. */
function finish(out: Uint8Array, at: number, end: number): number {
  out[at] = (end - at - 2) >> 8;
  out[at + 1] = end - at - 2;
  return end;
}

// Numbers in messages have their low byte first.
function readHalf(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8);
}

function writeHalf(value: number, out: Uint8Array, at: number): number {
  out[at] = value;
  out[at + 1] = value >> 8;
  return at + 2;
}

function writeWord(value: number, out: Uint8Array, at: number): number {
  return writeHalf(value >>> 16, out, writeHalf(value, out, at));
}
