// Time: wake-ups that come early, late or often, and clocks that misbehave.
import { Metric } from "../../core/metrics.js";
import { equal, ok } from "../support/assert.js";
import { Solo } from "../support/solo.js";

const DAY_MS = 24 * 60 * 60 * 1000;

export const scenarios: Record<string, () => void> = {
  "a-lonely-node-asks-for-no-wake-up"() {
    const solo = new Solo();
    solo.hear("Ping", "2.1", { n: 1, to: "9.1" });
    solo.swim.handleTimer();
    equal(solo.wakeAtMs, Infinity);
  },

  "a-wake-up-is-asked-for-when-the-next-deadline-moves-only"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    const before = solo.numWakes;
    for (let i = 0; i < 10; i++) solo.hear("Ping", "2.1", { n: i });
    equal(solo.numWakes, before);
    solo.pass(1500);
    equal(solo.numWakes, before + 1);
    equal(solo.wakeAtMs, solo.nowMs + 500);
  },

  "a-refuted-suspicion-takes-its-wake-up-with-it"() {
    const config = { probePeriodMs: 100_000, probeRttMs: 50_000, suspectToDownAfterMs: 3000 };
    const solo = new Solo({ config, knows: ["Alive 2.1@0", "Alive 3.1@0"] });
    solo.pass(100_000);
    const silent = solo.datagrams[0].to;
    const talker = silent === "2.1" ? "3.1" : "2.1";
    solo.pass(100_000);
    equal(solo.wakeAtMs, solo.nowMs + 3000);
    solo.hear("Gossip", talker, { updates: [`Alive ${silent}@1`] });
    equal(solo.wakeAtMs, solo.nowMs + 50_000);
    solo.pass(40_000);
    equal(solo.state.includes(`Alive ${silent}@1`), true);
  },

  "too-early-a-wake-up-does-nothing-and-is-asked-for-again"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    const wakeAtMs = solo.wakeAtMs;
    solo.oversleep(700);
    equal(solo.take(), []);
    equal(solo.wakeAtMs, wakeAtMs);
  },

  "repeated-wake-ups-do-nothing-twice"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.pass(1500);
    solo.swim.handleTimer();
    solo.swim.handleTimer();
    equal(solo.take(), ["Ping(1) > 2.1"]);
  },

  "a-late-wake-up-is-one-probe-not-many"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.oversleep(60_000);
    equal(solo.take(), ["Ping(1) > 2.1"]);
    equal(solo.state, ["Alive 2.1@0"]);
  },

  "a-wake-up-later-than-the-whole-cycle-gives-the-helpers-their-time"() {
    const solo = new Solo({ knows: ["Alive 2.1@0", "Alive 3.1@0"] });
    solo.pass(1500);
    const target = solo.datagrams[0].to;
    const mate = target === "2.1" ? "3.1" : "2.1";
    solo.take();
    solo.oversleep(40_000);
    equal(solo.take(), [`PingReq(${target}, 1) > ${mate}`]);
    solo.pass(999);
    equal(solo.takeEvents(), []);
    solo.hear("ForwardedAck", mate, { n: 1, subject: target });
    solo.pass(1);
    equal(solo.takeEvents(), []);
    equal(solo.swim.metrics[Metric.ProbeFailures], 0);
    equal(solo.swim.metrics[Metric.IncompleteProbeCycles], 0);
  },

  "what-is-overdue-runs-oldest-first"() {
    // The suspicion ends before the next probe is due; both are late.
    const config = { suspectToDownAfterMs: 1000 };
    const solo = new Solo({ knows: ["Alive 2.1@0"], config });
    solo.pass(3000);
    equal(solo.state, ["Suspect 2.1@0"]);
    solo.take();
    solo.takeEvents();
    solo.oversleep(20_000);
    equal(solo.takeEvents(), ["memberDown 2.1", "idle"]);
    equal(solo.take(), []);
  },

  "a-clock-that-goes-back-undoes-nothing-and-is-caught-up-with"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    solo.pass(1500);
    solo.take();
    solo.nowMs -= 1200;
    solo.swim.handleTimer();
    solo.hear("Ack", "2.1", { n: 1 });
    solo.hear("Gossip", "3.1", { updates: ["Down 4.1@0"] });
    equal(solo.take(), []);
    solo.nowMs += 1200;
    solo.oversleep(1500);
    solo.oversleep(1500);
    ok(
      solo.take().some((line) => line.startsWith("Ping(2)")),
      "it probes again",
    );
    equal(solo.takeEvents(), ["memberUp 3.1"]);
  },

  "a-clock-with-fractions-and-a-far-epoch-works"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"], nowMs: 1.7e12 + 0.375 });
    solo.pass(1500);
    equal(solo.take(), ["Ping(1) > 2.1"]);
    solo.pass(1500);
    equal(solo.state, ["Suspect 2.1@0"]);
    solo.pass(3000);
    equal(solo.state, ["Down 2.1@0"]);
    solo.pass(DAY_MS - 2);
    equal(solo.state, ["Down 2.1@0"]);
    solo.pass(2);
    equal(solo.state, []);
  },

  "a-clock-that-starts-at-zero-works"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"], nowMs: 0 });
    solo.pass(6000);
    equal(solo.state, ["Down 2.1@0"]);
  },

  "deadlines-outlive-the-change-of-their-epoch"() {
    const solo = new Solo({ config: { removeDownAfterMs: 20 * DAY_MS }, knows: ["Down 4.1@0"] });
    solo.pass(19 * DAY_MS);
    solo.learn(["Down 5.1@0"], false);
    solo.pass(DAY_MS - 1);
    equal(solo.state, ["Down 4.1@0", "Down 5.1@0"]);
    solo.pass(1);
    equal(solo.state, ["Down 5.1@0"]);
    solo.pass(19 * DAY_MS - 1);
    equal(solo.state, ["Down 5.1@0"]);
    solo.pass(1);
    equal(solo.state, []);
  },

  "a-node-that-ran-for-a-year-still-probes"() {
    const config = { probePeriodMs: DAY_MS, probeRttMs: 1000, suspectToDownAfterMs: DAY_MS };
    const solo = new Solo({ config, knows: ["Alive 2.1@0"] });
    for (let day = 1; day <= 365; day++) {
      solo.pass(DAY_MS);
      equal(solo.take(), [`Ping(${day & 255}) > 2.1`], "day " + day);
      solo.hear("Ack", "2.1", { n: day & 255 });
    }
    solo.pass(3 * DAY_MS);
    equal(solo.state, ["Down 2.1@0"]);
  },

  "a-down-member-that-is-never-forgotten-needs-no-wake-up"() {
    const solo = new Solo({ config: { removeDownAfterMs: Infinity }, knows: ["Down 4.1@0"] });
    equal(solo.wakeAtMs, Infinity);
    solo.oversleep(400 * DAY_MS);
    equal(solo.state, ["Down 4.1@0"]);
    solo.learn(["Down 5.1@0"], false);
    solo.oversleep(400 * DAY_MS);
    equal(solo.state, ["Down 4.1@0", "Down 5.1@0"]);
  },

  "the-forgetting-of-many-comes-in-the-order-of-their-deaths"() {
    const solo = new Solo({ config: { removeDownAfterMs: 10_000 } });
    for (const host of [5, 3, 9, 4, 8, 2, 7, 6]) {
      solo.learn([`Down ${host}.1@0`], false);
      solo.pass(100);
    }
    solo.pass(10_000 - 800);
    const left: string[] = [];
    for (let i = 0; i < 8; i++) {
      left.push(solo.state.map((line) => line[5]).join(""));
      solo.pass(100);
    }
    equal(left, ["2346789", "246789", "24678", "2678", "267", "67", "6", ""]);
  },

  "what-is-due-later-than-the-next-deadline-asks-for-no-wake-up-and-neither-does-nothing"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"], config: { removeDownAfterMs: DAY_MS } });
    const before = solo.numWakes;
    solo.learn(["Down 3.1@0"], false);
    equal(solo.numWakes, before);
    const alone = new Solo({ knows: ["Alive 2.1@0"], config: { removeDownAfterMs: Infinity } });
    const wakes = alone.numWakes;
    alone.swim.leaveCluster();
    equal(alone.numWakes, wakes);
  },

  "after-each-call-the-next-deadline-is-known"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"] });
    const { order } = solo.swim["protocol"].knowledge.members;
    for (const call of [() => solo.hear("Ping", "2.1", { n: 1 }), () => solo.pass(1500)]) {
      call();
      equal(order.hasNewDeadline, false);
    }
  },

  "a-cycle-takes-its-period-though-an-answer-may-take-most-of-it"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"], config: { probePeriodMs: 1000, probeRttMs: 800 } });
    solo.pass(3000);
    equal(
      solo.datagrams.map((sent) => sent.n),
      [1, 2, 3],
    );
  },
};
