// What is passed on of members without room: once each, and no more than sixteen updates in sixteen seconds.
import { expect, test } from "vitest";
import { fillPassing, makePassing, MOST, pass, QUEUED } from "../../core/passing.js";

const LONGEST = 10;

/** Takes the update of these bytes into the list. */
function take(list: Uint8Array, octets: number[], nowMs: number): void {
  // Something stands before it and behind it.
  pass(list, Uint8Array.of(9, ...octets, 9), 1, 1 + octets.length, nowMs);
}

/** Takes as many updates of one byte as a list remembers. */
function fill(list: Uint8Array, nowMs: number): void {
  for (let i = 0; i < MOST; i++) take(list, [100 + i], nowMs);
}

/** What is written into so many bytes. */
function written(list: Uint8Array, room: number, most = 2): number[] {
  const out = new Uint8Array(100);
  const cursor = { at: 3 };
  fillPassing(list, out, cursor, 3 + room, most);
  return Array.from(out.subarray(3, cursor.at));
}

test("an-update-as-long-as-the-longest-is-passed-on-and-a-longer-one-is-not", () => {
  for (let length = 1; length <= LONGEST + 6; length++) {
    const list = makePassing(LONGEST);
    const octets = Array.from({ length }, (_, i) => i + 1);
    take(list, octets, 0);
    expect(list[QUEUED]).toBe(length <= LONGEST ? 1 : 0);
    expect(written(list, 50)).toEqual(length <= LONGEST ? octets : []);
  }
});

test("the-first-sixteen-are-taken-at-once-whatever-the-time", () => {
  for (const nowMs of [0, 7000, 255_000, 1e9]) {
    const list = makePassing(LONGEST);
    fill(list, nowMs);
    expect(list[QUEUED]).toBe(MOST);
  }
});

test("the-next-are-taken-sixteen-seconds-after-the-first", () => {
  for (const startMs of [0, 250_000]) {
    const list = makePassing(LONGEST);
    fill(list, startMs);
    take(list, [1], startMs + 1000);
    take(list, [2], startMs + 15_999);
    for (let drained = written(list, 50); drained.length > 0; drained = written(list, 50))
      expect(drained[0]).toBe(100);
    take(list, [3], startMs + 16_000);
    expect(written(list, 50)).toEqual([3]);
    // The place of the first is taken by now.
    take(list, [100], startMs + 16_000);
    expect(written(list, 50)).toEqual([3, 100]);
  }
});

test("an-update-that-takes-the-place-of-one-that-waits-leaves-as-many-to-be-sent", () => {
  const list = makePassing(LONGEST);
  fill(list, 0);
  take(list, [1], 16_000);
  expect(list[QUEUED]).toBe(MOST);
  expect(written(list, 50)[0]).toBe(1);
});

test("what-just-fits-is-written-and-what-does-not-waits", () => {
  const list = makePassing(LONGEST);
  take(list, [1, 2, 3], 0);
  take(list, [4, 5], 0);
  expect(written(list, 2)).toEqual([4, 5]);
  expect(written(list, 5)).toEqual([1, 2, 3, 4, 5]);
  expect(written(list, 5)).toEqual([1, 2, 3]);
  expect([written(list, 5), list[QUEUED]]).toEqual([[], 0]);
});

test("what-waits-for-the-successor-is-not-sent-to-others-until-that-was-told", () => {
  const list = makePassing(LONGEST);
  take(list, [1], 0);
  expect(written(list, 5, 1)).toEqual([]);
  expect(written(list, 5)).toEqual([1]);
  expect(written(list, 5, 1)).toEqual([1]);
});
