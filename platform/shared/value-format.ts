import type { Dialect, Schema } from "../../core/index.js";
import { past } from "../../core/dialect.js";
import { decodeUtf8, isUtf8, utf8Length, writeUtf8 } from "../../core/utf8.js";

/** How the values of a cluster stand in bytes: see the option `value` of `SwimNode`. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a schema of anything
export type ValueFormat = "bytes" | "text" | "json" | Schema<any>;

/** The type of the values in a format. */
export type ValueOf<F> = F extends "bytes"
  ? Uint8Array
  : F extends "text"
    ? string
    : F extends "json"
      ? unknown
      : F extends Schema<infer V>
        ? V
        : never;

/** Brackets in brackets, at most, of a JSON text that is read: a device's stack has no room for more. */
const DEEPEST = 32;

/** @throws TypeError when it is none */
export function checkFormat(format: unknown): void {
  if (format === undefined || format === "bytes" || format === "text" || format === "json") return;
  if (typeof (format as Schema<unknown> | null)?.skip === "function") return;
  throw new TypeError('SwimNode: value must be "bytes", "text", "json", or a schema such as struct(…)');
}

/** Whether `bytes[at..end]` are a value. Changes nothing, and throws nothing. */
export function isValue(
  format: ValueFormat,
  dialect: Dialect,
  bytes: Uint8Array,
  at: number,
  end: number,
): boolean {
  if (format === "bytes") return true;
  if (typeof format !== "string") return past(format.skip(dialect, bytes, at, end)) === end;
  if (!isUtf8(bytes, at, end)) return false;
  return format === "text" || isJson(bytes, at, end);
}

/** The value in `bytes[at..end]`, which `isValue` found to be one. */
export function readValue(
  format: ValueFormat,
  dialect: Dialect,
  bytes: Uint8Array,
  at: number,
  end: number,
): unknown {
  if (format === "bytes") return bytes.slice(at, end);
  if (typeof format !== "string") return format.read(dialect, bytes, at);
  const text = decodeUtf8(bytes, at, end);
  return format === "text" ? text : JSON.parse(text);
}

/**
 * Returns a value as bytes.
 * @throws TypeError or RangeError that says what it should be
 */
export function writeValue(format: ValueFormat, dialect: Dialect, value: unknown): Uint8Array {
  if (format === "bytes") {
    if (value instanceof Uint8Array) return value;
    throw new TypeError("expected a Uint8Array, got " + typeof value);
  }
  if (typeof format !== "string") {
    const out = new Uint8Array(format.maxLength(dialect));
    return out.slice(0, format.write(dialect, value, out, 0));
  }
  const text: unknown = format === "text" ? value : JSON.stringify(value);
  if (typeof text !== "string") throw new TypeError("expected what " + format + " has, got " + typeof value);
  const out = new Uint8Array(utf8Length(text));
  writeUtf8(text, out, 0);
  if (format === "json" && !isJson(out, 0, out.length))
    throw new RangeError("at most " + DEEPEST + " brackets in each other");
  return out;
}

/** Whether valid UTF-8 is JSON, with no more brackets in each other than can be read everywhere. */
function isJson(bytes: Uint8Array, at: number, end: number): boolean {
  let depth = 0;
  let isInText = false;
  for (let i = at; i < end; i++) {
    const byte = bytes[i];
    if (isInText && byte === 0x5c) i++;
    else if (byte === 0x22) isInText = !isInText;
    // The brackets differ from the braces in one bit, and what opens from what closes in two.
    else if (!isInText && (byte & 0xdf) === 0x5b && ++depth > DEEPEST) return false;
    else if (!isInText && (byte & 0xdf) === 0x5d) depth--;
  }
  try {
    JSON.parse(decodeUtf8(bytes, at, end));
    return true;
  } catch {
    return false;
  }
}
