import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Ration } from "../../agent/src/agent/ration.js";

let told: [event: number, leftOut: number][] = [];
let ration: Ration<number>;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  told = [];
  ration = new Ration((event, leftOut) => told.push([event, leftOut]));
});
afterEach(() => vi.useRealTimers());

const FIRST = [1, 2, 3, 4, 5].map((event) => [event, 0]);

test("tells-of-five-at-once", () => {
  for (let event = 1; event <= 5; event++) ration.add(event);
  expect(told).toEqual(FIRST);
});

test("tells-of-the-latest-a-second-later-and-of-how-many-were-left-out", () => {
  for (let event = 1; event <= 20; event++) ration.add(event);
  vi.advanceTimersByTime(999);
  expect(told).toEqual(FIRST);
  vi.advanceTimersByTime(1);
  expect(told).toEqual([...FIRST, [20, 14]]);
  vi.advanceTimersByTime(60_000);
  expect(told).toHaveLength(6);
});

test("tells-of-one-a-second-in-a-storm", () => {
  for (let event = 1; event <= 10_000; event++) {
    ration.add(event);
    vi.advanceTimersByTime(1);
  }
  vi.advanceTimersByTime(1000);
  expect(told).toHaveLength(15);
  expect(told.reduce((sum, [, leftOut]) => sum + 1 + leftOut, 0)).toBe(10_000);
  expect(told.at(-1)?.[0]).toBe(10_000);
});

test("tells-of-five-at-once-again-after-a-rest", () => {
  for (let event = 1; event <= 5; event++) ration.add(event);
  vi.advanceTimersByTime(5000);
  for (let event = 6; event <= 10; event++) ration.add(event);
  expect(told).toHaveLength(10);
});

test("tells-of-what-waits-when-it-is-flushed", () => {
  for (let event = 1; event <= 8; event++) ration.add(event);
  ration.flush();
  expect(told.at(-1)).toEqual([8, 2]);
  ration.flush();
  vi.advanceTimersByTime(60_000);
  expect(told).toHaveLength(6);
});
