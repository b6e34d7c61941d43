// Devices whose table has no room for the whole cluster: what they pass on, and whom they hold.
import type { Config } from "../../core/config.js";
import { Metric } from "../../core/metrics.js";
import { equal, ok } from "../support/assert.js";
import { Solo } from "../support/solo.js";

/** Only the gossip task is seen, and the table has room for four. */
const FULL: Partial<Config> = {
  probePeriodMs: 100_000_000,
  periodicGossip: { frequencyMs: 200, numMembers: 2 },
  gossipToSuccessor: true,
  maxTransmissions: 5,
  maxMembers: 4,
};
const FOUR = ["Alive 2.1@0", "Alive 3.1@0", "Alive 4.1@0", "Alive 5.1@0"];

function full(config: Partial<Config> = {}, knows = FOUR): Solo {
  return new Solo({ config: { ...FULL, ...config }, knows });
}

/** The updates that were sent since the last time, each with whom it went to. */
function sent(solo: Solo): string[] {
  const found: string[] = [];
  for (const datagram of solo.datagrams)
    for (const update of datagram.updates) found.push(update + " > " + datagram.to);
  solo.take();
  return found;
}

/** Which members a node that was told of 40 has passed on. */
function passedOn(solo: Solo, from: number): string[] {
  for (let host = from; host < from + 40; host++)
    solo.hear("Gossip", "2.1", { updates: [`Alive ${host}.1@0`] });
  solo.pass(10_000);
  return [...new Set(sent(solo).map((line) => line.split(" > ")[0]))];
}

/** Our successor among members at these hosts, as a node with room for all has it. */
function successorOf(hosts: number[]): number {
  const solo = full(
    { maxMembers: 100 },
    hosts.map((host) => `Alive ${host}.1@0`),
  );
  solo.learn(["Down 99.1@0"], true);
  solo.pass(200);
  return Number(solo.datagrams[0].to.split(".")[0]);
}

const HOSTS = Array.from({ length: 30 }, (_, i) => i + 2);

export const scenarios: Record<string, () => void> = {
  "a-death-of-a-member-without-room-is-passed-on-twice-first-to-the-successor"() {
    const solo = full();
    solo.hear("Gossip", "2.1", { updates: ["Down 9.1@0"] });
    solo.pass(10_000);
    const lines = sent(solo);
    equal(
      lines.map((line) => line.split(" > ")[0]),
      ["Down 9.1@0", "Down 9.1@0"],
    );
    equal(lines[0], "Down 9.1@0 > " + successorOf([2, 3, 4, 5]) + ".1");
    ok(lines[0] !== lines[1], "told twice to one");
    equal([solo.state, solo.takeEvents()], [FOUR, []]);
    equal(solo.swim.metrics[Metric.UpdatesSent], 2);
  },

  "it-takes-the-room-that-is-left-in-an-answer-once-the-successor-was-told"() {
    const solo = full();
    solo.hear("Ping", "3.1", { n: 1, updates: ["Suspect 9.1@2"] });
    equal(solo.take(), ["Ack(1) > 3.1"]);
    solo.pass(200);
    solo.take();
    const again = full();
    again.hear("Gossip", "3.1", { updates: ["Suspect 9.1@2"] });
    again.swim.gossip();
    equal(again.take()[0].endsWith(" + Suspect 9.1@2"), true);
  },

  "what-was-passed-on-is-not-passed-on-again-when-it-comes-back"() {
    const solo = full();
    solo.hear("Gossip", "2.1", { updates: ["Alive 9.1@0"] });
    solo.pass(10_000);
    equal(sent(solo).length, 2);
    solo.hear("Gossip", "3.1", { updates: ["Alive 9.1@0"] });
    solo.pass(10_000);
    equal(solo.take(), []);
  },

  "each-state-and-incarnation-is-passed-on-for-itself"() {
    const solo = full();
    const updates = ["Alive 9.1@3", "Suspect 9.1@3", "Alive 9.1@4", "Down 9.1@0"];
    for (let turn = 0; turn < 2; turn++) {
      for (const update of updates) {
        solo.hear("Gossip", "2.1", { updates: [update] });
        solo.pass(1000);
      }
      const told = sent(solo).map((line) => line.split(" > ")[0]);
      equal([told.length, [...new Set(told)]], turn === 0 ? [8, updates] : [0, []]);
    }
  },

  "another-life-is-another-member"() {
    const solo = full();
    solo.hear("Gossip", "2.1", { updates: ["Down 9.1@0", "Alive 9.2@0"] });
    solo.pass(2000);
    equal(sent(solo).length, 4);
  },

  "a-feed-is-no-news"() {
    const solo = full();
    solo.hear("Feed", "2.1", { updates: ["Alive 9.1@0"] });
    solo.pass(10_000);
    equal(solo.take(), []);
  },

  "sixteen-in-sixteen-seconds-are-passed-on-and-no-more"() {
    const solo = full();
    const first = passedOn(solo, 100);
    equal(first.length, 16);
    equal(passedOn(solo, 150), []);
    solo.pass(6000);
    equal(passedOn(solo, 200).length, 16);
    equal(passedOn(solo, 100), []);
  },

  "an-identity-longer-than-those-in-the-table-is-not-passed-on"() {
    const solo = full({}, FOUR);
    solo.hear("Gossip", "2.1", { updates: ["Alive 9.9007199254740991@65535", "Alive 8.1@0"] });
    solo.pass(2000);
    equal([...new Set(sent(solo).map((line) => line.split(" > ")[0]))], ["Alive 8.1@0"]);
  },

  "without-gossip-to-successor-it-is-not-passed-on"() {
    const solo = full({ gossipToSuccessor: false });
    solo.hear("Gossip", "2.1", { updates: ["Down 9.1@0"] });
    solo.pass(10_000);
    equal(solo.take(), []);
  },

  "our-own-news-goes-first"() {
    // Room for three updates in a Gossip.
    const solo = full({ maxPacketSize: 53 });
    const ours = ["Suspect 2.1@0", "Suspect 3.1@0", "Suspect 4.1@0"];
    solo.hear("Gossip", "2.1", { updates: ["Down 9.1@0", ...ours] });
    solo.pass(200);
    equal(solo.datagrams[0].updates.sort(), ours);
    solo.pass(10_000);
    equal(sent(solo).filter((line) => line.startsWith("Down 9.1@0")).length, 2);
  },

  "who-would-be-the-successor-takes-the-place-of-it-though-all-were-heard"() {
    const solo = full({ preferHeard: true, maxMembers: 5 }, []);
    for (const host of HOSTS) solo.hear("Gossip", host + ".1");
    const successor = successorOf(HOSTS);
    ok(solo.state.includes(`Alive ${successor}.1@0`), "the successor is missing: " + solo.state.join());
    equal(solo.state.length, 5);
    const events = solo.takeEvents();
    const ups = events.filter((event) => event.startsWith("memberUp")).length;
    const downs = events.filter((event) => event.startsWith("memberDown")).length;
    equal([ups - downs, downs > 0, downs < 10], [5, true, true]);
    equal(solo.swim.metrics[Metric.EvictedMembers], downs);
  },

  "who-is-told-of-and-would-be-the-successor-takes-the-place-of-a-stranger-but-of-none-that-was-heard"() {
    const successor = successorOf(HOSTS);
    const others = HOSTS.filter((host) => host !== successor).slice(0, 8);
    const knows = others.map((host) => `Alive ${host}.1@0`);
    for (const numHeard of [7, 8]) {
      const solo = full({ preferHeard: true, maxMembers: 8 }, knows);
      for (const host of others.slice(0, numHeard)) solo.hear("Gossip", host + ".1");
      solo.hear("Gossip", others[0] + ".1", { updates: [`Alive ${successor}.1@0`] });
      equal(solo.state.includes(`Alive ${successor}.1@0`), numHeard === 7);
      equal(solo.state.includes(knows[7]), numHeard === 8);
    }
  },

  "strangers-do-not-push-out-the-successor"() {
    const successor = successorOf(HOSTS);
    const knows = HOSTS.slice(0, 7).map((host) => `Alive ${host}.1@0`);
    const solo = full({ preferHeard: true, maxMembers: 8 }, [`Alive ${successor}.1@0`, ...knows].slice(0, 8));
    for (let round = 0; round < 20; round++)
      for (const host of HOSTS)
        if (host !== successor) solo.hear("Gossip", "2.1", { updates: [`Alive ${host}.1@0`] });
    ok(solo.state.includes(`Alive ${successor}.1@0`), "the successor is missing: " + solo.state.join());
    ok(solo.swim.metrics[Metric.EvictedMembers] > 100, "nobody was pushed out");
  },

  "a-full-table-sends-its-successor-no-list"() {
    for (const maxMembers of [4, 5]) {
      const solo = full({ listToSuccessor: true, maxMembers });
      solo.pass(10_000);
      equal(solo.datagrams.filter(({ kind }) => kind === "Feed").length, maxMembers === 4 ? 0 : 1);
    }
  },
};
