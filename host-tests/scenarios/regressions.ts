// What went wrong in foca once, and must not here; the number is the foca release that mended it.
import { Metric } from "../../core/metrics.js";
import { equal, ok } from "../support/assert.js";
import { exchange } from "../support/pair.js";
import { Solo } from "../support/solo.js";
import { renewing } from "./ourselves.js";

export const scenarios: Record<string, () => void> = {
  "turn-undead-ping-pong-of-two-that-cannot-renew-ends"() {
    // 0.12
    const options = { config: { notifyDownMembers: true }, identityType: renewing() };
    const one = new Solo({ ...options, identity: "1.1", knows: ["Alive 9.1@0", "Down 2.1@0"] });
    const two = new Solo({ ...options, identity: "2.1", knows: ["Alive 9.1@0", "Down 1.1@0"] });
    equal(one.hear("Gossip", "2.1"), "InactiveSender");
    const delivered = exchange([one, two], 100);
    ok(delivered <= 4, `${delivered} datagrams went to and fro`);
    equal([one.swim.isDefunct, two.swim.isDefunct], [true, true]);
  },

  "turn-undead-ping-pong-of-two-that-renew-ends-with-both-active"() {
    const options = { config: { notifyDownMembers: true } };
    const one = new Solo({ ...options, identity: "1.1", knows: ["Alive 9.1@0", "Down 2.1@0"] });
    const two = new Solo({ ...options, identity: "2.1", knows: ["Alive 9.1@0", "Down 1.1@0"] });
    equal(one.hear("Gossip", "2.1"), "InactiveSender");
    const delivered = exchange([one, two], 100);
    ok(delivered < 20, `${delivered} datagrams went to and fro`);
    one.swim.announce(two.swim.identity);
    exchange([one, two], 100);
    equal(one.state.includes(`Alive ${two.identity}@0`), true);
    equal(two.state.includes(`Alive ${one.identity}@0`), true);
  },

  "wake-ups-late-and-out-of-order-lose-no-probe"() {
    // 0.13
    const solo = new Solo({ knows: ["Alive 2.1@0", "Alive 3.1@0"] });
    const sleeps = [1500, 2, 4000, 1, 0, 900, 100, 7000, 1, 1, 1, 30_000, 0, 0, 1500];
    for (const ms of sleeps) solo.oversleep(ms);
    equal(solo.swim.metrics[Metric.IncompleteProbeCycles], 0);
    equal(solo.swim.metrics[Metric.Probes], 3);
    ok(solo.wakeAtMs > solo.nowMs && solo.wakeAtMs <= solo.nowMs + 1500, "a wake-up is on its way");
  },

  "a-member-asked-to-ping-its-own-previous-identity-passes-it-on"() {
    // 0.17.1: it is not itself any more, so this is no IndirectForOurselves; the answer will be refused.
    const solo = new Solo({ identity: "1.5", knows: ["Alive 2.1@0"] });
    equal(solo.hear("PingReq", "2.1", { n: 1, subject: "1.4" }), "Ok");
    equal(solo.take(), ["IndirectPing(2.1, 1) > 1.4"]);
    equal(solo.hear("IndirectPing", "1.5", { n: 1, subject: "2.1", to: "1.4" }), "DataFromOurselves");
  },

  "messages-for-a-stale-identity-are-dropped-after-a-renewal"() {
    // 0.17.1
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.hear("TurnUndead", "2.1");
    equal(solo.identity, "1.2");
    solo.take();
    equal(solo.hear("Ping", "2.1", { n: 1, to: "1.1" }), "NotForUs");
    equal(solo.hear("TurnUndead", "2.1", { to: "1.1" }), "NotForUs");
    equal(solo.identity, "1.2");
    equal(solo.take(), []);
  },

  "going-idle-in-the-middle-of-a-probe-ends-it"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.pass(1500);
    solo.hear("Gossip", "2.1", { updates: ["Down 2.1@0"] });
    solo.hear("Gossip", "3.1");
    solo.take();
    solo.takeEvents();
    solo.hear("Ack", "3.1", { n: 1 });
    equal(solo.swim.metrics[Metric.UnexpectedAcks], 1);
    solo.pass(1500);
    equal(solo.takeEvents(), []);
    equal(
      solo.datagrams.map((sent) => [sent.kind, sent.n, sent.to]),
      [["Ping", 2, "3.1"]],
    );
  },

  "renewing-in-the-middle-of-a-probe-ends-it"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.pass(1500);
    solo.hear("Gossip", "2.1", { updates: ["Down 1.1@0"] });
    solo.takeEvents();
    solo.pass(1500);
    equal(solo.takeEvents(), []);
    equal(solo.swim.metrics[Metric.ProbeFailures], 0);
    equal(solo.swim.metrics[Metric.IncompleteProbeCycles], 0);
    equal(solo.state, ["Alive 2.1@0"]);
  },

  "leaving-does-not-gossip-twice-to-one-member"() {
    const solo = new Solo({ knows: ["Alive 2.1@0", "Alive 3.1@0"] });
    solo.swim.leaveCluster();
    equal(solo.datagrams.map((sent) => sent.to).sort(), ["2.1", "3.1"]);
  },

  "a-target-forgotten-before-the-indirect-stage-is-no-failure"() {
    // Its slot is taken by another member meanwhile, who must not be suspected in its place.
    const config = { maxMembers: 2, initialMembers: 2 };
    const solo = new Solo({ config, knows: ["Alive 2.1@0", "Alive 3.1@0"] });
    solo.pass(1500);
    const target = solo.datagrams[0].to;
    const mate = target === "2.1" ? "3.1" : "2.1";
    solo.hear("Gossip", mate, { updates: [`Down ${target}@0`, "Alive 8.1@0"] });
    equal(solo.state, [`Alive ${mate}@0`, "Alive 8.1@0"].sort());
    solo.take();
    solo.takeEvents();
    solo.pass(500);
    equal(solo.take(), []);
    solo.pass(1000);
    equal(solo.takeEvents(), []);
    equal(solo.swim.metrics[Metric.Suspicions], 0);
  },

  "a-mate-at-our-old-address-is-not-announced-to-for-ever"() {
    const config = {
      periodicAnnounceToDownMembers: { frequencyMs: 1000, numMembers: 2 },
      probePeriodMs: 1e9,
    };
    const solo = new Solo({ config, knows: ["Alive 2.1@0"] });
    solo.hear("Gossip", "2.1", { updates: ["Down 1.1@0"] });
    solo.hear("Gossip", "2.1", { updates: ["Down 1.1@0"] });
    equal(solo.state, ["Alive 2.1@0", "Down 1.1@0"]);
    solo.take();
    solo.pass(5000);
    equal(solo.take(), []);
  },
};
