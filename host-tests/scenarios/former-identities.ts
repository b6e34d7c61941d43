// Who is asked under an identity that it has no more, or not yet, says who it is now (`answerFormer`).
import type { Config } from "../../core/config.js";
import { equal } from "../support/assert.js";
import { Solo } from "../support/solo.js";
import { KINDS } from "../support/wire.js";

/** A node 1.5 that knows 2.1 and holds 3.1 Down. */
function renewed(config: Partial<Config> = {}): Solo {
  const knows = ["Alive 2.1@0", "Down 3.1@0"];
  return new Solo({ identity: "1.5", knows, config: { answerFormer: true, ...config } });
}

export const scenarios: Record<string, () => void> = {
  "a-ping-for-a-former-identity-is-answered-by-a-gossip-of-the-present-one"() {
    const solo = renewed();
    equal(solo.hear("Ping", "2.1", { n: 1, to: "1.4" }), "NotForUs");
    equal(solo.raw, ["0a000001fb581b05" + "00" + "0a000002fb581b01" + "08" + "0000"]);
  },

  "a-gossip-for-a-former-or-a-later-identity-is-too"() {
    const solo = renewed();
    equal(solo.hear("Gossip", "2.1", { to: "1.4" }), "NotForUs");
    equal(solo.hear("Gossip", "2.1", { to: "1.9" }), "NotForUs");
    equal(solo.take(), ["Gossip > 2.1", "Gossip > 2.1"]);
  },

  "other-messages-for-it-are-not-answered"() {
    const solo = renewed();
    for (const kind of KINDS) {
      if (kind === "Ping" || kind === "Gossip" || kind === "Announce") continue;
      const index = KINDS.indexOf(kind);
      const says = {
        to: "1.4",
        ...(index < 6 ? { n: 1 } : {}),
        ...(index > 1 && index < 6 ? { subject: "2.1" } : {}),
      };
      equal(solo.hear(kind, "2.1", says), "NotForUs", kind);
    }
    equal(solo.take(), []);
  },

  "what-it-said-besides-is-not-taken-in"() {
    const solo = renewed();
    const before = solo.state;
    solo.hear("Gossip", "4.1", { to: "1.4", updates: ["Down 2.1@0", "Alive 5.1@0"], incarnation: 3 });
    equal([solo.state, solo.takeEvents(), solo.take()], [before, [], ["Gossip > 4.1"]]);
  },

  "the-answer-carries-what-is-queued"() {
    const solo = renewed();
    solo.learn(["Alive 6.1@0"], true);
    solo.hear("Ping", "2.1", { n: 1, to: "1.4" });
    equal(solo.take(), ["Gossip > 2.1 + Alive 6.1@0"]);
  },

  "who-has-a-longer-identity-than-our-datagrams-have-room-for-is-not"() {
    // The number of this life takes three bytes, and the address seven.
    const [fits, not] = [10, 9].map((maxIdentityLength) => renewed({ maxIdentityLength }));
    for (const solo of [fits, not]) equal(solo.hear("Ping", "4.300", { n: 1, to: "1.4" }), "NotForUs");
    equal([fits.take(), not.take()], [["Gossip > 4.300"], []]);
  },

  "whom-we-hold-down-is-told-so"() {
    const solo = renewed({ notifyDownMembers: true });
    equal(solo.hear("Ping", "3.1", { n: 1, to: "1.4" }), "NotForUs");
    equal(solo.take(), ["TurnUndead > 3.1"]);
    const silent = renewed();
    silent.hear("Ping", "3.1", { n: 1, to: "1.4" });
    equal(silent.take(), []);
  },

  "who-came-back-since-we-held-it-down-is-not-told-that-it-is"() {
    const solo = renewed({ notifyDownMembers: true });
    solo.hear("Ping", "3.2", { n: 1, to: "1.4" });
    equal(solo.take(), ["Gossip > 3.2"]);
  },

  "what-is-for-another-address-is-not-answered"() {
    const solo = renewed();
    equal(solo.hear("Ping", "2.1", { n: 1, to: "7.1" }), "NotForUs");
    equal(solo.take(), []);
  },

  "what-comes-from-our-own-address-is-not-answered"() {
    const solo = renewed();
    equal(solo.hear("Ping", "1.4", { n: 1, to: "1.4" }), "DataFromOurselves");
    equal(solo.take(), []);
  },

  "who-is-not-connected-does-not-answer"() {
    const alone = new Solo({ identity: "1.5", config: { answerFormer: true } });
    alone.hear("Ping", "2.1", { n: 1, to: "1.4" });
    const gone = renewed();
    gone.swim.leaveCluster();
    gone.take();
    gone.hear("Ping", "2.1", { n: 1, to: "1.4" });
    equal([alone.take(), gone.take()], [[], []]);
  },

  "two-that-know-each-other-by-former-identities-meet"() {
    const one = new Solo({ identity: "1.5", knows: ["Alive 2.1@0"], config: { answerFormer: true } });
    const two = new Solo({ identity: "2.5", knows: ["Alive 1.1@0"], config: { answerFormer: true } });
    two.hear("Ping", "1.5", { n: 1, to: "2.1" });
    equal(two.take(), ["Gossip > 1.5"]);
    one.hear("Gossip", "2.5");
    equal([one.state, one.takeEvents()], [["Alive 2.5@0"], ["rename 2.1 2.5"]]);
  },

  "without-the-setting-there-is-no-answer"() {
    const solo = renewed({ answerFormer: false, notifyDownMembers: true });
    equal(solo.hear("Ping", "2.1", { n: 1, to: "1.4" }), "NotForUs");
    equal(solo.hear("Gossip", "3.1", { to: "1.4" }), "NotForUs");
    equal(solo.take(), []);
  },
};
