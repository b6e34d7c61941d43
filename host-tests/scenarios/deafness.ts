// A node that does not hear must not suspect others (`holdWhenDeaf`). `simple()`: a probe each 1500 ms, helpers after 500.
import type { Config } from "../../core/config.js";
import { Metric } from "../../core/metrics.js";
import { equal, ok } from "../support/assert.js";
import { Solo } from "../support/solo.js";

const FIVE = ["Alive 2.1@0", "Alive 3.1@0", "Alive 4.1@0", "Alive 5.1@0", "Alive 6.1@0"];
const THREE = FIVE.slice(0, 3);

function listening(knows: string[], config: Partial<Config> = {}): Solo {
  return new Solo({ knows, config: { holdWhenDeaf: true, ...config } });
}

/** Lets the first probe come to its helpers; returns who was pinged, and who was asked to help. */
function asking(solo: Solo): { target: string; helpers: string[] } {
  solo.pass(1500);
  const target = solo.datagrams[0].to;
  solo.take();
  solo.pass(500);
  const asked = solo.datagrams.filter((sent) => sent.kind === "PingReq");
  return { target, helpers: asked.map((sent) => sent.to) };
}

/** The member that was pinged last answers. */
function answer(solo: Solo): void {
  const ping = solo.datagrams[solo.datagrams.length - 1];
  equal(ping.kind, "Ping");
  solo.take();
  solo.hear("Ack", ping.to, { n: ping.n as number });
}

function counts(solo: Solo): number[] {
  const { metrics } = solo.swim;
  return [metrics[Metric.ProbeFailures], metrics[Metric.HeldProbes], metrics[Metric.Suspicions]];
}

export const scenarios: Record<string, () => void> = {
  "each-helper-gets-a-question-and-then-a-ping-with-the-number-of-the-probe"() {
    const solo = listening(THREE);
    const { target, helpers } = asking(solo);
    const [first, second] = helpers;
    equal(solo.take(), [
      `PingReq(${target}, 1) > ${first}`,
      `Ping(1) > ${first}`,
      `PingReq(${target}, 1) > ${second}`,
      `Ping(1) > ${second}`,
    ]);
  },

  "the-ping-to-a-helper-is-one-as-any-on-the-wire"() {
    const solo = listening(["Alive 2.1@0", "Suspect 3.1@0"]);
    const { helpers } = asking(solo);
    equal(helpers.length, 1);
    const to = helpers[0] === "2.1" ? "0a000002" : "0a000003";
    equal(solo.raw[1], "0a000001fb581b01" + "00" + to + "fb581b01" + "00" + "01" + "0000");
  },

  "without-the-setting-helpers-get-the-question-only"() {
    const solo = new Solo({ knows: THREE });
    asking(solo);
    equal(
      solo.datagrams.map((sent) => sent.kind),
      ["PingReq", "PingReq"],
    );
  },

  "who-hears-nobody-suspects-nobody"() {
    const solo = listening(FIVE);
    solo.pass(3000);
    equal(counts(solo), [1, 1, 0]);
    equal(solo.state, FIVE);
    equal(solo.takeEvents(), []);
  },

  "a-helper-that-answers-our-ping-shows-that-the-member-is-silent"() {
    const solo = listening(FIVE);
    const { target, helpers } = asking(solo);
    equal(solo.hear("Ack", helpers[1], { n: 1 }), "Ok");
    solo.takeEvents();
    solo.pass(1000);
    equal(counts(solo), [1, 0, 1]);
    equal(solo.state.includes(`Suspect ${target}@0`), true);
    equal(solo.takeEvents(), ["probeFailed 1 " + target]);
    equal(solo.swim.metrics[Metric.UnexpectedAcks], 0);
  },

  "the-ack-of-a-helper-does-not-save-the-member-but-its-forwarded-ack-does"() {
    const solo = listening(FIVE);
    const { target, helpers } = asking(solo);
    solo.hear("Ack", helpers[0], { n: 1 });
    solo.hear("ForwardedAck", helpers[1], { n: 1, subject: target });
    solo.pass(1000);
    equal(counts(solo), [0, 0, 0]);
  },

  "an-ack-with-another-number-or-of-a-bystander-does-not-show-that-we-hear"() {
    const solo = listening(FIVE);
    const { target, helpers } = asking(solo);
    const bystander = FIVE.map((text) => text.slice(6, 9)).find(
      (name) => name !== target && !helpers.includes(name),
    );
    solo.hear("Ack", helpers[0], { n: 2 });
    solo.hear("Ack", bystander as string, { n: 1 });
    equal(solo.swim.metrics[Metric.UnexpectedAcks], 2);
    solo.pass(1000);
    equal(counts(solo), [1, 1, 0]);
  },

  "a-held-probe-gives-each-suspicion-of-ours-a-probe-period-more"() {
    const solo = listening(FIVE);
    const { target, helpers } = asking(solo);
    solo.hear("Ack", helpers[0], { n: 1 });
    solo.pass(1000);
    // It has until 3000 ms from now; the next probe is held, and those behind it are answered.
    equal(solo.state.includes(`Suspect ${target}@0`), true);
    solo.pass(1500);
    equal(counts(solo), [2, 1, 1]);
    answer(solo);
    solo.pass(1500);
    answer(solo);
    solo.pass(1499);
    equal(solo.state.includes(`Suspect ${target}@0`), true);
    solo.pass(1);
    equal(solo.state.includes(`Down ${target}@0`), true);
  },

  "no-suspicion-runs-out-while-nobody-is-heard"() {
    const solo = listening(FIVE);
    const { target, helpers } = asking(solo);
    solo.hear("Ack", helpers[0], { n: 1 });
    solo.pass(1000 + 15_000);
    equal(counts(solo), [11, 10, 1]);
    equal(solo.state.includes(`Suspect ${target}@0`), true);
  },

  "after-ten-times-the-time-of-a-suspicion-without-a-word-it-judges"() {
    const solo = listening(FIVE);
    solo.pass(1500 + 20 * 1500);
    equal(counts(solo), [20, 20, 0]);
    solo.pass(1500);
    equal(counts(solo), [21, 21, 1]);
  },

  "any-datagram-that-is-heard-sets-the-deaf-time-back"() {
    const solo = listening(FIVE);
    solo.pass(1500 + 20 * 1500);
    solo.hear("Gossip", "2.1");
    solo.pass(20 * 1500);
    equal(counts(solo), [40, 40, 0]);
    solo.pass(1500);
    equal(counts(solo), [41, 41, 1]);
  },

  "a-datagram-that-is-refused-does-not-set-the-deaf-time-back"() {
    const solo = listening(FIVE);
    solo.pass(1500 + 20 * 1500);
    equal(solo.hear("Gossip", "2.1", { to: "9.1" }), "NotForUs");
    solo.pass(1500);
    equal(counts(solo), [21, 21, 1]);
  },

  "of-two-members-each-judges-the-other-as-usual"() {
    const solo = listening(["Alive 2.1@0"]);
    solo.pass(3000);
    equal(counts(solo), [1, 0, 1]);
    equal(solo.state, ["Suspect 2.1@0"]);
  },

  "without-the-setting-who-hears-nobody-suspects-all-the-same"() {
    const solo = new Solo({ knows: FIVE });
    solo.pass(3000);
    equal(counts(solo), [1, 0, 1]);
  },

  "a-node-that-is-cut-off-keeps-all-members-through-an-outage"() {
    const solo = listening(FIVE, { notifyDownMembers: true });
    solo.pass(15_000);
    equal(solo.state, FIVE);
    ok(
      solo.datagrams.every((sent) => sent.updates.length === 0),
      "it has nothing to tell of them",
    );
  },

  "the-member-that-was-heard-last-is-asked-first"() {
    const crowd = Array.from({ length: 30 }, (_, i) => `Alive ${i + 2}.1@0`);
    for (let seed = 1; seed <= 20; seed++) {
      const solo = new Solo({ knows: crowd, seed, config: { holdWhenDeaf: true } });
      solo.hear("Gossip", "7.1");
      solo.hear("Gossip", "9.1");
      const { target, helpers } = asking(solo);
      equal(new Set([...helpers, target]).size, 4);
      if (target !== "9.1") equal(helpers[0], "9.1");
    }
  },

  "when-the-one-that-was-heard-last-is-gone-chance-decides"() {
    const solo = listening(FIVE);
    solo.hear("Gossip", "3.1");
    solo.hear("Gossip", "2.1", { updates: ["Down 2.1@0"] });
    const { target, helpers } = asking(solo);
    equal([...helpers, target].sort(), ["3.1", "4.1", "5.1", "6.1"]);
  },
};
