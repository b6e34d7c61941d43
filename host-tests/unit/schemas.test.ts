// Schemas at their edges: which values they refuse, and in which words; how long a value can be; what bytes they take.
import { describe, expect, test } from "vitest";
import { bincode, postcard } from "../../core/codec.js";
import { blob, bytes, option, string, struct, variant } from "../../core/compound.js";
import { INVALID, past } from "../../core/dialect.js";
import {
  areEqual,
  bool,
  copyBytes,
  i16,
  i32,
  i64,
  i8,
  u16,
  u32,
  u64,
  u8,
  type Schema,
} from "../../core/schema.js";
import { hex, throwsWith, unhex } from "../support/assert.js";

const reading = struct({ celsius: i16, battery: option(u8) });
const mode = variant({ Idle: null, Busy: u8, Named: string(4) });

function write(schema: Schema<unknown>, value: unknown, dialect = bincode.dialect): string {
  const out = new Uint8Array(400);
  return hex(out.slice(0, schema.write(dialect, value, out, 0)));
}

const BOUNDS: [string, Schema<unknown>, number | string, number | string][] = [
  ["u8", u8, 0, 255],
  ["i8", i8, -128, 127],
  ["u16", u16, 0, 65_535],
  ["i16", i16, -32_768, 32_767],
  ["u32", u32, 0, 4_294_967_295],
  ["i32", i32, -2_147_483_648, 2_147_483_647],
  ["u64", u64, 0, "18446744073709551615"],
  ["i64", i64, "-9223372036854775808", "9223372036854775807"],
];

describe.each(BOUNDS)("%s", (name, schema, least, most) => {
  const is64 = name.endsWith("64");
  const number = (value: bigint): unknown => (is64 ? value : Number(value));

  test("takes-its-bounds-and-refuses-what-is-beyond", () => {
    for (const bound of [least, most]) {
      const out = unhex(write(schema, bound));
      expect(schema.read(bincode.dialect, out, 0)).toBe(bound);
    }
    const expected = is64 ? "does not fit in 64 bits" : `is not in ${least} to ${most}`;
    for (const beyond of [BigInt(least) - 1n, BigInt(most) + 1n])
      throwsWith({ name: "RangeError", message: beyond + " " + expected }, () =>
        write(schema, number(beyond)),
      );
    if (least === 0) throwsWith({ name: "RangeError", message: "-1" }, () => write(schema, -1));
  });

  test("refuses-what-is-no-exact-integer", () => {
    const wrong = [
      1.5,
      NaN,
      Infinity,
      null,
      undefined,
      true,
      {},
      [1],
      "",
      "x",
      "1x",
      "x1",
      "1.0",
      "0x10",
      " 1",
    ];
    for (const value of [...wrong, "--1", ...(is64 ? [2 ** 53, -(2 ** 53), "1".repeat(21)] : ["1", 1n])])
      throwsWith({ name: "TypeError", message: "integer" }, () => write(schema, value));
    throwsWith({ name: "TypeError", message: ", got 1.5" }, () => write(schema, 1.5));
  });
});

test.each([
  [u64, 5, "05"],
  [u64, 5n, "05"],
  [u64, "5", "05"],
  [u64, "0", "00"],
  [i64, -5, "09"],
  [i64, -5n, "09"],
  [i64, "-5", "09"],
  [i64, 0, "00"],
] as [Schema<unknown>, unknown, string][])(
  "64-bit-integers-are-taken-as-number-bigint-and-digits: %#",
  (schema, value, expected) => {
    expect(write(schema, value)).toBe(expected);
  },
);

test.each([
  [bool, 1, "TypeError", "expected a boolean, got number"],
  [bytes(2), "ab", "TypeError", "expected bytes, got string"],
  [bytes(2), null, "TypeError", "expected bytes"],
  [bytes(2), [1], "RangeError", "1 is not in 2 to 2"],
  [bytes(2), [1, 2, 3], "RangeError", "3 is not in 2 to 2"],
  [bytes(2), [1, 256], "RangeError", "256 is not in 0 to 255"],
  [bytes(2), [-1, 2], "RangeError", "-1 is not in 0 to 255"],
  [blob(2), "ab", "TypeError", "expected bytes, got string"],
  [blob(2), null, "TypeError", "expected bytes"],
  [blob(2), {}, "TypeError", "expected an integer, got undefined"],
  [blob(2), [1, 2, 3], "RangeError", "3 is not in 0 to 2"],
  [blob(2), [1, 1.5], "TypeError", "expected an integer, got 1.5"],
  [string(4), 7, "TypeError", "expected a string, got number"],
  [string(4), "fünf", "RangeError", "a string of 5 bytes where 4 are allowed"],
  [option(u8), undefined, "TypeError", "expected an integer, got undefined"],
  [reading, null, "TypeError", "expected an object"],
  [reading, "warm", "TypeError", "expected an object, got string"],
  [reading, { celsius: 1 }, "TypeError", "the field battery is missing"],
  [mode, "Lost", "TypeError", "expected one of Idle, Busy, Named, got Lost"],
  [mode, { Lost: 1 }, "TypeError", "expected one of Idle, Busy, Named, got Lost"],
  [mode, null, "TypeError", "expected one of Idle, Busy, Named, got undefined"],
  [mode, { Idle: 1 }, "TypeError", "Idle carries no value"],
  [mode, "Busy", "TypeError", "Busy needs a value: { Busy: … }"],
] as [Schema<unknown>, unknown, "TypeError" | "RangeError", string][])(
  "what-does-not-fit-is-refused-in-plain-words: %#",
  (schema, value, name, message) => {
    throwsWith({ name, message }, () => write(schema, value));
  },
);

test.each([
  [bytes(0), [], ""],
  [bytes(2), Uint8Array.of(1, 255), "01ff"],
  [blob(0), [], "00"],
  [blob(2), Uint8Array.of(1, 255), "0201ff"],
  [string(5), "fünf", "0566c3bc6e66"],
  [string(0), "", "00"],
  [mode, { Named: "four" }, "0204666f7572"],
] as [Schema<unknown>, unknown, string][])("what-just-fits-is-taken: %#", (schema, value, expected) => {
  expect(write(schema, value)).toBe(expected);
});

test("sizes-that-cannot-be-are-refused-when-the-schema-is-made", () => {
  for (const make of [bytes, blob, string] as ((size: unknown) => Schema<unknown>)[]) {
    const most = make === bytes ? 255 : 65_535;
    for (const size of [-1, most + 1]) throwsWith({ name: "RangeError" }, () => make(size));
    for (const size of [1.5, "4", undefined]) throwsWith({ name: "TypeError" }, () => make(size));
    const prefix = make === bytes ? 0 : 9;
    for (const size of [0, most]) expect(make(size).maxLength(bincode.dialect)).toBe(prefix + size);
  }
  throwsWith({ name: "TypeError", message: "struct: give it at least one field" }, () => struct({}));
  throwsWith({ name: "TypeError", message: "variant: give it at least one shape" }, () => variant({}));
  throwsWith({ name: "TypeError", message: "option: an option of an option" }, () => option(option(u8)));
});

test.each([
  [u8, 1, 1],
  [bool, 1, 1],
  [u16, 3, 3],
  [i16, 3, 3],
  [u32, 5, 5],
  [i32, 5, 5],
  [u64, 9, 10],
  [i64, 9, 10],
  [bytes(7), 7, 7],
  [blob(7), 16, 17],
  [string(7), 16, 17],
  [option(u16), 4, 4],
  [struct({ a: u16, b: u8, c: u32 }), 9, 9],
  [variant({ A: null, B: u32, C: u8 }), 10, 10],
  [variant({ A: null }), 5, 5],
] as [Schema<unknown>, number, number][])(
  "the-most-bytes-of-a-value-in-any-form: %#",
  (schema, inBincode, inPostcard) => {
    expect(schema.maxLength(bincode.dialect)).toBe(inBincode);
    expect(schema.maxLength(postcard.dialect)).toBe(inPostcard);
  },
);

test.each([
  ["a byte that is neither false nor true", bool, "02"],
  ["an option that is neither there nor missing", option(u8), "0205"],
  ["more bytes than allowed", blob(2), "03010203"],
  ["a text longer than allowed", string(2), "03616263"],
  ["a text that is no UTF-8", string(2), "02c328"],
  ["a shape that there is not", mode, "03"],
  ["a shape whose value does not fit", mode, "0205616161616161"],
] as [string, Schema<unknown>, string][])("%s-is-invalid-on-the-wire", (_, schema, octets) => {
  const given = unhex(octets + "000000");
  expect(schema.skip(bincode.dialect, given, 0, given.length)).toBe(INVALID);
});

test.each([
  [bool, true],
  [bytes(3), [1, 1, 1]],
  [blob(9), [1]],
  [blob(9), [1, 2, 3]],
  [string(9), "abc"],
  [option(u16), 300],
  [struct({ a: u8, b: u16, c: string(4) }), { a: 1, b: 2, c: "abc" }],
  [struct({ a: bytes(0), b: u8 }), { a: [], b: 1 }],
  [variant({ A: null, B: string(4) }), { B: "abc" }],
] as [Schema<unknown>, unknown][])(
  "a-value-that-is-cut-short-is-invalid-whatever-stands-behind-it: %#",
  (schema, value) => {
    for (const { dialect } of [bincode, postcard])
      for (const at of [0, 3]) {
        const out = new Uint8Array(40);
        const next = schema.write(dialect, value, out, at);
        expect(schema.skip(dialect, out, at, next)).toBe(next);
        for (let end = at; end < next; end++)
          expect(schema.skip(dialect, out, at, end), "cut at " + end).toBe(INVALID);
      }
  },
);

test.each([
  [blob(300), "fb02000102", "020102"],
  [string(300), "fb02006162", "026162"],
  [option(u16), "01fb0500", "0105"],
  [struct({ a: u16, b: u8 }), "fb050007", "0507"],
  [struct({ a: u8, b: u16, c: u8 }), "07fb050008", "070508"],
  [struct({ a: struct({ b: u16 }), c: u16 }), "fb0500fb0600", "0506"],
  [variant({ A: null, B: u16 }), "fb0000", "00"],
  [variant({ A: null, B: u16 }), "fb010005", "0105"],
  [variant({ A: null, B: u16 }), "01fb0500", "0105"],
] as [Schema<unknown>, string, string][])(
  "a-value-in-a-longer-form-than-needed-is-known-as-one: %#",
  (schema, long, short) => {
    const { dialect } = bincode;
    const given = unhex("a5" + long + "a5");
    const skipped = schema.skip(dialect, given, 1, given.length - 1);
    expect(skipped).toBeLessThan(INVALID);
    expect(past(skipped)).toBe(given.length - 1);
    const out = new Uint8Array(10);
    expect(hex(out.slice(0, schema.copy(dialect, given, 1, out, 0)))).toBe(short);
    expect(schema.read(dialect, given, 1)).toEqual(schema.read(dialect, unhex(short), 0));
    for (let end = 1; end < given.length - 1; end++)
      expect(schema.skip(dialect, given, 1, end), "cut at " + end).toBe(INVALID);
  },
);

test("bytes-are-equal-only-when-each-is", () => {
  for (let length = 0; length < 14; length++) {
    // What stands around them differs.
    const a = new Uint8Array(20).fill(1);
    const b = new Uint8Array(20).fill(2);
    for (let i = 0; i < length; i++) a[3 + i] = b[5 + i] = 40 + i;
    expect(areEqual(a, 3, b, 5, length), length + " bytes").toBe(true);
    for (let i = 0; i < length; i++) {
      b[5 + i] ^= 0x80;
      expect(areEqual(a, 3, b, 5, length), "byte " + i + " of " + length).toBe(false);
      b[5 + i] ^= 0x80;
    }
  }
});

test("a-copy-takes-its-bytes-and-no-others", () => {
  const from = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const out = new Uint8Array(8);
  expect(copyBytes(from, 2, 3, out, 4)).toBe(7);
  expect(hex(out)).toBe("0000000003040500");
  expect(copyBytes(from, 2, 3, from, 5)).toBe(8);
  expect(hex(from)).toBe("0102030405030405");
  expect(copyBytes(from, 2, 0, out, 0)).toBe(0);
  expect(hex(out)).toBe("0000000003040500");
});
