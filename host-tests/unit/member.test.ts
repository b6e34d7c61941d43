// Members as a program hands them in, and the clock as the core reads it.
import { expect, test } from "vitest";
import { State } from "../../core/codec.js";
import { Env } from "../../core/env.js";
import { checkMember, type Member } from "../../core/member.js";
import type { SwimOptions } from "../../core/options.js";
import { simple } from "../../core/config.js";

const make = (fields: object): Member<unknown> =>
  ({ identity: 1, incarnation: 0, state: "Alive", ...fields }) as Member<unknown>;

test("a-member-has-a-state-and-an-incarnation", () => {
  expect(checkMember(make({}))).toBe(State.Alive);
  expect(checkMember(make({ state: "Suspect", incarnation: 65535 }))).toBe(State.Suspect);
  expect(checkMember(make({ state: "Down" }))).toBe(State.Down);
});

test.each([
  [null, "expected a member, got null"],
  [undefined, "expected a member, got undefined"],
  ["Alive", "expected a member, got Alive"],
  [make({ state: "alive" }), 'expected the state "Alive", "Suspect" or "Down", got alive'],
])("says-what-is-wrong-with-%s", (member, message) => {
  expect(() => checkMember(member as Member<unknown>)).toThrow(new TypeError(message));
});

test.each([
  [-1, RangeError],
  [65536, RangeError],
  [1.5, TypeError],
  ["1", TypeError],
])("%s-is-no-incarnation", (incarnation, error) => {
  expect(() => checkMember(make({ incarnation }))).toThrow(error);
});

test("a-clock-that-goes-back-stands-still", () => {
  let nowMs = 1000;
  const options = { runtime: { now: () => nowMs } } as SwimOptions<unknown>;
  const env = new Env(options, simple());
  expect(env.nowMs).toBe(1000);
  nowMs = 1500;
  expect(env.readClock()).toBe(1500);
  nowMs = 400;
  expect([env.readClock(), env.nowMs]).toEqual([1500, 1500]);
  nowMs = 1501;
  expect([env.readClock(), env.nowMs]).toEqual([1501, 1501]);
});
