import { IdentityRef, type IdentityForm } from "./codec.js";
import { INVALID, type Dialect } from "./dialect.js";
import type { Members } from "./members.js";
import { SCRATCH } from "./table.js";
import { areEqual, copyBytes, type Schema } from "./schema.js";

/** `IdentityRef.sight` of our own identity: no slot of a member. */
export const OURSELVES = 0x10000;
/** `IdentityRef.sight` of one that is not our own, should its bytes prove canonical; `Members` knows nothing of it. */
const OTHERS = -0x10003;
const SCRATCH_INTS = SCRATCH / 4;

/** Who we are: our identity in canonical bytes, and our incarnation. */
export class Self<T> implements IdentityForm<T> {
  private readonly members: Members<T>;
  readonly dialect: Dialect;
  incarnation = 0;
  /** Our identity, as senders and readers of datagrams take it. Its bytes stand in the table, in the room that it keeps. */
  readonly ref: IdentityRef<T>;
  /** Our address is so many bytes of `ref.bytes`, from so many behind the first of our identity. */
  addressStart = 0;
  addressLength = 0;

  /** Takes the identity in `bytes[0..length]`. */
  constructor(members: Members<T>, bytes: Uint8Array, length: number) {
    this.members = members;
    this.dialect = members.dialect;
    this.ref = new IdentityRef<T>(this);
    this.ref.set(members.bytes, members.ownAt, length);
    members.ownRef = this.ref;
    this.take(bytes, 0, length);
  }

  get schema(): Schema<T> {
    return this.members.type.schema;
  }

  /** Tells our own identity from all others, and from the slots of members. */
  recognise(ref: IdentityRef<unknown>, bytes: Uint8Array, at: number, end: number): number {
    const own = this.ref;
    const length = own.length;
    ref.sight = OTHERS;
    if (at + length > end) return INVALID;
    if (bytes !== own.bytes || length > SCRATCH) {
      if (!areEqual(own.bytes, own.at, bytes, at, length)) return INVALID;
    } else {
      // As in `Members.recognise`, by words of 32 bits.
      const ints = this.members.ints;
      let i = own.at >> 2;
      bytes.copyWithin(own.at - SCRATCH, at, at + length);
      for (const last = i + (length >> 2); i < last; i++)
        if (ints[i] !== ints[i - SCRATCH_INTS]) return INVALID;
      if ((length & 3) !== 0 && (ints[i] ^ ints[i - SCRATCH_INTS]) << ((4 - (length & 3)) << 3) !== 0)
        return INVALID;
    }
    ref.sight = OURSELVES;
    ref.bytes = bytes;
    ref.at = at;
    ref.length = length;
    return at + length;
  }

  /** Whether it is just our identity. */
  is(ref: IdentityRef<unknown>): boolean {
    if (ref.sight === OTHERS) return false;
    return ref.sight === OURSELVES || ref.equals(this.ref.bytes, this.ref.at, this.ref.length);
  }

  /** Whether it has our address, under whatever identity. */
  hasAddressOf(ref: IdentityRef<unknown>): boolean {
    const type = this.members.type;
    const bytes = ref.bytes;
    const start = type.isAddressLater === true ? type.addressStart(this.dialect, bytes, ref.at) : ref.at;
    const own = this.ref;
    const ownStart = own.at + this.addressStart;
    const length = this.addressLength;
    // Two addresses of IPv4 in one network differ in their fourth byte most often: that first, without a call.
    if (length > 4 && own.bytes[ownStart + 3] !== bytes[start + 3]) return false;
    // No encoding is the prefix of another, so a shorter or longer address differs before its end.
    return areEqual(own.bytes, ownStart, bytes, start, length);
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
    const start = this.members.type.addressStart(this.dialect, own.bytes, own.at);
    this.addressStart = start - own.at;
    this.addressLength = this.members.type.addressEnd(this.dialect, own.bytes, start) - start;
  }
}
