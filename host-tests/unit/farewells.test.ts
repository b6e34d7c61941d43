// The identities that we gave up: of each address the last, as long as it is still to be told.
import { expect, test } from "vitest";
import { bincode } from "../../core/codec.js";
import { Farewells } from "../../core/farewells.js";

/** Queues the identity of these bytes, whose address stands from `start` to `end`, to be declared Down twice. */
function add(farewells: Farewells, octets: number[], start: number, end: number): void {
  // Something stands before it and behind it.
  farewells.add(Uint8Array.of(7, 7, 7, 7, ...octets, 7, 7), 4, octets.length, start, end, 2, 0);
}

/** The identities that are written into so many bytes; each takes two more there. */
function written(farewells: Farewells, room: number): string[] {
  const out = new Uint8Array(100);
  const cursor = { at: 3 };
  const count = farewells.fill(bincode, out, cursor, 3 + room);
  const text = Array.from(out.subarray(3, cursor.at)).join(" ");
  const parts = text === "" ? [] : text.split(/ 0 2(?: |$)/).slice(0, -1);
  expect(parts.length).toBe(count);
  return parts;
}

test("an-address-that-stands-later-is-found-again", () => {
  const farewells = new Farewells();
  add(farewells, [1, 10, 20, 30], 1, 4);
  add(farewells, [2, 10, 20, 30], 1, 4);
  add(farewells, [3, 10, 20, 31], 1, 4);
  expect(written(farewells, 90)).toEqual(["3 10 20 31", "2 10 20 30"]);
});

test("an-address-that-begins-with-another-is-another", () => {
  const farewells = new Farewells();
  add(farewells, [10, 20, 30, 5], 0, 3);
  add(farewells, [10, 20, 30, 5, 6], 0, 4);
  add(farewells, [10, 20, 6], 0, 2);
  expect(written(farewells, 90)).toEqual(["10 20 6", "10 20 30 5 6", "10 20 30 5"]);
});

test("only-the-very-identity-is-taken-back", () => {
  const farewells = new Farewells();
  add(farewells, [10, 20, 30], 0, 2);
  for (const other of [
    [10, 20],
    [10, 20, 30, 40],
    [10, 20, 31],
  ])
    farewells.remove(Uint8Array.of(7, ...other, 7), 1, other.length);
  expect(farewells.length).toBe(1);
  farewells.remove(Uint8Array.of(7, 10, 20, 30, 7), 1, 3);
  expect(farewells.length).toBe(0);
});

test("what-does-not-fit-waits-and-a-shorter-one-takes-the-room", () => {
  const farewells = new Farewells();
  expect(written(farewells, 90)).toEqual([]);
  add(farewells, [10, 20], 0, 2);
  add(farewells, [10, 20, 30, 40, 50], 0, 5);
  expect(written(farewells, 6)).toEqual(["10 20"]);
  expect(written(farewells, 90)).toEqual(["10 20 30 40 50", "10 20"]);
  expect(written(farewells, 90)).toEqual(["10 20 30 40 50"]);
  expect([written(farewells, 90), farewells.length]).toEqual([[], 0]);
});
