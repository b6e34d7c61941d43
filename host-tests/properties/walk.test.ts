import fc from "fast-check";
import { expect, test } from "vitest";
import { uniform } from "../../core/random.js";
import { Walk } from "../../core/walk.js";
import { runs } from "../support/fuzz.js";
import { seeded } from "../support/random.js";

test("a-walk-visits-each-once-and-then-ends", () => {
  fc.assert(
    fc.property(fc.nat(400), fc.nat(), (count, seed) => {
      const walk = new Walk();
      walk.start(count, seeded(seed));
      const visited = new Set<number>();
      for (let i = 0; i < count; i++) visited.add(walk.next());
      expect(visited.size).toBe(count);
      if (count > 0) expect([Math.min(...visited), Math.max(...visited)]).toEqual([0, count - 1]);
      expect(walk.left).toBe(0);
      expect([walk.next(), walk.next()]).toEqual([-1, -1]);
    }),
    runs(500),
  );
});

test("a-step-taken-back-is-taken-again", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.nat(),
      fc.infiniteStream(fc.boolean()),
      (count, seed, coin) => {
        const walk = new Walk();
        walk.start(count, seeded(seed));
        const visited = new Set<number>();
        while (walk.left > 0) {
          const step = walk.next();
          if (coin.next().value) {
            walk.undo();
            expect(walk.next()).toBe(step);
          }
          visited.add(step);
        }
        expect(visited.size).toBe(count);
      },
    ),
    runs(300),
  );
});

test("a-walk-starts-anywhere-as-likely", () => {
  const walk = new Walk();
  const random = seeded(5);
  const firsts = new Array<number>(10).fill(0);
  for (let i = 0; i < 10_000; i++) {
    walk.start(10, random);
    firsts[walk.next()]++;
  }
  for (const count of firsts) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

test("a-uniform-number-is-within-its-limit-for-any-32-bits", () => {
  for (const bits of [0, 1, -1, 0x7fffffff, -0x80000000, 0xffffffff]) {
    for (const limit of [1, 2, 3, 1000, 65_000]) {
      const value = uniform(() => bits, limit);
      expect(Number.isInteger(value) && value >= 0 && value < limit, `${bits} of ${limit}`).toBe(true);
    }
  }
});

test("a-walk-of-two-begins-with-either-and-one-of-fewer-takes-no-random-number", () => {
  const walk = new Walk();
  for (const [part, first] of [
    [0, 1],
    [0.9, 0],
  ]) {
    walk.start(2, () => part * 4294967296);
    expect([walk.next(), walk.next(), walk.next()]).toEqual([first, 1 - first, -1]);
  }
  const none = (): number => {
    throw new Error("asked for a random number");
  };
  walk.start(1, none);
  expect([walk.next(), walk.next()]).toEqual([0, -1]);
  walk.start(0, none);
  expect(walk.next()).toBe(-1);
});
