// Integers at the edges of their forms. The bytes are written out, as the two specifications have them.
import { describe, expect, test } from "vitest";
import { bincodeDialect } from "../../core/bincode.js";
import { INVALID, lax, past, type Dialect } from "../../core/dialect.js";
import { postcardDialect } from "../../core/postcard.js";
import { hex, unhex } from "../support/assert.js";

const TOO_LARGE = 2 ** 53 - 1;

/** Numbers that are the first or the last of a form. */
const FORMS: [Dialect, [number, string][]][] = [
  [
    bincodeDialect,
    [
      [0, "00"],
      [250, "fa"],
      [251, "fbfb00"],
      [0xffff, "fbffff"],
      [0x10000, "fc00000100"],
      [0xffffffff, "fcffffffff"],
      [0x100000000, "fd0000000001000000"],
      [TOO_LARGE, "fdffffffffffff1f00"],
    ],
  ],
  [
    postcardDialect,
    [
      [0, "00"],
      [127, "7f"],
      [128, "8001"],
      [0x3fff, "ff7f"],
      [0x4000, "808001"],
      [0xffff, "ffff03"],
      [0xffffffff, "ffffffff0f"],
      [0x100000000, "8080808010"],
      [TOO_LARGE, "ffffffffffffff0f"],
    ],
  ],
];

function bitsOf(value: number): number {
  return value <= 0xffff ? 16 : value <= 0xffffffff ? 32 : 64;
}

describe.each(FORMS)("%#", (dialect, rows) => {
  test.each(rows)("the-integer-%i-has-one-form", (value, bytes) => {
    const length = bytes.length / 2;
    const out = new Uint8Array(12).fill(0xa5);
    expect(dialect.uintLength(value)).toBe(length);
    expect(dialect.writeUint(value, out, 1)).toBe(1 + length);
    expect(hex(out)).toBe("a5" + bytes + "a5".repeat(11 - length));
    const big = new Uint8Array(12).fill(0xa5);
    expect(dialect.writeBigUint(BigInt(value), big, 1)).toBe(1 + length);
    expect(hex(big)).toBe(hex(out));
    expect(dialect.readUint(out, 1)).toBe(value);
    expect(dialect.readBigUint(out, 1)).toBe(BigInt(value));
    expect(dialect.uintEnd(out, 1)).toBe(1 + length);
    expect(dialect.skipUint(out, 1, 1 + length, bitsOf(value))).toBe(1 + length);
  });

  test.each(rows)("the-integer-%i-may-not-be-cut-short-or-wider-than-its-field", (value, bytes) => {
    const octets = unhex(bytes + "ffffffff");
    const length = bytes.length / 2;
    for (let end = 0; end < length; end++) expect(dialect.skipUint(octets, 0, end, 64)).toBe(INVALID);
    for (const bits of [16, 32])
      expect(dialect.skipUint(octets, 0, length, bits)).toBe(bitsOf(value) > bits ? INVALID : length);
  });

  test("integers-compare-by-value", () => {
    const forms = rows.map(([, bytes]) => unhex("a5" + bytes));
    forms.forEach((a, i) => {
      forms.forEach((b, j) => expect(Math.sign(dialect.compareUint(a, 1, b, 1))).toBe(Math.sign(i - j)));
    });
  });
});

test.each([
  [bincodeDialect, [3, 5, 9]],
  [postcardDialect, [3, 5, 10]],
])("%#-has-room-for-the-longest-forms", (dialect, lengths) => {
  expect([16, 32, 64].map((bits) => dialect.maxUintLength(bits))).toEqual(lengths);
});

test("the-dialects-have-names", () => {
  expect([bincodeDialect.name, postcardDialect.name]).toEqual(["bincode", "postcard"]);
});

test.each([
  [bincodeDialect, "fbfa00", 250],
  [bincodeDialect, "fcffff0000", 0xffff],
  [bincodeDialect, "fdffffffff00000000", 0xffffffff],
  [postcardDialect, "8000", 0],
  [postcardDialect, "ff00", 127],
])("%#-takes-%s-and-says-that-it-is-longer-than-it-need-be", (dialect, bytes, value) => {
  const octets = unhex(bytes);
  const { length } = octets;
  const skipped = dialect.skipUint(octets, 0, length, 64);
  expect(skipped).toBe(lax(length));
  expect(past(skipped)).toBe(length);
  expect(dialect.readUint(octets, 0)).toBe(value);
});

test.each([
  [bincodeDialect, "fe00000000000000000000000000000000", "a form of 128 bits"],
  [bincodeDialect, "ff0000", "no form"],
  [postcardDialect, "ffff04", "more than 16 bits"],
  [postcardDialect, "808080", "no end"],
])("%#-refuses-%s: %s", (dialect, bytes) => {
  const octets = unhex(bytes);
  expect(dialect.skipUint(octets, 0, octets.length, 16)).toBe(INVALID);
});
