// UTF-8 at its edges: the bytes are written out, as the standard's table 3-7 has them.
import { expect, test } from "vitest";
import { decodeUtf8, isUtf8, utf8Length, writeUtf8 } from "../../core/utf8.js";
import { hex, unhex } from "../support/assert.js";

/** The first and the last character of each length, and those beside the surrogates. */
const EDGES: [number, string][] = [
  [0x0, "00"],
  [0x7f, "7f"],
  [0x80, "c280"],
  [0x7ff, "dfbf"],
  [0x800, "e0a080"],
  [0xfff, "e0bfbf"],
  [0xd7ff, "ed9fbf"],
  [0xe000, "ee8080"],
  [0xffff, "efbfbf"],
  [0x10000, "f0908080"],
  [0x3ffff, "f0bfbfbf"],
  [0x100000, "f4808080"],
  [0x10ffff, "f48fbfbf"],
];

test.each(EDGES)("writes-and-reads-the-character-%i", (point, bytes) => {
  const text = String.fromCodePoint(point) + "z";
  const length = bytes.length / 2 + 1;
  const out = new Uint8Array(8).fill(0xa5);
  expect(utf8Length(text)).toBe(length);
  expect(writeUtf8(text, out, 1)).toBe(1 + length);
  expect(hex(out)).toBe("a5" + bytes + "7a" + "a5".repeat(7 - length));
  expect(isUtf8(out, 1, 1 + length)).toBe(true);
  expect(decodeUtf8(out, 1, 1 + length)).toBe(text);
});

test.each(EDGES)("the-character-%i-may-not-be-cut-short", (_point, bytes) => {
  const octets = unhex("7a" + bytes);
  for (let end = 2; end < octets.length; end++) expect(isUtf8(octets, 0, end)).toBe(false);
});

test.each([
  ["a rest without a beginning", ["80", "bf", "7a80"]],
  ["more bytes than needed", ["c080", "c1bf", "e08080", "e09fbf", "f0808080", "f08fbfbf"]],
  ["half of a surrogate pair", ["eda080", "edbfbf"]],
  ["more than there are", ["f4908080", "f4bfbfbf", "f5808080", "ff"]],
  ["a rest that is none", ["c27f", "c2c0", "e0a07f", "e0a0c0", "f0907f80", "f09080c0", "f0908041"]],
])("is-not: %s", (_what, all) => {
  for (const bytes of all) expect(isUtf8(unhex(bytes), 0, bytes.length / 2), bytes).toBe(false);
});

test("a-string-with-half-of-a-surrogate-pair-has-no-length", () => {
  for (const text of ["\ud800", "a\udbffb", "\udc00", "\udfff"]) {
    expect(() => utf8Length(text)).toThrow(new RangeError("the string has half of a surrogate pair"));
  }
});
