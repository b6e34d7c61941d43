import { INVALID, lax, type Dialect } from "./dialect.js";
import { COPIES_NATIVELY } from "./native.js";

/**
 * How a value of type `T` is encoded in bytes, as Rust's serde would do it: a whole identity, or one field of it. A
 * schema holds no state. `skip` and `copy` allocate nothing.
 */
export interface Schema<T> {
  /** Returns the position after the value at `at`, which must not reach beyond `end`. `Dialect` explains the result. */
  skip(dialect: Dialect, bytes: Uint8Array, at: number, end: number): number;
  /**
   * Copies a value that `skip` found valid into `out`, in its canonical form. Returns the position after it in `out`.
   */
  copy(dialect: Dialect, bytes: Uint8Array, at: number, out: Uint8Array, outAt: number): number;
  /** Builds the value at `at`, which `skip` found valid. Allocates memory. */
  read(dialect: Dialect, bytes: Uint8Array, at: number): T;
  /**
   * Writes a value in its canonical form, and returns the position after it.
   * @throws TypeError or RangeError when the value does not fit the schema. A part of it may have been written by
   *   then.
   */
  write(dialect: Dialect, value: T, out: Uint8Array, at: number): number;
  /** Returns how many bytes a value can take at most, in any form. */
  maxLength(dialect: Dialect): number;
}

/** A 64-bit integer: a number up to 2^53 - 1, and a text of decimal digits beyond, so that JSON can carry it. */
export type Integer64 = number | string;

/** The type of a schema's values: `Infer<typeof schema>`. */
export type Infer<S> = S extends Schema<infer T> ? T : never;

/** Whether two runs of bytes are the same. Four at a time, because a step of a loop costs as much as two comparisons. */
export function areEqual(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number, length: number): boolean {
  const end = aAt + length;
  for (; aAt + 4 <= end; aAt += 4, bAt += 4) {
    if (a[aAt] !== b[bAt] || a[aAt + 1] !== b[bAt + 1]) return false;
    if (a[aAt + 2] !== b[bAt + 2] || a[aAt + 3] !== b[bAt + 3]) return false;
  }
  for (; aAt < end; aAt++, bAt++) if (a[aAt] !== b[bAt]) return false;
  return true;
}

/**
 * Copies a few bytes that do not overlap. Returns the position after them. The native call takes an object for a part of
 * another array, and is slower than the loop on V8.
 */
export function copyBytes(
  from: Uint8Array,
  at: number,
  length: number,
  out: Uint8Array,
  outAt: number,
): number {
  if (COPIES_NATIVELY && from === out) out.copyWithin(outAt, at, at + length);
  else for (let i = 0; i < length; i++) out[outAt + i] = from[at + i];
  return outAt + length;
}

/** A position after a part of a larger value, with what is already known of the value's form. */
export function join(wasLax: boolean, position: number): number {
  return wasLax ? lax(position) : position;
}

class Byte implements Schema<number> {
  readonly signed: boolean;
  constructor(signed: boolean) {
    this.signed = signed;
  }
  skip(_dialect: Dialect, _bytes: Uint8Array, at: number, end: number): number {
    return at < end ? at + 1 : INVALID;
  }
  copy(_dialect: Dialect, bytes: Uint8Array, at: number, out: Uint8Array, outAt: number): number {
    out[outAt] = bytes[at];
    return outAt + 1;
  }
  read(_dialect: Dialect, bytes: Uint8Array, at: number): number {
    return this.signed ? (bytes[at] << 24) >> 24 : bytes[at];
  }
  write(_dialect: Dialect, value: number, out: Uint8Array, at: number): number {
    const low = this.signed ? -128 : 0;
    requireInteger(value, low, low + 255);
    out[at] = value & 255;
    return at + 1;
  }
  maxLength(_dialect: Dialect): number {
    return 1;
  }
}

class Uint implements Schema<number> {
  readonly bits: number;
  constructor(bits: number) {
    this.bits = bits;
  }
  skip(dialect: Dialect, bytes: Uint8Array, at: number, end: number): number {
    return dialect.skipUint(bytes, at, end, this.bits);
  }
  copy(dialect: Dialect, bytes: Uint8Array, at: number, out: Uint8Array, outAt: number): number {
    return dialect.writeUint(dialect.readUint(bytes, at), out, outAt);
  }
  read(dialect: Dialect, bytes: Uint8Array, at: number): number {
    return dialect.readUint(bytes, at);
  }
  write(dialect: Dialect, value: number, out: Uint8Array, at: number): number {
    requireInteger(value, 0, this.bits === 16 ? 0xffff : 0xffffffff);
    return dialect.writeUint(value, out, at);
  }
  maxLength(dialect: Dialect): number {
    return dialect.maxUintLength(this.bits);
  }
}

class Int implements Schema<number> {
  readonly bits: number;
  constructor(bits: number) {
    this.bits = bits;
  }
  skip(dialect: Dialect, bytes: Uint8Array, at: number, end: number): number {
    return dialect.skipUint(bytes, at, end, this.bits);
  }
  copy(dialect: Dialect, bytes: Uint8Array, at: number, out: Uint8Array, outAt: number): number {
    return dialect.writeUint(dialect.readUint(bytes, at), out, outAt);
  }
  read(dialect: Dialect, bytes: Uint8Array, at: number): number {
    const zigzag = dialect.readUint(bytes, at);
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  }
  write(dialect: Dialect, value: number, out: Uint8Array, at: number): number {
    const half = 2 ** (this.bits - 1);
    requireInteger(value, -half, half - 1);
    return dialect.writeUint(value >= 0 ? value * 2 : -value * 2 - 1, out, at);
  }
  maxLength(dialect: Dialect): number {
    return dialect.maxUintLength(this.bits);
  }
}

class Integer64Schema implements Schema<Integer64> {
  readonly signed: boolean;
  constructor(signed: boolean) {
    this.signed = signed;
  }
  skip(dialect: Dialect, bytes: Uint8Array, at: number, end: number): number {
    return dialect.skipUint(bytes, at, end, 64);
  }
  copy(dialect: Dialect, bytes: Uint8Array, at: number, out: Uint8Array, outAt: number): number {
    const value = dialect.readUint(bytes, at);
    if (value <= Number.MAX_SAFE_INTEGER) return dialect.writeUint(value, out, outAt);
    return dialect.writeBigUint(dialect.readBigUint(bytes, at), out, outAt);
  }
  read(dialect: Dialect, bytes: Uint8Array, at: number): Integer64 {
    const small = dialect.readUint(bytes, at);
    if (small <= Number.MAX_SAFE_INTEGER) {
      if (!this.signed) return small;
      return small % 2 === 0 ? small / 2 : -(small + 1) / 2;
    }
    const raw = dialect.readBigUint(bytes, at);
    const value = !this.signed ? raw : raw % 2n === 0n ? raw / 2n : -(raw + 1n) / 2n;
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  write(dialect: Dialect, value: Integer64 | bigint, out: Uint8Array, at: number): number {
    if (!this.signed && Number.isSafeInteger(value) && (value as number) >= 0) {
      return dialect.writeUint(value as number, out, at);
    }
    const exact = toBigInt(value);
    const low = this.signed ? -(1n << 63n) : 0n;
    if (exact < low || exact > low + 0xffffffffffffffffn)
      throw new RangeError(value + " does not fit in 64 bits");
    const raw = !this.signed ? exact : exact >= 0n ? exact * 2n : -exact * 2n - 1n;
    return dialect.writeBigUint(raw, out, at);
  }
  maxLength(dialect: Dialect): number {
    return dialect.maxUintLength(64);
  }
}

class Bool implements Schema<boolean> {
  skip(_dialect: Dialect, bytes: Uint8Array, at: number, end: number): number {
    return at < end && bytes[at] <= 1 ? at + 1 : INVALID;
  }
  copy(_dialect: Dialect, bytes: Uint8Array, at: number, out: Uint8Array, outAt: number): number {
    out[outAt] = bytes[at];
    return outAt + 1;
  }
  read(_dialect: Dialect, bytes: Uint8Array, at: number): boolean {
    return bytes[at] === 1;
  }
  write(_dialect: Dialect, value: boolean, out: Uint8Array, at: number): number {
    if (typeof value !== "boolean") throw new TypeError("expected a boolean, got " + typeof value);
    out[at] = value ? 1 : 0;
    return at + 1;
  }
  maxLength(_dialect: Dialect): number {
    return 1;
  }
}

function toBigInt(value: unknown): bigint {
  if (typeof value === "bigint") return value;
  if (Number.isSafeInteger(value)) return BigInt(value as number);
  if (typeof value === "string" && /^-?[0-9]{1,20}$/.test(value)) return BigInt(value);
  throw new TypeError("expected an exact integer (number, bigint or decimal digits), got " + String(value));
}

/** @throws TypeError when `value` is no integer, RangeError when it is out of bounds. */
export function requireInteger(value: unknown, low: number, high: number): void {
  if (!Number.isInteger(value)) throw new TypeError("expected an integer, got " + String(value));
  if ((value as number) < low || (value as number) > high) {
    throw new RangeError(value + " is not in " + low + " to " + high);
  }
}

/** One raw byte, 0 to 255. */
export const u8: Schema<number> = /* @__PURE__ */ Object.freeze(/* @__PURE__ */ new Byte(false));
/** One raw byte, -128 to 127. */
export const i8: Schema<number> = /* @__PURE__ */ Object.freeze(/* @__PURE__ */ new Byte(true));
/** An unsigned 16-bit integer. */
export const u16: Schema<number> = /* @__PURE__ */ Object.freeze(/* @__PURE__ */ new Uint(16));
/** An unsigned 32-bit integer. */
export const u32: Schema<number> = /* @__PURE__ */ Object.freeze(/* @__PURE__ */ new Uint(32));
/** A signed 16-bit integer, zigzag on the wire. */
export const i16: Schema<number> = /* @__PURE__ */ Object.freeze(/* @__PURE__ */ new Int(16));
/** A signed 32-bit integer, zigzag on the wire. */
export const i32: Schema<number> = /* @__PURE__ */ Object.freeze(/* @__PURE__ */ new Int(32));
/**
 * An unsigned 64-bit integer. `read` returns a number up to 2^53 - 1, and decimal digits beyond; `write` takes a
 * bigint, too.
 */
export const u64: Schema<Integer64> = /* @__PURE__ */ Object.freeze(
  /* @__PURE__ */ new Integer64Schema(false),
);
/**
 * A signed 64-bit integer, zigzag on the wire. `read` returns a number where that is exact, and decimal digits
 * otherwise; `write` takes a bigint, too.
 */
export const i64: Schema<Integer64> = /* @__PURE__ */ Object.freeze(
  /* @__PURE__ */ new Integer64Schema(true),
);
/** A boolean: one byte, 0 or 1. */
export const bool: Schema<boolean> = /* @__PURE__ */ Object.freeze(/* @__PURE__ */ new Bool());

/** A length or count of at most `max`, or INVALID; `past` of `skipLength`'s result is where the items start. */
export function skipLength(
  dialect: Dialect,
  bytes: Uint8Array,
  at: number,
  end: number,
  max: number,
): number {
  const next = dialect.skipUint(bytes, at, end, 64);
  return next === INVALID || dialect.readUint(bytes, at) > max ? INVALID : next;
}
