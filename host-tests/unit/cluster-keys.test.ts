// The keys that a program gives: which are none, and what is said of them.
import { describe, expect, test } from "vitest";
import { checkKeys, placeOfSender, type ClusterKey } from "../../platform/shared/cluster-keys.js";
import { hex } from "../support/assert.js";

const DIGITS = "000102030405060708090a0b0c0d0eFF";
const HINT =
  ".secret must be 16 bytes, or 32 hex digits as `xswim keygen` prints them; a passphrase is no key";
const key = (id: unknown, secret: unknown = DIGITS): ClusterKey => ({ id, secret }) as ClusterKey;

describe("keys", () => {
  test("are-16-bytes-or-32-digits-and-copies-are-given-back", () => {
    const bytes = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
    const secrets = checkKeys([key(15), key(0, bytes)]);
    expect(secrets.map(hex)).toEqual([DIGITS.toLowerCase(), "0102030405060708090a0b0c0d0e0f10"]);
    secrets[1].fill(0);
    expect(bytes[0]).toBe(1);
  });

  test("are-four-at-most", () => {
    expect(checkKeys([0, 1, 2, 3].map((id) => key(id)))).toHaveLength(4);
    for (const keys of [[], [0, 1, 2, 3, 4].map((id) => key(id))])
      expect(() => checkKeys(keys)).toThrow(new RangeError("keys must be one to 4, got " + keys.length));
    for (const keys of [undefined, null, DIGITS, { 0: key(0), length: 1 }])
      expect(() => checkKeys(keys as never)).toThrow(
        new TypeError("keys must be an array of { id, secret }"),
      );
  });

  test.each([null, undefined, 7, DIGITS])("are-objects-not: %s", (one) => {
    expect(() => checkKeys([key(0), one as never])).toThrow(new TypeError("keys[1] must be { id, secret }"));
  });

  test.each([-1, 16, 1.5, "1", undefined])("have-no-number: %s", (id) => {
    expect(() => checkKeys([key(0), key(id)])).toThrow(
      new RangeError("keys[1].id must be a whole number from 0 to 15, got " + String(id)),
    );
  });

  test("have-a-number-each", () => {
    expect(() => checkKeys([key(1), key(2), key(1)])).toThrow(
      new RangeError("keys[2].id is that of keys[0]; give each key another one"),
    );
  });

  test.each([
    { secret: new Uint8Array(15) },
    { secret: new Uint8Array(17) },
    { secret: new Array(16).fill(1) },
    { secret: "0" + DIGITS },
    { secret: DIGITS + "0" },
    { secret: DIGITS.slice(1) },
    { secret: DIGITS.slice(1) + "g" },
    { secret: "correct horse battery staple...." },
    { secret: [DIGITS] },
    { secret: undefined },
  ])("are-no-secret: %j", ({ secret }) => {
    const check = (): unknown => checkKeys([{ id: 0, secret } as ClusterKey]);
    expect(check).toThrow(new TypeError("keys[0]" + HINT));
  });
});

test("the-first-key-seals-where-none-is-named", () => {
  const keys = [key(3), key(9), key(0)];
  expect([undefined, 3, 9, 0].map((id) => placeOfSender(keys, id))).toEqual([0, 0, 1, 2]);
  expect(() => placeOfSender(keys, 4)).toThrow(
    new RangeError("sendWith must be the id of one of the keys, got 4"),
  );
});
