// To whom what is no answer goes: news to the successors first, lists after a rush, questions of a keeper to anybody.
import { expect, test } from "vitest";
import type { Config } from "../../core/config.js";
import type { Renewable } from "../../core/identity.js";
import type { Keeper } from "../../core/keeper.js";
import { point } from "../../core/ring.js";
import { unhex } from "../support/assert.js";
import { VersionedItems } from "../support/items.js";
import { Solo } from "../support/solo.js";
import { peer } from "../support/wire.js";

/** Only the periodic gossip is seen, to two members each 200 ms. */
const QUIET: Partial<Config> = {
  probePeriodMs: 100_000_000,
  maxTransmissions: 5,
  periodicGossip: { frequencyMs: 200, numMembers: 2 },
};
const TO_SUCCESSOR: Partial<Config> = { ...QUIET, gossipToSuccessor: true };
const LISTING: Partial<Config> = { ...QUIET, listToSuccessor: true };

function alive(hosts: number[]): string[] {
  return hosts.map((host) => `Alive ${host}.1@0`);
}

/** Hosts 2 and up, from the one that comes after host 1 on the circle. */
function around(count: number): number[] {
  const at = (host: number): number => point(Uint8Array.of(10, 0, 0, host, 251, 0x58, 0x1b), 0, 7);
  const ahead = (host: number): number => (at(host) - at(1)) >>> 0;
  return Array.from({ length: count }, (_, i) => i + 2).sort((a, b) => ahead(a) - ahead(b));
}

function hosts(solo: Solo): number[] {
  return solo.datagrams.map((sent) => Number(sent.to.split(".")[0]));
}

function kinds(solo: Solo): string[] {
  return solo.take().map((line) => line.split(/[ (]/)[0]);
}

test("news-goes-to-each-once-a-turn", () => {
  for (let seed = 1; seed <= 8; seed++) {
    const solo = new Solo({ config: TO_SUCCESSOR, knows: alive([2, 3]), seed });
    solo.learn(["Down 9.1@0"], true);
    solo.pass(200);
    expect(hosts(solo).sort()).toEqual([2, 3]);
  }
});

test("once-the-successor-was-told-chance-chooses", () => {
  const [successor] = around(9);
  const second = new Set<number>();
  for (let seed = 1; seed <= 12; seed++) {
    const solo = new Solo({ config: TO_SUCCESSOR, knows: alive(around(9)), seed });
    solo.learn(["Down 99.1@0"], true);
    solo.pass(200);
    expect(hosts(solo)[0]).toBe(successor);
    solo.take();
    solo.pass(200);
    second.add(hosts(solo)[0]);
  }
  expect(second.size).toBeGreaterThan(2);
});

test.each([
  [15, true, false],
  [16, true, true],
  [17, true, true],
  [17, false, false],
])(
  "from-sixteen-that-were-heard-on-the-successor-among-them-is-given-the-news-too",
  (numHeard, preferHeard, isGiven) => {
    const order = around(20);
    const second = new Set<number>();
    for (let seed = 1; seed <= 3; seed++) {
      const solo = new Solo({ config: { ...TO_SUCCESSOR, preferHeard }, knows: alive(order), seed });
      for (const host of order.slice(-numHeard)) solo.hear("Gossip", host + ".1");
      solo.learn(["Down 99.1@0"], true);
      solo.pass(200);
      const [first, other, ...more] = hosts(solo);
      expect([first, more]).toEqual([order[0], []]);
      second.add(other);
    }
    if (isGiven) expect([...second]).toEqual([order[20 - numHeard]]);
    else expect(second.size).toBeGreaterThan(1);
  },
);

test("a-successor-that-was-heard-is-given-the-news-once", () => {
  const order = around(20);
  for (let seed = 1; seed <= 8; seed++) {
    const solo = new Solo({ config: { ...TO_SUCCESSOR, preferHeard: true }, knows: alive(order), seed });
    for (const host of order) solo.hear("Gossip", host + ".1");
    solo.learn(["Down 99.1@0"], true);
    solo.pass(200);
    expect([hosts(solo).length, hosts(solo)[0], new Set(hosts(solo)).size]).toEqual([2, order[0], 2]);
  }
});

test("a-turn-has-news-whatever-the-kinds-of-it", () => {
  for (const [update, farewell, item] of [
    [true, true, false],
    [true, false, true],
    [false, true, true],
    [false, true, false],
    [false, false, true],
  ]) {
    const solo = new Solo({ config: QUIET, knows: alive([2, 3]), handler: new VersionedItems() });
    if (farewell) solo.swim.changeIdentity(peer("1.2"));
    solo.hear("Gossip", "2.1");
    if (update) solo.learn(["Down 9.1@0"], true);
    if (item) solo.swim.addBroadcast(unhex("0101"));
    solo.take();
    solo.pass(200);
    expect(kinds(solo)).toEqual(["Gossip", "Gossip"]);
  }
});

test("the-last-that-was-heard-helps-first-only-who-may-not-hear", () => {
  for (const holdWhenDeaf of [true, false]) {
    const helpers = new Set<boolean>();
    for (let seed = 1; seed <= 10; seed++) {
      const solo = new Solo({ config: { holdWhenDeaf }, knows: alive(around(20)), seed });
      solo.pass(1500);
      const last = solo.datagrams[0].to === "2.1" ? 3 : 2;
      solo.hear("Gossip", last + ".1");
      solo.take();
      solo.pass(500);
      helpers.add(hosts(solo)[0] === last);
    }
    expect(helpers.has(false)).toBe(!holdWhenDeaf);
  }
});

test("a-list-follows-five-turns-without-news", () => {
  const solo = new Solo({ config: LISTING, knows: alive([2, 3, 4, 5]) });
  solo.pass(999);
  expect(solo.take()).toEqual([]);
  solo.pass(1);
  expect(kinds(solo)).toEqual(["Feed"]);
});

test("who-is-sent-no-list-asks-after-ten-such-turns", () => {
  const solo = new Solo({ config: LISTING, knows: alive([2, 3, 4, 5]) });
  solo.pass(1999);
  expect(kinds(solo)).toEqual(["Feed"]);
  solo.pass(1);
  expect(kinds(solo)).toEqual(["Announce", "Announce", "Announce", "Announce"]);
});

test("without-a-rush-nobody-is-asked", () => {
  const solo = new Solo({ config: LISTING, knows: alive([2, 3]) });
  solo.pass(10_000);
  expect(solo.take()).toEqual([]);
});

test("a-rush-is-a-quarter-of-all", () => {
  for (const [before, isRush] of [
    [12, true],
    [13, false],
  ] as const) {
    const solo = new Solo({ config: LISTING, knows: alive(around(before)) });
    solo.pass(10_000);
    solo.take();
    solo.learn(alive([50, 51, 52, 53]), false);
    solo.pass(1000);
    expect(kinds(solo).slice(0, 1)).toEqual(isRush ? ["Feed"] : []);
  }
});

/** Writes its items, and asks or not. */
class Asking implements Keeper<Renewable> {
  isAsking = true;
  items = [0, 2, 7, 7];
  attach(): void {}
  joined(): void {}
  forgotten(): void {}
  renamed(): void {}
  stateChanged(): void {}
  receiveItem(): null {
    return null;
  }
  addItems(_to: unknown, out: Uint8Array, at: number): number {
    for (const octet of this.items) out[at++] = octet;
    return at;
  }
}

test("what-a-keeper-asks-goes-to-random-members-while-it-asks", () => {
  const keeper = new Asking();
  const solo = new Solo({ config: QUIET, knows: alive([2, 3, 4]), keeper });
  const asked = new Set<number>();
  for (let turn = 0; turn < 20; turn++) {
    solo.pass(200);
    expect(solo.datagrams.map((sent) => [sent.kind, sent.broadcasts])).toEqual([["Broadcast", ["0707"]]]);
    asked.add(hosts(solo)[0]);
    solo.take();
  }
  expect([...asked].sort()).toEqual([2, 3, 4]);
  keeper.items = [];
  solo.pass(1000);
  expect(solo.take()).toEqual([]);
  keeper.items = [0, 2, 7, 7];
  keeper.isAsking = false;
  solo.pass(1000);
  expect(solo.take()).toEqual([]);
});

test("what-a-keeper-adds-goes-with-every-answer", () => {
  const solo = new Solo({ knows: alive([2, 3]), keeper: new Asking() });
  solo.hear("Ping", "2.1", { n: 1 });
  solo.hear("Announce", "2.1");
  expect(solo.take()).toEqual(["Ack(1) > 2.1 * 0707", "Feed > 2.1 + Alive 3.1@0 * 0707"]);
});

test("a-turn-that-comes-before-we-noticed-that-all-went-asks-nobody", () => {
  const solo = new Solo({ config: LISTING, knows: alive([2, 3, 4, 5]), keeper: new Asking() });
  solo.pass(800);
  solo.take();
  // The clock is read as each goes. It breaks as it is followed that nobody is left, and as that is made up for.
  let readings = 0;
  solo.now = () => {
    if (++readings === 5 || readings === 6) throw new Error("now broke");
    return solo.nowMs;
  };
  expect(() => solo.learn(["Down 2.1@0", "Down 3.1@0", "Down 4.1@0", "Down 5.1@0"], false)).toThrow(
    "now broke",
  );
  expect([solo.swim.isConnected, solo.swim.numMembers]).toEqual([true, 0]);
  solo.oversleep(200);
  expect([solo.take(), solo.swim.isConnected]).toEqual([[], false]);
});
