import type { BroadcastKey } from "./broadcasts.js";
import type { IdentityRef } from "./codec.js";
import type { Keeper } from "./keeper.js";
import { slotAt } from "./lookup.js";
import { Metric } from "./metrics.js";
import { NONE } from "./order.js";
import type { Protocol } from "./protocol.js";
import {
  HEARD_ONLY,
  NEWS,
  OF_EARLIER_LIFE,
  OURS,
  Records,
  unitsOf,
  unitsSince,
  UNIT_MS,
  VERSION,
} from "./records.js";
import { COPY, COPY_LENGTH, hash, MORE, NEWS_ITEM } from "./record-items.js";
import { Repair } from "./repair.js";
import { areEqual, type Integer64, type Schema } from "./schema.js";
import { SwimError } from "./status.js";
import { makeStrangeItems, noteStrangeItem } from "./strange-items.js";

/** What the values ask of their node. An object, since closures would take 100 bytes each on XS. */
export interface ValueNode {
  /** Whether the bytes `bytes[at..end]` are a value as this cluster has them. */
  isValue(bytes: Uint8Array, at: number, end: number): boolean;
  /** The number of our present life. */
  ownLife(): Integer64;
  /** A member has a new record, `bytes[at..end]`, which are valid until this returns. */
  valueCame(slot: number, bytes: Uint8Array, at: number, end: number): void;
  /** The news `bytes[at..end]` came, of whose address stands at `owner`. */
  newsCame(bytes: Uint8Array, at: number, end: number, owner: number): void;
}

/** Whose item it is. A newer one takes the place of all that is queued of the same owner and kind. */
class ItemKey implements BroadcastKey {
  /** The slot, `OURS`, or below 0 the hash of an owner that is no member. */
  readonly owner: number;
  readonly isNews: boolean;
  constructor(owner: number, isNews: boolean) {
    this.owner = owner;
    this.isNews = isNews;
  }
  invalidates(other: this): boolean {
    return this.owner === other.owner && this.isNews === other.isNews;
  }
}

/**
 * What members publish: of each one record, which is kept as long as the member is, and news, which is not kept.
 *
 * Versions must grow over all lives of a device. They are counted from the life's number (the `bump` of its identity)
 * times 2^20. Anybody who can send a datagram can claim a version. So a version is dropped as forged when it is 2^30
 * beyond the first version of the life that the membership holds at that address; a node also drops such a version of
 * its own. What an earlier life published does not count against a new one.
 */
export class Values<T> implements Keeper<T> {
  readonly records = new Records();
  private protocol!: Protocol<T>;
  private readonly node: ValueNode;
  private readonly maxValues: number;
  private readonly maxValueBytes: number;
  private readonly compareMs: number;
  private repair: Repair<T> | undefined = undefined;
  private strange: Float64Array | undefined = undefined;
  private ownVersion = 0n;

  /**
   * Keeps at most so many records of others, and so many bytes of them. A digest goes out every `compareMs` milliseconds;
   * none when that is 0.
   */
  constructor(node: ValueNode, maxValues: number, maxValueBytes: number, compareMs: number) {
    this.node = node;
    this.maxValues = maxValues;
    this.maxValueBytes = maxValueBytes;
    this.compareMs = compareMs;
  }

  attach(protocol: Protocol<T>): void {
    this.protocol = protocol;
    if (this.compareMs > 0) this.repair = new Repair(protocol, this.records, this.compareMs);
  }

  /**
   * Takes note of our present life.
   * @param hasRenewed whether its number was renewed because of others. An earlier life that the node forgot may have
   *   had it, so the versions then begin 2^19 later, beyond what that life published
   */
  setLife(life: Integer64, hasRenewed: boolean): void {
    const first = firstVersion(BigInt(life)) + (hasRenewed ? 0x80000n : 0n);
    if (first > this.ownVersion) this.ownVersion = first;
    if (this.repair !== undefined) this.repair.changed();
  }

  /** Whether the others would not believe the next version of the present life, but would of the next life. */
  isSpent(life: Integer64): boolean {
    const last = lastVersion(BigInt(life));
    return this.ownVersion >= last && lastVersion(BigInt(life) + 1n) > last;
  }

  /**
   * Returns the item that publishes `bytes`, under the next version.
   * @throws SwimError `DataTooBig` when it fits no datagram
   */
  wrap(bytes: Uint8Array, isNews: boolean): Uint8Array {
    const { knowledge, outbox } = this.protocol;
    const { members, self } = knowledge;
    const { dialect } = members;
    const start = self.ref.at + self.addressStart;
    const item = new Uint8Array(self.addressLength + 2 * dialect.maxUintLength(64) + bytes.length);
    item.set(self.ref.bytes.slice(start, start + self.addressLength));
    let at = dialect.writeBigUint(this.ownVersion + 1n, item, self.addressLength);
    at = dialect.writeUint(bytes.length, item, at);
    item.set(bytes, at);
    at += bytes.length;
    if (isNews) item[at++] = NEWS_ITEM;
    const excess = at + (isNews ? 0 : COPY_LENGTH) - outbox.maxBroadcastLength;
    if (excess > 0)
      throw new SwimError("DataTooBig", "at most " + (bytes.length - excess) + " bytes, got " + bytes.length);
    this.ownVersion++;
    return item.slice(0, at);
  }

  /** The identity of the member that has the slot. Allocates. */
  identityAt(slot: number): T {
    return this.protocol.knowledge.members.value(slot);
  }

  /**
   * Where the record of the member at the address of `identity` begins, or ours; -1 when none is kept.
   * @throws TypeError or RangeError when that is not a valid identity
   */
  entryOf(identity: T): number {
    const { knowledge } = this.protocol;
    const ref = knowledge.encode(identity);
    if (knowledge.self.hasAddressOf(ref)) return this.find(OURS);
    const slot = knowledge.members.find(ref);
    return slot === NONE ? -1 : this.find(slot);
  }

  /** Where the kept record of a slot begins, or of `OURS`; -1 when there is none. */
  private find(slot: number): number {
    const at = this.records.find(slot, false);
    // Of -1 it does not matter what is marked.
    return this.records.isMarked(at, HEARD_ONLY) ? -1 : at;
  }

  /** Where in `records.bytes` the value of a record begins. */
  valueStart(entry: number): number {
    return this.protocol.knowledge.members.dialect.uintEnd(this.records.bytes, entry + VERSION);
  }

  /** How many milliseconds ago a record was published, to a quarter of a second. */
  ageMs(entry: number): number {
    return unitsSince(this.records.time(entry), this.protocol.knowledge.env.readClock()) * UNIT_MS;
  }

  receiveItem(item: Uint8Array): BroadcastKey | null {
    return this.receiveItemAt(item, 0, item.length, undefined);
  }

  receiveItemAt(
    bytes: Uint8Array,
    start: number,
    end: number,
    sender: IdentityRef<T> | undefined,
  ): BroadcastKey | null {
    const { members, self } = this.protocol.knowledge;
    const { dialect, type } = members;
    const version = required((type.addressSchema as Schema<unknown>).skip(dialect, bytes, start, end));
    const length = required(dialect.skipUint(bytes, version, end, 64));
    const value = required(dialect.skipUint(bytes, length, end, 64));
    const tail = value + dialect.readUint(bytes, length);
    if (tail > end) throw new RangeError("a publication is cut short");
    const mark = tail < end ? bytes[tail] : 0;
    const own = self.ref.at + self.addressStart;
    // An address of another length is no beginning of ours.
    const isOurs = areEqual(self.ref.bytes, own, bytes, start, version - start);
    if (isOurs && sender !== undefined) {
      if (mark <= COPY) this.hearOurselves(bytes, version, mark === NEWS_ITEM);
      else if (mark <= MORE && this.repair !== undefined)
        this.repair.receive(mark, bytes, tail + 1, end, sender);
      return null;
    }
    if (mark > COPY) return null;
    const slot = isOurs ? OURS : slotAt(members, bytes, start, version - start);
    if (slot === NONE && !isOurs) return this.takeStrange(bytes, start, version, value, tail, mark);
    const old = this.records.find(slot, mark === NEWS_ITEM);
    if (old >= 0 && dialect.compareUint(bytes, version, this.records.bytes, old + VERSION) === 0) return null;
    if (!isOurs && !this.isNewer(bytes, version, slot, old)) return null;
    if (mark !== NEWS_ITEM && !isOurs && !this.node.isValue(bytes, value, tail)) return this.refuse();
    this.keep(bytes, version, length, value, tail, end, slot);
    if (isOurs) return new ItemKey(slot, mark === NEWS_ITEM);
    if (mark === NEWS_ITEM) this.node.newsCame(bytes, value, tail, start);
    else this.node.valueCame(slot, bytes, value, tail);
    // All others have had it, or get it as we did.
    return mark === COPY ? null : new ItemKey(slot, mark === NEWS_ITEM);
  }

  /** Enters what is new: of a record for which there is no room, its version alone. */
  private keep(
    bytes: Uint8Array,
    version: number,
    length: number,
    value: number,
    tail: number,
    end: number,
    slot: number,
  ): void {
    const { records, repair } = this;
    const mark = tail < end ? bytes[tail] : 0;
    const isNews = mark === NEWS_ITEM;
    let ageMs = 0;
    if (mark === COPY && end - tail > 3)
      ageMs = (bytes[tail + 1] | (bytes[tail + 2] << 8) | (bytes[tail + 3] << 16)) * 1000;
    const time = unitsOf(this.protocol.knowledge.env.readClock() - ageMs);
    const isKept =
      !isNews && (slot === OURS || this.makeRoom(slot, VERSION + length - version + tail - value));
    const old = records.find(slot, isNews);
    const marks = isNews ? NEWS : isKept ? 0 : HEARD_ONLY;
    records.put(old, slot, marks, time, bytes, version, length, value, isKept ? tail : value);
    if (isNews || repair === undefined) return;
    repair.changed();
    repair.hurry();
    if (mark !== COPY) return;
    this.protocol.knowledge.env.metrics[Metric.RepairedValues]++;
    repair.moved();
  }

  /** Whether there is room for a record of so many bytes, where need be in the place of those of members that are Down and do not sleep. */
  private makeRoom(slot: number, size: number): boolean {
    const { records } = this;
    const old = this.find(slot);
    const values = records.numKept + (old < 0 ? 1 : 0) - this.maxValues;
    const bytes = records.keptBytes + size - (old < 0 ? 0 : records.next(old) - old) - this.maxValueBytes;
    if (values <= 0 && bytes <= 0) return true;
    // Two that are Down would otherwise take each other's place, and be news, each time that they are passed on.
    if (!this.protocol.knowledge.members.isActive(slot)) return false;
    return this.dropDown(values, bytes, false) && this.dropDown(values, bytes, true);
  }

  /** Whether so many records, and bytes, are kept of members that are Down. They are dropped when `isMeant`. */
  private dropDown(values: number, bytes: number, isMeant: boolean): boolean {
    const { records } = this;
    const { members } = this.protocol.knowledge;
    for (let at = 0; at < records.end && (values > 0 || bytes > 0);) {
      const owner = records.slot(at);
      const next = records.next(at);
      const isKept = owner !== OURS && !records.isMarked(at, NEWS | HEARD_ONLY);
      const goes = isKept && !members.isActive(owner) && !members.isAsleep(owner);
      if (goes) {
        values--;
        bytes -= next - at;
      }
      if (goes && isMeant) records.remove(at);
      else at = next;
    }
    return values <= 0 && bytes <= 0;
  }

  /** Takes an item of an owner that is no member here: news is told, and all is passed on. */
  private takeStrange(
    bytes: Uint8Array,
    start: number,
    version: number,
    value: number,
    tail: number,
    mark: number,
  ): ItemKey | null {
    if (mark === COPY) return null;
    if (this.strange === undefined) this.strange = makeStrangeItems();
    // Below 0, as the key of the item must be.
    const owner = -1 - (hash(mark, bytes, start, version) >>> 0);
    const { members, env } = this.protocol.knowledge;
    if (!noteStrangeItem(this.strange, owner, members.dialect.readUint(bytes, version), env.nowMs))
      return null;
    if (mark === NEWS_ITEM) this.node.newsCame(bytes, value, tail, start);
    // The mark is in the hash.
    return new ItemKey(owner, false);
  }

  private refuse(): null {
    this.protocol.knowledge.env.metrics[Metric.RefusedValues]++;
    return null;
  }

  /**
   * Whether a version is news of a member.
   * @param old the entry of what was heard of it last, or -1; another version than this
   */
  private isNewer(bytes: Uint8Array, at: number, slot: number, old: number): boolean {
    const { members } = this.protocol.knowledge;
    const { records } = this;
    const { dialect, type } = members;
    // Where there was none, all is news, whatever that says.
    const isOfEarlierLife = records.isMarked(old, OF_EARLIER_LIFE);
    if (type.lifeAt !== undefined) {
      const first = firstOf(type.lifeAt(dialect, members.bytes, members.identityAt(slot)));
      const beyond = dialect.readUint(bytes, at) - first;
      if (beyond > LAST) return this.refuse() !== null;
      if (isOfEarlierLife && beyond >= 0) return true;
    } else if (isOfEarlierLife) return true;
    return old < 0 || dialect.compareUint(bytes, at, records.bytes, old + VERSION) > 0;
  }

  /**
   * Takes an echo of ours. When an earlier life published it, under our number or a larger one, the next version must be
   * newer. The others ignore a record of ours that is older, so that is published once more; where we have none, we note
   * what they hold, so that we do not differ from them.
   */
  private hearOurselves(bytes: Uint8Array, at: number, isNews: boolean): void {
    const { records, repair } = this;
    const { members, env } = this.protocol.knowledge;
    const { dialect } = members;
    const entry = records.find(OURS, isNews);
    if (entry >= 0 && dialect.compareUint(bytes, at, records.bytes, entry + VERSION) <= 0) return;
    const version = dialect.readBigUint(bytes, at);
    const last = lastVersion(BigInt(this.node.ownLife()));
    if (version > last) return;
    if (version > this.ownVersion) this.ownVersion = version;
    if (isNews) return;
    if (entry < 0 || records.isMarked(entry, HEARD_ONLY)) {
      const end = dialect.uintEnd(bytes, at);
      records.put(entry, OURS, HEARD_ONLY, unitsOf(env.readClock()), bytes, at, end, end, end);
      if (repair !== undefined) repair.changed();
    } else if (this.ownVersion < last) {
      const item = this.wrap(records.bytes.slice(this.valueStart(entry), records.next(entry)), false);
      this.protocol.offerBroadcast(item, 0, item.length, undefined);
    }
  }

  addItems(to: IdentityRef<T>, out: Uint8Array, at: number, end: number): number {
    return this.repair === undefined ? at : this.repair.addDigest(to, out, at, end);
  }

  get isAsking(): boolean {
    return this.repair !== undefined && this.repair.isNew;
  }

  joined(): void {
    if (this.repair !== undefined) this.repair.joined();
  }

  forgotten(slot: number): void {
    this.records.forget(slot);
    this.stateChanged();
  }

  renamed(slot: number): void {
    this.records.age(slot);
  }

  stateChanged(): void {
    if (this.repair !== undefined) this.repair.changed();
  }
}

/** The last version that is believed of a life is so far beyond the first: 34 years of a publication every second. */
const LAST = 0x3fffffff;

/** The first version of a life. Those of lives beyond 2^44 do not fit 64 bits: they count on from one number. */
function firstVersion(life: bigint): bigint {
  return (life < 0xffffffff000n ? life : 0xffffffff000n) << 20n;
}

/** The same as a number, which is exact for lives up to 2^33. */
function firstOf(life: number): number {
  return Math.min(life, 0xffffffff000) * 0x100000;
}

function lastVersion(life: bigint): bigint {
  return firstVersion(life) + BigInt(LAST);
}

function required(position: number): number {
  if (position < 0) throw new RangeError("not a publication");
  return position;
}
