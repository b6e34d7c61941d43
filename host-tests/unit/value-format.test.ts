// The formats by themselves: what is a value, and that what is written is read.
import { describe, expect, test } from "vitest";
import { bincode, i16, option, postcard, string, struct, u8 } from "../../core/index.js";
import {
  checkFormat,
  isValue,
  readValue,
  writeValue,
  type ValueFormat,
} from "../../platform/shared/value-format.js";

const dialect = bincode.dialect;
const encoder = new TextEncoder();

function judge(format: ValueFormat, bytes: Uint8Array | string): boolean {
  const octets = typeof bytes === "string" ? encoder.encode(bytes) : bytes;
  // Between other bytes, which must not count.
  const within = Uint8Array.of(0x5b, 0x22, ...octets, 0x5d, 0xff);
  const before = within.slice();
  const result = isValue(format, dialect, within, 2, 2 + octets.length);
  expect(within).toEqual(before);
  return result;
}

describe("json", () => {
  test.each([
    "1",
    "null",
    '""',
    "[]",
    "{}",
    ' [1, {"a": [true]}] ',
    '"\\u00e9\\""',
    '"[[[["',
    "[".repeat(32) + "]".repeat(32),
  ])("is: %s", (text) => {
    expect(judge("json", text)).toBe(true);
    expect(readValue("json", dialect, encoder.encode(text), 0, encoder.encode(text).length)).toEqual(
      JSON.parse(text),
    );
  });
  test.each([
    "",
    " ",
    "nul",
    "[",
    "]",
    "[1,]",
    "{'a': 1}",
    '"',
    '"\\',
    "1 2",
    "undefined",
    "NaN",
    "[".repeat(33) + "]".repeat(33),
    '{"a":'.repeat(33) + "1" + "}".repeat(33),
    '[{"a":'.repeat(17) + "1" + "}]".repeat(17),
    "[".repeat(1300),
    "[".repeat(60_000),
    "]".repeat(100) + "[".repeat(120),
  ])("is-not: %#", (text) => {
    expect(judge("json", text)).toBe(false);
  });
  test("a-bracket-in-a-text-is-none-whatever-stands-before-it", () => {
    for (const text of [
      '"\\\\"',
      '"\\\\\\""',
      '"\\"' + "[".repeat(50) + '"',
      '["' + "{".repeat(50) + '","\\\\"]',
    ])
      expect(judge("json", text)).toBe(true);
  });
  test("bytes-that-are-no-text-are-not", () => {
    expect(judge("json", Uint8Array.of(0x22, 0xff, 0x22))).toBe(false);
  });
  test("is-written-only-as-deep-as-it-is-read", () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
    expect(judge("json", writeValue("json", dialect, nested(32)))).toBe(true);
    expect(() => writeValue("json", dialect, nested(33))).toThrow(RangeError);
  });
});

describe("text", () => {
  test("is-utf8-and-nothing-else", () => {
    expect(judge("text", "")).toBe(true);
    expect(judge("text", "ü日👍")).toBe(true);
    for (const bad of [[0x80], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82]])
      expect(judge("text", Uint8Array.from(bad))).toBe(false);
  });
});

describe("a schema", () => {
  const format = struct({ celsius: i16, battery: u8, room: option(string(4)) });
  const value = { celsius: -300, battery: 7, room: "hall" };
  test.each([bincode, postcard])("is-read-as-it-was-written", ({ dialect }) => {
    const bytes = writeValue(format, dialect, value);
    expect(isValue(format, dialect, bytes, 0, bytes.length)).toBe(true);
    expect(readValue(format, dialect, bytes, 0, bytes.length)).toEqual(value);
  });
  test("neither-cut-short-nor-with-bytes-behind-it", () => {
    const bytes = writeValue(format, dialect, value);
    for (let length = 0; length < bytes.length; length++)
      expect(judge(format, bytes.slice(0, length)), length + " bytes").toBe(false);
    expect(judge(format, bytes)).toBe(true);
    expect(judge(format, Uint8Array.of(...bytes, 0))).toBe(false);
  });
  test("in-a-longer-form-than-needed-it-is-one-that-reads-the-same", () => {
    // 8 in three bytes.
    const lax = Uint8Array.of(251, 8, 0, 7, 0);
    expect(judge(format, lax)).toBe(true);
    expect(readValue(format, dialect, lax, 0, lax.length)).toEqual({ celsius: 4, battery: 7, room: null });
  });
});

test("formats-are-checked", () => {
  for (const format of [undefined, "bytes", "text", "json", u8])
    expect(() => checkFormat(format)).not.toThrow();
  for (const format of [null, "", "JSON", 1, {}, [], () => 1])
    expect(() => checkFormat(format)).toThrow(TypeError);
});
