// What is queued to be told, in which order it goes, and when a datagram counts as full.
import { expect, test } from "vitest";
import { bincode, IdentityRef, State } from "../../core/codec.js";
import { renewableV4 } from "../../core/identity.js";
import { Members } from "../../core/members.js";
import { Updates } from "../../core/updates.js";
import { peer } from "../support/wire.js";

/** Bytes of an update of a member with a bump below 251, and of one with more. */
const SHORT = 10;
const LONG = 12;

class Queue {
  readonly members = new Members(renewableV4, bincode, 24, 24, () => 0, 0, 0, 0, 600);
  readonly updates = new Updates(this.members);

  constructor() {
    this.updates.setMaxTransmissions(5);
  }

  /** Enters a member and queues it, and returns its slot. */
  add(host: number, bump: number, transmissions = 5): number {
    const ref = new IdentityRef({ schema: renewableV4.schema, dialect: bincode.dialect }, new Uint8Array(40));
    const bytes = ref.bytes;
    ref.set(bytes, 0, renewableV4.schema.write(bincode.dialect, peer(host + "." + bump), bytes, 0));
    this.members.find(ref);
    const slot = this.members.insert(ref, 0, State.Alive);
    this.updates.add(slot, transmissions);
    return slot;
  }

  /** The hosts that a datagram with so much room tells of, in their order. */
  fill(room: number, mostRemaining = 255): number[] {
    const { bytes, datagram } = this.members;
    const start = datagram.byteOffset;
    bytes.fill(0xa5, start, start + room + 1);
    const cursor = { at: start };
    const written = this.updates.fill(cursor, start + room, mostRemaining);
    const hosts: number[] = [];
    for (let at = start; at < cursor.at; at += bytes[at + 7] === 251 ? LONG : SHORT)
      hosts.push(bytes[at + 3]);
    expect(hosts.length).toBe(written);
    expect(bytes[cursor.at], "nothing behind the last").toBe(0xa5);
    return hosts;
  }
}

test("of-equals-the-longer-goes-first-and-of-those-as-long-the-newest", () => {
  const queue = new Queue();
  queue.add(1, 1);
  queue.add(2, 300);
  queue.add(3, 1);
  queue.add(4, 300);
  expect(queue.fill(500)).toEqual([4, 2, 3, 1]);
});

test("the-least-sent-goes-first", () => {
  const queue = new Queue();
  queue.add(1, 1, 3);
  queue.add(2, 1, 5);
  queue.add(3, 1, 4);
  expect(queue.fill(SHORT)).toEqual([2]);
  expect(queue.fill(500)).toEqual([3, 2, 1]);
});

test("a-new-update-is-sorted-behind-eight-that-are-longer-and-no-more", () => {
  const queue = new Queue();
  for (let host = 1; host <= 10; host++) queue.add(host, 300);
  queue.add(11, 1);
  expect(queue.fill(500)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 11, 2, 1]);
});

test("after-four-in-a-row-that-do-not-fit-a-datagram-counts-as-full", () => {
  for (const numLong of [3, 4]) {
    const queue = new Queue();
    for (let host = 1; host <= numLong; host++) queue.add(host, 300);
    queue.add(9, 1);
    expect(queue.fill(LONG - 1)).toEqual(numLong === 3 ? [9] : []);
    // And nothing is lost.
    expect(queue.fill(500).sort()).toEqual([1, 2, 3, 4, 9].filter((host) => host <= numLong || host === 9));
  }
});

test("what-was-sent-less-often-than-allowed-is-left-out", () => {
  const queue = new Queue();
  queue.add(1, 1, 5);
  queue.add(2, 1, 4);
  expect(queue.fill(500, 4)).toEqual([2]);
  expect(queue.fill(500, 4)).toEqual([2]);
  expect(queue.fill(500)).toEqual([1, 2]);
});

test("each-goes-as-often-as-it-may-and-is-queued-no-more", () => {
  const queue = new Queue();
  const slot = queue.add(1, 1, 2);
  queue.add(2, 1, 1);
  expect([queue.updates.length, queue.fill(500), queue.updates.length]).toEqual([2, [1, 2], 1]);
  expect([queue.members.remaining(slot), queue.fill(500), queue.updates.length]).toEqual([1, [1], 0]);
  expect([queue.members.remaining(slot), queue.fill(500)]).toEqual([0, []]);
  queue.updates.add(slot, 1);
  expect(queue.fill(500)).toEqual([1]);
});

test("what-was-not-sent-yet-is-known", () => {
  const queue = new Queue();
  const unsent = (): boolean[] => [3, 4, 5].map((most) => queue.updates.hasUnsent(most));
  expect(unsent()).toEqual([false, false, false]);
  const slot = queue.add(1, 1);
  expect(unsent()).toEqual([true, true, true]);
  queue.fill(500);
  expect(unsent()).toEqual([true, true, false]);
  queue.updates.remove(slot);
  expect(unsent()).toEqual([false, false, false]);
});

test("more-transmissions-than-before-have-room", () => {
  const queue = new Queue();
  const slot = queue.add(1, 1);
  queue.updates.setMaxTransmissions(9);
  queue.updates.add(slot, 9);
  queue.add(2, 1, 9);
  expect([queue.updates.hasUnsent(9), queue.updates.hasUnsent(10)]).toEqual([true, false]);
  for (let i = 0; i < 9; i++) expect(queue.fill(500).sort()).toEqual([1, 2]);
  expect(queue.fill(500)).toEqual([]);
});
