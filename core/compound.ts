import { INVALID, lax, past, type Dialect } from "./dialect.js";
import { copyBytes, join, requireInteger, skipLength, type Schema } from "./schema.js";
import { decodeUtf8, isUtf8, utf8Length, writeUtf8 } from "./utf8.js";

/** Exactly `length` raw bytes, as serde's `[u8; N]`; the value is an array of numbers. */
class FixedBytes implements Schema<number[]> {
  readonly length: number;
  constructor(length: number) {
    requireInteger(length, 0, 255);
    this.length = length;
  }
  skip(_dialect: Dialect, _bytes: Uint8Array, at: number, end: number): number {
    return at + this.length <= end ? at + this.length : INVALID;
  }
  copy(_dialect: Dialect, bytes: Uint8Array, at: number, out: Uint8Array, outAt: number): number {
    return copyBytes(bytes, at, this.length, out, outAt);
  }
  read(_dialect: Dialect, bytes: Uint8Array, at: number): number[] {
    return Array.from(bytes.slice(at, at + this.length));
  }
  write(_dialect: Dialect, value: ArrayLike<number>, out: Uint8Array, at: number): number {
    requireOctets(value, this.length, this.length);
    return writeOctets(value, out, at);
  }
  maxLength(_dialect: Dialect): number {
    return this.length;
  }
}

/** A length and that many raw bytes, `max` at most. */
class Blob implements Schema<number[]> {
  readonly max: number;
  constructor(max: number) {
    requireInteger(max, 0, 0xffff);
    this.max = max;
  }
  skip(dialect: Dialect, bytes: Uint8Array, at: number, end: number): number {
    const items = skipLength(dialect, bytes, at, end, this.max);
    if (items === INVALID) return INVALID;
    const next = past(items) + dialect.readUint(bytes, at);
    return next > end ? INVALID : join(items < 0, next);
  }
  copy(dialect: Dialect, bytes: Uint8Array, at: number, out: Uint8Array, outAt: number): number {
    const length = dialect.readUint(bytes, at);
    const items = past(dialect.skipUint(bytes, at, bytes.length, 64));
    return copyBytes(bytes, items, length, out, dialect.writeUint(length, out, outAt));
  }
  read(dialect: Dialect, bytes: Uint8Array, at: number): number[] {
    const items = past(dialect.skipUint(bytes, at, bytes.length, 64));
    return Array.from(bytes.slice(items, items + dialect.readUint(bytes, at)));
  }
  write(dialect: Dialect, value: ArrayLike<number>, out: Uint8Array, at: number): number {
    requireOctets(value, 0, this.max);
    return writeOctets(value, out, dialect.writeUint(value.length, out, at));
  }
  maxLength(dialect: Dialect): number {
    return dialect.maxUintLength(64) + this.max;
  }
}

/** A UTF-8 string of at most `max` bytes behind its length. */
class Text implements Schema<string> {
  readonly max: number;
  constructor(max: number) {
    requireInteger(max, 0, 0xffff);
    this.max = max;
  }
  skip(dialect: Dialect, bytes: Uint8Array, at: number, end: number): number {
    const items = skipLength(dialect, bytes, at, end, this.max);
    if (items === INVALID) return INVALID;
    const start = past(items);
    const next = start + dialect.readUint(bytes, at);
    return next > end || !isUtf8(bytes, start, next) ? INVALID : join(items < 0, next);
  }
  copy(dialect: Dialect, bytes: Uint8Array, at: number, out: Uint8Array, outAt: number): number {
    const length = dialect.readUint(bytes, at);
    const items = past(dialect.skipUint(bytes, at, bytes.length, 64));
    return copyBytes(bytes, items, length, out, dialect.writeUint(length, out, outAt));
  }
  read(dialect: Dialect, bytes: Uint8Array, at: number): string {
    const items = past(dialect.skipUint(bytes, at, bytes.length, 64));
    return decodeUtf8(bytes, items, items + dialect.readUint(bytes, at));
  }
  write(dialect: Dialect, value: string, out: Uint8Array, at: number): number {
    if (typeof value !== "string") throw new TypeError("expected a string, got " + typeof value);
    const length = utf8Length(value);
    if (length > this.max)
      throw new RangeError("a string of " + length + " bytes where " + this.max + " are allowed");
    return writeUtf8(value, out, dialect.writeUint(length, out, at));
  }
  maxLength(dialect: Dialect): number {
    return dialect.maxUintLength(64) + this.max;
  }
}

/** A value that may be missing: 0, or 1 and the value; `null` when missing. */
class Optional<T> implements Schema<T | null> {
  readonly item: Schema<T>;
  constructor(item: Schema<T>) {
    this.item = item;
  }
  skip(dialect: Dialect, bytes: Uint8Array, at: number, end: number): number {
    if (at >= end || bytes[at] > 1) return INVALID;
    return bytes[at] === 0 ? at + 1 : this.item.skip(dialect, bytes, at + 1, end);
  }
  copy(dialect: Dialect, bytes: Uint8Array, at: number, out: Uint8Array, outAt: number): number {
    out[outAt] = bytes[at];
    return bytes[at] === 0 ? outAt + 1 : this.item.copy(dialect, bytes, at + 1, out, outAt + 1);
  }
  read(dialect: Dialect, bytes: Uint8Array, at: number): T | null {
    return bytes[at] === 0 ? null : this.item.read(dialect, bytes, at + 1);
  }
  write(dialect: Dialect, value: T | null, out: Uint8Array, at: number): number {
    out[at] = value === null ? 0 : 1;
    return value === null ? at + 1 : this.item.write(dialect, value, out, at + 1);
  }
  maxLength(dialect: Dialect): number {
    return 1 + this.item.maxLength(dialect);
  }
}

/** Named fields one after another, without names on the wire. */
export class Struct<T extends object> implements Schema<T> {
  readonly names: readonly string[];
  readonly fields: readonly Schema<unknown>[];
  constructor(fields: { readonly [K in keyof T]: Schema<T[K]> }) {
    this.names = Object.freeze(Object.keys(fields));
    if (this.names.length === 0) throw new TypeError("struct: give it at least one field");
    this.fields = Object.freeze(Object.values(fields) as Schema<unknown>[]);
  }
  skip(dialect: Dialect, bytes: Uint8Array, at: number, end: number): number {
    const fields = this.fields;
    for (let i = 0; i < fields.length; i++) {
      const next = fields[i].skip(dialect, bytes, at, end);
      // The long way from here on: one of them is not in its shortest form, or none.
      if (next < 0) return this.skipFields(dialect, bytes, at, end, i, fields.length);
      at = next;
    }
    return at;
  }
  /** Walks the fields `from` to `to` (excluded) that start at `at`. The result is that of a longer form than needed. */
  skipFields(dialect: Dialect, bytes: Uint8Array, at: number, end: number, from: number, to: number): number {
    const fields = this.fields;
    for (let i = from; i < to; i++) {
      at = fields[i].skip(dialect, bytes, at, end);
      if (at >= 0) continue;
      if (at === INVALID) return INVALID;
      at = past(at);
    }
    return lax(at);
  }
  copy(dialect: Dialect, bytes: Uint8Array, at: number, out: Uint8Array, outAt: number): number {
    for (let i = 0; i < this.fields.length; i++) {
      outAt = this.fields[i].copy(dialect, bytes, at, out, outAt);
      at = past(this.fields[i].skip(dialect, bytes, at, bytes.length));
    }
    return outAt;
  }
  read(dialect: Dialect, bytes: Uint8Array, at: number): T {
    const value: Record<string, unknown> = {};
    for (let i = 0; i < this.fields.length; i++) {
      value[this.names[i]] = this.fields[i].read(dialect, bytes, at);
      at = past(this.fields[i].skip(dialect, bytes, at, bytes.length));
    }
    return value as T;
  }
  write(dialect: Dialect, value: T, out: Uint8Array, at: number): number {
    if (value === null || typeof value !== "object")
      throw new TypeError("expected an object, got " + typeof value);
    for (let i = 0; i < this.fields.length; i++) {
      const name = this.names[i];
      if (!(name in value)) throw new TypeError("the field " + name + " is missing");
      at = this.fields[i].write(dialect, (value as Record<string, unknown>)[name], out, at);
    }
    return at;
  }
  maxLength(dialect: Dialect): number {
    let length = 0;
    for (let i = 0; i < this.fields.length; i++) length += this.fields[i].maxLength(dialect);
    return length;
  }
}

/** One of several shapes behind a variant index, as a Rust enum. */
class Variant implements Schema<string | Record<string, unknown>> {
  readonly names: readonly string[];
  readonly bodies: readonly (Schema<unknown> | null)[];
  constructor(variants: { readonly [name: string]: Schema<unknown> | null }) {
    this.names = Object.freeze(Object.keys(variants));
    if (this.names.length === 0) throw new TypeError("variant: give it at least one shape");
    this.bodies = Object.freeze(Object.values(variants));
  }
  skip(dialect: Dialect, bytes: Uint8Array, at: number, end: number): number {
    const tag = dialect.skipUint(bytes, at, end, 32);
    if (tag === INVALID || dialect.readUint(bytes, at) >= this.bodies.length) return INVALID;
    const body = this.bodies[dialect.readUint(bytes, at)];
    if (body === null) return tag;
    const next = body.skip(dialect, bytes, past(tag), end);
    // What is invalid stays so.
    return tag < 0 ? lax(past(next)) : next;
  }
  copy(dialect: Dialect, bytes: Uint8Array, at: number, out: Uint8Array, outAt: number): number {
    const index = dialect.readUint(bytes, at);
    outAt = dialect.writeUint(index, out, outAt);
    const body = this.bodies[index];
    return body === null ? outAt : body.copy(dialect, bytes, this.bodyAt(dialect, bytes, at), out, outAt);
  }
  read(dialect: Dialect, bytes: Uint8Array, at: number): string | Record<string, unknown> {
    const index = dialect.readUint(bytes, at);
    const body = this.bodies[index];
    if (body === null) return this.names[index];
    const value: Record<string, unknown> = {};
    value[this.names[index]] = body.read(dialect, bytes, this.bodyAt(dialect, bytes, at));
    return value;
  }
  write(dialect: Dialect, value: string | Record<string, unknown>, out: Uint8Array, at: number): number {
    const name = typeof value === "string" ? value : Object.keys(Object(value))[0];
    const index = this.names.indexOf(name);
    if (index < 0) throw new TypeError("expected one of " + this.names.join(", ") + ", got " + String(name));
    const body = this.bodies[index];
    if ((body === null) !== (typeof value === "string")) {
      throw new TypeError(
        name + (body === null ? " carries no value" : " needs a value: { " + name + ": … }"),
      );
    }
    at = dialect.writeUint(index, out, at);
    return body === null ? at : body.write(dialect, (value as Record<string, unknown>)[name], out, at);
  }
  maxLength(dialect: Dialect): number {
    let longest = 0;
    for (let i = 0; i < this.bodies.length; i++) {
      const body = this.bodies[i];
      if (body !== null) longest = Math.max(longest, body.maxLength(dialect));
    }
    return dialect.maxUintLength(32) + longest;
  }
  private bodyAt(dialect: Dialect, bytes: Uint8Array, at: number): number {
    return past(dialect.skipUint(bytes, at, bytes.length, 32));
  }
}

function requireOctets(value: ArrayLike<number>, min: number, max: number): void {
  if (value === null || typeof value !== "object") throw new TypeError("expected bytes, got " + typeof value);
  requireInteger(value.length, min, max);
}

function writeOctets(value: ArrayLike<number>, out: Uint8Array, at: number): number {
  for (let i = 0; i < value.length; i++) {
    requireInteger(value[i], 0, 255);
    out[at + i] = value[i];
  }
  return at + value.length;
}

/**
 * Makes a schema for exactly `length` (0 to 255) raw bytes, like serde's `[u8; N]`. The value is an array of numbers.
 */
export function bytes(length: number): Schema<number[]> {
  return Object.freeze(new FixedBytes(length));
}

/**
 * Makes a schema for up to `max` raw bytes behind their length, like serde's byte sequences. The value is an array of
 * numbers.
 */
export function blob(max: number): Schema<number[]> {
  return Object.freeze(new Blob(max));
}

/** Makes a schema for a string that takes up to `max` bytes in UTF-8. */
export function string(max: number): Schema<string> {
  return Object.freeze(new Text(max));
}

/**
 * Makes a schema for a value that may be missing; it is `null` then.
 * @throws TypeError when `item` is itself an option, because `null` could then mean either of the two.
 */
export function option<T>(item: Schema<T>): Schema<T | null> {
  if (item instanceof Optional) throw new TypeError("option: an option of an option is ambiguous");
  return Object.freeze(new Optional(item));
}

/**
 * Makes a schema for an object with these fields in this order, like a Rust struct: `struct({ addr: socketAddr, bump:
 * u64 })`.
 */
export function struct<T extends object>(fields: { readonly [K in keyof T]: Schema<T[K]> }): Struct<T> {
  return Object.freeze(new Struct(fields));
}

/**
 * Makes a schema for one of several shapes, like a Rust enum. `variant({ Idle: null, Busy: u8 })` has values such as
 * `"Idle"` and `{ Busy: 3 }`.
 */
export function variant(shapes: {
  readonly [name: string]: Schema<unknown> | null;
}): Schema<string | Record<string, unknown>> {
  return Object.freeze(new Variant(shapes));
}
