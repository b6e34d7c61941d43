// Turns and places in the order of members, one by one.
import { expect, test } from "vitest";
import { bincode, IdentityRef, State } from "../../core/codec.js";
import { renewableV4 } from "../../core/identity.js";
import { Members } from "../../core/members.js";
import { NONE } from "../../core/order.js";
import { peer } from "../support/wire.js";

/** Members whose random numbers are given: parts of the whole, from 0 up to 1. */
class Stage {
  numRandom = 0;
  /** The random numbers to come; the last one stays. */
  parts = [0];
  readonly members = new Members(renewableV4, bincode, 16, 24, () => this.random(), 1000);
  readonly order = this.members.order;

  constructor(numMembers: number) {
    for (let host = 1; host <= numMembers; host++) this.add(host);
    this.numRandom = 0;
  }

  private random(): number {
    this.numRandom++;
    const part = this.parts.length > 1 ? (this.parts.shift() as number) : this.parts[0];
    return Math.floor(part * 4294967296);
  }

  add(host: number): number {
    const ref = new IdentityRef({ schema: renewableV4.schema, dialect: bincode.dialect }, new Uint8Array(40));
    ref.set(ref.bytes, 0, renewableV4.schema.write(bincode.dialect, peer(host + ".1"), ref.bytes, 0));
    expect(this.members.find(ref)).toBe(NONE);
    return this.members.insert(ref, 0, State.Alive);
  }

  /** Whether one that is new got a place in the round, which takes a random number. */
  hasRoom(host: number): boolean {
    this.numRandom = 0;
    this.add(host);
    return this.numRandom > 0;
  }

  turn(): number {
    return this.order.nextToProbe(1);
  }

  suspect(slot: number): void {
    this.members.change(slot, 0, State.Suspect);
  }
}

test("nobody-has-a-turn-where-nobody-is-active", () => {
  expect(new Stage(0).turn()).toBe(NONE);
});

test("a-newcomer-has-a-place-while-the-round-has-fewer-turns-than-members", () => {
  const stage = new Stage(4);
  stage.turn();
  // One turn was taken and three are left, of five.
  expect(stage.hasRoom(5)).toBe(true);
});

test("a-newcomer-waits-for-the-next-round-when-this-one-has-a-turn-for-each-member", () => {
  for (const numGone of [1, 2]) {
    const stage = new Stage(4);
    const probed = [stage.turn(), stage.turn(), stage.turn()];
    // Three turns were taken and one is left: four, of four members or of three.
    for (let i = 0; i < numGone; i++) stage.members.dismiss(probed[i]);
    expect(stage.hasRoom(5)).toBe(false);
    expect(stage.turn()).not.toBe(NONE);
  }
});

test("suspects-that-were-not-probed-yet-have-their-turns-in-the-round-too", () => {
  const stage = new Stage(4);
  stage.parts = [0.999];
  const probed = [stage.turn(), stage.turn()];
  const left = [0, 1, 2, 3].filter((slot) => !probed.includes(slot));
  stage.suspect(left[0]);
  // Two turns were taken, and two are left, one of them a suspect's: four, of four members.
  stage.members.dismiss(probed[0]);
  expect(stage.hasRoom(5)).toBe(false);
});

test("a-newcomer-stands-at-any-place-among-the-alive-that-are-left-or-behind-them", () => {
  // Beside a suspect there are two that were probed and two that were not: a newcomer has five places, three before the probe.
  for (const [part, isInRound] of [
    [0, true],
    [0.59, true],
    [0.61, false],
    [0.99, false],
  ] as const) {
    const stage = new Stage(5);
    const probed = [stage.turn(), stage.turn()];
    stage.suspect([0, 1, 2, 3, 4].filter((slot) => !probed.includes(slot))[0]);
    stage.parts = [part];
    const slot = stage.add(6);
    stage.parts = [0];
    const turns = [stage.turn(), stage.turn(), stage.turn()];
    if (isInRound) turns.push(stage.turn());
    expect(turns.includes(slot), "at " + part).toBe(isInRound);
  }
});

test("the-longest-silent-was-heard-before-the-moment-and-of-equals-the-first", () => {
  const stage = new Stage(4);
  const { order } = stage;
  expect(order.longestSilent(5000)).toBe(NONE);
  for (const [slot, atMs] of [
    [0, 3000],
    [1, 2000],
    [2, 2000],
  ])
    order.passOver(slot, atMs);
  const standing = [0, 1, 2, 3].map((position) => order.activeAt(position));
  const first = standing.find((slot) => slot === 1 || slot === 2);
  expect(order.longestSilent(5000)).toBe(first);
  expect(order.longestSilent(2001)).toBe(first);
  // Half a millisecond after is what `passOver` notes.
  expect(order.longestSilent(2000)).toBe(NONE);
  expect(order.longestSilent(2000.5)).toBe(NONE);
  expect(order.longestSilent(0)).toBe(NONE);
});

test("a-suspect-is-not-among-the-silent", () => {
  const stage = new Stage(2);
  stage.order.passOver(0, 2000);
  stage.order.passOver(1, 3000);
  stage.suspect(0);
  expect(stage.order.longestSilent(5000)).toBe(1);
});

test("who-left-is-not-among-the-silent", () => {
  const stage = new Stage(3);
  for (const slot of [0, 1, 2]) stage.order.passOver(slot, 3000 - slot * 500);
  stage.members.dismiss(2);
  expect(stage.order.longestSilent(9000)).toBe(1);
});

test("of-some-candidates-the-one-that-was-silent-for-the-longest-has-its-turn", () => {
  const stage = new Stage(4);
  // Their turns are over when they are heard, so that the next round has all.
  for (const slot of [0, 1, 2, 3]) stage.order.passOver(slot, 3000 + slot);
  const standing = [0, 1, 2, 3].map((position) => stage.order.activeAt(position));
  const [least, second] = [0, 1].map((slot) => standing.indexOf(slot) / 4);
  const others = standing.filter((slot) => slot > 1).map((slot) => standing.indexOf(slot) / 4);
  stage.parts = [others[0], second, least, 0];
  stage.numRandom = 0;
  expect(stage.order.nextToProbe(2)).toBe(1);
  expect(stage.numRandom).toBe(2);
});

test("whom-we-were-only-told-of-has-its-turn-by-chance-alone", () => {
  const stage = new Stage(4);
  for (const slot of [0, 1, 2]) stage.order.passOver(slot, 3000 + slot);
  expect(stage.turn()).toBe(3);
  // Of the next round: the first pick was heard, and the candidate was not.
  const standing = [0, 1, 2, 3].map((position) => stage.order.activeAt(position));
  stage.parts = [standing.indexOf(2) / 4, standing.indexOf(3) / 4, 0];
  expect(stage.order.nextToProbe(2)).toBe(2);
  const left = [0, 1, 2].map((position) => stage.order.activeAt(position));
  stage.parts = [left.indexOf(3) / 3, 0];
  stage.numRandom = 0;
  expect(stage.order.nextToProbe(3)).toBe(3);
  expect(stage.numRandom).toBe(1);
});

test("of-candidates-that-were-silent-for-as-long-the-first-has-its-turn", () => {
  const stage = new Stage(3);
  for (const slot of [0, 1, 2]) stage.order.passOver(slot, 3000);
  const standing = [0, 1, 2].map((position) => stage.order.activeAt(position));
  stage.parts = [1 / 3 + 0.01, 0.99];
  expect(stage.order.nextToProbe(2)).toBe(standing[1]);
});

test("a-suspect-that-is-heard-has-had-its-turn", () => {
  const stage = new Stage(3);
  stage.turn();
  const [suspect, alive] = [stage.order.activeAt(0), stage.order.activeAt(1)];
  stage.suspect(suspect);
  stage.order.passOver(suspect, 3000);
  expect(stage.turn()).toBe(alive);
  // The round is over, and chance gives the first turn of the next one to somebody else.
  expect(stage.turn()).not.toBe(suspect);
  stage.parts = [0.99];
  expect(stage.turn()).toBe(suspect);
});

test("suspicions-run-out-at-their-millisecond-and-a-delay-is-for-all-of-them", () => {
  const stage = new Stage(4);
  const { order, members } = stage;
  stage.turn();
  for (const slot of [0, 1, 2, 3]) stage.suspect(slot);
  for (const slot of [0, 1, 2]) order.setDeadline(slot, 5000 + 7 * slot, false);
  const times = (): number[] => {
    const found: number[] = [];
    for (const slot of [0, 1, 2]) {
      found.push(order.firstSuspicionMs);
      order.setDeadline(slot, Infinity, false);
    }
    found.push(order.firstSuspicionMs);
    for (const slot of [0, 1, 2]) order.setDeadline(slot, found[slot], false);
    return found;
  };
  expect(times()).toEqual([5000, 5007, 5014, Infinity]);
  order.hasNewDeadline = false;
  order.delaySuspicions(300);
  expect(order.hasNewDeadline).toBe(true);
  expect(times()).toEqual([5300, 5307, 5314, Infinity]);
  order.hasNewDeadline = false;
  order.clearSuspicions();
  expect([order.hasNewDeadline, order.firstSuspicionMs]).toEqual([true, Infinity]);
  expect(members.order.numSuspect).toBe(4);
});

test("after-twenty-hours-deadlines-are-counted-anew-and-stay-what-they-were", () => {
  const stage = new Stage(3);
  const { order } = stage;
  stage.turn();
  for (const slot of [0, 1, 2]) {
    stage.suspect(slot);
    order.setDeadline(slot, 90_000_000 + slot, false);
  }
  order.rebase(1000 + 71_999_999);
  expect(order.epochMs).toBe(1000);
  order.hasNewDeadline = false;
  order.rebase(1000 + 72_000_000);
  expect([order.epochMs, order.hasNewDeadline]).toEqual([72_001_000, true]);
  for (const slot of [0, 1, 2]) {
    expect(order.firstSuspicionMs).toBe(90_000_000 + slot);
    order.setDeadline(slot, Infinity, false);
  }
});
