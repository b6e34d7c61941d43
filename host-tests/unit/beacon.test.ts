// The beacon, byte for byte as docs/WIRE.md has it, and what is none.
import { describe, expect, test } from "vitest";
import {
  ANSWER,
  ASK,
  Beacon,
  checkCluster,
  codecTag,
  LONGEST_BEACON,
  LONGEST_NAME,
} from "../../platform/shared/beacon.js";
import { hex, unhex } from "../support/assert.js";

/** An answer with the number 0x89abcdef, at port 8010, in postcard, of `My-1.x_`. */
const GOLDEN = "78737701 02 01 89abcdef 1f4a 07 4d792d312e785f";

function golden(): Beacon {
  const beacon = new Beacon();
  beacon.kind = ANSWER;
  beacon.codec = codecTag("postcard");
  beacon.id = 0x89abcdef;
  beacon.port = 8010;
  beacon.cluster = "My-1.x_";
  return beacon;
}

/** Reads it between other bytes. */
function read(beacon: Beacon, text: string): boolean {
  const bytes = unhex("78737701" + text.replace(/ /g, "") + "0001410000");
  return beacon.read(bytes, 4, bytes.length - 5);
}

describe("a beacon", () => {
  test("is-written-so-and-nothing-else-is-touched", () => {
    const bytes = new Uint8Array(26).fill(0xa5);
    expect(golden().write(bytes, 3)).toBe(23);
    expect(hex(bytes)).toBe("a5a5a5" + GOLDEN.replace(/ /g, "") + "a5a5a5");
  });

  test("is-read-so", () => {
    const beacon = new Beacon();
    expect(read(beacon, GOLDEN)).toBe(true);
    expect(beacon).toEqual(golden());
  });

  test("of-no-name-is-a-question-and-takes-13-bytes", () => {
    const bytes = new Uint8Array(64);
    const beacon = new Beacon();
    beacon.port = 1;
    expect(hex(bytes.subarray(0, beacon.write(bytes, 0)))).toBe(
      "78737701" + "0100" + "00000000" + "0001" + "00",
    );
    expect(beacon.read(bytes, 0, 13)).toBe(true);
    expect([beacon.kind, beacon.cluster]).toEqual([ASK, ""]);
  });

  test("of-the-longest-name-takes-the-longest-beacon-and-one-letter-more-is-none", () => {
    expect([LONGEST_NAME, LONGEST_BEACON]).toEqual([32, 45]);
    const bytes = new Uint8Array(64);
    for (const length of [31, 32, 33]) {
      const beacon = golden();
      beacon.cluster = "n".repeat(length);
      const end = beacon.write(bytes, 0);
      expect(end).toBe(13 + length);
      expect(beacon.read(bytes, 0, end)).toBe(length <= 32);
    }
  });

  test.each([
    ["another-beginning", "78737601 02 01 89abcdef 1f4a 01 4d"],
    ["another-version", "78737702 02 01 89abcdef 1f4a 01 4d"],
    ["kind-0", "78737701 00 01 89abcdef 1f4a 01 4d"],
    ["kind-3", "78737701 03 01 89abcdef 1f4a 01 4d"],
    ["port-0", "78737701 02 01 89abcdef 0000 01 4d"],
    ["a-byte-too-few", "78737701 02 01 89abcdef 1f4a 02 4d"],
    ["a-byte-too-many", "78737701 02 01 89abcdef 1f4a 00 4d"],
    ["a-blank-in-the-name", "78737701 02 01 89abcdef 1f4a 01 20"],
    ["a-letter-beyond-ascii", "78737701 02 01 89abcdef 1f4a 01 e9"],
    ["no-length", "78737701 02 01 89abcdef 1f4a"],
    ["four-bytes-alone", "78737701"],
    ["nothing", ""],
  ])("is-none-with-%s", (_what, text) => {
    expect(read(new Beacon(), text)).toBe(false);
  });
});

test("formats-have-numbers", () => {
  expect(["bincode", "postcard", "other", ""].map(codecTag)).toEqual([0, 1, 255, 255]);
});

test("the-name-of-a-cluster-is-checked", () => {
  for (const name of ["", "home", "n".repeat(32), "A-z_0.9"])
    expect(() => checkCluster("where", name)).not.toThrow();
  for (const name of ["n".repeat(33), "my home", "höme", "a/b", "home\n"])
    expect(() => checkCluster("where", name)).toThrow(
      new RangeError("where must be at most 32 letters, digits, dots, hyphens and underscores"),
    );
  for (const name of [undefined, 7, ["home"]])
    expect(() => checkCluster("where", name)).toThrow(
      new TypeError("where must be a string, the name of the cluster"),
    );
});
