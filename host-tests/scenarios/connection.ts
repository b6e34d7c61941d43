// When we are connected, and what runs then.
import { equal } from "../support/assert.js";
import { Solo } from "../support/solo.js";
import { peer } from "../support/wire.js";

export const scenarios: Record<string, () => void> = {
  "the-first-active-member-makes-it-active"() {
    const solo = new Solo();
    equal(solo.swim.isConnected, false);
    solo.learn(["Alive 2.1@0"], false);
    equal(solo.swim.isConnected, true);
    equal(solo.takeEvents(), ["memberUp 2.1", "active"]);
    equal(solo.wakeAtMs, solo.nowMs + 1500);
  },

  "a-down-member-alone-does-not-connect"() {
    const solo = new Solo();
    solo.learn(["Down 2.1@0"], false);
    equal(solo.swim.isConnected, false);
    equal(solo.takeEvents(), []);
  },

  "the-second-member-does-not-make-it-active-again"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.hear("Gossip", "3.1");
    equal(solo.takeEvents(), ["memberUp 3.1"]);
  },

  "without-active-members-it-is-idle-and-nothing-is-pending"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"], config: { removeDownAfterMs: 50_000 } });
    solo.hear("Gossip", "2.1", { updates: ["Down 2.1@0"] });
    equal(solo.takeEvents(), ["memberDown 2.1", "idle"]);
    solo.pass(49_999);
    equal(solo.state, ["Down 2.1@0"]);
    solo.pass(1);
    equal(solo.state, []);
    equal(solo.take(), []);
  },

  "an-idle-node-starts-again-with-the-next-member"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.hear("Gossip", "2.1", { updates: ["Down 2.1@0"] });
    solo.pass(10_000);
    solo.hear("Gossip", "2.2");
    solo.takeEvents();
    solo.pass(1499);
    equal(solo.take(), []);
    solo.pass(1);
    equal(
      solo.datagrams.map((sent) => [sent.kind, sent.to]),
      [["Ping", "2.2"]],
    );
  },

  "a-member-replaced-by-a-newer-down-one-leaves-it-idle"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.hear("Gossip", "2.1", { updates: ["Down 2.2@0"] });
    equal(solo.takeEvents(), ["rename 2.1 2.2", "memberDown 2.2", "idle"]);
  },

  "up-and-down-within-one-datagram-is-one-change-of-connection-at-most"() {
    const solo = new Solo();
    solo.hear("Gossip", "2.1", { updates: ["Alive 3.1@0", "Down 3.1@0"] });
    equal(solo.takeEvents(), ["memberUp 2.1", "memberUp 3.1", "memberDown 3.1", "active"]);
  },

  "gossip-of-a-lonely-node-goes-to-nobody"() {
    const solo = new Solo({ knows: ["Down 2.1@0"] });
    solo.swim.gossip();
    solo.swim.broadcast();
    equal(solo.take(), []);
  },

  "gossip-goes-to-as-many-as-indirect-probes-each-once"() {
    const solo = new Solo({
      knows: ["Alive 2.1@0", "Alive 3.1@0", "Suspect 4.1@0", "Alive 5.1@0", "Down 6.1@0"],
    });
    for (let i = 0; i < 20; i++) {
      solo.swim.gossip();
      const sent = solo.datagrams.map((one) => one.to);
      equal(sent.length, 3);
      equal(new Set(sent).size, 3);
      equal(sent.includes("6.1"), false);
      solo.take();
    }
  },

  "gossip-with-nothing-to-tell-is-a-sign-of-life"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.swim.gossip();
    equal(solo.take(), ["Gossip > 2.1"]);
  },

  "who-left-stays-away-when-the-last-member-goes-too"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.swim.leaveCluster();
    solo.take();
    solo.hear("Ping", "2.1", { n: 1, updates: ["Down 2.1@0"] });
    solo.hear("Ping", "3.1", { n: 2 });
    equal([solo.take(), solo.swim.isDefunct, solo.swim.isConnected], [[], true, false]);
  },

  "who-knows-nobody-asks-for-no-wake-up-under-another-identity"() {
    const task = { frequencyMs: 1000, numMembers: 1 };
    const solo = new Solo({ config: { periodicAnnounce: task, periodicAnnounceToDownMembers: task } });
    solo.swim.changeIdentity(peer("1.2"));
    equal(solo.wakeAtMs, Infinity);
  },
};
