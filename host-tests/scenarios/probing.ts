// The failure detector: probes, helpers, suspicion. `simple()`: a probe each 1500 ms, helpers after 500, Down after 3000.
import { Metric } from "../../core/metrics.js";
import { equal, ok } from "../support/assert.js";
import { Solo, type SoloOptions } from "../support/solo.js";

const FIVE = ["Alive 2.1@0", "Alive 3.1@0", "Alive 4.1@0", "Alive 5.1@0", "Alive 6.1@0"];

/** A node that has just sent its first Ping; the probed member is taken from it. */
function probing(knows: string[], options: SoloOptions = {}): { solo: Solo; target: string } {
  const solo = new Solo({ knows, ...options });
  solo.pass(1500);
  const target = solo.datagrams[0].to;
  solo.take();
  return { solo, target };
}

/** A probe of one of five whose helpers were asked. */
function asking(): { solo: Solo; target: string; helpers: string[] } {
  const { solo, target } = probing(FIVE);
  solo.pass(500);
  const helpers = solo.datagrams.map((sent) => sent.to);
  solo.take();
  return { solo, target, helpers };
}

/** Ends the cycle; whether its member was suspected. */
function failed(solo: Solo): boolean {
  solo.takeEvents();
  solo.pass(1000);
  return solo.takeEvents().some((event) => event.startsWith("probeFailed"));
}

export const scenarios: Record<string, () => void> = {
  "an-answered-probe-leaves-no-trace"() {
    const { solo } = probing(["Alive 2.1@0"]);
    equal(solo.hear("Ack", "2.1", { n: 1 }), "Ok");
    solo.pass(1500);
    equal(solo.take(), ["Ping(2) > 2.1"]);
    equal(solo.takeEvents(), []);
    equal(solo.state, ["Alive 2.1@0"]);
  },

  "an-answered-probe-asks-no-helper"() {
    const { solo, target } = probing(FIVE);
    solo.hear("Ack", target, { n: 1 });
    solo.pass(999);
    equal(solo.take(), []);
  },

  "an-unanswered-probe-makes-a-suspect"() {
    const { solo } = probing(["Alive 2.1@4"]);
    solo.pass(1499);
    equal(solo.state, ["Alive 2.1@4"]);
    solo.pass(1);
    equal(solo.state, ["Suspect 2.1@4"]);
    equal(solo.takeEvents(), ["probeFailed 1 2.1"]);
    equal(solo.take(), ["Ping(2) > 2.1 + Suspect 2.1@4"]);
  },

  "a-suspect-that-does-not-refute-is-declared-down"() {
    const { solo } = probing(["Alive 2.1@4"]);
    solo.pass(1500 + 2999);
    equal(solo.state, ["Suspect 2.1@4"]);
    solo.pass(1);
    equal(solo.state, ["Down 2.1@4"]);
    equal(solo.takeEvents().slice(-2), ["memberDown 2.1", "idle"]);
  },

  "a-probe-that-failed-counts-for-the-incarnation-that-it-began-with"() {
    const { solo } = probing(["Alive 2.1@4"]);
    solo.learn(["Suspect 2.1@5"], false);
    // This probe fails, and so does the next one, which is the first of this incarnation.
    solo.pass(1500 + 1500 + 2999);
    equal(solo.state, ["Suspect 2.1@5"]);
    solo.pass(1);
    equal(solo.state, ["Down 2.1@5"]);
  },

  "a-suspect-that-refutes-stays"() {
    const { solo } = probing(["Alive 2.1@4"]);
    solo.pass(1500);
    equal(solo.state, ["Suspect 2.1@4"]);
    for (let n = 2; n < 20; n++) {
      solo.hear("Ack", "2.1", { incarnation: 5, n });
      solo.pass(1500);
    }
    equal(solo.state, ["Alive 2.1@5"]);
    equal(solo.takeEvents(), ["probeFailed 1 2.1"]);
  },

  "a-suspicion-does-not-outlive-the-incarnation-it-was-about"() {
    const { solo } = probing(["Alive 2.1@0", "Alive 3.1@0"], { config: { suspectToDownAfterMs: 1000 } });
    solo.pass(1500);
    const suspect = solo.state.find((line) => line.startsWith("Suspect"))?.slice(8, 11) as string;
    const mate = suspect === "2.1" ? "3.1" : "2.1";
    // Somebody else suspects it at a later incarnation: our deadline is void, and it is theirs to end.
    solo.hear("Gossip", mate, { updates: [`Suspect ${suspect}@1`] });
    solo.pass(1200);
    equal(solo.state.includes(`Suspect ${suspect}@1`), true);
    equal(solo.swim.metrics[Metric.Expirations], 0);
  },

  "a-suspicion-learnt-from-gossip-never-ends-by-itself"() {
    const solo = new Solo({ knows: ["Alive 2.1@0", "Alive 3.1@0"], config: { probePeriodMs: 10_000_000 } });
    solo.hear("Gossip", "2.1", { updates: ["Suspect 3.1@0"] });
    solo.pass(9_999_999);
    equal(solo.state, ["Alive 2.1@0", "Suspect 3.1@0"]);
  },

  "whom-others-suspect-and-we-probe-in-vain-is-declared-down"() {
    const { solo } = probing(["Suspect 2.1@3"]);
    solo.pass(1500 + 2999);
    equal(solo.state, ["Suspect 2.1@3"]);
    solo.pass(1);
    equal(solo.state, ["Down 2.1@3"]);
  },

  "a-second-failed-probe-does-not-put-the-end-off"() {
    const { solo } = probing(["Alive 2.1@0"]);
    solo.pass(1500);
    solo.takeEvents();
    solo.pass(1500);
    equal(solo.takeEvents(), ["probeFailed 2 2.1"]);
    solo.pass(1500);
    equal(solo.state, ["Down 2.1@0"]);
  },

  "an-ack-of-a-suspect-at-its-incarnation-clears-nothing"() {
    const { solo } = probing(["Alive 2.1@0"]);
    solo.pass(1500);
    solo.hear("Ack", "2.1", { n: 2 });
    equal(solo.state, ["Suspect 2.1@0"]);
    solo.pass(3000);
    equal(solo.state, ["Down 2.1@0"]);
  },

  "who-is-declared-down-is-told-when-we-notify"() {
    const { solo } = probing(["Alive 2.1@0"], { config: { notifyDownMembers: true } });
    solo.pass(1500);
    solo.take();
    solo.pass(3000);
    equal(solo.take().slice(-1), ["TurnUndead > 2.1"]);
  },

  "helpers-are-asked-after-the-round-trip-time"() {
    const { solo, target } = probing(FIVE);
    solo.pass(499);
    equal(solo.take(), []);
    solo.pass(1);
    const requests = solo.datagrams.map((sent) => [sent.kind, sent.subject, sent.n]);
    equal(requests, [
      ["PingReq", target, 1],
      ["PingReq", target, 1],
      ["PingReq", target, 1],
    ]);
    const helpers = solo.datagrams.map((sent) => sent.to);
    equal(new Set(helpers).size, 3);
    equal(helpers.includes(target), false);
  },

  "with-fewer-members-than-helpers-wanted-each-is-asked-once"() {
    const { solo, target } = probing(["Alive 2.1@0", "Alive 3.1@0"]);
    solo.pass(500);
    equal(solo.take(), [`PingReq(${target}, 1) > ${target === "2.1" ? "3.1" : "2.1"}`]);
  },

  "nobody-to-ask-sends-nothing"() {
    const { solo } = probing(["Alive 2.1@0", "Down 3.1@0"]);
    solo.pass(500);
    equal(solo.take(), []);
  },

  "a-forwarded-ack-of-a-helper-saves-the-target"() {
    const { solo, target, helpers } = asking();
    equal(solo.hear("ForwardedAck", helpers[1], { n: 1, subject: target }), "Ok");
    equal(failed(solo), false);
    equal(solo.swim.metrics[Metric.UnexpectedAcks], 0);
  },

  "a-forwarded-ack-of-who-was-not-asked-saves-nobody"() {
    const { solo, target, helpers } = asking();
    const bystander = FIVE.map((text) => text.slice(6, 9)).find(
      (name) => name !== target && !helpers.includes(name),
    );
    solo.hear("ForwardedAck", bystander as string, { n: 1, subject: target });
    equal(solo.swim.metrics[Metric.UnexpectedAcks], 1);
    equal(failed(solo), true);
  },

  "a-forwarded-ack-of-the-target-itself-saves-nobody"() {
    const { solo, target } = asking();
    solo.hear("ForwardedAck", target, { n: 1, subject: target });
    equal(failed(solo), true);
  },

  "a-forwarded-ack-with-another-number-saves-nobody"() {
    const { solo, target, helpers } = asking();
    solo.hear("ForwardedAck", helpers[0], { n: 2, subject: target });
    equal(failed(solo), true);
  },

  "a-helper-counts-once"() {
    const { solo, target, helpers } = asking();
    solo.hear("ForwardedAck", helpers[0], { n: 1, subject: target });
    solo.hear("ForwardedAck", helpers[0], { n: 1, subject: target });
    equal(solo.swim.metrics[Metric.UnexpectedAcks], 1);
    solo.hear("ForwardedAck", helpers[2], { n: 1, subject: target });
    equal(solo.swim.metrics[Metric.UnexpectedAcks], 1);
  },

  "a-forwarded-ack-before-helpers-were-asked-saves-nobody"() {
    const { solo, target } = probing(FIVE);
    const other = target === "2.1" ? "3.1" : "2.1";
    solo.hear("ForwardedAck", other, { n: 1, subject: target });
    solo.pass(500);
    equal(failed(solo), true);
  },

  "an-ack-after-the-helpers-were-asked-counts"() {
    const { solo, target } = asking();
    solo.hear("Ack", target, { n: 1 });
    equal(failed(solo), false);
  },

  "an-ack-with-another-number-does-not-count"() {
    const { solo, target } = asking();
    solo.hear("Ack", target, { n: 0 });
    equal(solo.swim.metrics[Metric.UnexpectedAcks], 1);
    equal(failed(solo), true);
  },

  "an-ack-of-another-member-does-not-count"() {
    const { solo, helpers } = asking();
    solo.hear("Ack", helpers[0], { n: 1 });
    equal(failed(solo), true);
  },

  "an-ack-when-nothing-is-probed-does-not-count"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.hear("Ack", "2.1", { n: 0 });
    equal(solo.swim.metrics[Metric.UnexpectedAcks], 1);
  },

  "an-ack-of-a-finished-probe-does-not-count-for-the-next"() {
    const { solo } = probing(["Alive 2.1@0"]);
    solo.pass(1500);
    solo.hear("Ack", "2.1", { n: 1 });
    solo.takeEvents();
    solo.pass(1500);
    equal(solo.takeEvents(), ["probeFailed 2 2.1"]);
  },

  "the-probe-number-wraps-after-255"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    const numbers: number[] = [];
    for (let i = 0; i < 258; i++) {
      solo.pass(1500);
      numbers.push(solo.datagrams[0].n as number);
      solo.take();
      solo.hear("Ack", "2.1", { n: numbers[i] });
    }
    equal(numbers.slice(0, 2), [1, 2]);
    equal(numbers.slice(-4), [255, 0, 1, 2]);
    equal(solo.state, ["Alive 2.1@0"]);
  },

  "a-target-that-moved-on-is-not-suspected-at-its-old-incarnation"() {
    const { solo, target } = probing(["Alive 2.1@0", "Alive 3.1@0"]);
    const mate = target === "2.1" ? "3.1" : "2.1";
    solo.hear("Gossip", mate, { updates: [`Alive ${target}@1`] });
    solo.pass(1500);
    equal(solo.state.includes(`Alive ${target}@1`), true);
    solo.hear("Ack", solo.datagrams[solo.datagrams.length - 1].to, { n: 2 });
    equal(solo.swim.metrics[Metric.Suspicions], 0);
  },

  "a-target-that-went-down-is-asked-for-no-more"() {
    const { solo, target } = probing(FIVE);
    const mate = target === "2.1" ? "3.1" : "2.1";
    solo.hear("Gossip", mate, { updates: [`Down ${target}@0`] });
    solo.pass(999);
    equal(solo.take(), []);
    equal(solo.swim.metrics[Metric.Suspicions], 0);
  },

  "a-target-that-was-renamed-neither-fails-nor-answers"() {
    const { solo, target } = probing(["Alive 2.1@0", "Alive 3.1@0"]);
    const newer = target.replace(".1", ".2");
    solo.hear("Gossip", newer);
    solo.takeEvents();
    solo.hear("Ack", newer, { n: 1 });
    equal(solo.swim.metrics[Metric.UnexpectedAcks], 1);
    solo.pass(500);
    equal(solo.take(), []);
    solo.pass(1000);
    equal(solo.takeEvents(), []);
    equal(solo.swim.metrics[Metric.ProbeFailures], 0);
  },

  "a-helper-that-was-renamed-does-not-count"() {
    const { solo, target, helpers } = asking();
    const newer = helpers[0].replace(".1", ".2");
    solo.hear("ForwardedAck", newer, { n: 1, subject: target });
    equal(failed(solo), true);
  },

  "the-next-probe-comes-a-period-after-the-last-in-spite-of-helpers"() {
    const { solo } = asking();
    solo.pass(999);
    equal(solo.take(), []);
    solo.pass(1);
    equal(
      solo.datagrams.map((sent) => sent.kind),
      ["Ping"],
    );
  },

  "every-alive-member-is-probed-once-a-round"() {
    const solo = new Solo({ knows: FIVE });
    for (let round = 0; round < 20; round++) {
      const probed: string[] = [];
      for (let i = 0; i < FIVE.length; i++) {
        solo.pass(1500);
        const ping = solo.datagrams[0];
        probed.push(ping.to);
        solo.take();
        solo.hear("Ack", ping.to, { n: ping.n as number });
      }
      equal(probed.sort(), ["2.1", "3.1", "4.1", "5.1", "6.1"], "round " + round);
    }
  },

  "rounds-differ-in-their-order"() {
    const solo = new Solo({ knows: FIVE });
    const orders = new Set<string>();
    for (let round = 0; round < 20; round++) {
      let order = "";
      for (let i = 0; i < FIVE.length; i++) {
        solo.pass(1500);
        order += solo.datagrams[0].to + " ";
        solo.hear("Ack", solo.datagrams[0].to, { n: solo.datagrams[0].n as number });
        solo.take();
      }
      orders.add(order);
    }
    ok(orders.size > 10, `only ${orders.size} orders in 20 rounds`);
  },

  "a-death-of-our-own-finding-is-told"() {
    const { solo, target } = probing(["Alive 2.1@0", "Alive 3.1@0"]);
    const mate = target === "2.1" ? "3.1" : "2.1";
    for (let n = 2; n <= 4; n++) {
      solo.pass(1500);
      solo.hear("Ack", mate, { n });
    }
    equal(solo.state, [`Alive ${mate}@0`, `Down ${target}@0`]);
    solo.take();
    solo.hear("Ping", mate, { n: 1 });
    equal(solo.take(), [`Ack(1) > ${mate} + Down ${target}@0`]);
  },
};
