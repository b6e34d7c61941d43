// What members published, entry by entry.
import { describe, expect, test } from "vitest";
import {
  HEARD_ONLY,
  NEWS,
  OF_EARLIER_LIFE,
  OURS,
  Records,
  UNIT_MS,
  unitsOf,
  unitsSince,
  VERSION,
} from "../../core/records.js";
import { hex, unhex } from "../support/assert.js";

/** Puts a version of one byte and a value, in the place of what the slot has. */
function put(records: Records, slot: number, value: string, marks = 0, version = "05"): void {
  const isNews = (marks & NEWS) !== 0;
  const from = unhex("a5" + version + "a5a5" + value + "a5");
  const end = from.length - 1;
  const versionEnd = 1 + version.length / 2;
  records.put(records.find(slot, isNews), slot, marks, 77, from, 1, versionEnd, versionEnd + 2, end);
}

function bytesOf(records: Records, slot: number, isNews = false): string | undefined {
  const at = records.find(slot, isNews);
  if (at < 0) return undefined;
  return hex(records.bytes.subarray(at + VERSION, records.next(at)));
}

test("finds-each-entry-by-its-slot-and-kind", () => {
  const records = new Records();
  put(records, 1, "11");
  put(records, 0x101, "222222");
  put(records, 0x100, "33");
  put(records, 1, "44", NEWS);
  put(records, 0xfeff, "");
  expect(bytesOf(records, 1)).toBe("0511");
  expect(bytesOf(records, 0x101)).toBe("05222222");
  expect(bytesOf(records, 0x100)).toBe("0533");
  expect(bytesOf(records, 1, true)).toBe("0544");
  expect(bytesOf(records, 0xfeff)).toBe("05");
  for (const [slot, isNews] of [
    [0, false],
    [0x201, false],
    [0x101, true],
    [0xff, false],
  ] as const)
    expect(bytesOf(records, slot, isNews)).toBe(undefined);
  expect(records.time(records.find(0x101, false))).toBe(77);
  expect(records.slot(records.find(0x101, false))).toBe(0x101);
});

test("what-is-as-long-stays-in-its-place-and-what-is-not-moves-to-the-end", () => {
  const records = new Records();
  put(records, 1, "1111");
  put(records, 2, "2222");
  const { end } = records;
  put(records, 1, "3333");
  expect([records.find(1, false), records.find(2, false), records.end]).toEqual([0, end / 2, end]);
  expect(bytesOf(records, 1)).toBe("053333");
  put(records, 1, "44");
  expect(records.find(2, false)).toBe(0);
  expect(records.end).toBe(end - 1);
  expect([bytesOf(records, 1), bytesOf(records, 2)]).toEqual(["0544", "052222"]);
  put(records, 2, "555555", 0, "fbff00");
  expect([bytesOf(records, 1), bytesOf(records, 2)]).toEqual(["0544", "fbff00555555"]);
  expect(records.end).toBe(VERSION + 2 + VERSION + 6);
});

test("one-in-the-middle-stays-there-too", () => {
  const records = new Records();
  for (const slot of [1, 2, 3]) put(records, slot, "11");
  const at = records.find(2, false);
  put(records, 2, "22");
  expect(records.find(2, false)).toBe(at);
  expect([1, 2, 3].map((slot) => bytesOf(records, slot))).toEqual(["0511", "0522", "0511"]);
});

test("an-entry-may-be-longer-than-255-bytes", () => {
  const records = new Records();
  put(records, 1, "");
  for (const length of [255, 256, 300]) {
    put(records, 2, "ab".repeat(length - 1));
    put(records, 3, "33");
    expect(bytesOf(records, 1)).toBe("05");
    expect(bytesOf(records, 2)).toBe("05" + "ab".repeat(length - 1));
    expect(bytesOf(records, 3)).toBe("0533");
    records.forget(2);
    records.forget(3);
  }
});

test("counts-what-others-published-and-is-kept", () => {
  const records = new Records();
  const counts = (): number[] => [records.numKept, records.keptBytes];
  put(records, 1, "11");
  put(records, 2, "222222");
  expect(counts()).toEqual([2, VERSION + 2 + VERSION + 4]);
  put(records, OURS, "33");
  put(records, 1, "44", NEWS);
  put(records, 3, "", HEARD_ONLY);
  expect(counts()).toEqual([2, VERSION + 2 + VERSION + 4]);
  // In its place, longer, and without its bytes.
  put(records, 1, "55");
  expect(counts()).toEqual([2, VERSION + 2 + VERSION + 4]);
  put(records, 1, "6666");
  expect(counts()).toEqual([2, VERSION + 3 + VERSION + 4]);
  put(records, 1, "7777", HEARD_ONLY);
  expect(counts()).toEqual([1, VERSION + 4]);
  records.remove(records.find(3, false));
  records.forget(2);
  expect(counts()).toEqual([0, 0]);
});

test("ages-and-forgets-all-of-a-member-and-nothing-of-others", () => {
  const records = new Records();
  put(records, 1, "11");
  put(records, 2, "22");
  put(records, 1, "33", NEWS);
  put(records, 0x101, "44");
  const aged = (slot: number, isNews: boolean): boolean =>
    records.isMarked(records.find(slot, isNews), OF_EARLIER_LIFE);
  records.age(1);
  expect([aged(1, false), aged(1, true), aged(2, false), aged(0x101, false)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect([records.time(records.find(1, false)), records.time(records.find(1, true))]).toEqual([77, 77]);
  expect(bytesOf(records, 1)).toBe("0511");
  records.forget(1);
  expect([bytesOf(records, 1), bytesOf(records, 1, true)]).toEqual([undefined, undefined]);
  expect([bytesOf(records, 2), bytesOf(records, 0x101)]).toEqual(["0522", "0544"]);
});

test("grows-only-when-there-is-no-room", () => {
  const records = new Records();
  put(records, 1, "");
  const { bytes } = records;
  expect(bytes.length).toBe(64);
  put(records, 2, "22".repeat(64 - 2 * (VERSION + 1)));
  expect(records.end).toBe(64);
  expect(records.bytes).toBe(bytes);
  put(records, 3, "");
  expect(records.bytes.length).toBe(128);
  expect([bytesOf(records, 1), bytesOf(records, 3)]).toEqual(["05", "05"]);
  put(records, 4, "44".repeat(1000));
  expect(records.bytes.length).toBe(64 + VERSION + 1 + VERSION + 1001);
});

describe("times", () => {
  test("are-counted-from-the-clock-and-before-it-began", () => {
    expect(unitsSince(unitsOf(10 * UNIT_MS), 15 * UNIT_MS)).toBe(5);
    expect(unitsSince(unitsOf(-10 * UNIT_MS), 5 * UNIT_MS)).toBe(15);
    expect(unitsSince(unitsOf(2 ** 29 * UNIT_MS), (2 ** 29 + 1) * UNIT_MS)).toBe(1);
  });

  test("that-are-yet-to-come-are-now-by-up-to-a-year", () => {
    expect(unitsSince(unitsOf(10 * UNIT_MS), 5 * UNIT_MS)).toBe(0);
    expect(unitsSince(0, (0x18000000 - 1) * UNIT_MS)).toBe(0x18000000 - 1);
    expect(unitsSince(0, 0x18000000 * UNIT_MS)).toBe(0);
  });
});
