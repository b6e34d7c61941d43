// A table that is full.
import { Metric } from "../../core/metrics.js";
import { equal } from "../support/assert.js";
import { Solo } from "../support/solo.js";

const SMALL = { maxMembers: 3, initialMembers: 1, probePeriodMs: 10_000_000 };

export const scenarios: Record<string, () => void> = {
  "the-down-member-closest-to-being-forgotten-makes-room"() {
    const solo = new Solo({ config: SMALL, knows: ["Alive 2.1@0", "Down 4.1@0"] });
    solo.pass(1000);
    solo.learn(["Down 3.1@0"], false);
    equal(solo.hear("Ping", "5.1", { n: 1 }), "Ok");
    equal(solo.state, ["Alive 2.1@0", "Alive 5.1@0", "Down 3.1@0"]);
    equal(solo.swim.metrics[Metric.EvictedMembers], 1);
    equal(solo.swim.metrics[Metric.RefusedMembers], 0);
    equal(solo.takeEvents(), ["memberUp 5.1"]);
  },

  "a-full-table-of-active-members-refuses-a-newcomer"() {
    const solo = new Solo({ config: SMALL, knows: ["Alive 2.1@0", "Alive 3.1@0", "Suspect 4.1@0"] });
    solo.hear("Gossip", "2.1", { updates: ["Alive 5.1@0", "Suspect 6.1@0"] });
    equal(solo.state, ["Alive 2.1@0", "Alive 3.1@0", "Suspect 4.1@0"]);
    equal(solo.takeEvents(), ["memberRefused 5.1", "memberRefused 6.1"]);
    equal(solo.swim.metrics[Metric.RefusedMembers], 2);
    equal(solo.swim.updatesBacklog, 0);
  },

  "a-refused-sender-is-answered-and-its-news-heard"() {
    const solo = new Solo({ config: SMALL, knows: ["Alive 2.1@0", "Alive 3.1@0", "Alive 4.1@0"] });
    equal(solo.hear("Ping", "5.1", { n: 8, updates: ["Suspect 2.1@0"] }), "Ok");
    equal(solo.take(), ["Ack(8) > 5.1 + Suspect 2.1@0"]);
    equal(solo.hear("Announce", "5.1"), "Ok");
    equal(solo.datagrams[0].updates.length, 3);
  },

  "a-refused-sender-can-free-its-own-place"() {
    const solo = new Solo({ config: SMALL, knows: ["Alive 2.1@0", "Alive 3.1@0", "Alive 4.1@0"] });
    equal(solo.hear("Ping", "5.1", { n: 8, updates: ["Down 2.1@0", "Alive 6.1@0"] }), "Ok");
    equal(solo.state, ["Alive 3.1@0", "Alive 4.1@0", "Alive 6.1@0"]);
    equal(solo.take(), ["Ack(8) > 5.1 + Alive 6.1@0"]);
  },

  "a-down-newcomer-pushes-nobody-out"() {
    const solo = new Solo({ config: SMALL, knows: ["Alive 2.1@0", "Alive 3.1@0", "Down 4.1@0"] });
    solo.hear("Gossip", "2.1", { updates: ["Down 5.1@0"] });
    equal(solo.state, ["Alive 2.1@0", "Alive 3.1@0", "Down 4.1@0"]);
    equal(solo.swim.metrics[Metric.RefusedMembers], 1);
    equal(solo.swim.metrics[Metric.EvictedMembers], 0);
  },

  "known-members-change-in-a-full-table-as-ever"() {
    const solo = new Solo({ config: SMALL, knows: ["Alive 2.1@0", "Alive 3.1@0", "Down 4.1@0"] });
    solo.hear("Gossip", "2.1", { updates: ["Alive 4.2@0", "Suspect 3.1@0"] });
    equal(solo.state, ["Alive 2.1@0", "Alive 4.2@0", "Suspect 3.1@0"]);
  },

  "an-evicted-member-is-spread-no-more"() {
    const solo = new Solo({ config: SMALL, knows: ["Alive 2.1@0", "Alive 3.1@0", "Alive 4.1@0"] });
    solo.hear("Gossip", "2.1", { updates: ["Down 4.1@0"] });
    equal(solo.swim.updatesBacklog, 1);
    solo.hear("Ping", "5.1", { n: 1 });
    equal(solo.take(), ["Ack(1) > 5.1 + Alive 5.1@0"]);
  },

  "a-lowered-limit-forgets-nobody-and-takes-nobody"() {
    const solo = new Solo({ knows: ["Alive 2.1@0", "Alive 3.1@0"] });
    solo.swim.setConfig({ ...solo.swim.config, maxMembers: 1 });
    solo.hear("Ping", "4.1", { n: 1 });
    equal(solo.state, ["Alive 2.1@0", "Alive 3.1@0"]);
  },

  "a-raised-limit-takes-more"() {
    const knows = ["Alive 2.1@0", "Alive 3.1@0", "Alive 4.1@0"];
    const solo = new Solo({ config: SMALL, knows });
    solo.swim.setConfig({ ...solo.swim.config, maxMembers: 5 });
    const updates = ["Alive 5.1@0", "Alive 6.1@0", "Alive 7.1@0"];
    solo.hear("Gossip", "2.1", { updates });
    equal(solo.swim.numMembers, 5);
    equal(solo.swim.metrics[Metric.RefusedMembers], 1);
  },

  "a-table-grows-without-losing-anybody"() {
    const solo = new Solo({ config: { initialMembers: 1, maxMembers: 1000, probePeriodMs: 10_000_000 } });
    const expected: string[] = [];
    for (let host = 2; host < 500; host++) {
      const state = ["Alive", "Suspect", "Down"][host % 3];
      // Bumps of one, three and five bytes widen the rows as they come.
      expected.push(`${state} ${host}.${[1, 300, 70000][Math.floor(host / 100) % 3]}@${host}`);
      solo.learn([expected[expected.length - 1]], true);
    }
    equal(solo.state, expected.sort());
    equal(solo.swim.updatesBacklog, 498);
  },
};
