// Naps: a farewell that promises when its member is back. A promise of 60 s is 60,032 ms, and the incarnation 0xf3d5.
import type { Config } from "../../core/config.js";
import { LONGEST_NAP_MS } from "../../core/promise.js";
import { equal, ok, throwsWith, unhex } from "../support/assert.js";
import { VersionedItems } from "../support/items.js";
import { Solo } from "../support/solo.js";
import { peer } from "../support/wire.js";
import { renewing } from "./ourselves.js";

const FIVE = ["Alive 2.1@0", "Alive 3.1@0", "Alive 4.1@0", "Alive 5.1@0", "Alive 6.1@0"];
/** No probe falls into these stories. */
const STILL: Partial<Config> = { probePeriodMs: 1e9, removeDownAfterMs: 300_000 };
const MINUTE = 62_421;

/** A node that knows two members, of whom 2.1 has just said that it naps for a minute. */
function told(config: Partial<Config> = {}, update = "Down 2.1@" + MINUTE): Solo {
  const solo = new Solo({ knows: ["Alive 2.1@0", "Alive 3.1@0"], config: { ...STILL, ...config } });
  solo.hear("Gossip", "2.1", { updates: [update] });
  return solo;
}

/** A node that naps, and has said so. */
function napping(config: Partial<Config> = {}): Solo {
  const solo = new Solo({ knows: FIVE, config: { ...STILL, ...config } });
  solo.swim.nap(60_000);
  solo.take();
  return solo;
}

export const scenarios: Record<string, () => void> = {
  "a-nap-is-a-farewell-whose-incarnation-is-the-promise"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.swim.nap(60_000);
    const header = "0a000001fb581b01" + "00" + "0a000002fb581b01" + "08";
    equal(solo.raw, [header + "0001" + "0a000001fb581b01" + "fbd5f3" + "02"]);
    equal(solo.take(), ["Gossip > 2.1 + Down 1.1@" + MINUTE]);
  },

  "in-postcard-the-promise-is-a-varint"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"], dialect: "postcard" });
    solo.swim.nap(60_000);
    const header = "0a000001d83601" + "00" + "0a000002d83601" + "08";
    equal(solo.raw, [header + "0001" + "0a000001d83601" + "d5e703" + "02"]);
  },

  "three-members-are-told-however-many-helpers-there-are"() {
    const solo = new Solo({ knows: FIVE, config: { numIndirectProbes: 1 } });
    solo.swim.nap(60_000);
    equal(new Set(solo.datagrams.map((sent) => sent.to)).size, 3);
    equal(
      solo.datagrams.map((sent) => [sent.kind, sent.updates.join()]),
      [
        ["Gossip", "Down 1.1@" + MINUTE],
        ["Gossip", "Down 1.1@" + MINUTE],
        ["Gossip", "Down 1.1@" + MINUTE],
      ],
    );
  },

  "queued-broadcasts-go-with-it"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"], handler: new VersionedItems() });
    solo.swim.addBroadcast(unhex("0101"));
    solo.swim.nap(60_000);
    equal(solo.take(), [`Gossip > 2.1 + Down 1.1@${MINUTE} * 0101`]);
  },

  "who-naps-is-defunct-without-being-told-and-says-nothing"() {
    const solo = napping();
    equal([solo.swim.isDefunct, solo.takeEvents()], [true, []]);
    equal(solo.hear("Ping", "2.1", { n: 1 }), "Ok");
    equal(solo.hear("TurnUndead", "2.1"), "Ok");
    solo.pass(10_000_000);
    equal([solo.take(), solo.identity, solo.takeEvents()], [[], "1.1", []]);
  },

  "others-are-told-of-the-nap-and-for-how-long"() {
    const solo = told();
    equal(solo.takeEvents(), ["memberNap 2.1 60032"]);
    equal(solo.state, ["Alive 3.1@0", "Down 2.1@" + MINUTE]);
    equal(solo.swim.sleepers(), [{ identity: peer("2.1"), napMs: 60_032 }]);
    equal(solo.swim.numMembers, 1);
  },

  "without-member-nap-they-are-told-of-a-member-down"() {
    const solo = new Solo({ knows: ["Alive 2.1@0", "Alive 3.1@0"] });
    Object.assign(solo, { memberNap: undefined });
    solo.hear("Gossip", "2.1", { updates: ["Down 2.1@" + MINUTE] });
    equal(solo.takeEvents(), ["memberDown 2.1"]);
  },

  "a-suspect-that-naps-is-no-death"() {
    const solo = new Solo({ knows: ["Suspect 2.1@0", "Alive 3.1@0"], config: STILL });
    solo.hear("Gossip", "3.1", { updates: ["Down 2.1@" + MINUTE] });
    equal(solo.takeEvents(), ["memberNap 2.1 60032"]);
  },

  "the-promise-is-passed-on-as-it-is"() {
    const solo = told();
    solo.hear("Ping", "3.1", { n: 1 });
    equal(solo.take(), ["Ack(1) > 3.1 + Down 2.1@" + MINUTE]);
  },

  "of-a-stranger-s-nap-nobody-is-told-but-it-sleeps"() {
    const solo = new Solo({ knows: ["Alive 3.1@0"], config: STILL });
    solo.hear("Gossip", "3.1", { updates: ["Down 5.1@" + MINUTE] });
    equal([solo.takeEvents(), solo.swim.sleepers().length], [[], 1]);
  },

  "a-member-that-was-declared-down-before-does-not-nap"() {
    const solo = told({}, "Down 2.1@0");
    solo.hear("Gossip", "3.1", { updates: ["Down 2.1@" + MINUTE] });
    equal([solo.takeEvents(), solo.swim.sleepers()], [["memberDown 2.1"], []]);
  },

  "promises-begin-at-f000-and-end-before-ffff"() {
    for (const [incarnation, event] of [
      [0xefff, "memberDown 2.1"],
      [0xf000, "memberNap 2.1 4096"],
      [0xfffe, "memberNap 2.1 267386880"],
      [0xffff, "memberDown 2.1"],
    ])
      equal(told({}, "Down 2.1@" + incarnation).takeEvents(), [event]);
  },

  "who-sleeps-is-not-announced-to"() {
    const config = { ...STILL, periodicAnnounceToDownMembers: { frequencyMs: 1000, numMembers: 3 } };
    const solo = new Solo({ knows: ["Alive 3.1@0", "Down 2.1@" + MINUTE, "Down 4.1@0"], config });
    solo.pass(3000);
    equal(solo.take(), ["Announce > 4.1", "Announce > 4.1", "Announce > 4.1"]);
  },

  "seven-sixteenths-of-its-nap-too-late-it-is-overdue-and-down"() {
    const solo = told();
    solo.takeEvents();
    // 60,032 and 26,264 ms
    solo.pass(86_295);
    equal([solo.takeEvents(), solo.swim.sleepers().length], [[], 1]);
    solo.pass(1);
    equal(solo.takeEvents(), ["memberOverdue 2.1"]);
    equal([solo.state, solo.swim.sleepers()], [["Alive 3.1@0", "Down 2.1@0"], []]);
  },

  "it-is-given-5-s-at-least"() {
    const solo = told({}, "Down 2.1@" + 0xf000);
    solo.takeEvents();
    solo.pass(4096 + 4999);
    equal(solo.takeEvents(), []);
    solo.pass(1);
    equal(solo.takeEvents(), ["memberOverdue 2.1"]);
  },

  "who-is-overdue-is-forgotten-after-remove-down-after-ms"() {
    const solo = told({ removeDownAfterMs: 7000 });
    solo.pass(86_296 + 6999);
    equal(solo.state, ["Alive 3.1@0", "Down 2.1@0"]);
    solo.pass(1);
    equal(solo.state, ["Alive 3.1@0"]);
    equal(solo.takeEvents(), ["memberNap 2.1 60032", "memberOverdue 2.1"]);
  },

  "who-is-overdue-is-announced-to-as-others"() {
    const solo = told({ periodicAnnounceToDownMembers: { frequencyMs: 100_000, numMembers: 3 } });
    solo.pass(100_000);
    equal(solo.take(), ["Announce > 2.1"]);
  },

  "who-sleeps-itself-calls-nobody-overdue"() {
    const solo = told();
    solo.takeEvents();
    solo.swim.nap(200_000);
    solo.pass(199_000);
    equal(solo.takeEvents(), []);
  },

  "who-woke-calls-a-sleeper-overdue-a-while-after-it-was-spoken-to-unless-that-is-back"() {
    for (const isBack of [true, false]) {
      const solo = told({ suspectToDownAfterMs: 3000 });
      solo.swim.nap(200_000);
      solo.pass(200_000);
      solo.swim.wake();
      solo.hear("Feed", "3.1", { updates: isBack ? ["Alive 2.2@0"] : [] });
      equal(solo.takeEvents().includes("memberOverdue 2.1"), false);
      solo.pass(3000);
      equal(solo.takeEvents(), isBack ? [] : ["memberOverdue 2.1"]);
    }
  },

  "a-sleeper-that-was-to-be-forgotten-sooner-is-kept-until-it-is-overdue"() {
    const solo = told({ removeDownAfterMs: 1000 });
    solo.pass(86_295);
    equal(solo.swim.sleepers().length, 1);
  },

  "who-comes-back-in-time-is-a-member-again"() {
    const solo = told();
    solo.takeEvents();
    equal(solo.hear("Announce", "2.2"), "Ok");
    equal(solo.takeEvents(), ["rename 2.1 2.2", "memberUp 2.2"]);
    equal(solo.swim.sleepers(), []);
    solo.pass(200_000);
    equal(solo.takeEvents(), []);
  },

  "who-came-back-from-a-nap-waits-for-the-next-round-of-probes"() {
    /** Whether 2.2, of whom we are told, is probed in what is left of a round among three others. */
    const isProbed = (before: string, seed: number): boolean => {
      const solo = new Solo({ knows: [...FIVE.slice(1), before], seed });
      const targets: string[] = [];
      for (let n = 1; n <= 4; n++) {
        solo.pass(1500);
        targets.push(solo.datagrams[0].to);
        solo.take();
        solo.hear("Ack", targets[n - 1], { n });
        if (n === 1) solo.hear("Gossip", "3.1", { updates: ["Alive 2.2@0"] });
      }
      return targets.includes("2.2");
    };
    const seeds = Array.from({ length: 20 }, (_, i) => i + 1);
    equal(
      seeds.filter((seed) => isProbed("Down 2.1@" + MINUTE, seed)),
      [],
    );
    ok(
      seeds.some((seed) => isProbed("Down 2.1@0", seed)),
      "others have a chance to be probed in this round",
    );
  },

  "under-the-identity-that-naps-it-is-told-that-it-is-down"() {
    const solo = told({ notifyDownMembers: true });
    solo.take();
    equal(solo.hear("Ping", "2.1", { n: 1 }), "InactiveSender");
    equal(solo.take(), ["TurnUndead > 2.1"]);
  },

  "who-comes-back-from-a-nap-is-told-of-the-down-behind-the-feed"() {
    const knows = ["Alive 3.1@0", "Down 2.1@" + MINUTE, "Down 4.1@3", "Down 5.1@" + MINUTE];
    const solo = new Solo({ knows, config: STILL });
    equal(solo.hear("Announce", "2.2"), "Ok");
    const [feed, gossip, ...others] = solo.take();
    equal([feed, others], ["Feed > 2.2 + Alive 3.1@0", []]);
    const parts = gossip.split(" + ");
    equal([parts[0], parts.slice(1).sort()], ["Gossip > 2.2", ["Down 4.1@3", "Down 5.1@" + MINUTE]]);
  },

  "who-comes-back-from-elsewhere-gets-the-feed-alone"() {
    const solo = new Solo({ knows: ["Alive 3.1@0", "Down 2.1@0", "Down 4.1@0"], config: STILL });
    solo.hear("Announce", "2.2");
    equal(solo.take(), ["Feed > 2.2 + Alive 3.1@0"]);
  },

  "a-sleeper-that-says-another-thing-than-announce-is-answered-as-others"() {
    const knows = ["Alive 3.1@0", "Down 2.1@" + MINUTE, "Down 4.1@0"];
    const solo = new Solo({ knows, config: STILL });
    solo.hear("Ping", "2.2", { n: 1 });
    equal(solo.take(), ["Ack(1) > 2.2 + Alive 2.2@0"]);
  },

  "a-death-that-others-declare-is-no-promise"() {
    const solo = new Solo({ knows: ["Alive 2.1@65000"] });
    solo.pass(3000);
    equal(solo.state, ["Suspect 2.1@65000"]);
    solo.take();
    solo.takeEvents();
    solo.pass(3000);
    equal(solo.state, ["Down 2.1@61439"]);
    equal(
      solo.takeEvents().filter((event) => event.startsWith("member")),
      ["memberDown 2.1"],
    );
  },

  "waking-renews-the-identity-and-announces-to-two-that-were-active"() {
    const solo = napping();
    solo.swim.wake();
    equal([solo.identity, solo.swim.isDefunct, solo.takeEvents()], ["1.2", false, ["rejoin 1.2"]]);
    equal(
      solo.datagrams.map((sent) => [sent.kind, sent.from, sent.incarnation]),
      [
        ["Announce", "1.2", 0],
        ["Announce", "1.2", 0],
      ],
    );
    equal(new Set(solo.datagrams.map((sent) => sent.to)).size, 2);
  },

  "who-woke-is-connected-by-the-first-that-answers-and-declares-nobody-down"() {
    const solo = napping();
    solo.swim.wake();
    solo.takeEvents();
    solo.take();
    equal(solo.hear("Feed", "2.1", { updates: ["Alive 3.1@0"] }), "Ok");
    equal([solo.swim.isConnected, solo.takeEvents()], [true, ["active"]]);
    solo.hear("Ping", "2.1", { n: 1 });
    equal(solo.take(), ["Ack(1) > 2.1"]);
  },

  "who-woke-and-hears-nobody-announces-after-pauses-that-double"() {
    const config = { seekDown: true, probePeriodMs: 1500, probeRttMs: 500 };
    const solo = napping({ ...config, periodicAnnounce: { frequencyMs: 30_000, numMembers: 1 } });
    solo.pass(60_000);
    solo.swim.wake();
    const startMs = solo.nowMs;
    const at: number[] = [];
    solo.take();
    while (at.length < 6) {
      solo.pass(solo.wakeAtMs - solo.nowMs);
      equal(
        solo.datagrams.map((sent) => sent.kind),
        ["Announce"],
      );
      solo.take();
      at.push(solo.nowMs - startMs);
    }
    equal(at, [1500, 3000, 6000, 12_000, 24_000, 48_000]);
  },

  "who-woke-has-heard-nobody-yet"() {
    const solo = new Solo({ config: STILL });
    solo.hear("Gossip", "2.1");
    equal(solo.swim.hasHeard(peer("2.1")), true);
    solo.swim.nap(60_000);
    solo.swim.wake();
    equal(solo.swim.hasHeard(peer("2.1")), false);
    solo.hear("Gossip", "2.1");
    equal(solo.swim.hasHeard(peer("2.1")), true);
  },

  "waking-brings-back-who-left-too"() {
    const solo = new Solo({ knows: FIVE });
    solo.swim.leaveCluster();
    solo.take();
    solo.swim.wake();
    equal([solo.identity, solo.datagrams.length], ["1.2", 2]);
  },

  "a-nap-of-who-is-alone-is-told-to-nobody"() {
    const solo = new Solo();
    solo.swim.nap(60_000);
    equal([solo.take(), solo.swim.isDefunct], [[], true]);
    solo.swim.wake();
    equal([solo.take(), solo.identity], [[], "1.2"]);
  },

  "a-nap-may-follow-a-nap-and-each-has-a-farewell-of-its-own"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.swim.nap(60_000);
    solo.swim.wake();
    solo.take();
    solo.swim.nap(4096);
    equal(solo.take(), ["Gossip > 2.1 + Down 1.2@61440"]);
  },

  "a-nap-of-who-is-defunct-is-misuse"() {
    const solo = new Solo({ knows: FIVE });
    solo.swim.leaveCluster();
    solo.take();
    throwsWith({ name: "SwimError", code: "Defunct" }, () => solo.swim.nap(1000));
    equal(solo.take(), []);
  },

  "a-nap-of-no-length-or-more-than-can-be-promised-is-misuse"() {
    const solo = new Solo({ knows: FIVE });
    for (const ms of [0, 0.5, -1, NaN, Infinity, LONGEST_NAP_MS + 1])
      throwsWith({ name: "RangeError", message: "nap: expected 1 to 267386880" }, () => solo.swim.nap(ms));
    for (const ms of ["1000", null, undefined])
      throwsWith({ name: "TypeError", message: "nap: " }, () => solo.swim.nap(ms as unknown as number));
    equal([solo.take(), solo.swim.isConnected], [[], true]);
    solo.swim.nap(LONGEST_NAP_MS);
    equal(solo.datagrams[0].updates, ["Down 1.1@" + 0xfffe]);
  },

  "less-than-4096-ms-counts-as-that"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.swim.nap(1);
    equal(solo.take(), ["Gossip > 2.1 + Down 1.1@" + 0xf000]);
  },

  "waking-who-does-not-sleep-or-cannot-renew-is-misuse"() {
    const awake = new Solo({ knows: FIVE });
    throwsWith({ name: "SwimError", code: "NotUndead" }, () => awake.swim.wake());
    equal([awake.take(), awake.swim.isConnected], [[], true]);
    const stuck = new Solo({ knows: FIVE, identityType: renewing() });
    stuck.swim.nap(60_000);
    stuck.take();
    throwsWith({ name: "SwimError", code: "NotUndead" }, () => stuck.swim.wake());
    equal([stuck.take(), stuck.swim.isDefunct, stuck.identity], [[], true, "1.1"]);
  },

  "in-a-quiet-start-it-answers-and-says-nothing-else"() {
    const config = {
      quietStartMs: 10_000,
      periodicGossip: { frequencyMs: 200, numMembers: 3 },
      periodicAnnounce: { frequencyMs: 1000, numMembers: 1 },
    };
    const solo = new Solo({ config });
    solo.hear("Feed", "2.1", { updates: ["Alive 3.1@0"] });
    solo.pass(10_000);
    equal(solo.take(), []);
    solo.hear("Ping", "2.1", { n: 1 });
    const [ack] = solo.take();
    ok(ack.startsWith("Ack(1) > 2.1"), ack);
    solo.pass(199);
    equal(solo.take(), []);
    solo.pass(1301);
    const kinds = new Set(solo.datagrams.map((sent) => sent.kind));
    equal([...kinds].sort(), ["Announce", "Gossip", "Ping"]);
  },

  "without-a-quiet-start-the-first-probe-comes-after-a-period"() {
    const solo = new Solo();
    solo.hear("Gossip", "2.1");
    solo.pass(1500);
    equal(solo.take(), ["Ping(1) > 2.1 + Alive 2.1@0"]);
  },
};
