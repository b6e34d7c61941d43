// Who answers a probe, and for whom an answer counts.
import { expect, test } from "vitest";
import { NONE } from "../../core/order.js";
import { DIRECT, INDIRECT, Probe } from "../../core/probe.js";

const TARGET = 4;

/** A probe whose helpers, the slots 7, 8 and 9, were asked. */
function asking(): Probe {
  const probe = new Probe();
  probe.start(TARGET, 3, 1000);
  probe.stage = INDIRECT;
  probe.helpers.push(7, 8, 9);
  probe.numHelpers = 3;
  return probe;
}

test("a-probe-that-never-began-fails-nobody", () => {
  const probe = new Probe();
  expect([probe.takeFailed(), probe.numAnswered, probe.stage, probe.number]).toEqual([NONE, 0, DIRECT, 0]);
});

test("the-ack-of-the-target-belongs-to-the-probe-and-ends-it-well", () => {
  const probe = asking();
  expect(probe.receiveAck(TARGET, 2)).toBe(false);
  expect(probe.takeFailed()).toBe(TARGET);
  probe.start(TARGET, 3, 1000);
  expect(probe.receiveAck(TARGET, 2)).toBe(true);
  expect([probe.succeeded, probe.takeFailed()]).toEqual([true, NONE]);
});

test("the-ack-of-nobody-belongs-to-no-probe", () => {
  const probe = asking();
  probe.forget(TARGET);
  expect(probe.receiveAck(NONE, 1)).toBe(false);
  expect(probe.succeeded).toBe(false);
});

test("each-helper-that-answers-our-ping-counts-once-and-all-its-acks-belong-to-the-probe", () => {
  const probe = asking();
  expect([probe.receiveAck(9, 1), probe.numAnswered]).toEqual([true, 1]);
  expect([probe.receiveAck(9, 1), probe.numAnswered]).toEqual([true, 1]);
  expect([probe.receiveAck(7, 1), probe.numAnswered]).toEqual([true, 2]);
  expect([probe.receiveAck(8, 1), probe.numAnswered]).toEqual([true, 3]);
  expect([probe.receiveAck(5, 1), probe.numAnswered]).toEqual([false, 3]);
  expect(probe.takeFailed()).toBe(TARGET);
});

test("what-a-helper-forwards-counts-once", () => {
  const probe = asking();
  expect([probe.receiveIndirectAck(9, 1), probe.numHelpers]).toEqual([true, 2]);
  expect([probe.receiveIndirectAck(9, 1), probe.numHelpers]).toEqual([false, 2]);
  expect([probe.receiveIndirectAck(5, 1), probe.numHelpers]).toEqual([false, 2]);
  expect([probe.receiveIndirectAck(7, 2), probe.numHelpers]).toEqual([false, 2]);
  expect([probe.receiveIndirectAck(7, 1), probe.receiveIndirectAck(8, 1), probe.numHelpers]).toEqual([
    true,
    true,
    0,
  ]);
});

test("a-slot-that-somebody-else-has-now-neither-fails-nor-helps", () => {
  const probe = asking();
  probe.forget(5);
  expect([probe.target, probe.numHelpers]).toEqual([TARGET, 3]);
  probe.forget(8);
  expect(probe.receiveIndirectAck(8, 1)).toBe(false);
  probe.forget(TARGET);
  expect([probe.takeFailed(), probe.numHelpers]).toEqual([NONE, 2]);
});

test("an-answer-may-take-as-long-as-the-earlier-ones-did-within-limits", () => {
  const probe = new Probe();
  expect(probe.expectedRttMs(500, 1500)).toBe(500);
  probe.noteRtt(200);
  // RFC 6298: 200 + 4 * 100.
  expect([
    probe.expectedRttMs(500, 1500),
    probe.expectedRttMs(700, 1500),
    probe.expectedRttMs(100, 550),
  ]).toEqual([600, 700, 550]);
  probe.noteRtt(280);
  // Its spread is 100 * 3/4 + 80 / 4, and it is smoothed to 200 * 7/8 + 280 / 8.
  expect([probe.smoothedRttMs, probe.expectedRttMs(1, 10_000)]).toEqual([210, 210 + 4 * 95]);
});
