// What time brings next, and what a stall puts off.
import { expect, test } from "vitest";
import { Deadline, DEADLINE_BYTES, Deadlines, NOTHING_DUE } from "../../core/deadlines.js";
import { Order } from "../../core/order.js";

const make = (): Deadlines => new Deadlines(new ArrayBuffer(DEADLINE_BYTES), new Order(() => 0, 0));

function after(deadlines: Deadlines): [number, number] {
  deadlines.next();
  return [deadlines.first, deadlines.nextMs];
}

test("of-two-at-the-same-moment-the-smaller-number-comes-first", () => {
  const deadlines = make();
  expect(after(deadlines)).toEqual([NOTHING_DUE, Infinity]);
  deadlines.set(Deadline.PeriodicGossip, 500);
  deadlines.set(Deadline.Probe, 500);
  deadlines.set(Deadline.Rejoin, 501);
  expect(after(deadlines)).toEqual([Deadline.Probe, 500]);
});

test("all-but-coming-back-can-be-voided", () => {
  const deadlines = make();
  for (const deadline of [Deadline.IndirectProbe, Deadline.PeriodicAnnounceToDown, Deadline.Rejoin])
    deadlines.set(deadline, 100 + deadline);
  deadlines.clear();
  expect(deadlines.has(Deadline.PeriodicAnnounceToDown)).toBe(false);
  expect(after(deadlines)).toEqual([Deadline.Rejoin, 100 + Deadline.Rejoin]);
});

test("a-stall-puts-off-the-probe-and-gives-time-to-read-once-in-a-pause", () => {
  const deadlines = make();
  deadlines.set(Deadline.Probe, 1000);
  deadlines.set(Deadline.PeriodicGossip, 5000);
  // Late by 300 at 2000, and 250 to read; the next time to read is 3000 after, and as much later as it was late meanwhile.
  deadlines.standStill(300, 2000, 250, 3000);
  expect([deadlines.first, deadlines.nextMs]).toEqual([Deadline.Probe, 1550]);
  deadlines.standStill(100, 5000, 250, 3000);
  expect(deadlines.nextMs).toBe(1650);
  deadlines.standStill(10, 5109, 250, 3000);
  expect(deadlines.nextMs).toBe(1660);
  deadlines.standStill(10, 5120, 250, 3000);
  expect(deadlines.nextMs).toBe(1920);
});
