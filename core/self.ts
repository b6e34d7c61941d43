import { IdentityRef, UNSOUGHT, type IdentityForm } from "./codec.js";
import type { Dialect } from "./dialect.js";
import type { IdentityType } from "./identity.js";
import type { Schema } from "./schema.js";

/** `IdentityRef.sight` of our own identity: no slot of a member. */
export const OURSELVES = 0x10000;

/** Who we are: our identity in canonical bytes, and our incarnation. */
export class Self<T> implements IdentityForm<T> {
  readonly type: IdentityType<T>;
  readonly dialect: Dialect;
  /** Our identity is `bytes[0..length]`. */
  readonly bytes: Uint8Array;
  incarnation = 0;
  /** Our identity, as senders and readers of datagrams take it. */
  readonly ref: IdentityRef<T>;
  /** Our address is `bytes[addressStart..addressEnd]`. */
  addressStart = 0;
  addressEnd = 0;

  /**
   * @param bytes with room for the longest identity of the type, which is ours from now on
   * @throws TypeError or RangeError when `identity` does not fit its type.
   */
  constructor(identity: T, type: IdentityType<T>, dialect: Dialect, bytes: Uint8Array) {
    this.type = type;
    this.dialect = dialect;
    this.bytes = bytes;
    this.ref = new IdentityRef<T>(this, this.bytes);
    this.settle(type.schema.write(dialect, identity, this.bytes, 0));
  }

  get length(): number {
    return this.ref.length;
  }

  /** Our identity as a value. Allocates. */
  get identity(): T {
    return this.type.schema.read(this.dialect, this.bytes, 0);
  }

  get schema(): Schema<T> {
    return this.type.schema;
  }

  /** Tells our own identity from all others, and from the slots of members. */
  recognise(bytes: Uint8Array, at: number, end: number): number {
    const length = this.ref.length;
    if (at + length > end) return UNSOUGHT;
    for (let i = 0; i < length; i++) if (bytes[at + i] !== this.bytes[i]) return UNSOUGHT;
    return OURSELVES;
  }

  lengthOf(_sight: number): number {
    return this.ref.length;
  }

  /** Whether it is just our identity. */
  is(ref: IdentityRef<unknown>): boolean {
    return ref.sight === OURSELVES || ref.equals(this.bytes, 0, this.ref.length);
  }

  /** Whether it has our address, under whatever identity. */
  hasAddressOf(ref: IdentityRef<unknown>): boolean {
    const start = this.type.addressStart(this.dialect, ref.bytes, ref.at);
    const offset = start - this.addressStart;
    // No encoding is the prefix of another, so a shorter or longer address differs before its end.
    for (let i = this.addressEnd - 1; i >= this.addressStart; i--) {
      if (ref.bytes[i + offset] !== this.bytes[i]) return false;
    }
    return true;
  }

  /** Becomes another identity, at incarnation 0. */
  become(ref: IdentityRef<T>): void {
    for (let i = 0; i < ref.length; i++) this.bytes[i] = ref.bytes[ref.at + i];
    this.incarnation = 0;
    this.settle(ref.length);
  }

  /** Takes note of the identity that `bytes` hold now. */
  private settle(length: number): void {
    this.ref.set(this.bytes, 0, length);
    this.addressStart = this.type.addressStart(this.dialect, this.bytes, 0);
    this.addressEnd = this.type.addressEnd(this.dialect, this.bytes, this.addressStart);
  }
}
