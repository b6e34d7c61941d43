// How nodes find out that one has missed a record of another, and what they then send: docs/WIRE.md, "Repair".
import type { IdentityRef } from "./codec.js";
import type { Protocol } from "./protocol.js";
import { uniform } from "./random.js";
import {
  beginMessage,
  DIGEST,
  finishItem,
  hashOfOwner,
  hashOfVersion,
  isCurrent,
  LIST,
  messageLength,
  MORE,
  readHalf,
  WANT,
  writeCopy,
  writeHalf,
} from "./record-items.js";
import { HEARD_ONLY, UNIT_MS, unitsSince, type Records } from "./records.js";
import { copyBytes } from "./schema.js";

/** Bytes of the salt, the first hash and the width, and of a pair of hashes: the owner's and the version's. */
const RANGE = 5;
const PAIR = 4;

/** A record counts in the digest when it is so many units old: until then it may be on its way. */
const FRESH = 3;
/** After something new so many digests follow each other soon: a part of the period apart. */
const HASTY = 24;
const HASTY_PART = 20;
/** When we are new in the cluster so many follow each other sooner still, until one is answered. */
const FIRST = 16;
const FIRST_PART = 50;
/** The pause between two questions that bring nothing is that of hasty digests at first, and doubles from this part on. */
const QUESTION_PART = 128;
/** The longest pause between two such questions, in periods. */
const LONGEST_PAUSE = 4;
/** So many answers at once, and so many milliseconds until there is one more. */
const AT_ONCE = 20;
const ANSWER_MS = 50;
/** Chains in which the pairs of a list are looked up. */
const CHAINS = 64;

/** Compares the records that we hold with those of others, and sends what they lack. */
export class Repair<T> {
  private readonly protocol: Protocol<T>;
  private readonly records: Records;
  private readonly periodMs: number;
  /** When the next digest may go out, how many more go out soon, and whether nobody has answered us yet. */
  private nextMs = 0;
  private soon = 0;
  isNew = false;
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
    this.pauseMs = periodMs / QUESTION_PART;
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
    const soonMs = this.protocol.knowledge.env.nowMs + FRESH * UNIT_MS;
    this.soon = HASTY;
    if (this.nextMs > soonMs) this.nextMs = soonMs;
  }

  /** To ask has helped somebody. */
  moved(): void {
    this.pauseMs = this.periodMs / QUESTION_PART;
    this.silentUntilMs = 0;
  }

  /** Adds our digest, when it is time to, to a datagram that is sent anyway. Returns the position after it. */
  addDigest(to: IdentityRef<T>, out: Uint8Array, at: number, end: number): number {
    const { knowledge } = this.protocol;
    const nowMs = knowledge.env.nowMs;
    if (nowMs < this.nextMs) return at;
    const isEmpty = this.records.end === 0;
    if ((isEmpty || this.digestNow() === 0) && !this.isNew) return at;
    let body = beginMessage(knowledge, DIGEST, to, out, at, isEmpty ? end : end - 4);
    if (body < 0) return at;
    if (!isEmpty) body = writeHalf(this.digest >> 16, out, writeHalf(this.digest, out, body));
    // Where asking brings nothing, there is no use in making others ask.
    let waitMs = Math.max(this.periodMs, this.pauseMs);
    if (this.isPartial) waitMs = this.periodMs * LONGEST_PAUSE;
    if (this.soon > 0) {
      this.soon--;
      waitMs = this.periodMs / (this.isNew ? FIRST_PART : HASTY_PART);
    } else this.isNew = false;
    this.nextMs = nowMs + waitMs;
    return finishItem(out, at, body);
  }

  /** Takes in a message from the node `from`: what follows its mark is `bytes[at..end]`. May send an answer. */
  receive(mark: number, bytes: Uint8Array, at: number, end: number, from: IdentityRef<T>): void {
    const { knowledge, connection, outbox } = this.protocol;
    const nowMs = knowledge.env.readClock();
    if (!connection.isConnected || this.busyUntilMs - nowMs >= AT_ONCE * ANSWER_MS) return;
    let asks: boolean;
    if (mark === DIGEST) asks = this.differs(bytes, at, end, nowMs);
    else if (mark === MORE) asks = this.isWorthMore();
    else asks = end - at >= RANGE;
    if (!asks) return;
    this.busyUntilMs = Math.max(this.busyUntilMs, nowMs) + ANSWER_MS;
    const start = outbox.beginItems(from);
    const out = knowledge.members.bytes;
    const last = outbox.end;
    if (mark === LIST || mark === WANT)
      outbox.at = this.writeRecords(mark, bytes, at, end, from, out, start, last);
    else if (mark === DIGEST && end === at)
      // Who holds none would list none, in the range of all.
      outbox.at = this.writeRecords(LIST, new Uint8Array(RANGE), 0, RANGE, from, out, start, last);
    else outbox.at = this.writeList(from, out, start, last);
    if (outbox.at > start) outbox.finish(from);
  }

  /** Whether a digest is another than ours, and is to be answered. */
  private differs(bytes: Uint8Array, at: number, end: number, nowMs: number): boolean {
    if (end === at) return this.records.end > 0;
    if (end - at < 4) return false;
    if (this.digestNow() === (readHalf(bytes, at) | (readHalf(bytes, at + 2) << 16))) {
      this.isNew = false;
      // Most nodes have all by now.
      if (this.isDigested && this.soon > 0) this.soon--;
      return false;
    }
    if (nowMs < this.silentUntilMs) return false;
    this.silentUntilMs = nowMs + Math.max(this.pauseMs, this.periodMs / HASTY_PART);
    this.pauseMs = Math.min(this.pauseMs * 2, this.periodMs * LONGEST_PAUSE);
    this.hurry();
    return true;
  }

  /** Whether what we were sent was of use: whoever refuses it would be sent the same again and again. */
  private isWorthMore(): boolean {
    if (this.pauseMs >= this.periodMs / HASTY_PART) return false;
    this.pauseMs *= 2;
    return true;
  }

  /** Whether there are members that we have no room for: nobody else's records are of use to us. */
  private get isPartial(): boolean {
    const { members } = this.protocol.knowledge;
    return members.length >= members.maxMembers;
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
    const { knowledge } = this.protocol;
    const pairs = listAt + RANGE;
    const numPairs = Math.floor((listEnd - pairs) / PAIR);
    const salt = list[listAt];
    const low = readHalf(list, listAt + 1);
    const width = readHalf(list, listAt + 3);
    const chains = chainsOf(list, pairs, numPairs);
    // The hashes of the versions that we hold of those listed, and -1 where we hold none.
    const held = new Int32Array(numPairs).fill(-1);
    const room = end - messageLength(knowledge, to);
    const before = at;
    let isWhole = true;
    let entry = this.anyEntry();
    for (let left = records.end; left > 0;) {
      const next = records.next(entry);
      left -= next - entry;
      if (isCurrent(knowledge, records, entry)) {
        const owner = hashOfOwner(knowledge, salt, records.slot(entry));
        const short = owner >>> 16;
        let pair = chains[short % CHAINS];
        while (pair > 0 && readHalf(list, pairs + (pair - 1) * PAIR) !== short)
          pair = chains[CHAINS + pair - 1];
        let isWanted = mark !== WANT && (width === 0 || ((short - low) & 0xffff) < width);
        if (pair > 0) {
          const version = hashOfVersion(knowledge, records, owner, entry) >>> 16;
          held[pair - 1] = version;
          isWanted = readHalf(list, pairs + (pair - 1) * PAIR + 2) !== version;
        }
        if (isWanted && !records.isMarked(entry, HEARD_ONLY)) {
          const after = isWhole
            ? writeCopy(knowledge, records, entry, out, at, at === before ? end : room)
            : -1;
          if (after >= 0) at = after;
          // What no datagram of ours has room for is not promised.
          else if (at > before) isWhole = false;
        }
      }
      entry = next >= records.end ? 0 : next;
    }
    if (at > before) this.moved();
    if (!isWhole) {
      const body = beginMessage(knowledge, MORE, to, out, at, end);
      return body < 0 ? at : finishItem(out, at, body);
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
    const { isPartial } = this;
    let body = beginMessage(this.protocol.knowledge, WANT, to, out, at, end - RANGE);
    if (body < 0) return at;
    body = copyBytes(list, listAt, RANGE, out, body);
    const first = body;
    for (let i = 0; i < held.length && body + PAIR <= end; i++) {
      const pair = listAt + RANGE + i * PAIR;
      const theirs = readHalf(list, pair + 2);
      if (held[i] === theirs || (held[i] < 0 && isPartial)) continue;
      body = writeHalf(readHalf(list, pair), out, body);
      // What we hold, so that it is not sent when ours has come to be theirs; any but theirs, when we hold none.
      body = writeHalf(held[i] < 0 ? ~theirs : held[i], out, body);
    }
    return body === first ? at : finishItem(out, at, body);
  }

  /** Lists what we hold: all of it, or a random part when not all finds room. */
  private writeList(to: IdentityRef<T>, out: Uint8Array, at: number, end: number): number {
    const { records } = this;
    const { knowledge } = this.protocol;
    const { random } = knowledge.env;
    const { isPartial } = this;
    let body = beginMessage(knowledge, isPartial ? WANT : LIST, to, out, at, end - RANGE);
    if (body < 0) return at;
    const room = Math.floor((end - body - RANGE) / PAIR);
    let count = 0;
    for (let entry = 0; entry < records.end; entry = records.next(entry))
      if (isCurrent(knowledge, records, entry)) count++;
    const salt = uniform(random, 256);
    const low = uniform(random, 0x10000);
    // A little less than there may be room for: hashes do not lie evenly.
    const width = count <= room ? 0 : Math.max(1, Math.floor((0xe000 * room) / count));
    out[body++] = salt;
    body = writeHalf(width, out, writeHalf(low, out, body));
    if (isPartial) return finishItem(out, at, this.writeMembers(salt, out, body, end));
    for (let entry = 0; entry < records.end && body + PAIR <= end; entry = records.next(entry)) {
      if (!isCurrent(knowledge, records, entry)) continue;
      const owner = hashOfOwner(knowledge, salt, records.slot(entry));
      if (width > 0 && (((owner >>> 16) - low) & 0xffff) >= width) continue;
      body = writeHalf(owner >>> 16, out, body);
      body = writeHalf(hashOfVersion(knowledge, records, owner, entry) >>> 16, out, body);
    }
    return finishItem(out, at, body);
  }

  /** Writes a pair for each of the active members, from a random one on, whether we hold a record of it or not. */
  private writeMembers(salt: number, out: Uint8Array, body: number, end: number): number {
    const { records } = this;
    const { knowledge } = this.protocol;
    const { order } = knowledge.members;
    const start = uniform(knowledge.env.random, order.numActive);
    for (let i = 0; i < order.numActive && body + PAIR <= end; i++) {
      const slot = order.activeAt((start + i) % order.numActive);
      const owner = hashOfOwner(knowledge, salt, slot);
      const entry = records.find(slot, false);
      body = writeHalf(owner >>> 16, out, body);
      // Of a record that we do not hold, some hash: one in 65,536 is taken for it, until the next list.
      body = writeHalf(entry < 0 ? 0 : hashOfVersion(knowledge, records, owner, entry) >>> 16, out, body);
    }
    return body;
  }

  /** The sum of the hashes of all records that are not quite fresh. */
  private digestNow(): number {
    if (this.isDigested) return this.digest;
    const { records } = this;
    const { knowledge } = this.protocol;
    this.isDigested = true;
    let sum = 0;
    for (let entry = 0; entry < records.end; entry = records.next(entry)) {
      if (!isCurrent(knowledge, records, entry)) continue;
      if (unitsSince(records.time(entry), knowledge.env.nowMs) < FRESH) this.isDigested = false;
      else
        sum += hashOfVersion(knowledge, records, hashOfOwner(knowledge, 0, records.slot(entry)), entry) | 0;
    }
    this.digest = sum | 0;
    return this.digest;
  }

  /** An entry anywhere, so that not all answers begin with the same. */
  private anyEntry(): number {
    const { records } = this;
    const at = uniform(this.protocol.knowledge.env.random, records.end);
    let entry = 0;
    while (records.next(entry) <= at) entry = records.next(entry);
    return entry;
  }
}

/** In which chain each pair of a list hangs, so that none is looked for in all of them. Numbers of pairs begin with 1. */
function chainsOf(list: Uint8Array, pairs: number, numPairs: number): Uint16Array {
  const chains = new Uint16Array(CHAINS + numPairs);
  for (let i = 0; i < numPairs; i++) {
    const chain = readHalf(list, pairs + i * PAIR) % CHAINS;
    chains[CHAINS + i] = chains[chain];
    chains[chain] = i + 1;
  }
  return chains;
}
