// A state file that is wrong in parts, read without an agent.
import { expect, test } from "vitest";
import { readState, type SavedState } from "../../agent/src/agent/saved-state.js";

const identity = { addr: "10.0.0.2:7946", bump: 7 };
const member = { identity, incarnation: 3, state: "Alive" };
const value = { identity, version: "7340033", base64: "aGk=", publishedAt: "2026-01-01T00:00:00.000Z" };

function read(state: object): { state: SavedState; ignored: string[] } {
  const ignored: string[] = [];
  const text = JSON.stringify({ version: 1, bump: 7, ...state });
  return { state: readState(text, Date.UTC(2026, 1), ignored), ignored };
}

test("what-is-whole-is-taken", () => {
  const { state, ignored } = read({ members: [member], values: [value] });
  expect([state.members, state.values.length, ignored]).toEqual([[member], 1, []]);
});

test.each([
  "lamp.local:7946",
  "2:7",
  "10.0.0.256:7946",
  "10.0.0.2:0",
  "[fe80::1%eth0]:7946",
  "[10.0.0.2]:7946",
])("members-and-values-whose-address-is-none-are-left-out: %s", (addr) => {
  const wrong = { addr, bump: 7 };
  const members = [member, { ...member, identity: wrong }];
  const { state, ignored } = read({ members, values: [{ ...value, identity: wrong }, value] });
  expect([state.members.length, state.values.length]).toEqual([1, 1]);
  expect(ignored).toEqual(["1 of its members are wrong", "1 of its values are wrong"]);
});

test("a-time-that-is-an-object-is-left-out", () => {
  const { state, ignored } = read({ values: [{ ...value, publishedAt: { toString: 1, valueOf: 1 } }] });
  expect([state.values, ignored]).toEqual([[], ["1 of its values are wrong"]]);
});
