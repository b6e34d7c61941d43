// Promises to be back: what an incarnation can say of a length of time.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  isPromise,
  LONGEST_NAP_MS,
  overdueMs,
  promisedMs,
  promiseOf,
  SHORTEST_NAP_MS,
  withoutPromise,
} from "../../core/promise.js";
import { runs } from "../support/fuzz.js";

const ms = fc.oneof(
  fc.double({ min: SHORTEST_NAP_MS, max: LONGEST_NAP_MS, noNaN: true }),
  fc.integer({ min: SHORTEST_NAP_MS, max: 100_000 }),
  // About the places where the exponent grows.
  fc.tuple(fc.nat(15), fc.integer({ min: -20, max: 20 })).map(([e, off]) => SHORTEST_NAP_MS * 2 ** e + off),
);

describe("a promise", () => {
  test("is-of-the-time-that-was-asked-for-or-half-a-percent-more", () => {
    fc.assert(
      fc.property(ms, (wanted) => {
        const asked = Math.max(wanted, SHORTEST_NAP_MS);
        const promise = promiseOf(wanted);
        expect(isPromise(promise)).toBe(true);
        expect(promisedMs(promise)).toBeGreaterThanOrEqual(asked);
        expect(promisedMs(promise)).toBeLessThanOrEqual(asked * 1.005);
      }),
      runs(2000),
    );
  });

  test("is-the-larger-the-longer-the-nap-and-each-says-what-it-is", () => {
    for (let promise = 0xf000; promise <= 0xfffe; promise++) {
      expect(promiseOf(promisedMs(promise))).toBe(promise);
      if (promise > 0xf000) expect(promisedMs(promise)).toBeGreaterThan(promisedMs(promise - 1));
    }
  });

  test("of-known-lengths-is-a-known-incarnation", () => {
    expect([promiseOf(1), promiseOf(4096), promiseOf(4097)]).toEqual([0xf000, 0xf000, 0xf001]);
    expect([promiseOf(60_000), promisedMs(0xf3d5)]).toEqual([0xf3d5, 60_032]);
    expect([promiseOf(3_600_000), promisedMs(0xf9b8)]).toEqual([0xf9b8, 3_604_480]);
    expect([promiseOf(LONGEST_NAP_MS), LONGEST_NAP_MS]).toEqual([0xfffe, 267_386_880]);
    expect(SHORTEST_NAP_MS).toBe(4096);
  });

  test("is-no-incarnation-below-f000-and-not-the-largest", () => {
    expect([0, 0xefff, 0xf000, 0xfffe, 0xffff].map(isPromise)).toEqual([false, false, true, true, false]);
    expect([0, 0xefff, 0xf000, 0xffff].map(withoutPromise)).toEqual([0, 0xefff, 0xefff, 0xefff]);
  });

  test("is-broken-after-seven-sixteenths-more-and-5-s-at-least", () => {
    expect(overdueMs(0xf000)).toBe(4096 + 5000);
    expect(overdueMs(0xf3d5)).toBe(60_032 + 26_264);
  });
});
