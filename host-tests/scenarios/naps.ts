// Naps of our own: a farewell that promises when we are back, and the way back. A promise of 60 s is 60,032 ms, and the
// incarnation 0xf3d5.
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

  "those-that-spoke-since-we-woke-are-told-first"() {
    for (let seed = 1; seed <= 8; seed++) {
      const solo = new Solo({ knows: FIVE, config: STILL, seed });
      for (const name of ["3.1", "5.1", "6.1"]) solo.hear("Gossip", name);
      solo.take();
      solo.swim.nap(60_000);
      equal(solo.datagrams.map((sent) => sent.to).sort(), ["3.1", "5.1", "6.1"], "seed " + seed);
    }
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
    const config = { seekDown: true, probePeriodMs: 1500, probeRttMs: 500, suspectToDownAfterMs: 60_000 };
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
      throwsWith(
        { name: "RangeError", message: "nap: expected 1 to 267386880 milliseconds, got " + ms },
        () => solo.swim.nap(ms),
      );
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
