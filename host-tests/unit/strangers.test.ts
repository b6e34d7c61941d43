// When members that we were only told of count as made up.
import { expect, test } from "vitest";
import { bincode, IdentityRef, State } from "../../core/codec.js";
import { renewableV4 } from "../../core/identity.js";
import { Members } from "../../core/members.js";
import { NONE } from "../../core/order.js";
import { anyStranger, areStrange, forgetAllHeard } from "../../core/strangers.js";
import { peer } from "../support/wire.js";

function table(maxMembers: number, numMembers: number, numHeard: number): Members<unknown> {
  const members = new Members(renewableV4, bincode, 4, maxMembers, () => 0, 0);
  for (let host = 1; host <= numMembers; host++) {
    const ref = new IdentityRef({ schema: renewableV4.schema, dialect: bincode.dialect }, new Uint8Array(40));
    ref.set(ref.bytes, 0, renewableV4.schema.write(bincode.dialect, peer(host + ".1"), ref.bytes, 0));
    members.find(ref);
    const slot = members.insert(ref, 0, State.Alive);
    if (host <= numHeard) members.noteHeard(slot);
  }
  return members as unknown as Members<unknown>;
}

test("members-are-strange-when-most-were-not-heard-and-more-than-a-quarter-of-the-table-is-full", () => {
  expect(areStrange(table(23, 6, 2))).toBe(true);
  expect(areStrange(table(23, 6, 3))).toBe(false);
  expect(areStrange(table(23, 6, 4))).toBe(false);
  expect(areStrange(table(24, 6, 2))).toBe(false);
});

test("a-stranger-is-nobody-who-was-heard-and-not-the-one-that-is-kept", () => {
  const members = table(8, 4, 2);
  const strangers = [0, 1, 2, 3].filter((slot) => !members.wasHeard(slot));
  for (const part of [0, 0.3, 0.6, 0.9]) {
    const random = (): number => part * 4294967296;
    expect(strangers).toContain(anyStranger(members, random, NONE));
    expect(anyStranger(members, random, strangers[0])).toBe(strangers[1]);
    expect(anyStranger(members, random, strangers[1])).toBe(strangers[0]);
  }
});

test("when-we-were-away-nobody-counts-as-heard", () => {
  const members = table(8, 4, 3);
  forgetAllHeard(members);
  expect([0, 1, 2, 3].map((slot) => members.wasHeard(slot))).toEqual([false, false, false, false]);
  expect(members.order.numHeard).toBe(0);
});
