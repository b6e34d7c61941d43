// What is said of ourselves, and what we say of ourselves.
import { identity, renewableV4, type IdentityType, type Renewable } from "../../core/identity.js";
import { equal, throwsWith } from "../support/assert.js";
import { Solo, type SoloOptions } from "../support/solo.js";
import { peer } from "../support/wire.js";

/** Identities on the same wire that `renew` as said, or not at all. */
export function renewing(renew?: (id: Renewable) => Renewable | undefined): IdentityType<Renewable> {
  return identity<Renewable>({
    schema: renewableV4.schema,
    address: "addr",
    winsAddrConflict: (id, adversary) => Number(id.bump) > Number(adversary.bump),
    ...(renew === undefined ? {} : { renew }),
  });
}

const KNOWS = ["Alive 2.1@0", "Alive 3.1@0"];

/** A node that is suspected just so. */
function suspectedAt(incarnation: number, options: SoloOptions = {}): Solo {
  const solo = new Solo({ knows: KNOWS, ...options });
  solo.hear("Gossip", "2.1", { updates: [`Suspect 1.1@${incarnation}`] });
  return solo;
}

function declaredDown(options: SoloOptions = {}): Solo {
  const solo = new Solo({ knows: KNOWS, ...options });
  solo.hear("Gossip", "2.1", { updates: ["Down 1.1@0"] });
  return solo;
}

export const scenarios: Record<string, () => void> = {
  "a-renewed-node-that-nobody-heard-speaks-again"() {
    const config = { suspectToDownAfterMs: 4000, periodicAnnounce: { frequencyMs: 30_000, numMembers: 1 } };
    const solo = new Solo({ config, knows: ["Alive 2.1@0"] });
    equal(solo.hear("TurnUndead", "2.1"), "Ok");
    solo.take();
    solo.pass(29_999);
    equal(solo.take(), []);
    solo.pass(1);
    equal(solo.take(), ["Announce > 2.1"]);
  },

  "a-renewed-node-whom-nobody-answers-finds-out-that-the-others-are-gone"() {
    const solo = new Solo({
      config: { suspectToDownAfterMs: 4000, periodicAnnounce: null },
      knows: ["Alive 2.1@0"],
    });
    equal(solo.hear("TurnUndead", "2.1"), "Ok");
    solo.take();
    solo.takeEvents();
    solo.pass(39_999);
    equal([solo.swim.isConnected, solo.swim.numMembers], [false, 1]);
    solo.pass(1);
    equal(solo.takeEvents(), ["active"]);
    solo.pass(60_000);
    equal([solo.swim.isConnected, solo.swim.numMembers], [false, 0]);
    equal(solo.takeEvents().slice(-2), ["memberDown 2.1", "idle"]);
  },

  "a-node-that-left-stays-away-when-it-hears-of-its-own-death"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.swim.leaveCluster();
    solo.take();
    solo.takeEvents();
    equal(solo.hear("Gossip", "2.1", { updates: ["Down 1.1@0"] }), "Ok");
    equal(solo.hear("TurnUndead", "2.1"), "Ok");
    equal(solo.take(), []);
    equal(solo.takeEvents(), []);
    equal(solo.swim.isDefunct, true);
  },

  "a-node-that-left-and-is-suspected-says-once-more-that-it-is-gone"() {
    const config = { maxTransmissions: 1 };
    const solo = new Solo({ config, knows: ["Alive 2.1@0"] });
    solo.swim.leaveCluster();
    equal(solo.take(), ["Gossip > 2.1 + Down 1.1@0"]);
    for (let i = 0; i < 3; i++) {
      equal(solo.hear("Ping", "2.1", { n: i, updates: [`Suspect 1.1@${i}`] }), "Ok");
      equal(solo.take(), ["Gossip > 2.1 + Down 1.1@0"]);
    }
    equal(solo.swim.isDefunct, true);
    // Back again, it refutes.
    solo.swim.reuseDownIdentity();
    equal(solo.hear("Gossip", "2.1", { updates: ["Suspect 1.1@0"] }), "Ok");
    equal(solo.take(), ["Gossip > 2.1"]);
  },

  "refutes-a-suspicion-by-raising-its-incarnation"() {
    const solo = suspectedAt(0);
    equal(solo.swim.incarnation, 1);
    equal(
      solo.datagrams.map((sent) => [sent.kind, sent.incarnation]),
      [
        ["Gossip", 1],
        ["Gossip", 1],
      ],
    );
    equal(solo.datagrams.map((sent) => sent.to).sort(), ["2.1", "3.1"]);
  },

  "refutes-a-suspicion-from-the-future-beyond-it"() {
    equal(suspectedAt(41).swim.incarnation, 42);
  },

  "answers-an-old-suspicion-without-raising-its-incarnation"() {
    const solo = suspectedAt(5);
    solo.take();
    solo.hear("Gossip", "2.1", { updates: ["Suspect 1.1@5"] });
    equal(solo.swim.incarnation, 6);
    equal(
      solo.datagrams.map((sent) => [sent.kind, sent.incarnation]),
      [
        ["Gossip", 6],
        ["Gossip", 6],
      ],
    );
  },

  "reaches-the-last-incarnation-by-refuting"() {
    equal(suspectedAt(65534).swim.incarnation, 65535);
  },

  "news-that-we-are-alive-are-no-news"() {
    const solo = new Solo({ knows: KNOWS });
    solo.hear("Gossip", "2.1", { updates: ["Alive 1.1@9"] });
    equal(solo.swim.incarnation, 0);
    equal(solo.take(), []);
    equal(solo.swim.updatesBacklog, 0);
  },

  "suspected-at-the-last-incarnation-it-renews"() {
    const solo = suspectedAt(65535);
    equal(solo.identity, "1.2");
    equal(solo.swim.incarnation, 0);
    equal(solo.takeEvents(), ["rejoin 1.2", "active"]);
  },

  "at-the-last-incarnation-an-old-suspicion-renews-too"() {
    const solo = suspectedAt(65534);
    solo.hear("Gossip", "2.1", { updates: ["Suspect 1.1@3"] });
    equal(solo.identity, "1.2");
  },

  "suspected-at-the-last-incarnation-without-renewal-it-is-defunct"() {
    const solo = suspectedAt(65535, { identityType: renewing() });
    equal(solo.swim.isDefunct, true);
    equal(solo.takeEvents(), ["defunct"]);
  },

  "declared-down-it-renews-and-tells"() {
    const solo = declaredDown();
    equal(solo.identity, "1.2");
    equal(solo.swim.isDefunct, false);
    equal(solo.take().sort(), ["Gossip > 2.1 + Down 1.1@0", "Gossip > 3.1 + Down 1.1@0"]);
    equal(solo.takeEvents(), ["rejoin 1.2", "active"]);
  },

  "renews-once-for-two-reports-of-one-death"() {
    const solo = new Solo({ knows: KNOWS });
    solo.hear("TurnUndead", "2.1", { updates: ["Down 1.1@0", "Down 1.1@0"] });
    equal(solo.identity, "1.2");
  },

  "renewal-resets-the-incarnation"() {
    const solo = suspectedAt(7);
    solo.hear("Gossip", "2.1", { updates: ["Down 1.1@8"] });
    equal(solo.swim.incarnation, 0);
  },

  "declared-down-without-renewal-it-is-defunct-once"() {
    const solo = declaredDown({ identityType: renewing() });
    equal(solo.swim.isDefunct, true);
    solo.hear("Gossip", "2.1", { updates: ["Down 1.1@0"] });
    equal(solo.takeEvents(), ["defunct"]);
    equal(solo.take(), []);
  },

  "a-renewal-to-the-same-identity-is-none"() {
    const solo = declaredDown({ identityType: renewing((id) => id) });
    equal(solo.swim.isDefunct, true);
    equal(solo.identity, "1.1");
  },

  "a-renewal-that-loses-against-the-present-identity-is-none"() {
    const renew = (id: Renewable) => ({ addr: id.addr, bump: Number(id.bump) - 1 });
    const solo = declaredDown({ identity: "1.5", identityType: renewing(renew) });
    solo.hear("Gossip", "2.1", { updates: ["Down 1.5@0"] });
    equal(solo.swim.isDefunct, true);
    equal(solo.identity, "1.5");
  },

  "a-renewal-that-declines-is-none"() {
    equal(declaredDown({ identityType: renewing(() => undefined) }).swim.isDefunct, true);
  },

  "a-turn-undead-is-news-of-our-death"() {
    const solo = new Solo({ knows: KNOWS });
    equal(solo.hear("TurnUndead", "2.1"), "Ok");
    equal(solo.identity, "1.2");
    equal(solo.takeEvents(), ["rejoin 1.2"]);
  },

  "after-a-turn-undead-the-next-news-connects-again"() {
    const solo = new Solo({ knows: KNOWS });
    solo.hear("TurnUndead", "2.1");
    solo.pass(29_000);
    equal(
      solo.take().filter((line) => line.startsWith("Ping")),
      [],
    );
    solo.takeEvents();
    solo.hear("Gossip", "2.1");
    equal(solo.takeEvents(), ["active"]);
    solo.pass(1500);
    equal(solo.take().filter((line) => line.startsWith("Ping")).length, 1);
  },

  "an-older-identity-of-ours-is-remembered-down"() {
    const solo = new Solo({ knows: KNOWS, identity: "1.5" });
    solo.hear("Gossip", "2.1", { updates: ["Alive 1.4@7"] });
    equal(solo.state, ["Alive 2.1@0", "Alive 3.1@0", "Down 1.4@0"]);
    equal(solo.takeEvents(), []);
  },

  "a-newer-identity-with-our-address-is-taken-as-down-too"() {
    const solo = new Solo({ knows: KNOWS, identity: "1.5" });
    solo.hear("Gossip", "2.1", { updates: ["Suspect 1.6@7"] });
    equal(solo.state, ["Alive 2.1@0", "Alive 3.1@0", "Down 1.6@0"]);
    equal(solo.swim.numMembers, 2);
  },

  "the-echo-of-our-farewell-does-not-spread-it-twice"() {
    const solo = declaredDown();
    solo.hear("Gossip", "2.1", { updates: ["Down 1.1@0"] });
    equal(solo.swim.updatesBacklog, 1);
    solo.take();
    solo.hear("Ping", "2.1", { n: 1 });
    equal(solo.take(), ["Ack(1) > 2.1 + Down 1.1@0"]);
  },

  "changing-identity-declares-the-previous-one-down"() {
    const solo = new Solo({ knows: KNOWS });
    solo.swim.changeIdentity(peer("9.1"));
    equal(solo.identity, "9.1");
    equal(solo.take().sort(), ["Gossip > 2.1 + Down 1.1@0", "Gossip > 3.1 + Down 1.1@0"]);
    equal(solo.swim.isConnected, false);
    equal(solo.takeEvents(), []);
  },

  "changing-identity-resets-the-incarnation"() {
    const solo = suspectedAt(7);
    solo.take();
    solo.swim.changeIdentity(peer("1.2"));
    equal(solo.swim.incarnation, 0);
    equal(
      solo.datagrams.map((sent) => [sent.from, sent.incarnation]),
      [
        ["1.2", 0],
        ["1.2", 0],
      ],
    );
  },

  "changing-identity-voids-what-is-pending"() {
    const solo = new Solo({ knows: KNOWS });
    solo.swim.changeIdentity(peer("1.2"));
    solo.take();
    solo.pass(29_000);
    equal(solo.take(), []);
  },

  "changing-identity-again-queues-the-latest-farewell"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.swim.changeIdentity(peer("1.2"));
    solo.take();
    solo.swim.changeIdentity(peer("1.3"));
    equal(solo.take(), ["Gossip > 2.1 + Down 1.2@0"]);
  },

  "what-we-are-again-is-declared-down-no-more"() {
    const solo = new Solo({ knows: ["Alive 9.1@0"] });
    // Of six that we were the last four are declared Down, and of those not the one that we are.
    for (const name of ["2.1", "3.1", "4.1", "5.1", "6.1", "7.1", "5.1"]) {
      solo.take();
      solo.swim.changeIdentity(peer(name));
    }
    equal(solo.take(), ["Gossip > 9.1 + Down 7.1@0 + Down 6.1@0 + Down 4.1@0"]);
  },

  "changing-to-the-address-of-a-member-takes-its-place"() {
    const solo = new Solo({ knows: KNOWS });
    solo.swim.changeIdentity(peer("3.2"));
    equal(solo.state, ["Alive 2.1@0", "Down 3.1@0"]);
    equal(solo.takeEvents(), ["memberDown 3.1"]);
    equal(solo.take(), ["Gossip > 2.1 + Down 1.1@0"]);
  },

  "changing-to-the-same-identity-is-misuse"() {
    const solo = new Solo({ knows: KNOWS });
    throwsWith({ name: "SwimError", code: "SameIdentity" }, () => solo.swim.changeIdentity(peer("1.1")));
    equal(solo.take(), []);
    equal(solo.swim.isConnected, true);
  },

  "a-farewell-is-sent-max-transmissions-times"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"], config: { maxTransmissions: 3 } });
    solo.swim.changeIdentity(peer("1.2"));
    for (let i = 0; i < 4; i++) solo.hear("Ping", "2.1", { n: i });
    const farewells = solo.take().filter((line) => line.includes("Down 1.1@0"));
    equal(farewells.length, 3);
  },

  "leaving-tells-some-members-and-is-defunct"() {
    const solo = new Solo({ knows: KNOWS });
    solo.swim.leaveCluster();
    equal(solo.take().sort(), ["Gossip > 2.1 + Down 1.1@0", "Gossip > 3.1 + Down 1.1@0"]);
    equal(solo.takeEvents(), ["defunct"]);
    equal(solo.swim.isDefunct, true);
    equal(solo.swim.isConnected, false);
  },

  "who-left-still-hears-but-neither-probes-nor-answers"() {
    const solo = new Solo({ knows: KNOWS });
    solo.swim.leaveCluster();
    solo.take();
    solo.takeEvents();
    equal(solo.hear("Ping", "4.1", { n: 1 }), "Ok");
    solo.pass(60_000);
    equal(solo.take(), []);
    equal(solo.takeEvents(), ["memberUp 4.1"]);
    equal(solo.swim.numMembers, 3);
  },

  "leaving-twice-is-notified-once"() {
    const solo = new Solo({ knows: KNOWS });
    solo.swim.leaveCluster();
    solo.swim.leaveCluster();
    equal(solo.takeEvents(), ["defunct"]);
  },

  "a-defunct-node-comes-back-by-reusing-its-identity"() {
    const solo = declaredDown({ identityType: renewing() });
    solo.takeEvents();
    solo.swim.reuseDownIdentity();
    equal(solo.swim.isDefunct, false);
    solo.hear("Ping", "2.1", { n: 1 });
    equal(solo.takeEvents(), ["active"]);
    equal(solo.take(), ["Ack(1) > 2.1"]);
  },

  "a-defunct-node-comes-back-by-changing-its-identity-without-a-second-farewell"() {
    const solo = declaredDown({ identityType: renewing() });
    solo.swim.changeIdentity(peer("1.2"));
    equal(solo.take().sort(), ["Gossip > 2.1", "Gossip > 3.1"]);
    equal(solo.swim.isDefunct, false);
  },

  "reusing-an-identity-that-is-not-down-is-misuse"() {
    const solo = new Solo({ knows: KNOWS });
    throwsWith({ name: "SwimError", code: "NotUndead" }, () => solo.swim.reuseDownIdentity());
    equal(solo.swim.isConnected, true);
  },

  "leaving-tells-as-many-as-it-has-helpers"() {
    const solo = new Solo({ knows: KNOWS, config: { numIndirectProbes: 1 } });
    solo.swim.leaveCluster();
    equal(solo.datagrams.length, 1);
  },
};
