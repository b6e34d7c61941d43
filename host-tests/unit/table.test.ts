// How the table of members is laid out, and how it grows.
import { expect, test } from "vitest";
import { bincode, IdentityRef, State } from "../../core/codec.js";
import { renewableV4, type Renewable } from "../../core/identity.js";
import { Members } from "../../core/members.js";
import { NONE } from "../../core/order.js";
import { remake } from "../../core/table.js";
import { peer } from "../support/wire.js";

function refOf(members: Members<Renewable>, name: string): IdentityRef<Renewable> {
  const ref = new IdentityRef<Renewable>(members, new Uint8Array(40));
  ref.set(ref.bytes, 0, renewableV4.schema.write(bincode.dialect, peer(name), ref.bytes, 0));
  return ref;
}

function enter(members: Members<Renewable>, name: string): number {
  const ref = refOf(members, name);
  expect(members.find(ref)).toBe(NONE);
  return members.insert(ref, 0, State.Alive);
}

test("begins-with-as-many-slots-as-asked-for-but-no-more-than-members-are-allowed", () => {
  const capacities = [
    [4, 9],
    [9, 4],
    [4, 4],
  ].map(([capacity, most]) => new Members(renewableV4, bincode, capacity, most, () => 1, 0).capacity);
  expect(capacities).toEqual([4, 4, 4]);
});

test("rows-have-room-for-the-identity-that-was-announced-and-a-short-tail-in-an-even-number", () => {
  const sizes = [8, 9, 10].map(
    (length) => new Members(renewableV4, bincode, 4, 4, () => 1, 0, length).rowSize,
  );
  expect(sizes).toEqual([10, 12, 12]);
});

test("grows-by-doubling-up-to-the-limit-and-keeps-all", () => {
  const members = new Members(renewableV4, bincode, 1, 6, () => 12345, 0, 0, 24, 100);
  members.bytes.set([1, 2, 3], members.ownAt);
  const capacities: number[] = [];
  for (let host = 1; host <= 6; host++) {
    enter(members, host + ".1");
    capacities.push(members.capacity);
  }
  expect(capacities).toEqual([1, 2, 4, 4, 6, 6]);
  for (let host = 1; host <= 6; host++)
    expect(members.value(members.find(refOf(members, host + ".1")))).toEqual(peer(host + ".1"));
  expect([...members.bytes.slice(members.ownAt, members.ownAt + 3)]).toEqual([1, 2, 3]);
  expect([members.datagram.length, members.ownAt % 4, members.datagram.byteOffset % 4]).toEqual([100, 0, 0]);
});

test("half-as-many-chains-as-members-and-a-power-of-two", () => {
  for (const [capacity, numChains] of [
    [1, 4],
    [8, 4],
    [9, 8],
    [16, 8],
    [17, 16],
    [1000, 512],
  ]) {
    const members = new Members(renewableV4, bincode, capacity, capacity, () => 1, 0);
    expect(members.endsAt - members.bucketsAt, "of " + capacity).toBe(numChains);
    expect(1 << (32 - members.bucketShift)).toBe(numChains);
  }
});

test("a-wider-row-a-longer-list-of-ends-and-another-datagram-move-what-is-there", () => {
  const members = new Members(renewableV4, bincode, 4, 4, () => 12345, 0, 8, 24, 100, 6);
  const slots = ["1.1", "2.1", "3.1"].map((name) => enter(members, name));
  for (let i = 0; i < 6; i++) members.words[members.endsAt + i] = 1000 + i;
  members.bytes.set([7, 8, 9], members.ownAt);
  const ends = (): number[] => [...members.words.slice(members.endsAt, members.rowsAt >> 1)];
  const expectAll = (): void => {
    expect(slots.map((slot) => members.value(slot))).toEqual(["1.1", "2.1", "3.1"].map(peer));
    expect([...members.bytes.slice(members.ownAt, members.ownAt + 3)]).toEqual([7, 8, 9]);
    expect(ends().slice(0, 6)).toEqual([1000, 1001, 1002, 1003, 1004, 1005]);
  };
  remake(members, 0, 20, 0, 0);
  expect([members.rowSize, members.capacity, members.datagram.length]).toEqual([20, 4, 100]);
  expectAll();
  remake(members, 0, 0, 10, 0);
  expect(ends().slice(6)).toEqual([NONE, NONE, NONE, NONE]);
  expectAll();
  remake(members, 0, 0, 0, 40);
  expect(members.datagram.length).toBe(40);
  expectAll();
  remake(members, 0, 0, 0, 300);
  expect(members.datagram.length).toBe(300);
  expectAll();
  // Wider by more than what stands between the rows and our own identity.
  for (let rowSize = 21; rowSize < 200; rowSize += 13) {
    remake(members, 0, rowSize, 0, 0);
    expectAll();
  }
  expect(members.find(refOf(members, "2.1"))).toBe(slots[1]);
});

test("a-long-identity-widens-the-rows-and-is-found-with-its-length", () => {
  const members = new Members(renewableV4, bincode, 4, 4, () => 12345, 0, 8);
  const short = enter(members, "1.1");
  expect(members.rowSize).toBe(10);
  const long = enter(members, "2.70000");
  expect([members.rowSize, members.longestIdentity]).toEqual([14, 12]);
  expect([members.identityLength(short), members.identityLength(long)]).toEqual([8, 12]);
  enter(members, "3.1");
  expect(members.longestIdentity).toBe(12);
  // A larger incarnation has a longer tail, and its row is asked for its length.
  members.change(short, 0x1234, State.Alive);
  expect([members.incarnation(short), members.identityLength(short)]).toEqual([0x1234, 8]);
  members.change(long, 0x1234, State.Suspect);
  expect([members.rowSize, members.incarnation(long), members.state(long)]).toEqual([
    16,
    0x1234,
    State.Suspect,
  ]);
});

test("an-active-member-is-not-asleep-whatever-its-incarnation", () => {
  const members = new Members(renewableV4, bincode, 4, 4, () => 12345, 0);
  const slot = enter(members, "1.1");
  members.change(slot, 0xf123, State.Alive);
  expect(members.isAsleep(slot)).toBe(false);
  members.change(slot, 0xf123, State.Down);
  expect(members.isAsleep(slot)).toBe(true);
});

test("who-stays-Down-keeps-its-deadline-and-who-stays-Suspect-loses-it", () => {
  const members = new Members(renewableV4, bincode, 8, 8, () => 12345, 0);
  const { order } = members;
  const down = enter(members, "1.1");
  members.change(down, 1, State.Down);
  order.setDeadline(down, 7000, true);
  members.change(down, 2, State.Down);
  expect([order.firstForgettingMs, members.incarnation(down)]).toEqual([7000, 2]);
  const suspects = ["2.1", "3.1", "4.1"].map((name) => enter(members, name));
  suspects.forEach((slot, i) => {
    members.change(slot, 1, State.Suspect);
    order.setDeadline(slot, 5000 + i, false);
  });
  members.change(suspects[0], 2, State.Suspect);
  expect([order.firstSuspicionMs, order.hasDeadline(suspects[0])]).toEqual([5001, false]);
  members.change(suspects[1], 2, State.Suspect);
  expect([order.firstSuspicionMs, order.firstForgettingMs, order.downAt(0)]).toEqual([5002, 7000, down]);
});
