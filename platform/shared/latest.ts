import type { BroadcastHandler, BroadcastKey, Codec, Schema } from "../../core/index.js";
import { INVALID, past } from "../../core/index.js";

/** Who is told of what others publish; an object, since a closure would take 100 bytes on XS. */
interface BroadcastListener {
  event(name: "onBroadcast", bytes: Uint8Array, from: unknown): void;
}

/** The key of a published value: whose it is, and which one. */
class PublicationKey implements BroadcastKey {
  readonly origin: string;
  readonly version: bigint;
  constructor(origin: string, version: bigint) {
    this.origin = origin;
    this.version = version;
  }
  invalidates(other: this): boolean {
    return this.origin === other.origin && this.version > other.version;
  }
}

/**
 * Publications: every member has one value that all others are told, and a newer one takes its place. On the
 * wire each is `{ key: { addr, version: u64 }, bytes }`, which is what foca's example agent broadcasts.
 *
 * Versions must grow over all lives of a device. They are counted from the life's number times 2^20.
 */
export class Latest<T> implements BroadcastHandler<T> {
  private readonly codec: Codec;
  private readonly address: Schema<unknown>;
  private readonly maxOrigins: number;
  /** The newest version seen, by the address bytes in text; the longest unheard first. */
  private readonly versions = new Map<string, bigint>();
  private readonly node: BroadcastListener;
  private ownVersion: bigint;
  private ownOrigin = "";

  constructor(
    codec: Codec,
    address: Schema<unknown>,
    life: bigint,
    maxOrigins: number,
    node: BroadcastListener,
  ) {
    this.codec = codec;
    this.address = address;
    this.ownVersion = (life << 20n) & 0xffffffffffffffffn;
    this.maxOrigins = maxOrigins;
    this.node = node;
  }

  /** Says whose publications are ours. */
  setOwner(address: unknown): void {
    const bytes = new Uint8Array(this.address.maxLength(this.codec.dialect));
    this.ownOrigin = latin1(bytes, 0, this.address.write(this.codec.dialect, address, bytes, 0));
  }

  /** The datagram item that publishes `bytes` for us, at `address`. */
  wrap(address: unknown, bytes: Uint8Array): Uint8Array {
    const dialect = this.codec.dialect;
    const most = this.address.maxLength(dialect) + 2 * dialect.maxUintLength(64) + bytes.length;
    const item = new Uint8Array(most);
    const key = this.address.write(dialect, address, item, 0);
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
    const dialect = this.codec.dialect;
    const versionAt = past(required(this.address.skip(dialect, bytes, start, end)));
    const lengthAt = past(required(dialect.skipUint(bytes, versionAt, end, 64)));
    const dataAt = past(required(dialect.skipUint(bytes, lengthAt, end, 64)));
    const length = dialect.readUint(bytes, lengthAt);
    if (dataAt + length > end) throw new RangeError("a publication that ends too early");

    const origin = latin1(bytes, start, versionAt);
    const version = dialect.readBigUint(bytes, versionAt);
    if (!isOurs && origin === this.ownOrigin) {
      // A memory of an earlier life of ours. What we publish next must be newer than that.
      if (version > this.ownVersion) this.ownVersion = version;
      return null;
    }
    const known = this.versions.get(origin);
    if (known !== undefined && known >= version) return null;
    this.versions.delete(origin);
    if (this.versions.size >= this.maxOrigins)
      this.versions.delete(this.versions.keys().next().value as string);
    this.versions.set(origin, version);
    if (!isOurs)
      this.node.event(
        "onBroadcast",
        bytes.slice(dataAt, dataAt + length),
        this.address.read(dialect, bytes, start),
      );
    return new PublicationKey(origin, version);
  }
}

function required(position: number): number {
  if (position === INVALID) throw new RangeError("a broadcast that is no publication");
  return position;
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]);
  return text;
}
