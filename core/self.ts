import type { IdentityForm, IdentityRef } from "./codec.js";
import type { Dialect } from "./dialect.js";
import type { IdentityType } from "./identity.js";
import type { Schema } from "./schema.js";

/** What `IdentityRef.slot` is for our own identity: no slot of a member. */
export const OURSELVES = 0x10000;

/** Who we are: our identity in canonical bytes, our incarnation, and the identity we gave up. */
export class Self<T> implements IdentityForm<T> {
  readonly type: IdentityType<T>;
  readonly dialect: Dialect;
  /** Our identity is `bytes[0..length]`. */
  readonly bytes: Uint8Array;
  length: number;
  incarnation = 0;
  /** The identity we declare Down, `farewell[0..farewellLength]`; made when first needed. */
  farewell: Uint8Array | undefined = undefined;
  farewellLength = 0;
  /** How often our farewell is still to be sent. */
  farewellRemaining = 0;
  /** Our address is `bytes[addressStart..addressEnd]`. */
  addressStart = 0;
  addressEnd = 0;

  /** @throws TypeError or RangeError when `identity` does not fit its type. */
  constructor(identity: T, type: IdentityType<T>, dialect: Dialect, maxLength: number) {
    this.type = type;
    this.dialect = dialect;
    this.bytes = new Uint8Array(maxLength);
    this.length = type.schema.write(dialect, identity, this.bytes, 0);
    this.locateAddress();
  }

  /** Our identity as a value. Allocates. */
  get identity(): T {
    return this.type.schema.read(this.dialect, this.bytes, 0);
  }

  get schema(): Schema<T> {
    return this.type.schema;
  }

  /** Tells our own identity from the slots of members. */
  get recognised(): number {
    return OURSELVES;
  }

  recognise(bytes: Uint8Array, at: number, end: number): number {
    const length = this.length;
    if (at + length > end) return 0;
    for (let i = 0; i < length; i++) if (bytes[at + i] !== this.bytes[i]) return 0;
    return length;
  }

  /** Whether it is just our identity. */
  is(ref: IdentityRef<unknown>): boolean {
    return ref.equals(this.bytes, 0, this.length);
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
  become(bytes: Uint8Array, length: number): void {
    this.bytes.set(bytes);
    this.length = length;
    this.incarnation = 0;
    this.locateAddress();
  }

  /** Queues our present identity to be declared Down `transmissions` times. */
  sayFarewell(transmissions: number): void {
    if (this.farewell === undefined) this.farewell = new Uint8Array(this.bytes.length);
    this.farewell.set(this.bytes);
    this.farewellLength = this.length;
    this.farewellRemaining = transmissions;
  }

  /** Whether it is the identity that is still to be declared Down. */
  isFarewell(bytes: Uint8Array, at: number, length: number): boolean {
    if (this.farewell === undefined || this.farewellRemaining === 0 || length !== this.farewellLength)
      return false;
    for (let i = 0; i < length; i++) if (bytes[at + i] !== this.farewell[i]) return false;
    return true;
  }

  private locateAddress(): void {
    this.addressStart = this.type.addressStart(this.dialect, this.bytes, 0);
    this.addressEnd = this.type.addressEnd(this.dialect, this.bytes, this.addressStart);
  }
}
