// The tasks that repeat while we are connected.
import { equal, unhex } from "../support/assert.js";
import { VersionedItems } from "../support/items.js";
import { Solo } from "../support/solo.js";

/** So rare a probe that only the periodic tasks are seen. */
const QUIET = { probePeriodMs: 100_000_000, probeRttMs: 1000 };

export const scenarios: Record<string, () => void> = {
  "gossip-runs-only-when-there-is-news"() {
    const config = { ...QUIET, periodicGossip: { frequencyMs: 200, numMembers: 2 }, maxTransmissions: 2 };
    const solo = new Solo({ config, knows: ["Alive 2.1@0", "Alive 3.1@0", "Alive 4.1@0"] });
    solo.pass(10_000);
    equal(solo.take(), []);
    solo.learn(["Down 5.1@0"], true);
    solo.pass(200);
    const sent = solo.datagrams;
    equal(
      sent.map((one) => one.kind + one.updates.join()),
      ["GossipDown 5.1@0", "GossipDown 5.1@0"],
    );
    equal(sent[0].to === sent[1].to, false);
    solo.take();
    solo.pass(10_000);
    equal(solo.take(), []);
  },

  "a-custom-broadcast-is-news-for-the-gossip-task"() {
    const config = { ...QUIET, periodicGossip: { frequencyMs: 200, numMembers: 1 }, maxTransmissions: 1 };
    const solo = new Solo({ config, knows: ["Alive 2.1@0"], handler: new VersionedItems() });
    solo.swim.addBroadcast(unhex("0101"));
    solo.pass(400);
    equal(solo.take(), ["Gossip > 2.1 * 0101"]);
  },

  "announces-go-to-random-active-members"() {
    const config = { ...QUIET, periodicAnnounce: { frequencyMs: 30_000, numMembers: 2 } };
    const solo = new Solo({ config, knows: ["Alive 2.1@0", "Suspect 3.1@0", "Down 4.1@0"] });
    solo.pass(29_999);
    equal(solo.take(), []);
    solo.pass(1);
    equal(solo.take().sort(), ["Announce > 2.1", "Announce > 3.1"]);
    solo.pass(30_000);
    equal(solo.take().length, 2);
  },

  "announces-to-the-down-go-to-them-alone"() {
    const config = { ...QUIET, periodicAnnounceToDownMembers: { frequencyMs: 65_000, numMembers: 2 } };
    const solo = new Solo({ config, knows: ["Alive 2.1@0", "Down 4.1@0"] });
    solo.pass(65_000);
    equal(solo.take(), ["Announce > 4.1"]);
  },

  "a-node-alone-goes-on-announcing-to-the-down"() {
    const config = { ...QUIET, periodicAnnounceToDownMembers: { frequencyMs: 65_000, numMembers: 2 } };
    const solo = new Solo({ config });
    solo.learn(["Down 4.0@0", "Down 5.0@0"], false);
    solo.pass(64_999);
    equal(solo.take(), []);
    solo.pass(1);
    equal(solo.take().sort(), ["Announce > 4.0", "Announce > 5.0"]);
    solo.pass(65_000);
    equal(solo.take().length, 2);
  },

  "a-node-that-left-announces-to-nobody"() {
    const config = { ...QUIET, periodicAnnounceToDownMembers: { frequencyMs: 65_000, numMembers: 2 } };
    const solo = new Solo({ config, knows: ["Down 4.0@0"] });
    solo.swim.leaveCluster();
    solo.take();
    solo.pass(200_000);
    equal(solo.take(), []);
  },

  "announces-to-the-down-reach-all-of-them-in-time"() {
    const config = { ...QUIET, periodicAnnounceToDownMembers: { frequencyMs: 1000, numMembers: 1 } };
    const solo = new Solo({ config, knows: ["Alive 2.1@0", "Down 4.1@0", "Down 5.1@0", "Down 6.1@0"] });
    solo.pass(100_000);
    equal([...new Set(solo.take())].sort(), ["Announce > 4.1", "Announce > 5.1", "Announce > 6.1"]);
  },

  "who-had-our-address-is-never-announced-to"() {
    const config = { ...QUIET, periodicAnnounceToDownMembers: { frequencyMs: 1000, numMembers: 3 } };
    const solo = new Solo({ config, identity: "1.5", knows: ["Alive 2.1@0", "Down 4.1@0", "Down 1.4@0"] });
    equal(solo.state.includes("Down 1.4@0"), true);
    solo.pass(20_000);
    equal([...new Set(solo.take())], ["Announce > 4.1"]);
  },

  "tasks-stop-when-it-is-idle-and-start-again"() {
    const config = { ...QUIET, periodicAnnounce: { frequencyMs: 1000, numMembers: 1 } };
    const solo = new Solo({ config, knows: ["Alive 2.1@0"] });
    solo.hear("Gossip", "2.1", { updates: ["Down 2.1@0"] });
    solo.pass(10_000);
    equal(solo.take(), []);
    solo.hear("Gossip", "3.1");
    solo.pass(1000);
    equal(solo.take(), ["Announce > 3.1"]);
  },

  "a-task-turned-off-stops"() {
    const config = { ...QUIET, periodicAnnounce: { frequencyMs: 1000, numMembers: 1 } };
    const solo = new Solo({ config, knows: ["Alive 2.1@0"] });
    solo.swim.setConfig({ ...solo.swim.config, periodicAnnounce: null });
    solo.pass(10_000);
    equal(solo.take(), []);
  },

  "a-task-with-another-frequency-takes-it-up"() {
    const config = { ...QUIET, periodicAnnounce: { frequencyMs: 1000, numMembers: 1 } };
    const solo = new Solo({ config, knows: ["Alive 2.1@0"] });
    solo.swim.setConfig({ ...solo.swim.config, periodicAnnounce: { frequencyMs: 5000, numMembers: 1 } });
    solo.pass(11_000);
    equal(solo.take().length, 3);
  },

  "a-task-missed-for-long-runs-once-not-many-times"() {
    const config = { ...QUIET, periodicAnnounce: { frequencyMs: 1000, numMembers: 1 } };
    const solo = new Solo({ config, knows: ["Alive 2.1@0"] });
    solo.oversleep(50_000);
    equal(solo.take(), ["Announce > 2.1"]);
    solo.pass(999);
    equal(solo.take(), []);
    solo.pass(1);
    equal(solo.take(), ["Announce > 2.1"]);
  },

  "every-task-can-be-turned-off"() {
    const task = { frequencyMs: 1000, numMembers: 1 };
    const tasks = { periodicAnnounce: task, periodicGossip: task, periodicAnnounceToDownMembers: task };
    const solo = new Solo({ config: { ...QUIET, ...tasks }, knows: ["Alive 2.1@0", "Down 3.1@0"] });
    const none = { periodicAnnounce: null, periodicGossip: null, periodicAnnounceToDownMembers: null };
    solo.learn(["Down 4.1@0"], true);
    solo.swim.setConfig({ ...solo.swim.config, ...none });
    solo.pass(10_000);
    equal(solo.take(), []);
  },

  "an-announce-to-the-down-comes-in-time-whatever-is-heard-meanwhile"() {
    const config = { ...QUIET, periodicAnnounceToDownMembers: { frequencyMs: 1000, numMembers: 1 } };
    for (const says of [{}, { updates: ["Down 9.1@0"] }]) {
      const solo = new Solo({ config, identity: "1.5", knows: ["Down 1.4@0", "Down 2.1@0"] });
      solo.pass(600);
      // With the update nobody is active afterwards.
      solo.hear("Gossip", "9.1", says);
      solo.take();
      solo.pass(399);
      equal(solo.take(), []);
      solo.pass(1);
      equal(solo.take().length, 1);
    }
  },
};
