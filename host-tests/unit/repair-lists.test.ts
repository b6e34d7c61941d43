// What nodes send each other once they know that they do not hold the same: lists, records, and what they ask for.
import { expect, test } from "vitest";
import { HEARD_ONLY, NEWS } from "../../core/records.js";
import {
  COPY,
  LIST,
  MORE,
  pairOf,
  RepairBench,
  WANT,
  type Pair,
  type Part,
} from "../support/repair-bench.js";

const SALT = 77;
/** Of what is sent in a Broadcast between identities of 8 bytes, 18 bytes are its header. */
const HEADER = 18;
/** A message without a body, and what a list has before its pairs. */
const MESSAGE = 12;
const RANGE = 5;

/** The hosts whose records are sent, in their order. */
function copied(parts: Part[]): number[] {
  return parts.flatMap(({ copy }) => (copy === undefined ? [] : [copy[0]])).sort((a, b) => a - b);
}

/** The pairs of what is asked for; undefined when nothing is. */
function wanted(parts: Part[]): Pair[] | undefined {
  return parts.find((part) => part.mark === WANT)?.pairs;
}

/** A node that holds a record, the fifth, of each of so many others. */
function holding(numMembers: number, maxPacketSize = 1400, seed = 7): RepairBench {
  const bench = RepairBench.of(numMembers, { maxPacketSize }, seed);
  for (let host = 2; host < numMembers + 2; host++) bench.hold(host, 5);
  return bench;
}

function pairs(hosts: number[], version: number, salt = SALT): Pair[] {
  return hosts.map((host) => pairOf(host, version, salt));
}

test("a-list-is-answered-by-the-records-that-it-lacks-and-by-what-is-lacking-here", () => {
  const bench = new RepairBench([2, 3, 4, 5].map((host) => `Alive ${host}.1@0`));
  for (const host of [2, 3, 4]) bench.hold(host, 5, host);
  const theirs = [...pairs([2], 5), ...pairs([3], 6), ...pairs([5], 9)];
  const parts = bench.hearList(LIST, SALT, 0, 0, theirs);
  expect(parts.flatMap(({ copy }) => (copy === undefined ? [] : [copy])).sort()).toEqual([
    [3, 5, 3, 10],
    [4, 5, 4, 10],
  ]);
  const want = parts[parts.length - 1];
  expect([want.mark, want.salt, want.low, want.width]).toEqual([WANT, SALT, 0, 0]);
  // With what is held here, or anything but theirs.
  const [, strange] = theirs[2];
  expect(want.pairs).toEqual([...pairs([3], 5), [theirs[2][0], 0xffff - strange]]);
});

test("who-lists-what-is-held-is-not-answered", () => {
  expect(holding(3).hearList(LIST, SALT, 0, 0, pairs([2, 3, 4], 5))).toEqual([]);
  expect(holding(3).hearList(WANT, SALT, 0, 0, pairs([2, 3, 4], 5))).toEqual([]);
});

test("who-asks-for-records-is-sent-those-and-no-others-and-asked-for-nothing", () => {
  const parts = holding(4).hearList(WANT, SALT, 0, 0, [...pairs([3, 5], 6), ...pairs([9], 1)]);
  expect([copied(parts), parts.length]).toEqual([[3, 5], 2]);
});

test("of-who-is-down-or-what-is-news-or-found-no-room-nothing-is-sent", () => {
  const bench = new RepairBench(["Alive 2.1@0", "Down 3.1@0", "Alive 4.1@0", "Alive 5.1@0"]);
  for (const [host, marks] of [
    [2, 0],
    [3, 0],
    [4, NEWS],
    [5, HEARD_ONLY],
  ])
    bench.hold(host, 5, 3, 10_240, marks);
  const parts = bench.hearList(LIST, SALT, 0, 0, pairs([3, 4, 5], 5));
  expect(copied(parts)).toEqual([2]);
  // Of what found no room its version is known.
  expect(wanted(parts)?.map(([owner]) => owner)).toEqual(pairs([3, 4], 5).map(([owner]) => owner));
});

test("a-range-has-its-first-hash-in-it-and-the-one-behind-it-not", () => {
  const [owner] = pairOf(3, 5, SALT);
  for (const [low, width, isIn] of [
    [owner, 1, true],
    [owner + 1, 1, false],
    [owner - 7, 7, false],
    [owner - 7, 8, true],
    [owner + 5, 0xffff, true],
    [owner + 1, 0xffff, false],
  ] as const) {
    const bench = new RepairBench(["Alive 2.1@0", "Alive 3.1@0"]);
    bench.hold(3, 5);
    expect(copied(bench.hearList(LIST, SALT, low & 0xffff, width, []))).toEqual(isIn ? [3] : []);
  }
});

test("what-is-listed-is-sent-when-it-differs-though-it-lies-outside-of-the-range", () => {
  const [owner] = pairOf(3, 5, SALT);
  const bench = holding(3);
  expect(copied(bench.hearList(LIST, SALT, (owner + 1) & 0xffff, 1, pairs([3], 6)))).toEqual([3]);
});

test("each-of-many-pairs-is-found-whatever-stands-before-it", () => {
  const bench = holding(150, 2000);
  const hosts = Array.from({ length: 150 }, (_, i) => i + 2);
  const differing = hosts.filter((host) => host % 9 === 0);
  const theirs = hosts.map((host) => pairOf(host, host % 9 === 0 ? 6 : 5, SALT));
  const strange: Pair[] = Array.from({ length: 120 }, (_, i) => [i * 546, i]);
  for (const list of [
    [...theirs, ...strange],
    [...strange, ...theirs],
  ]) {
    const parts = bench.hearList(LIST, SALT, 0, 0, list);
    expect(copied(parts)).toEqual(differing);
    expect(wanted(parts)?.length).toBe(differing.length + strange.length);
  }
});

test("what-does-not-fit-is-said-to-be-more", () => {
  // Copies of 100 bytes take 7, 1, 1 and 4 more, and 2 for the length; room for a word that there is more stays.
  const size = 115;
  const sent = (room: number): number[] => {
    const bench = RepairBench.of(5, { maxPacketSize: HEADER + room });
    for (let host = 2; host < 7; host++) bench.hold(host, 5, 100);
    const marks = bench.hear(LIST, [0, 0, 0, 0, 0]).map((part) => part.mark);
    return [marks.filter((mark) => mark === COPY).length, marks.filter((mark) => mark === MORE).length];
  };
  expect(sent(3 * size + MESSAGE)).toEqual([3, 1]);
  expect(sent(3 * size + MESSAGE - 1)).toEqual([2, 1]);
  expect(sent(5 * size + MESSAGE)).toEqual([5, 0]);
  // The first may take all the room.
  expect(sent(size)).toEqual([1, 0]);
  expect(sent(size + MESSAGE - 1)).toEqual([1, 0]);
  expect(sent(size + MESSAGE)).toEqual([1, 1]);
});

test("a-record-that-no-datagram-bears-is-passed-over", () => {
  const bench = RepairBench.of(2, { maxPacketSize: 200 });
  bench.hold(2, 5, 180);
  expect(bench.hear(LIST, [0, 0, 0, 0, 0])).toEqual([]);
  bench.hold(3, 5, 100);
  for (let i = 0; i < 8; i++) expect(copied(bench.hear(LIST, [0, 0, 0, 0, 0]))).toEqual([3]);
});

test("not-all-answers-begin-with-the-same-record", () => {
  const bench = RepairBench.of(4, { maxPacketSize: 150 });
  for (let host = 2; host < 6; host++) bench.hold(host, 5, 100);
  const first = new Set<number>();
  for (let i = 0; i < 80; i++) {
    for (const host of copied(bench.hear(LIST, [0, 0, 0, 0, 0]))) first.add(host);
    bench.solo.nowMs += 100;
  }
  expect([...first].sort()).toEqual([2, 3, 4, 5]);
});

test("to-have-sent-a-record-is-of-use-and-to-have-sent-none-is-not", () => {
  for (const [list, isOfUse] of [
    [pairs([2], 6), true],
    [pairs([2], 5), false],
  ] as const) {
    const bench = holding(1);
    while (bench.hear(MORE).length > 0);
    bench.hearList(LIST, SALT, 0, 0, [...list]);
    expect(bench.hear(MORE).length > 0).toBe(isOfUse);
  }
});

test("what-is-lacking-is-asked-for-as-far-as-there-is-room", () => {
  const theirs = Array.from({ length: 30 }, (_, i): Pair => [i * 2000, i]);
  for (const [room, count] of [
    [MESSAGE + RANGE + 4 * 7, 7],
    [MESSAGE + RANGE + 4 * 7 + 3, 7],
    [MESSAGE + RANGE + 4 * 8, 8],
  ]) {
    const bench = RepairBench.of(2, { maxPacketSize: HEADER + room });
    expect(wanted(bench.hearList(LIST, SALT, 0, 0, theirs))).toEqual(
      theirs.slice(0, count).map(([owner, version]) => [owner, 0xffff - version]),
    );
  }
});

test("who-has-no-room-for-all-members-asks-for-what-it-holds-alone", () => {
  const bench = RepairBench.of(3, { maxMembers: 3 });
  bench.hold(3, 5);
  const parts = bench.hearList(LIST, SALT, 0, 0, [...pairs([3], 6), ...pairs([4, 9], 6)]);
  expect([copied(parts), wanted(parts)]).toEqual([[3], pairs([3], 5)]);
});

test("all-that-is-held-of-active-members-is-listed-where-it-has-room", () => {
  const room = MESSAGE + RANGE + 4 * 20;
  for (const [numMembers, isWhole] of [
    [20, true],
    [21, false],
  ] as const) {
    const bench = RepairBench.of(numMembers + 1, { maxPacketSize: HEADER + room });
    const hosts = Array.from({ length: numMembers }, (_, i) => i + 2);
    bench.hold(numMembers + 2, 5, 3, 10_240, NEWS);
    for (const host of hosts) bench.hold(host, 5);
    const [list] = bench.hear(MORE);
    expect([list.mark, list.width === 0]).toEqual([LIST, isWhole]);
    const all = pairs(hosts, 5, list.salt);
    if (isWhole) expect(list.pairs).toEqual(all);
    else expect(all).toEqual(expect.arrayContaining(list.pairs as Pair[]));
  }
});

test("of-more-a-random-range-is-listed-and-all-that-is-in-it", () => {
  // With this seed, one of the hashes is the first behind a range.
  const bench = holding(100, HEADER + MESSAGE + RANGE + 4 * 20, 45);
  const hosts = Array.from({ length: 100 }, (_, i) => i + 2);
  const salts = new Set<number>();
  const lows = new Set<number>();
  for (let i = 0; i < 20; i++) {
    bench.repair.moved();
    bench.solo.nowMs += 100;
    const [list] = bench.hear(MORE);
    const { salt = 0, low = 0, width = 0 } = list;
    salts.add(salt);
    lows.add(low);
    expect(width).toBe(Math.floor((0xe000 * 20) / 100));
    const inRange = pairs(hosts, 5, salt).filter(([owner]) => ((owner - low) & 0xffff) < width);
    expect(list.pairs).toEqual(inRange.slice(0, 20));
  }
  expect([salts.size > 10, lows.size > 10]).toEqual([true, true]);
});

test("who-has-no-room-for-all-members-asks-for-those-that-it-has", () => {
  const bench = RepairBench.of(30, { maxMembers: 30, maxPacketSize: HEADER + MESSAGE + RANGE + 4 * 20 });
  const hosts = Array.from({ length: 30 }, (_, i) => i + 2);
  bench.hold(3, 5);
  const first = new Set<number>();
  for (let i = 0; i < 10; i++) {
    bench.repair.moved();
    bench.solo.nowMs += 100;
    const [want] = bench.hear(MORE);
    const [mine] = pairs([3], 5, want.salt);
    const all = pairs(hosts, 5, want.salt).map(([owner]): Pair => (owner === mine[0] ? mine : [owner, 0]));
    expect([want.mark, want.width, want.pairs?.length]).toEqual([WANT, 0, 20]);
    expect(all).toEqual(expect.arrayContaining(want.pairs as Pair[]));
    expect(new Set(want.pairs?.map(([owner]) => owner)).size).toBe(20);
    first.add(all.findIndex(([owner]) => owner === want.pairs?.[0][0]));
  }
  expect(first.size).toBeGreaterThan(3);
});

test("who-has-room-for-few-members-asks-for-each-once", () => {
  const bench = RepairBench.of(3, { maxMembers: 3 });
  const [want] = bench.hear(MORE);
  const owners = want.pairs?.map(([owner]) => owner) ?? [];
  const expected = pairs([2, 3, 4], 5, want.salt).map(([owner]) => owner);
  expect(owners.sort()).toEqual(expected.sort());
});

test("a-list-for-which-there-is-no-room-is-not-begun", () => {
  const bench = holding(1);
  for (let room = 0; room < MESSAGE + RANGE; room++) expect(bench.listEnd(room)).toBe(9);
  expect(bench.listEnd(MESSAGE + RANGE)).toBe(9 + MESSAGE + RANGE);
  expect(bench.listEnd(MESSAGE + RANGE + 4)).toBe(9 + MESSAGE + RANGE + 4);
});

test("what-is-lacking-is-asked-for-behind-the-records-where-that-has-room", () => {
  for (const left of [0, 8, 12, 16, 17, 20, 21]) {
    // A copy takes 15 bytes beside its value.
    const bench = RepairBench.of(2, { maxPacketSize: HEADER + 55 + left });
    bench.hold(2, 5, 40);
    const parts = bench.hearList(LIST, SALT, 0, 0, [[1, 2]]);
    expect([copied(parts), wanted(parts)?.length]).toEqual([[2], left < 21 ? undefined : 1]);
    expect(bench.solo.state).toEqual(["Alive 2.1@0", "Alive 3.1@0"]);
  }
});

test("a-record-whose-version-has-the-hash-0-is-held", () => {
  const [salt, host, version] = [92, 4, 157];
  const [owner, hash] = pairOf(host, version, salt);
  expect(hash).toBe(0);
  for (const maxMembers of [3, 9]) {
    const bench = RepairBench.of(3, { maxMembers });
    bench.hold(host, version);
    const parts = bench.hearList(LIST, salt, 0, 0, [[owner, 1]]);
    expect([copied(parts), wanted(parts)]).toEqual([[host], [[owner, 0]]]);
  }
});
