// When nodes compare what they hold: how often, whom they answer, and how soon they stop where it is of no use.
import { expect, test } from "vitest";
import { NEWS } from "../../core/records.js";
import { DIGEST, hashes, LIST, MORE, PERIOD_MS, RepairBench, WANT } from "../support/repair-bench.js";

/** The digest of records of these versions by host. */
function digestOf(versions: Record<number, number>): number {
  let sum = 0;
  for (const [host, version] of Object.entries(versions)) sum += hashes(Number(host), version)[1];
  return sum % 2 ** 32;
}

/** A node that holds a record of another. */
function holding(): RepairBench {
  const bench = RepairBench.of(3);
  bench.hold(2, 5);
  return bench;
}

/** Lets time pass. */
function pass(bench: RepairBench, ms: number): RepairBench {
  bench.solo.nowMs += ms;
  return bench;
}

test("a-digest-is-the-sum-of-what-is-held-of-active-members", () => {
  const bench = new RepairBench(["Alive 2.1@0", "Suspect 3.1@0", "Down 4.1@0", "Alive 5.1@0"]);
  bench.hold(2, 5);
  bench.hold(3, 6);
  bench.hold(4, 7);
  bench.hold(5, 8, 3, 10_240, NEWS);
  expect(bench.digest()).toBe(digestOf({ 2: 5, 3: 6 }));
});

test("a-record-counts-once-it-had-time-to-come-to-all", () => {
  for (const [waitMs, counts] of [
    [0, false],
    [703, false],
    [704, true],
  ] as const) {
    const bench = holding();
    // The clock stands at a quarter of a unit of 256 ms, and three make the time.
    bench.hold(3, 6, 3, 0);
    expect(bench.hearDigest(digestOf({ 2: 5 })).length).toBe(0);
    expect(pass(bench, waitMs).hearDigest(digestOf({ 2: 5, 3: 6 })).length).toBe(counts ? 0 : 1);
  }
});

test("a-digest-goes-with-a-datagram-that-has-room-for-it-and-waits-for-one", () => {
  const bench = holding();
  // A message takes the length, the address of 7 bytes, a version, no value and its mark; a digest 4 more.
  expect([bench.digest(0), bench.digest(11), bench.digest(15)]).toEqual([null, null, null]);
  expect(bench.digest(16)).toBe(digestOf({ 2: 5 }));
  const empty = RepairBench.of(3);
  empty.repair.joined();
  expect([empty.digest(11), empty.digest(12)]).toEqual([null, undefined]);
});

test("a-digest-follows-another-after-a-period", () => {
  expect(holding().pauses(4)).toEqual([0, PERIOD_MS, PERIOD_MS, PERIOD_MS]);
});

test("who-has-no-room-for-all-members-sends-them-less-often", () => {
  const bench = RepairBench.of(3, { maxMembers: 3 });
  bench.hold(2, 5);
  expect(bench.pauses(3)).toEqual([0, 4 * PERIOD_MS, 4 * PERIOD_MS]);
  const roomy = RepairBench.of(3, { maxMembers: 4 });
  roomy.hold(2, 5);
  expect(roomy.pauses(2)).toEqual([0, PERIOD_MS]);
});

test("who-holds-nothing-sends-no-digest-unless-it-is-new", () => {
  const bench = RepairBench.of(3);
  expect(bench.digest()).toBe(null);
  bench.repair.joined();
  expect(bench.digest()).toBe(undefined);
  const fresh = RepairBench.of(3);
  fresh.hold(2, 5, 3, 0);
  expect(fresh.digest()).toBe(null);
  fresh.repair.joined();
  expect(fresh.digest()).toBe(0);
});

test("who-is-new-sends-sixteen-soon-and-then-as-all-others", () => {
  const bench = holding();
  bench.digest();
  bench.repair.joined();
  expect(bench.repair.isNew).toBe(true);
  expect(bench.pauses(19)).toEqual([0, ...Array<number>(16).fill(256), PERIOD_MS, PERIOD_MS]);
  expect(bench.repair.isNew).toBe(false);
});

test("who-is-new-hurries-less-once-somebody-has-all-that-it-has", () => {
  const bench = holding();
  bench.repair.joined();
  bench.digest();
  expect(bench.hearDigest(digestOf({ 2: 5 }))).toEqual([]);
  expect(bench.repair.isNew).toBe(false);
  // Of the sixteen one was sent, and one is saved.
  bench.solo.nowMs += 2;
  expect(bench.pauses(16)).toEqual([254, ...Array<number>(14).fill(640), PERIOD_MS]);
});

test("after-something-new-twenty-four-follow-soon", () => {
  const bench = holding();
  bench.digest();
  bench.hurry();
  expect(bench.pauses(27)).toEqual([768, ...Array<number>(24).fill(640), PERIOD_MS, PERIOD_MS]);
});

test("to-hurry-puts-nothing-off", () => {
  const bench = holding();
  bench.digest();
  pass(bench, PERIOD_MS - 100);
  bench.hurry();
  expect(bench.pauses(2)).toEqual([100, 640]);
});

test("each-that-holds-the-same-saves-a-digest-unless-something-is-fresh", () => {
  for (const isFresh of [false, true]) {
    const bench = holding();
    bench.digest();
    bench.hurry();
    if (isFresh) bench.hold(3, 6, 3, 0);
    for (let i = 0; i < 23; i++) expect(bench.hearDigest(digestOf({ 2: 5 }))).toEqual([]);
    expect(bench.pauses(3)).toEqual(isFresh ? [768, 640, 640] : [768, 640, PERIOD_MS]);
  }
});

test("another-digest-is-answered-by-a-list-less-and-less-often", () => {
  const bench = holding();
  const waits: number[] = [];
  let lastMs = bench.solo.nowMs;
  while (waits.length < 12) {
    const parts = bench.hearDigest(1);
    if (parts.length > 0) {
      expect(parts.map((part) => part.mark)).toEqual([LIST]);
      waits.push(bench.solo.nowMs - lastMs);
      lastMs = bench.solo.nowMs;
    }
    bench.solo.nowMs += 20;
  }
  const doubled = [800, 1600, 3200, 6400, 12_800, 25_600, 51_200, 51_200];
  expect(waits).toEqual([0, 640, 640, 640, ...doubled]);
  // Where asking brings nothing, the others are asked no more often.
  expect(bench.pauses(2)[1]).toBe(640);
});

test("asking-that-helped-begins-anew", () => {
  const bench = holding();
  for (let i = 0; i < 4; i++) {
    expect(bench.hearDigest(1).length).toBe(1);
    pass(bench, 640);
  }
  expect(bench.hearDigest(1)).toEqual([]);
  bench.repair.moved();
  const waits = [0, 639, 1, 640].map((ms) => pass(bench, ms).hearDigest(1).length);
  expect(waits).toEqual([1, 0, 1, 1]);
});

test("who-joins-may-ask-at-once", () => {
  const bench = holding();
  bench.hearDigest(1);
  bench.repair.joined();
  expect(bench.hearDigest(1).length).toBe(1);
});

test("another-digest-hurries-ours", () => {
  const bench = holding();
  bench.digest();
  bench.hearDigest(1);
  expect(bench.pauses(2)).toEqual([768, 640]);
});

test("who-holds-nothing-is-sent-all-and-by-who-holds-nothing-nothing", () => {
  const bench = holding();
  expect(bench.hear(DIGEST)).toEqual([{ mark: 2, copy: [2, 5, 3, 10] }]);
  expect(RepairBench.of(3).hear(DIGEST)).toEqual([]);
  const down = new RepairBench(["Alive 2.1@0", "Down 3.1@0"]);
  down.hold(3, 5);
  expect(down.hear(DIGEST)).toEqual([]);
  // That costs nobody an answer.
  const empty = RepairBench.of(3);
  for (let i = 0; i < 30; i++) empty.hear(DIGEST);
  empty.hold(2, 5);
  expect(empty.hear(DIGEST).length).toBe(1);
});

test("a-message-that-is-cut-short-is-not-answered", () => {
  for (let length = 1; length < 4; length++)
    expect(holding().hear(DIGEST, Array<number>(length).fill(1))).toEqual([]);
  for (const mark of [LIST, WANT])
    for (let length = 0; length < 5; length++)
      expect(holding().hear(mark, Array<number>(length).fill(0))).toEqual([]);
  expect(holding().hear(LIST, [0, 0, 0, 0, 0]).length).toBe(1);
});

test("who-is-not-connected-answers-nothing", () => {
  const bench = holding();
  bench.solo.swim.leaveCluster();
  bench.solo.take();
  expect(bench.hear(LIST, [0, 0, 0, 0, 0])).toEqual([]);
});

test("twenty-are-answered-at-once-and-then-one-in-fifty-milliseconds", () => {
  const bench = holding();
  const answers = (times: number): number => {
    let count = 0;
    for (let i = 0; i < times; i++) count += bench.hear(LIST, [0, 0, 0, 0, 0]).length;
    return count;
  };
  expect(answers(30)).toBe(20);
  // All twenty have 50 ms each.
  pass(bench, 1);
  expect(answers(3)).toBe(1);
  pass(bench, 49);
  expect(answers(3)).toBe(0);
  pass(bench, 1);
  expect(answers(3)).toBe(1);
  pass(bench, 125);
  expect(answers(5)).toBe(2);
});

test("that-there-is-more-is-asked-for-while-asking-was-of-use", () => {
  const bench = holding();
  const marks = [1, 2, 3, 4, 5].map(() => bench.hear(MORE).map((part) => part.mark));
  expect(marks).toEqual([[LIST], [LIST], [LIST], [], []]);
  bench.repair.moved();
  expect(bench.hear(MORE).length).toBe(1);
});
