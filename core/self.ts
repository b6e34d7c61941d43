import { IdentityRef, UNSOUGHT, type IdentityForm } from "./codec.js";
import { INVALID, type Dialect } from "./dialect.js";
import type { IdentityType } from "./identity.js";
import type { Members } from "./members.js";
import { areEqual, copyBytes, type Schema } from "./schema.js";

/** `IdentityRef.sight` of our own identity: no slot of a member. */
export const OURSELVES = 0x10000;

/** Who we are: our identity in canonical bytes, and our incarnation. */
export class Self<T> implements IdentityForm<T> {
  readonly type: IdentityType<T>;
  readonly dialect: Dialect;
  incarnation = 0;
  /** Our identity, as senders and readers of datagrams take it. Its bytes stand in the table, in the room that it keeps. */
  readonly ref: IdentityRef<T>;
  /** Our address is so many bytes of `ref.bytes`, from so many behind the first of our identity. */
  addressStart = 0;
  addressLength = 0;

  /** Takes the identity in `bytes[0..length]`. */
  constructor(members: Members<T>, bytes: Uint8Array, length: number) {
    this.type = members.type;
    this.dialect = members.dialect;
    this.ref = new IdentityRef<T>(this);
    this.ref.set(members.bytes, members.ownAt, length);
    members.ownRef = this.ref;
    this.take(bytes, 0, length);
  }

  get schema(): Schema<T> {
    return this.type.schema;
  }

  /** Tells our own identity from all others, and from the slots of members. */
  recognise(ref: IdentityRef<unknown>, bytes: Uint8Array, at: number, end: number): number {
    const own = this.ref;
    const length = own.length;
    ref.sight = UNSOUGHT;
    if (at + length > end || !areEqual(own.bytes, own.at, bytes, at, length)) return INVALID;
    ref.sight = OURSELVES;
    ref.bytes = bytes;
    ref.at = at;
    ref.length = length;
    return at + length;
  }

  /** Whether it is just our identity. */
  is(ref: IdentityRef<unknown>): boolean {
    return ref.sight === OURSELVES || ref.equals(this.ref.bytes, this.ref.at, this.ref.length);
  }

  /** Whether it has our address, under whatever identity. */
  hasAddressOf(ref: IdentityRef<unknown>): boolean {
    const start = this.type.addressStart(this.dialect, ref.bytes, ref.at);
    // No encoding is the prefix of another, so a shorter or longer address differs before its end.
    const own = this.ref;
    return areEqual(own.bytes, own.at + this.addressStart, ref.bytes, start, this.addressLength);
  }

  /** Becomes another identity, at incarnation 0. */
  become(ref: IdentityRef<T>): void {
    this.incarnation = 0;
    this.take(ref.bytes, ref.at, ref.length);
  }

  private take(bytes: Uint8Array, at: number, length: number): void {
    const own = this.ref;
    copyBytes(bytes, at, length, own.bytes, own.at);
    own.length = length;
    const start = this.type.addressStart(this.dialect, own.bytes, own.at);
    this.addressStart = start - own.at;
    this.addressLength = this.type.addressEnd(this.dialect, own.bytes, start) - start;
  }
}
