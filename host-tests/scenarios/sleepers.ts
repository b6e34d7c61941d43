// Members that take a nap: what is known of them, and how long they are waited for. A promise of 60 s is 60,032 ms.
import type { Config } from "../../core/config.js";
import { equal, ok } from "../support/assert.js";
import { Solo } from "../support/solo.js";
import { peer } from "../support/wire.js";

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

export const scenarios: Record<string, () => void> = {
  "a-full-table-forgets-the-dead-before-those-that-nap"() {
    const solo = told({ maxMembers: 4, removeDownAfterMs: 900_000 });
    solo.learn(["Down 4.1@0"], false);
    solo.pass(1000);
    solo.learn(["Down 5.1@0"], false);
    solo.takeEvents();
    // Of the dead who is to be forgotten first, though the nap ends sooner.
    solo.hear("Gossip", "6.1");
    equal(solo.state, ["Alive 3.1@0", "Alive 6.1@0", "Down 2.1@" + MINUTE, "Down 5.1@0"]);
    solo.hear("Gossip", "7.1");
    equal(solo.state, ["Alive 3.1@0", "Alive 6.1@0", "Alive 7.1@0", "Down 2.1@" + MINUTE]);
    equal(solo.takeEvents(), ["memberUp 6.1", "memberUp 7.1"]);
  },

  "a-sleeper-that-has-to-make-room-is-told-of-as-down"() {
    const solo = told({ maxMembers: 2 });
    solo.takeEvents();
    solo.hear("Gossip", "4.1");
    equal(solo.takeEvents(), ["memberDown 2.1", "memberUp 4.1"]);
    solo.pass(200_000);
    equal([solo.takeEvents(), solo.swim.sleepers()], [[], []]);
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
    const isProbed = (before: string, seed: number, news = "Alive 2.2@0"): boolean => {
      const solo = new Solo({ knows: [...FIVE.slice(1), before], seed });
      const targets: string[] = [];
      for (let n = 1; n <= 4; n++) {
        solo.pass(1500);
        targets.push(solo.datagrams[0].to);
        solo.take();
        solo.hear("Ack", targets[n - 1], { n });
        if (n === 1) solo.hear("Gossip", "3.1", { updates: [news] });
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
    ok(
      seeds.some((seed) => isProbed("Down 2.1@" + MINUTE, seed, "Suspect 2.2@0")),
      "who is suspected when it is back has one, too",
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

  "a-sleeper-that-comes-back-with-a-gossip-is-told-of-no-down"() {
    const knows = ["Alive 3.1@0", "Down 2.1@" + MINUTE, "Down 4.1@0"];
    const solo = new Solo({ knows, config: STILL });
    solo.hear("Gossip", "2.2");
    equal([solo.take(), solo.swim.numMembers], [[], 2]);
  },
};
