// Which datagrams came: the rows of `Replays` beside a set of all that came.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Replays } from "../../platform/shared/replays.js";
import { runs } from "../support/fuzz.js";

/** A datagram of a sender. Senders differ in either word of the device; numbers are near each other, or of another boot. */
const datagram = fc.record({
  sender: fc.nat(5),
  number: fc.oneof(
    fc.nat(40),
    fc.nat(40).map((n) => 0x1000000 - 20 + n),
    fc.nat(2 ** 47),
  ),
  isAnswer: fc.constantFrom(false, false, false, true),
});

/** The twelve bytes `device boot sequence`. */
function bytesOf(sender: number, number: number): Uint8Array {
  const bytes = new Uint8Array(12);
  bytes[sender & 1 ? 5 : 0] = 0x80 * (sender & 2 ? 1 : 0) + (sender >> 2) + 1;
  for (let i = 11, left = number; i > 5; i--, left = Math.floor(left / 256)) bytes[i] = left % 256;
  return bytes;
}

/** Asks and notes, as a seal does. */
function take(replays: Replays, bytes: Uint8Array): boolean {
  if (replays.isKnown(bytes, 0)) return false;
  replays.note(bytes, 0);
  return true;
}

describe("replays", () => {
  test("no-datagram-is-taken-twice-and-none-that-is-new-is-refused-within-the-window", () => {
    fc.assert(
      fc.property(fc.array(datagram, { maxLength: 120 }), (datagrams) => {
        const replays = new Replays(8);
        const came = Array.from({ length: 6 }, () => new Set<number>());
        const highest = new Array<number>(6).fill(-1);
        const proven = new Array<boolean>(6).fill(false);
        for (const { sender, number, isAnswer } of datagrams) {
          const bytes = bytesOf(sender, number);
          const isKnown = !take(replays, bytes);
          const behind = highest[sender] - number;
          if (came[sender].has(number)) expect(isKnown).toBe(true);
          else if (behind <= 0) expect(isKnown).toBe(false);
          // A sender that proved itself has had the rest of its window filled.
          else if (behind <= 15 && !proven[sender]) expect(isKnown).toBe(false);
          else if (behind > 31) expect(isKnown).toBe(true);
          if (isKnown) continue;
          came[sender].add(number);
          highest[sender] = Math.max(highest[sender], number);
          if (!isAnswer) continue;
          replays.prove();
          proven[sender] = true;
        }
        expect(replays.size).toBe(came.filter((one) => one.size > 0).length);
      }),
      runs(1000),
    );
  });

  test("of-a-proven-sender-thirty-one-before-the-latest-may-come-late-once", () => {
    const replays = new Replays(4);
    take(replays, bytesOf(0, 1000));
    replays.prove();
    take(replays, bytesOf(0, 1050));
    for (let number = 1000; number < 1019; number++)
      expect(replays.isKnown(bytesOf(0, number), 0)).toBe(true);
    for (let number = 1049; number >= 1019; number--) {
      expect(replays.isKnown(bytesOf(0, number), 0)).toBe(false);
      take(replays, bytesOf(0, number));
      expect(replays.isKnown(bytesOf(0, number), 0)).toBe(true);
    }
  });

  test("there-are-no-more-rows-than-the-limit-and-the-oldest-that-proved-nothing-goes-first", () => {
    const replays = new Replays(3);
    const numbers = (sender: number): Uint8Array => bytesOf(sender, 100);
    for (const sender of [4, 0, 2]) {
      take(replays, numbers(sender));
      if (sender === 4) replays.prove();
    }
    take(replays, numbers(1));
    expect([4, 0, 2, 1].map((sender) => replays.isKnown(numbers(sender), 0))).toEqual([
      true,
      false,
      true,
      true,
    ]);
    take(replays, numbers(3));
    expect([4, 0, 2, 1, 3].map((sender) => replays.isKnown(numbers(sender), 0))).toEqual([
      true,
      false,
      false,
      true,
      true,
    ]);
    expect(replays.size).toBe(3);
  });

  test("when-all-are-proven-one-makes-room", () => {
    const replays = new Replays(2);
    for (const sender of [0, 1, 2, 3, 4, 5]) {
      take(replays, bytesOf(sender, 100));
      replays.prove();
      expect(replays.isKnown(bytesOf(sender, 100), 0)).toBe(true);
    }
    expect(replays.size).toBe(2);
  });
});
