// How news about others changes what is known of them.
import { equal } from "../support/assert.js";
import { Solo } from "../support/solo.js";

/** `known, news, then`: everything is about one member. */
const TRANSITIONS: [string, string, string][] = [
  ["Alive 3.1@1", "Alive 3.1@0", "Alive 3.1@1"],
  ["Alive 3.1@1", "Alive 3.1@1", "Alive 3.1@1"],
  ["Alive 3.1@1", "Alive 3.1@2", "Alive 3.1@2"],
  ["Alive 3.1@1", "Suspect 3.1@0", "Alive 3.1@1"],
  ["Alive 3.1@1", "Suspect 3.1@1", "Suspect 3.1@1"],
  ["Alive 3.1@1", "Suspect 3.1@2", "Suspect 3.1@2"],
  ["Alive 3.1@1", "Down 3.1@0", "Down 3.1@0"],
  ["Alive 3.1@1", "Down 3.1@1", "Down 3.1@1"],
  ["Alive 3.1@1", "Down 3.1@2", "Down 3.1@2"],
  ["Suspect 3.1@1", "Alive 3.1@0", "Suspect 3.1@1"],
  ["Suspect 3.1@1", "Alive 3.1@1", "Suspect 3.1@1"],
  ["Suspect 3.1@1", "Alive 3.1@2", "Alive 3.1@2"],
  ["Suspect 3.1@1", "Suspect 3.1@0", "Suspect 3.1@1"],
  ["Suspect 3.1@1", "Suspect 3.1@1", "Suspect 3.1@1"],
  ["Suspect 3.1@1", "Suspect 3.1@2", "Suspect 3.1@2"],
  ["Suspect 3.1@1", "Down 3.1@0", "Down 3.1@0"],
  ["Suspect 3.1@1", "Down 3.1@1", "Down 3.1@1"],
  ["Suspect 3.1@1", "Down 3.1@2", "Down 3.1@2"],
  ["Down 3.1@1", "Alive 3.1@0", "Down 3.1@1"],
  ["Down 3.1@1", "Alive 3.1@1", "Down 3.1@1"],
  ["Down 3.1@1", "Alive 3.1@2", "Down 3.1@1"],
  ["Down 3.1@1", "Suspect 3.1@0", "Down 3.1@1"],
  ["Down 3.1@1", "Suspect 3.1@1", "Down 3.1@1"],
  ["Down 3.1@1", "Suspect 3.1@2", "Down 3.1@1"],
  ["Down 3.1@1", "Down 3.1@0", "Down 3.1@1"],
  ["Down 3.1@1", "Down 3.1@1", "Down 3.1@1"],
  ["Down 3.1@1", "Down 3.1@2", "Down 3.1@1"],
];

/** `known, news, then, notified`: another identity with the address that is known. */
const CONFLICTS: [string, string, string, string[]][] = [
  ["Alive 3.5@1", "Alive 3.4@9", "Alive 3.5@1", []],
  ["Alive 3.5@1", "Suspect 3.4@9", "Alive 3.5@1", []],
  ["Alive 3.5@1", "Down 3.4@9", "Alive 3.5@1", []],
  ["Suspect 3.5@1", "Alive 3.4@9", "Suspect 3.5@1", []],
  ["Down 3.5@1", "Alive 3.4@9", "Down 3.5@1", []],
  ["Alive 3.5@1", "Alive 3.6@0", "Alive 3.6@0", ["rename 3.5 3.6"]],
  ["Alive 3.5@1", "Suspect 3.6@0", "Suspect 3.6@0", ["rename 3.5 3.6"]],
  ["Alive 3.5@1", "Down 3.6@0", "Down 3.6@0", ["rename 3.5 3.6", "memberDown 3.6"]],
  ["Suspect 3.5@1", "Alive 3.6@0", "Alive 3.6@0", ["rename 3.5 3.6"]],
  ["Suspect 3.5@1", "Suspect 3.6@0", "Suspect 3.6@0", ["rename 3.5 3.6"]],
  ["Suspect 3.5@1", "Down 3.6@0", "Down 3.6@0", ["rename 3.5 3.6", "memberDown 3.6"]],
  ["Down 3.5@1", "Alive 3.6@0", "Alive 3.6@0", ["rename 3.5 3.6", "memberUp 3.6"]],
  ["Down 3.5@1", "Suspect 3.6@0", "Suspect 3.6@0", ["rename 3.5 3.6", "memberUp 3.6"]],
  ["Down 3.5@1", "Down 3.6@0", "Down 3.6@0", ["rename 3.5 3.6"]],
];

function named(known: string, news: string, then: string): string {
  return `${known} and news of ${news} make ${then}`.replace(/ /g, "-");
}

function transitions(): Record<string, () => void> {
  const all: Record<string, () => void> = {};
  for (const [known, news, then] of TRANSITIONS) {
    all[named(known, news, then)] = () => {
      const solo = new Solo({ knows: ["Alive 2.1@0", known] });
      equal(solo.hear("Gossip", "2.1", { updates: [news] }), "Ok");
      equal(solo.state, ["Alive 2.1@0", then].sort());
      const wentDown = known.slice(0, 4) !== "Down" && then.slice(0, 4) === "Down";
      equal(solo.takeEvents(), wentDown ? ["memberDown 3.1"] : [], "notified");
      equal(solo.swim.updatesBacklog, known === then ? 0 : 1, "queued");
    };
  }
  for (const [known, news, then, events] of CONFLICTS) {
    all[named(known, news, then)] = () => {
      const solo = new Solo({ knows: ["Alive 2.1@0", known] });
      equal(solo.hear("Gossip", "2.1", { updates: [news] }), "Ok");
      equal(solo.state, ["Alive 2.1@0", then].sort());
      equal(solo.takeEvents(), events, "notified");
      equal(solo.swim.updatesBacklog, known === then ? 0 : 1, "queued");
    };
  }
  return all;
}

export const scenarios: Record<string, () => void> = {
  ...transitions(),

  "an-unknown-suspect-is-a-member-that-is-up"() {
    const solo = new Solo();
    solo.hear("Gossip", "2.1", { updates: ["Suspect 3.1@4"] });
    equal(solo.state, ["Alive 2.1@0", "Suspect 3.1@4"]);
    equal(solo.takeEvents(), ["memberUp 2.1", "memberUp 3.1", "active"]);
  },

  "an-unknown-down-member-is-remembered-in-silence"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.hear("Gossip", "2.1", { updates: ["Down 3.1@4"] });
    equal(solo.state, ["Alive 2.1@0", "Down 3.1@4"]);
    equal(solo.takeEvents(), []);
    equal(solo.swim.updatesBacklog, 1);
  },

  "a-sender-with-a-newer-identity-takes-the-place-of-the-known-one"() {
    const solo = new Solo({ knows: ["Down 2.1@7"] });
    equal(solo.hear("Ping", "2.2", { n: 1 }), "Ok");
    equal(solo.takeEvents(), ["rename 2.1 2.2", "memberUp 2.2", "active"]);
    equal(solo.take(), ["Ack(1) > 2.2 + Alive 2.2@0"]);
  },

  "of-three-updates-about-one-address-the-newest-is-spread-once"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    const updates = ["Alive 3.1@0", "Suspect 3.1@0", "Alive 3.2@0"];
    solo.hear("Ping", "2.1", { n: 1, updates });
    equal(solo.take(), ["Ack(1) > 2.1 + Alive 3.2@0"]);
    equal(solo.takeEvents(), ["memberUp 3.1", "rename 3.1 3.2"]);
  },

  "a-down-member-is-forgotten-after-its-wait"() {
    const solo = new Solo({ config: { removeDownAfterMs: 10_000, probePeriodMs: 60_000 } });
    solo.hear("Gossip", "2.1", { updates: ["Down 3.1@0"] });
    solo.pass(9_999);
    equal(solo.state, ["Alive 2.1@0", "Down 3.1@0"]);
    solo.pass(1);
    equal(solo.state, ["Alive 2.1@0"]);
    equal(solo.take(), []);
  },

  "a-forgotten-member-can-come-back-as-it-was"() {
    const solo = new Solo({ config: { removeDownAfterMs: 10_000 }, knows: ["Down 3.1@5"] });
    equal(solo.hear("Ping", "3.1", { n: 1 }), "InactiveSender");
    solo.pass(10_000);
    equal(solo.hear("Ping", "3.1", { n: 1 }), "Ok");
    equal(solo.state, ["Alive 3.1@0"]);
  },

  "what-is-forgotten-is-not-spread-any-more"() {
    const solo = new Solo({ config: { removeDownAfterMs: 10_000, probePeriodMs: 60_000 } });
    solo.hear("Gossip", "2.1", { updates: ["Down 3.1@0"] });
    equal(solo.swim.updatesBacklog, 2);
    solo.pass(10_000);
    equal(solo.swim.updatesBacklog, 1);
  },

  "a-member-that-came-back-newer-is-not-forgotten"() {
    const solo = new Solo({ config: { removeDownAfterMs: 10_000, probePeriodMs: 60_000 } });
    solo.hear("Gossip", "2.1", { updates: ["Down 3.1@0"] });
    solo.hear("Gossip", "3.2");
    solo.pass(20_000);
    equal(solo.state, ["Alive 2.1@0", "Alive 3.2@0"]);
  },

  "a-second-death-has-its-own-wait"() {
    const solo = new Solo({ config: { removeDownAfterMs: 10_000, probePeriodMs: 60_000 } });
    solo.hear("Gossip", "2.1", { updates: ["Down 3.1@0"] });
    solo.pass(8_000);
    solo.hear("Gossip", "2.1", { updates: ["Down 3.2@0"] });
    solo.pass(9_999);
    equal(solo.state, ["Alive 2.1@0", "Down 3.2@0"]);
    solo.pass(1);
    equal(solo.state, ["Alive 2.1@0"]);
  },

  "apply-many-without-broadcast-spreads-nothing"() {
    const solo = new Solo();
    solo.learn(["Alive 2.1@0", "Down 3.1@0"], false);
    equal(solo.swim.updatesBacklog, 0);
    equal(solo.takeEvents(), ["memberUp 2.1", "active"]);
  },

  "apply-many-with-broadcast-spreads-what-is-new"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.learn(["Alive 2.1@0", "Down 3.1@0"], true);
    equal(solo.swim.updatesBacklog, 1);
  },

  "apply-many-without-broadcast-takes-older-news-from-the-queue"() {
    const solo = new Solo();
    solo.learn(["Alive 2.1@0"], true);
    solo.learn(["Suspect 2.1@0"], false);
    equal(solo.swim.updatesBacklog, 0);
  },

  "a-saved-membership-is-taken-back-whole"() {
    const solo = new Solo({ knows: ["Alive 2.1@3", "Suspect 3.1@4", "Down 4.1@5"] });
    const other = new Solo({ identity: "9.1" });
    other.swim.applyMany(JSON.parse(JSON.stringify(solo.swim.membershipState())), false);
    equal(other.state, ["Alive 2.1@3", "Down 4.1@5", "Suspect 3.1@4"]);
    equal(other.swim.members().length, 2);
  },

  "for-each-member-stops-when-told"() {
    const solo = new Solo({ knows: ["Alive 2.1@0", "Suspect 3.1@0", "Down 4.1@0"] });
    let visits = 0;
    solo.swim.forEachMember(() => ++visits);
    equal(visits, 2);
    solo.swim.forEachMember(() => ++visits < 3);
    equal(visits, 3);
  },
};
