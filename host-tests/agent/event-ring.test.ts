import { expect, test } from "vitest";
import { EventRing } from "../../agent/src/server/event-ring.js";

function ringOf(count: number, length = 10): EventRing {
  const ring = new EventRing();
  for (let i = 1; i <= count; i++) ring.add("memberUp", String(i).padEnd(length));
  return ring;
}
const ids = (events: readonly { id: number }[]): number[] => events.map(({ id }) => id);

test("gives-the-events-after-one", () => {
  const { events, hasGap } = ringOf(10).since(7, 1000);
  expect([ids(events), hasGap]).toEqual([[8, 9, 10], false]);
  expect(ringOf(10).since(10, 1000)).toEqual({ events: [], hasGap: false });
});

test("keeps-the-last-512-and-says-that-others-are-missing", () => {
  const { events, hasGap } = ringOf(600).since(0, 1e9);
  expect([events.length, events[0].id, hasGap]).toEqual([512, 89, true]);
  expect(ringOf(600).since(88, 1e9).hasGap).toBe(false);
});

test("says-that-it-knows-nothing-of-events-that-were-before-its-time", () => {
  const { events, hasGap } = ringOf(3).since(40, 1000);
  expect([ids(events), hasGap]).toEqual([[1, 2, 3], true]);
});

test("gives-the-newest-ones-when-there-is-not-room-for-all", () => {
  const { events, hasGap } = ringOf(10).since(0, 35);
  expect([ids(events), hasGap]).toEqual([[8, 9, 10], true]);
});

test("keeps-no-more-than-a-million-characters", () => {
  const { events } = ringOf(300, 10_000).since(0, 1e9);
  expect(events.length).toBe(104);
});

test("gives-the-last-ones", () => {
  expect(ids(ringOf(10).recent(3))).toEqual([8, 9, 10]);
  expect(ids(ringOf(2).recent(3))).toEqual([1, 2]);
  expect(ringOf(2).recent(0)).toEqual([]);
});
