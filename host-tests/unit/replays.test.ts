// What `Replays` takes for known, number by number, and which senders it forgets.
import { describe, expect, test } from "vitest";
import { Replays } from "../../platform/shared/replays.js";

/** The twelve bytes of a datagram: of a sender, by the digits of its device, and with a number. */
function bytesOf(device: string, number: number): Uint8Array {
  const bytes = new Uint8Array(12);
  for (let i = 0; i < 6; i++) bytes[i] = parseInt(device.slice(2 * i, 2 * i + 2), 16);
  for (let i = 11, left = number; i > 5; i--, left = Math.floor(left / 256)) bytes[i] = left % 256;
  return bytes;
}

/** Takes a datagram as a seal does, unless it is known. */
function take(replays: Replays, device: string, number: number, isProof = false): boolean {
  const bytes = bytesOf(device, number);
  if (replays.isKnown(bytes, 0)) return false;
  replays.note(bytes, 0);
  if (isProof) replays.prove();
  return true;
}

const isKnown = (replays: Replays, device: string, number: number): boolean =>
  replays.isKnown(bytesOf(device, number), 0);

const [A, B, C, D, E] = ["a00000000001", "b00000000001", "c00000000001", "d00000000001", "e00000000001"];

describe("of one sender", () => {
  test.each([
    [false, 15],
    [true, 31],
  ])("each-that-came-is-known-however-far-the-next-is-ahead: proven %s", (isProven, width) => {
    for (let ahead = 1; ahead <= 40; ahead++) {
      const replays = new Replays(4);
      const came = [900, 950, 995, 998, 1000, 1000 + ahead];
      for (const number of came) expect(take(replays, A, number, isProven && number <= 950)).toBe(true);
      for (let behind = 0; behind <= 60; behind++) {
        const number = 1000 + ahead - behind;
        expect(isKnown(replays, A, number), number + " after " + came.join()).toBe(
          behind > width || came.includes(number),
        );
      }
    }
  });

  test.each([
    [false, 15],
    [true, 31],
  ])("those-that-come-late-are-taken-once-in-any-order: proven %s", (isProven, width) => {
    for (let step = 1; step <= width; step++) {
      const replays = new Replays(4);
      for (const number of [900, 1000]) take(replays, A, number, isProven && number === 900);
      for (let i = 1; i <= width; i++) {
        const number = 1000 - ((i * step) % (width + 1));
        const isNew = !isKnown(replays, A, number);
        expect(take(replays, A, number)).toBe(isNew);
        expect(isKnown(replays, A, number)).toBe(true);
      }
      expect(isKnown(replays, A, 1000 - width - 1)).toBe(true);
    }
  });

  test("the-first-one-closes-its-window-to-what-is-sixteen-older", () => {
    const replays = new Replays(4);
    take(replays, A, 1000);
    expect([1001, 1000, 999, 985, 984, 970].map((number) => isKnown(replays, A, number))).toEqual([
      false,
      true,
      false,
      false,
      true,
      true,
    ]);
  });

  test("that-proves-itself-again-may-still-be-late", () => {
    const replays = new Replays(4);
    take(replays, A, 900, true);
    take(replays, A, 1000, true);
    expect([999, 984, 969, 968].map((number) => isKnown(replays, A, number))).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  test("that-proves-itself-has-had-all-before-its-shorter-window", () => {
    const replays = new Replays(4);
    take(replays, A, 1000, true);
    expect([985, 984].map((number) => isKnown(replays, A, number))).toEqual([false, true]);
  });

  test("nothing-is-proven-before-anything-came-nor-by-what-nobody-sealed", () => {
    const replays = new Replays(2);
    replays.prove();
    for (const device of [A, B]) take(replays, device, 1000);
    replays.noteNobody();
    replays.prove();
    // Neither is proven, so the older one makes room.
    take(replays, C, 1000);
    expect([A, B, C].map((device) => isKnown(replays, device, 1000))).toEqual([false, true, true]);
  });
});

describe("of several senders", () => {
  test("each-is-found-whatever-their-order-and-however-alike-they-are", () => {
    const ends = ["00", "01", "7f", "80", "ff"];
    const devices = ends.flatMap((first) => ends.map((last) => first + "000000" + last + "02"));
    for (let turn = 0; turn < devices.length; turn++) {
      const replays = new Replays(100);
      const inTurn = devices.map((_, i) => devices[(i * 7 + turn) % devices.length]);
      inTurn.forEach((device, i) => expect(take(replays, device, 100 + i)).toBe(true));
      expect(replays.size).toBe(devices.length);
      inTurn.forEach((device, i) => {
        expect([isKnown(replays, device, 100 + i), isKnown(replays, device, 101 + i)]).toEqual([true, false]);
      });
    }
  });

  test("no-more-than-16-bytes-are-taken-for-each-of-so-many", () => {
    for (const limit of [1, 3, 4, 5, 6, 7, 9, 20]) {
      const replays = new Replays(limit);
      for (let i = 0; i < 50; i++) take(replays, "a0000000000" + (i % 10), 1000 + i);
      const { byteLength } = (replays as unknown as { rows: Int32Array }).rows;
      expect(byteLength, "for " + limit).toBeLessThanOrEqual(16 * Math.max(limit, 4));
      expect(replays.size).toBe(Math.min(limit, 10));
    }
  });

  test("the-oldest-makes-room-however-much-the-others-sent", () => {
    const replays = new Replays(2);
    take(replays, A, 1000);
    for (let number = 1000; number < 1030; number++) take(replays, B, number);
    take(replays, C, 1000);
    expect([A, B, C].map((device) => isKnown(replays, device, 1000))).toEqual([false, true, true]);
    // However far ahead the first of all went.
    const many = new Replays(20);
    take(many, A, 1000);
    take(many, A, 1020);
    for (let i = 10; i < 30; i++) take(many, "b000000000" + i, 1000);
    expect([isKnown(many, A, 1020), isKnown(many, "b00000000010", 1000)]).toEqual([false, true]);
  });

  test("the-one-that-just-came-makes-room-where-the-others-are-proven", () => {
    const replays = new Replays(2);
    take(replays, A, 1000, true);
    take(replays, B, 1000);
    take(replays, C, 1000);
    expect([A, B, C].map((device) => isKnown(replays, device, 1000))).toEqual([true, false, true]);
  });

  test("where-all-are-proven-one-makes-room-in-turn-and-the-others-must-prove-themselves-anew", () => {
    for (const [warmUps, forgotten] of [
      [0, A],
      [1, B],
      [2, C],
    ] as const) {
      const replays = new Replays(3);
      // Those make room for the next, and count.
      for (let i = 0; i < warmUps; i++) take(replays, "00000000000" + i, 1);
      for (const device of [A, B, C]) take(replays, device, 900, true);
      for (const device of [A, B, C]) {
        take(replays, device, 1000, true);
        take(replays, device, 998);
      }
      take(replays, D, 1000);
      const left = [A, B, C].filter((device) => device !== forgotten);
      expect(isKnown(replays, forgotten, 1000)).toBe(false);
      // What came of them is known, and their windows are the shorter ones now.
      for (const device of left)
        expect([1000, 999, 998, 985, 984].map((number) => isKnown(replays, device, number))).toEqual([
          true,
          false,
          true,
          false,
          true,
        ]);
      // Who proves itself stays; the other one is forgotten before D, which came later.
      take(replays, left[0], 1001, true);
      take(replays, E, 1000);
      expect([left[0], left[1], D].map((device) => isKnown(replays, device, 1000))).toEqual([
        true,
        false,
        true,
      ]);
    }
  });
});
