// Assertions that need nothing but the language, so that scenarios run inside any engine.

export class AssertionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "AssertionError";
  }
}

export function ok(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Deep equality of plain values, arrays and byte arrays; NaN equals itself. */
export function equal(actual: unknown, expected: unknown, what = "value"): void {
  if (isSame(actual, expected)) return;
  throw new AssertionError(`${what}:\n  expected ${show(expected)}\n  actual   ${show(actual)}`);
}

/** What an error thrown by misuse must look like. */
export interface ExpectedError {
  name: "TypeError" | "RangeError" | "SwimError" | "Error";
  code?: string;
  /** A part of the message. */
  message?: string;
}

export function throwsWith(expected: ExpectedError, action: () => unknown): void {
  let thrown: unknown;
  try {
    action();
  } catch (error) {
    thrown = error;
  }
  ok(thrown instanceof Error, `expected ${expected.name} ${expected.code ?? ""}, nothing was thrown`);
  const code = (thrown as { code?: string }).code;
  ok(thrown.name === expected.name, `expected ${expected.name}, got ${thrown.name}: ${thrown.message}`);
  ok(code === expected.code, `expected code ${expected.code}, got ${code}: ${thrown.message}`);
  const part = expected.message ?? "";
  ok(thrown.message.includes(part), `expected a message with "${part}", got "${thrown.message}"`);
}

/** Compares bytes with hex digits, in which spaces do not count; a difference is pointed at. */
export function bytesEqual(actual: Uint8Array, expectedHex: string, what = "bytes"): void {
  const want = expectedHex.replace(/ /g, "");
  const got = hex(actual);
  if (want === got) return;
  let at = 0;
  while (at < want.length && want[at] === got[at]) at++;
  const mark = " ".repeat(at) + "^ byte " + (at >> 1);
  throw new AssertionError(`${what}:\n  expected ${want}\n  actual   ${got}\n           ${mark}`);
}

const DIGITS = "0123456789abcdef";

export function hex(bytes: ArrayLike<number>): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += DIGITS[bytes[i] >> 4] + DIGITS[bytes[i] & 15];
  return text;
}

export function unhex(text: string): Uint8Array {
  const digits = text.replace(/ /g, "");
  if (!/^([0-9a-f]{2})*$/.test(digits)) throw new TypeError("no hex digits: " + text);
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(digits.slice(i * 2, i * 2 + 2), 16);
  return bytes;
}

export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) {
    if (!Object.hasOwn(b, key)) return false;
    if (!isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key])) return false;
  }
  return true;
}

function show(value: unknown): string {
  if (value instanceof Uint8Array) return "bytes " + hex(value);
  if (typeof value === "bigint") return value + "n";
  if (value === undefined || typeof value === "number") return String(value);
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) {
    return value.length === 0 ? "[]" : "[\n    " + value.join("\n    ") + "\n  ]";
  }
  return JSON.stringify(value) ?? String(value);
}
