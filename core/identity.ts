import { Struct, struct } from "./compound.js";
import { past, type Dialect } from "./dialect.js";
import { requireInteger, u64, type Integer64, type Schema } from "./schema.js";
import { SocketAddr, socketAddr, socketAddrV4, socketAddrV6, type Endpoint } from "./socket-addr.js";
import { splitHostPort } from "./ip.js";

/**
 * What the core needs to know of identities of type `T`, whose addresses are of type `A`, over their canonical bytes.
 * Made by `identity`. foca: `Identity`.
 */
export interface IdentityType<T, A = unknown> {
  readonly schema: Schema<T>;
  /** Where the address begins in the identity at `at`. */
  addressStart(dialect: Dialect, bytes: Uint8Array, at: number): number;
  /** Where the address that begins at `start` ends. */
  addressEnd(dialect: Dialect, bytes: Uint8Array, start: number): number;
  /** Whether the identity at `at` is kept when `other`, with the same address, claims its place. */
  wins(dialect: Dialect, bytes: Uint8Array, at: number, other: Uint8Array, otherAt: number): boolean;
  /**
   * The identity to take when this one was declared Down; undefined when there is none. `step` says how many lives ahead
   * it should lie where lives are numbered, and `past` which identity, held at our address, it should win against.
   */
  renew(identity: T, step?: number, past?: T): T | undefined;
  /** Where to send datagrams for it; undefined when the type does not say. */
  endpoint(identity: T): Endpoint | undefined;
  /** The same for an identity in bytes, where that is to be had without building the value; else undefined. */
  endpointAt?(dialect: Dialect, bytes: Uint8Array, at: number): Endpoint | undefined;
  /** The value of the address: what stays the same when an identity is renewed. */
  addressOf(identity: T): A;
  /** The identity of whoever is at that address, in its life number `bump`; only where an address is enough. */
  at?(address: string, bump: Integer64): T;
  /** How the address alone stands in bytes; only where it is one field, or all. */
  readonly addressSchema?: Schema<unknown> | undefined;
}

/** What a user tells of a type of identities. */
export interface IdentityOptions<T> {
  /** How the identity stands in bytes. */
  schema: Schema<T>;
  /**
   * The field, or the neighbouring fields, that no two members share: the rest may change while it is the same
   * member. Only for a `struct` schema. The whole identity when left out, which then cannot be renewed.
   */
  address?: (keyof T & string) | readonly (keyof T & string)[];
  /** The identity to come back with after being declared Down, or undefined. It must win against `identity`. */
  renew?: (identity: T) => T | undefined;
  /** Whether `identity` is kept when `adversary`, with the same address, claims its place. */
  winsAddrConflict?: (identity: T, adversary: T) => boolean;
  /** Where to send datagrams for it: `"192.168.1.10:7946"`, `"[::1]:7946"`, or address and port. */
  endpoint?: (identity: T) => Endpoint | string;
}

/** How often a rule of renewal is applied at most to get past another identity. */
const MOST_RENEWALS = 1024;

class CustomIdentityType<T> implements IdentityType<T> {
  readonly schema: Schema<T>;
  readonly firstField: number;
  readonly lastField: number;
  readonly options: IdentityOptions<T>;

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
 * Makes an identity type of a schema: foca's `Identity` trait, with `address` for `addr`.
 * @throws TypeError when the parts do not go together.
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

/** An endpoint from `192.168.1.10:7946` or `[::1]:7946`. @throws TypeError when it is neither. */
export function parseEndpoint(text: string): Endpoint {
  const parts = splitHostPort(text);
  if (parts === undefined)
    throw new TypeError("expected an IP address and a port such as 192.168.1.10:7946, got " + text);
  return { address: parts.host, port: parts.port };
}

/** An identity that can come back at once: an address, and a number that grows with every life. */
export interface Renewable {
  addr: string;
  bump: Integer64;
}

/** An identity that begins with its address, which one schema of text tells. */
abstract class AddressFirst {
  readonly addressSchema: Schema<string>;

  constructor(addressSchema: Schema<string>) {
    this.addressSchema = addressSchema;
  }
  addressStart(_dialect: Dialect, _bytes: Uint8Array, at: number): number {
    return at;
  }
  addressEnd(dialect: Dialect, bytes: Uint8Array, start: number): number {
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
  renew(identity: Renewable, step = 1, past?: Renewable): Renewable {
    const own = BigInt(identity.bump);
    const farthest = (LAST_BUMP - own) / REST_PARTS;
    let ahead = BigInt(step);
    if (past !== undefined) ahead = BigInt(past.bump) + 1n - own;
    if (ahead > farthest) ahead = farthest;
    if (ahead < 1n) ahead = 1n;
    const bump = BigInt.asUintN(64, own + ahead);
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

/** A renewable identity around an address schema; see `Renewable`. */
export function renewable(addr: Schema<string>): IdentityType<Renewable, string> {
  return Object.freeze(new RenewableType(addr));
}

/** An address that is the whole identity: it cannot be renewed, and comes back only once it was forgotten. */
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

/** Identities that are a `SocketAddrV4` and nothing else. */
export const plainV4: IdentityType<string, string> = /* @__PURE__ */ Object.freeze(
  new PlainAddressType(socketAddrV4),
);
/** Identities that are a `SocketAddrV6` and nothing else. */
export const plainV6: IdentityType<string, string> = /* @__PURE__ */ Object.freeze(
  new PlainAddressType(socketAddrV6),
);
/** Identities that are a `SocketAddr` and nothing else. */
export const plain: IdentityType<string, string> = /* @__PURE__ */ Object.freeze(
  new PlainAddressType(socketAddr),
);
/** `{ addr: SocketAddrV4, bump: u64 }`: the smallest renewable identity with an address in it. */
export const renewableV4: IdentityType<Renewable, string> = /* @__PURE__ */ renewable(socketAddrV4);
/** `{ addr: SocketAddr, bump: u64 }`: what foca's example agent uses, and so the default of every platform. */
export const renewableAddr: IdentityType<Renewable, string> = /* @__PURE__ */ renewable(socketAddr);

/** The longest identity that a type may have, in bytes. */
export const MAX_IDENTITY_LENGTH = 1024;

/** @throws RangeError when identities of this type can be longer than the core takes. */
export function checkIdentityType(type: IdentityType<unknown>, dialect: Dialect): number {
  const length = type.schema.maxLength(dialect);
  requireInteger(length, 1, MAX_IDENTITY_LENGTH);
  return length;
}
