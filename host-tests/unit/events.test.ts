// The queue of what the user is to be told.
import { expect, test } from "vitest";
import { deliverEvents, type EventQueue } from "../../platform/shared/events.js";

test("events-are-told-in-order-with-their-arguments-and-on-the-object-that-has-the-callbacks", () => {
  const told: unknown[] = [];
  const target = {
    one(this: unknown, ...args: unknown[]): void {
      told.push("one", this === target, ...args);
    },
    two: (first: unknown) => void told.push("two", first),
  };
  deliverEvents(["two", 3, undefined, "one", 1, 2], target);
  expect(told).toEqual(["two", 3, "one", true, 1, 2]);
});

test("what-happens-in-a-callback-is-told-after-it", () => {
  const told: unknown[] = [];
  const queue: EventQueue = ["one", 1, undefined];
  const one = (number: number): void => {
    if (number < 3) queue.push("one", number + 1, undefined);
    told.push(number);
  };
  deliverEvents(queue, { one });
  expect([told, queue]).toEqual([[1, 2, 3], []]);
});

test("an-event-whose-callback-was-taken-away-meanwhile-is-over", () => {
  const told: unknown[] = [];
  const target: { one?: () => void; two: () => void } = {
    one: () => void told.push("one"),
    two: () => {
      told.push("two");
      delete target.one;
    },
  };
  deliverEvents(["two", 0, 0, "one", 0, 0, "two", 0, 0], target);
  expect(told).toEqual(["two", "two"]);
});

test("an-event-whose-callback-throws-is-over-and-the-others-wait", () => {
  const queue: EventQueue = ["bad", 0, 0, "good", 0, 0];
  let calls = 0;
  const target = {
    bad: () => {
      throw new Error("of the user");
    },
    good: () => calls++,
  };
  expect(() => deliverEvents(queue, target)).toThrow("of the user");
  expect(queue).toEqual(["good", 0, 0]);
  deliverEvents(queue, target);
  expect([calls, queue]).toEqual([1, []]);
});
