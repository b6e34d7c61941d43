// How the sides of a partition find each other again (`seekDown`, `networkChanged`).
import type { Config } from "../../core/config.js";
import { equal, ok } from "../support/assert.js";
import { Solo } from "../support/solo.js";

const SEEKING: Partial<Config> = {
  seekDown: true,
  probePeriodMs: 1e9,
  periodicAnnounceToDownMembers: { frequencyMs: 60_000, numMembers: 2 },
};
/** Announces now and then, and gives nobody up. */
const ANNOUNCING: Partial<Config> = {
  seekDown: true,
  probePeriodMs: 2000,
  periodicAnnounce: { frequencyMs: 30_000, numMembers: 1 },
  suspectToDownAfterMs: 1e9,
};
const KNOWS = ["Alive 2.1@0", "Down 3.1@0"];

/** The pauses up to and between the next `turns` Announces to a member. */
function pauses(solo: Solo, turns: number, to: string): number[] {
  const found: number[] = [];
  let lastMs = solo.nowMs;
  solo.take();
  while (found.length < turns) {
    ok(solo.wakeAtMs < Infinity, "no turn is planned");
    solo.pass(solo.wakeAtMs - solo.nowMs);
    if (!solo.take().includes("Announce > " + to)) continue;
    found.push(solo.nowMs - lastMs);
    lastMs = solo.nowMs;
  }
  return found;
}

/** Lets time pass to the next wake-up, after which `who` answers; returns what was sent. */
function passAnswering(solo: Solo, who: string): string[] {
  solo.pass(solo.wakeAtMs - solo.nowMs);
  const sent = solo.datagrams;
  const lines = solo.take();
  for (const each of sent)
    if (each.kind === "Ping" && each.to === who) solo.hear("Ack", who, { n: each.n as number });
  return lines;
}

function within(actual: number, middleMs: number, what: string): void {
  ok(actual >= middleMs * 0.5 && actual <= middleMs * 1.5, `${what}: ${actual} for ${middleMs}`);
}

export const scenarios: Record<string, () => void> = {
  "turns-of-announcing-to-the-down-are-spread-over-half-to-one-and-a-half-periods"() {
    const found = pauses(new Solo({ knows: KNOWS, config: SEEKING }), 200, "3.1");
    for (const pause of found) within(pause, 60_000, "a pause");
    ok(Math.min(...found) < 35_000, "the shortest is " + Math.min(...found));
    ok(Math.max(...found) > 85_000, "the longest is " + Math.max(...found));
    const sum = found.reduce((total, pause) => total + pause, 0);
    ok(Math.abs(sum / 200 - 60_000) < 4000, "on average " + sum / 200);
  },

  "without-the-setting-each-comes-after-just-a-period"() {
    const solo = new Solo({ knows: KNOWS, config: { ...SEEKING, seekDown: false } });
    solo.hear("Gossip", "2.1", { updates: ["Suspect 4.1@0", "Down 4.1@0"] });
    equal(pauses(solo, 3, "3.1"), [60_000, 60_000, 60_000]);
  },

  "after-a-suspicion-that-ended-in-a-death-the-pauses-begin-with-5-s-and-double"() {
    for (let seed = 1; seed <= 20; seed++) {
      const solo = new Solo({ knows: ["Alive 2.1@0", "Alive 3.1@0"], config: SEEKING, seed });
      solo.pass(100_000);
      solo.hear("Gossip", "2.1", { updates: ["Suspect 3.1@0"] });
      solo.hear("Gossip", "2.1", { updates: ["Down 3.1@0"] });
      const middles = [5000, 10_000, 20_000, 40_000, 60_000, 60_000];
      const found = pauses(solo, middles.length, "3.1");
      found.forEach((pause, i) => within(pause, middles[i], "pause " + i));
    }
  },

  "a-death-of-our-own-finding-counts-too"() {
    const config = { ...SEEKING, probePeriodMs: 1500 };
    for (let seed = 1; seed <= 20; seed++) {
      const solo = new Solo({ knows: ["Alive 2.1@0", "Alive 3.1@0"], config, seed });
      while (!solo.state.includes("Down 3.1@0")) passAnswering(solo, "2.1");
      const diedMs = solo.nowMs;
      while (!passAnswering(solo, "2.1").includes("Announce > 3.1"));
      within(solo.nowMs - diedMs, 5000, "the first pause");
    }
  },

  "alone-after-a-death-the-pauses-begin-with-5-s-too"() {
    const config = { ...SEEKING, probePeriodMs: 1500 };
    for (let seed = 1; seed <= 20; seed++) {
      const solo = new Solo({ knows: ["Alive 2.1@0"], config, seed });
      while (solo.swim.isConnected) solo.pass(solo.wakeAtMs - solo.nowMs);
      const found = pauses(solo, 3, "2.1");
      [5000, 10_000, 20_000].forEach((middle, i) => within(found[i], middle, "pause " + i));
    }
  },

  "after-a-polite-leave-nobody-is-sought-sooner"() {
    for (let seed = 1; seed <= 20; seed++) {
      const solo = new Solo({ knows: ["Alive 2.1@0", "Alive 3.1@0"], config: SEEKING, seed });
      solo.hear("Gossip", "3.1", { updates: ["Down 3.1@0"] });
      within(pauses(solo, 1, "3.1")[0], 60_000, "the first pause");
    }
  },

  "after-a-nap-of-a-suspect-nobody-is-sought-sooner"() {
    for (let seed = 1; seed <= 20; seed++) {
      const solo = new Solo({ knows: ["Suspect 2.1@0", "Alive 3.1@0", "Down 4.1@0"], config: SEEKING, seed });
      solo.hear("Gossip", "3.1", { updates: ["Down 2.1@61440"] });
      within(pauses(solo, 1, "4.1")[0], 60_000, "the first pause");
    }
  },

  "another-death-begins-the-pauses-anew"() {
    const solo = new Solo({ knows: ["Alive 2.1@0", "Suspect 3.1@0", "Suspect 4.1@0"], config: SEEKING });
    solo.hear("Gossip", "2.1", { updates: ["Down 3.1@0"] });
    pauses(solo, 6, "3.1");
    solo.hear("Gossip", "2.1", { updates: ["Down 4.1@0"] });
    within(pauses(solo, 1, "4.1")[0], 5000, "the first pause");
  },

  "a-renewed-node-that-nobody-spoke-to-announces-after-a-probe-period-and-pauses-that-double"() {
    const config: Partial<Config> = {
      seekDown: true,
      periodicAnnounce: { frequencyMs: 30_000, numMembers: 1 },
      suspectToDownAfterMs: 60_000,
    };
    const solo = new Solo({ config, knows: ["Alive 2.1@0"] });
    equal(solo.hear("TurnUndead", "2.1"), "Ok");
    equal(solo.identity, "1.2");
    const found = pauses(solo, 8, "2.1");
    equal(found, [1500, 1500, 3000, 6000, 12_000, 24_000, 30_000, 30_000]);
  },

  "a-renewed-node-asks-for-the-list-two-probe-periods-after-it-was-spoken-to-and-then-as-usual"() {
    const solo = new Solo({ config: ANNOUNCING, knows: ["Alive 2.1@0"] });
    solo.hear("TurnUndead", "2.1");
    solo.pass(2000);
    solo.hear("Gossip", "2.1");
    equal(pauses(solo, 3, "2.1"), [4000, 30_000, 30_000]);
  },

  "another-network-is-announced-to-the-down-and-the-active-at-once"() {
    const solo = new Solo({ knows: KNOWS, config: SEEKING });
    solo.swim.networkChanged();
    equal(solo.take(), ["Announce > 3.1", "Announce > 2.1"]);
    within(pauses(solo, 1, "3.1")[0], 5000, "the next pause");
  },

  "at-most-num-indirect-probes-of-each-are-announced-to"() {
    const knows: string[] = [];
    for (let host = 2; host < 12; host++) knows.push((host < 7 ? "Alive " : "Down ") + host + ".1@0");
    const solo = new Solo({ knows, config: { numIndirectProbes: 2 } });
    solo.swim.networkChanged();
    const hosts = solo.datagrams.map((sent) => parseInt(sent.to, 10));
    equal(hosts.filter((host) => host >= 7).length, 2);
    equal(new Set(hosts).size, 4);
  },

  "who-is-alone-announces-to-the-down-at-another-network"() {
    const solo = new Solo({ knows: ["Down 2.1@0"] });
    solo.swim.networkChanged();
    equal(solo.take(), ["Announce > 2.1"]);
  },

  "who-sleeps-is-not-announced-to-at-another-network"() {
    const solo = new Solo({ knows: ["Alive 2.1@0", "Down 3.1@61440"] });
    solo.swim.networkChanged();
    equal(solo.take(), ["Announce > 2.1"]);
  },

  "another-network-is-nothing-to-a-defunct-node"() {
    const solo = new Solo({ knows: KNOWS, config: SEEKING });
    solo.swim.leaveCluster();
    solo.take();
    solo.swim.networkChanged();
    equal([solo.take(), solo.wakeAtMs === Infinity || solo.swim.isConnected], [[], false]);
  },

  "who-joins-announces-after-the-whole-period-first"() {
    const solo = new Solo({ config: ANNOUNCING, knows: ["Alive 2.1@0"] });
    equal(pauses(solo, 2, "2.1"), [30_000, 30_000]);
  },

  "who-announces-to-nobody-is-not-woken-for-it"() {
    const solo = new Solo({ config: { seekDown: true }, knows: ["Alive 2.1@0"] });
    solo.hear("TurnUndead", "2.1");
    solo.hear("Gossip", "2.1");
    // The probe comes 100 ms late, and the next a period after it, since nobody answers.
    solo.oversleep(1600);
    solo.pass(500);
    equal(solo.wakeAtMs - solo.nowMs, 1000);
    const config = { ...SEEKING, periodicAnnounceToDownMembers: null, removeDownAfterMs: Infinity };
    const mourning = new Solo({ config, knows: ["Alive 2.1@0", "Suspect 3.1@0"] });
    mourning.hear("Gossip", "2.1", { updates: ["Down 3.1@0"] });
    equal(mourning.wakeAtMs - mourning.nowMs, SEEKING.probePeriodMs);
  },
};
