import type { BroadcastHandler, BroadcastKey, Codec, Integer64, Schema } from "../../core/index.js";
import { INVALID, past } from "../../core/index.js";

/** What the publications ask of their node; an object, since closures would take 100 bytes each on XS. */
interface PublicationNode {
  /** As many publications are remembered as there may be members. */
  readonly swim: { readonly config: { readonly maxMembers: number } };
  readonly codec: Codec;
  /** How the address of an identity stands in bytes. */
  readonly addressSchema: Schema<unknown>;
  event(name: "onBroadcast", bytes: Uint8Array, from: unknown): void;
  /** The number of our present life. */
  ownLife(): Integer64;
  /** The number of the life of the member at this address; undefined when there is none, or lives have no number. */
  lifeAt(address: unknown): Integer64 | undefined;
}

/** The key of a published value: whose it is. What is new takes the place of all that is queued of the same member. */
class PublicationKey implements BroadcastKey {
  readonly origin: string;
  constructor(origin: string) {
    this.origin = origin;
  }
  invalidates(other: this): boolean {
    return this.origin === other.origin;
  }
}

/**
 * Publications: every member has one value that all others get, and a newer value replaces it. On the wire each is
 * `{ key: { addr, version: u64 }, bytes }`, which is what foca's example agent broadcasts.
 *
 * Versions must grow over all lives of a device. They are counted from the life's number (the `bump` of its identity)
 * times 2^20. Anybody who can send a datagram can claim a version. So a version is dropped as forged when it is 2^30
 * beyond the first version of the life that the membership holds at that address; a node also drops such a version of
 * its own. What an earlier life at that address published, or one that was forgotten since, does not count against a
 * new life.
 */
export class Latest<T> implements BroadcastHandler<T> {
  /**
   * What was heard last from each member, by its address bytes as text; the one that was silent for the longest is
   * first. Each is one number, because an object would take 64 bytes more on XS: the version, from bit 64 on the life
   * that it was believed of, and from bit 128 on whether the member went down since. Made when the first is heard.
   */
  private heard: Map<string, bigint> | undefined = undefined;
  private readonly node: PublicationNode;
  private ownVersion = 0n;
  private ownOrigin = "";

  constructor(node: PublicationNode) {
    this.node = node;
  }

  /**
   * Says which publications are the node's own, in its present life.
   * @param hasRenewed whether the life's number was renewed because of others. An earlier life that the node forgot
   *   may have had it, so the versions then begin 2^19 later, beyond what that life published
   */
  setOwner(address: unknown, hasRenewed: boolean): void {
    this.ownOrigin = this.originOf(address);
    const first = firstVersion(BigInt(this.node.ownLife())) + (hasRenewed ? 0x80000n : 0n);
    if (first > this.ownVersion) this.ownVersion = first;
  }

  /** Whether the others would not believe the next version of the present life, but would of the next life. */
  get isSpent(): boolean {
    const life = BigInt(this.node.ownLife());
    const last = lastVersion(life);
    return this.ownVersion >= last && lastVersion(life + 1n) > last;
  }

  /** Notes that a member came up. If it was Down and has the same number, it is another member that got the address. */
  memberUp(address: unknown, life: Integer64 | undefined): void {
    const { heard } = this;
    if (heard === undefined) return;
    const origin = this.originOf(address);
    const last = heard.get(origin);
    if (last === undefined || !hasEnded(last)) return;
    if (life === undefined || lifeOf(last) === BigInt(life)) heard.delete(origin);
    else heard.set(origin, last - ended());
  }

  /** Notes that a member went down. */
  memberDown(address: unknown): void {
    const { heard } = this;
    if (heard === undefined) return;
    const origin = this.originOf(address);
    const last = heard.get(origin);
    if (last !== undefined && !hasEnded(last)) heard.set(origin, last + ended());
  }

  /** Returns the datagram item that publishes `bytes` for this node at `address`. */
  wrap(address: unknown, bytes: Uint8Array): Uint8Array {
    const dialect = this.node.codec.dialect;
    const schema = this.node.addressSchema;
    const most = schema.maxLength(dialect) + 2 * dialect.maxUintLength(64) + bytes.length;
    const item = new Uint8Array(most);
    const key = schema.write(dialect, address, item, 0);
    this.ownVersion++;
    let at = dialect.writeBigUint(this.ownVersion, item, key);
    at = dialect.writeUint(bytes.length, item, at);
    item.set(bytes, at);
    return item.slice(0, at + bytes.length);
  }

  receiveItem(item: Uint8Array, sender: T | undefined): BroadcastKey | null {
    return this.judge(item, 0, item.length, sender === undefined);
  }

  receiveItemAt(bytes: Uint8Array, start: number, end: number, sender: unknown): BroadcastKey | null {
    return this.judge(bytes, start, end, sender === undefined);
  }

  private judge(bytes: Uint8Array, start: number, end: number, isOurs: boolean): BroadcastKey | null {
    const dialect = this.node.codec.dialect;
    const schema = this.node.addressSchema;
    const versionAt = past(required(schema.skip(dialect, bytes, start, end)));
    const lengthAt = past(required(dialect.skipUint(bytes, versionAt, end, 64)));
    const dataAt = past(required(dialect.skipUint(bytes, lengthAt, end, 64)));
    const length = dialect.readUint(bytes, lengthAt);
    if (dataAt + length > end) throw new RangeError("a publication is cut short");

    const origin = latin1(bytes, start, versionAt);
    const version = dialect.readBigUint(bytes, versionAt);
    if (origin === this.ownOrigin) return isOurs ? new PublicationKey(origin) : this.hearOurselves(version);
    const last = this.heard === undefined ? undefined : this.heard.get(origin);
    // Most items are known already.
    if (last !== undefined && versionOf(last) === version) return null;
    const from = schema.read(dialect, bytes, start);
    const held = this.node.lifeAt(from);
    const life = held === undefined ? undefined : BigInt(held);
    if (!isNews(version, life, last)) return null;
    this.remember(origin, version, life);
    if (!isOurs) this.node.event("onBroadcast", bytes.slice(dataAt, dataAt + length), from);
    return new PublicationKey(origin);
  }

  /**
   * Takes an echo of an earlier life with the same number. If it can be the node's own, the next version must be
   * newer.
   */
  private hearOurselves(version: bigint): null {
    if (version > this.ownVersion && version <= lastVersion(BigInt(this.node.ownLife())))
      this.ownVersion = version;
    return null;
  }

  private remember(origin: string, version: bigint, life: bigint | undefined): void {
    if (this.heard === undefined) this.heard = new Map();
    const heard = this.heard;
    heard.delete(origin);
    while (heard.size >= this.node.swim.config.maxMembers) heard.delete(heard.keys().next().value as string);
    // For a member that is not known, the life that the version claims.
    heard.set(origin, ((life ?? version >> 20n) << 64n) | version);
  }

  private originOf(address: unknown): string {
    const dialect = this.node.codec.dialect;
    const schema = this.node.addressSchema;
    const bytes = new Uint8Array(schema.maxLength(dialect));
    return latin1(bytes, 0, schema.write(dialect, address, bytes, 0));
  }
}

// The parts of what was heard last, and the versions of a life. Functions, since a bigint in a variable of the module
// would be one more thing for XS to preload.
function versionOf(last: bigint): bigint {
  return BigInt.asUintN(64, last);
}
function lifeOf(last: bigint): bigint {
  return BigInt.asUintN(64, last >> 64n);
}
function ended(): bigint {
  return 1n << 128n;
}
function hasEnded(last: bigint): boolean {
  return last >= ended();
}

/** The first version of a life. Those of lives beyond 2^44 do not fit 64 bits: they count on from one number. */
function firstVersion(life: bigint): bigint {
  return (life < 0xffffffff000n ? life : 0xffffffff000n) << 20n;
}

/** The last version that is believed of a life, 2^30 - 1 beyond the first: 34 years of a publication every second. */
function lastVersion(life: bigint): bigint {
  return firstVersion(life) + 0x3fffffffn;
}

/**
 * Whether a version is news.
 * @param life of the member that the address has now; undefined when it is not known
 * @param last what was heard last of that address
 */
function isNews(version: bigint, life: bigint | undefined, last: bigint | undefined): boolean {
  if (life !== undefined) {
    if (version > lastVersion(life)) return false;
    // The numbers of an address only go down when its member was forgotten: this is another.
    if (last !== undefined && life < lifeOf(last)) return true;
    if (last !== undefined && life > lifeOf(last) && version >= firstVersion(life))
      return version !== versionOf(last);
  }
  return last === undefined || version > versionOf(last);
}

function required(position: number): number {
  if (position === INVALID) throw new RangeError("not a publication");
  return position;
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]);
  return text;
}
