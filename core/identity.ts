import { Struct, struct } from "./compound.js";
import { past, type Dialect } from "./dialect.js";
import { requireInteger, u64, type Integer64, type Schema } from "./schema.js";
import { SocketAddr, socketAddr, socketAddrV4, socketAddrV6, type Endpoint } from "./socket-addr.js";
import { splitHostPort } from "./ip.js";

/**
 * The rules for identities of type `T`, whose addresses are of type `A`. Make one with `identity`, or take a ready one
 * such as `renewableAddr`. foca: `Identity`.
 */
export interface IdentityType<T, A = unknown> {
  /** How an identity is encoded in bytes. */
  readonly schema: Schema<T>;
  /** Whether something stands before the address in an encoded identity. */
  readonly isAddressLater?: boolean;
  /** Where the address begins within the encoded identity that begins at `at`. */
  addressStart(dialect: Dialect, bytes: Uint8Array, at: number): number;
  /**
   * Where the address that begins at `start` ends; the end itself is not part of it. Of bytes that are no identity, some
   * position.
   */
  addressEnd(dialect: Dialect, bytes: Uint8Array, start: number): number;
  /**
   * Whether the identity at `at` keeps its place when the identity at `otherAt` in `other`, which has the same
   * address, claims it.
   */
  wins(dialect: Dialect, bytes: Uint8Array, at: number, other: Uint8Array, otherAt: number): boolean;
  /**
   * Returns the identity to come back with when `identity` was declared Down; undefined when there is none. Where
   * lives are numbered, `step` says how many lives ahead it should be, and `past` is the identity that it should win
   * against.
   */
  renew(identity: T, step?: number, past?: T): T | undefined;
  /** Returns the endpoint to send datagrams for `identity` to; undefined when the type does not know it. */
  endpoint(identity: T): Endpoint | undefined;
  /**
   * Does the same for an encoded identity, when that is possible without building the value; otherwise returns
   * undefined.
   */
  endpointAt?(dialect: Dialect, bytes: Uint8Array, at: number): Endpoint | undefined;
  /** Returns the address: the part of `identity` that stays the same when it is renewed. */
  addressOf(identity: T): A;
  /**
   * Makes the identity of the member at `address` in its life number `bump`. Only types that need no more than that
   * have this method.
   */
  at?(address: string, bump: Integer64): T;
  /**
   * Returns the number of the life of the encoded identity at `at`, exact up to 2^53 - 1. Only types whose lives are
   * numbered have this method.
   */
  lifeAt?(dialect: Dialect, bytes: Uint8Array, at: number): number;
  /** How the address alone is encoded. Only there when the address is a single field, or the whole identity. */
  readonly addressSchema?: Schema<unknown> | undefined;
}

/** What `identity` makes an identity type from. */
export interface IdentityOptions<T> {
  /** How an identity is encoded in bytes. */
  schema: Schema<T>;
  /**
   * The name of the field, or the names of neighbouring fields, that no two members share and that stay the same for
   * as long as it is the same member. Only for a `struct` schema. When it is left out, the whole identity is the
   * address, and identities cannot be renewed.
   */
  address?: (keyof T & string) | readonly (keyof T & string)[];
  /**
   * Returns the identity to come back with when `identity` was declared Down, or undefined when there is none. The new
   * one must win against `identity`.
   */
  renew?: (identity: T) => T | undefined;
  /** Whether `identity` keeps its place when `adversary`, which has the same address, claims it. */
  winsAddrConflict?: (identity: T, adversary: T) => boolean;
  /**
   * Returns where to send datagrams for `identity`: `"192.168.1.10:7946"`, `"[::1]:7946"`, or an address and a port.
   */
  endpoint?: (identity: T) => Endpoint | string;
}

/** How often a rule of renewal is applied at most to get past another identity. */
const MOST_RENEWALS = 1024;

class CustomIdentityType<T> implements IdentityType<T> {
  readonly schema: Schema<T>;
  readonly firstField: number;
  readonly lastField: number;
  readonly options: IdentityOptions<T>;

  get isAddressLater(): boolean {
    return this.firstField > 0;
  }

  constructor(options: IdentityOptions<T>) {
    this.schema = options.schema;
    this.options = Object.freeze(Object.assign({}, options));
    const struct = this.schema as unknown;
    const address = options.address;
    if (address === undefined) {
      this.firstField = 0;
      this.lastField = struct instanceof Struct ? struct.fields.length : 1;
      if (options.renew)
        throw new TypeError("identity: renew needs an address field, the part that stays the same");
      return;
    }
    if (!(struct instanceof Struct))
      throw new TypeError("identity: address names a field, so schema must be a struct");
    const names = typeof address === "string" ? [address] : address;
    this.firstField = struct.names.indexOf(names[0] as string);
    this.lastField = this.firstField + names.length;
    for (let i = 0; i < names.length || i < 1; i++) {
      if (this.firstField >= 0 && struct.names[this.firstField + i] === names[i]) continue;
      throw new TypeError("identity: address must name neighbouring fields of " + struct.names.join(", "));
    }
    if (this.lastField < struct.fields.length && !options.winsAddrConflict) {
      throw new TypeError("identity: winsAddrConflict is needed, since two identities can share an address");
    }
  }

  addressStart(dialect: Dialect, bytes: Uint8Array, at: number): number {
    if (this.firstField === 0) return at;
    return past(
      (this.schema as unknown as Struct<object>).skipFields(
        dialect,
        bytes,
        at,
        bytes.length,
        0,
        this.firstField,
      ),
    );
  }

  addressEnd(dialect: Dialect, bytes: Uint8Array, start: number): number {
    const schema = this.schema as unknown;
    if (!(schema instanceof Struct)) return past(this.schema.skip(dialect, bytes, start, bytes.length));
    return past(schema.skipFields(dialect, bytes, start, bytes.length, this.firstField, this.lastField));
  }

  wins(dialect: Dialect, bytes: Uint8Array, at: number, other: Uint8Array, otherAt: number): boolean {
    const rule = this.options.winsAddrConflict;
    return (
      rule !== undefined &&
      rule(this.schema.read(dialect, bytes, at), this.schema.read(dialect, other, otherAt))
    );
  }

  renew(identity: T, step = 1, past?: T): T | undefined {
    const renew = this.options.renew;
    const winsAddrConflict = this.options.winsAddrConflict;
    if (renew === undefined) return undefined;
    let renewed = renew(identity);
    for (let i = 1; i < MOST_RENEWALS && renewed !== undefined; i++) {
      const isPast = past === undefined || winsAddrConflict === undefined || winsAddrConflict(renewed, past);
      if (isPast && i >= step) break;
      const next = renew(renewed);
      // A rule that counts in a circle must not bring us back behind where we are.
      if (next === undefined || winsAddrConflict === undefined || !winsAddrConflict(next, renewed)) break;
      renewed = next;
    }
    return renewed;
  }

  endpoint(identity: T): Endpoint | undefined {
    if (this.options.endpoint === undefined) return undefined;
    const endpoint = this.options.endpoint(identity);
    return typeof endpoint === "string" ? parseEndpoint(endpoint) : endpoint;
  }

  addressOf(identity: T): unknown {
    const schema = this.schema as unknown;
    if (!(schema instanceof Struct) || this.options.address === undefined) return identity;
    const value: Record<string, unknown> = {};
    for (let i = this.firstField; i < this.lastField; i++) {
      value[schema.names[i]] = (identity as Record<string, unknown>)[schema.names[i]];
    }
    return this.lastField - this.firstField === 1 ? value[schema.names[this.firstField]] : value;
  }

  get addressSchema(): Schema<unknown> | undefined {
    if (this.options.address === undefined) return this.schema;
    const one = this.lastField - this.firstField === 1;
    return one ? (this.schema as unknown as Struct<object>).fields[this.firstField] : undefined;
  }
}

/**
 * Makes an identity type from a schema and rules. This is foca's `Identity` trait; `address` stands for foca's `addr`.
 * @throws TypeError when the options contradict each other.
 */
export function identity<T, K extends keyof T & string>(
  options: IdentityOptions<T> & { address: K | readonly [K] },
): IdentityType<T, T[K]>;
export function identity<T, K extends keyof T & string>(
  options: IdentityOptions<T> & { address: readonly K[] },
): IdentityType<T, Pick<T, K>>;
export function identity<T>(options: IdentityOptions<T> & { address?: never }): IdentityType<T, T>;
export function identity<T>(options: IdentityOptions<T>): IdentityType<T>;
export function identity<T>(options: IdentityOptions<T>): IdentityType<T> {
  return Object.freeze(new CustomIdentityType(options));
}

/**
 * Takes a text such as `192.168.1.10:7946` or `[::1]:7946` apart.
 * @throws TypeError when it is not an address and a port.
 */
export function parseEndpoint(text: string): Endpoint {
  const parts = splitHostPort(text);
  if (parts === undefined)
    throw new TypeError("expected an IP address and a port such as 192.168.1.10:7946, got " + text);
  return { address: parts.host, port: parts.port };
}

/** An identity that can come back at once after it was declared Down, because each life has a number of its own. */
export interface Renewable {
  /** The address, such as `192.168.1.10:7946`. It stays the same over all lives. */
  addr: string;
  /** The number of this life. Each life has a larger one than those before it. */
  bump: Integer64;
}

/** Types whose identities begin with the address, which is a text with a schema of its own. */
abstract class AddressFirst {
  readonly addressSchema: Schema<string>;

  constructor(addressSchema: Schema<string>) {
    this.addressSchema = addressSchema;
  }
  addressStart(_dialect: Dialect, _bytes: Uint8Array, at: number): number {
    return at;
  }
  addressEnd(dialect: Dialect, bytes: Uint8Array, start: number): number {
    const addr = this.addressSchema as SocketAddr;
    // Not there in a schema of another class.
    if (addr.portAfterV4 > 0)
      return dialect.uintEnd(bytes, start + (bytes[start] === 0 ? addr.portAfterV4 : addr.portAfterV6));
    return past(this.addressSchema.skip(dialect, bytes, start, bytes.length));
  }
  endpointAt(dialect: Dialect, bytes: Uint8Array, at: number): Endpoint | undefined {
    const addr = this.addressSchema;
    return addr instanceof SocketAddr ? addr.endpoint(dialect, bytes, at) : undefined;
  }
}

const LAST_BUMP = 0xffffffffffffffffn;
/** A renewal uses up at most this part of the bumps that are left, so that forged datagrams cannot use up all. */
const REST_PARTS = 1048576n;

/**
 * `{ addr, bump: u64 }`, the identity of foca's example agent: the larger bump wins an address conflict, and
 * `renew` adds one (wrapping at 2^64), or `step`, or as much as it takes to get past another life at the same address.
 */
class RenewableType extends AddressFirst implements IdentityType<Renewable, string> {
  readonly schema: Schema<Renewable>;

  constructor(addr: Schema<string>) {
    super(addr);
    this.schema = struct<Renewable>({ addr, bump: u64 });
  }
  wins(dialect: Dialect, bytes: Uint8Array, at: number, other: Uint8Array, otherAt: number): boolean {
    const bump = this.addressEnd(dialect, bytes, at);
    const otherBump = this.addressEnd(dialect, other, otherAt);
    return dialect.compareUint(bytes, bump, other, otherBump) > 0;
  }
  lifeAt(dialect: Dialect, bytes: Uint8Array, at: number): number {
    return dialect.readUint(bytes, this.addressEnd(dialect, bytes, at));
  }
  renew(identity: Renewable, step = 1, past?: Renewable): Renewable {
    const own = BigInt(identity.bump);
    const farthest = (LAST_BUMP - own) / REST_PARTS;
    let ahead = BigInt(step);
    if (past !== undefined) ahead = BigInt(past.bump) + 1n - own;
    if (ahead > farthest) ahead = farthest;
    if (ahead < 1n) ahead = 1n;
    const bump = (own + ahead) & LAST_BUMP;
    const number = Number(bump);
    return { addr: identity.addr, bump: Number.isSafeInteger(number) ? number : bump.toString() };
  }
  endpoint(identity: Renewable): Endpoint {
    return parseEndpoint(identity.addr);
  }
  addressOf(identity: Renewable): string {
    return identity.addr;
  }
  at(address: string, bump: Integer64): Renewable {
    return { addr: address, bump };
  }
}

/** Makes the type of the identities `{ addr, bump }` from a schema for `addr`; see `Renewable`. */
export function renewable(addr: Schema<string>): IdentityType<Renewable, string> {
  return Object.freeze(new RenewableType(addr));
}

/** An address is the whole identity. It cannot be renewed, so it comes back only after the others have forgotten it. */
class PlainAddressType extends AddressFirst implements IdentityType<string, string> {
  readonly schema: Schema<string>;

  constructor(schema: Schema<string>) {
    super(schema);
    this.schema = schema;
  }
  wins(): boolean {
    return false;
  }
  renew(): undefined {
    return undefined;
  }
  endpoint(identity: string): Endpoint {
    return parseEndpoint(identity);
  }
  addressOf(identity: string): string {
    return identity;
  }
  at(address: string): string {
    return address;
  }
}

/** Identities that are only an IPv4 address and port, `SocketAddrV4`. They cannot be renewed. */
export const plainV4: IdentityType<string, string> = /* @__PURE__ */ Object.freeze(
  /* @__PURE__ */ new PlainAddressType(socketAddrV4),
);
/** Identities that are only an IPv6 address and port, `SocketAddrV6`. They cannot be renewed. */
export const plainV6: IdentityType<string, string> = /* @__PURE__ */ Object.freeze(
  /* @__PURE__ */ new PlainAddressType(socketAddrV6),
);
/** Identities that are only an IP address and port, `SocketAddr`. They cannot be renewed. */
export const plain: IdentityType<string, string> = /* @__PURE__ */ Object.freeze(
  /* @__PURE__ */ new PlainAddressType(socketAddr),
);
/**
 * The identities `{ addr: SocketAddrV4, bump: u64 }`: the shortest renewable ones that contain an address. IPv4 only.
 */
export const renewableV4: IdentityType<Renewable, string> = /* @__PURE__ */ renewable(socketAddrV4);
/** The identities `{ addr: SocketAddr, bump: u64 }` of foca's example agent. Every platform uses them by default. */
export const renewableAddr: IdentityType<Renewable, string> = /* @__PURE__ */ renewable(socketAddr);

/** The longest identity that a type may have, in bytes. */
export const MAX_IDENTITY_LENGTH = 1024;

/** @throws RangeError when identities of this type can be longer than the core takes. */
export function checkIdentityType(type: IdentityType<unknown>, dialect: Dialect): number {
  const length = type.schema.maxLength(dialect);
  requireInteger(length, 1, MAX_IDENTITY_LENGTH);
  return length;
}
