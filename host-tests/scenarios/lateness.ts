// A node that stalled judges nobody by the time of the stall (`noticeLateness`). Half of `probeRttMs` is 250 ms here.
import type { Config } from "../../core/config.js";
import { Metric } from "../../core/metrics.js";
import { equal, ok } from "../support/assert.js";
import { Solo } from "../support/solo.js";

const FIVE = ["Alive 2.1@0", "Alive 3.1@0", "Alive 4.1@0", "Alive 5.1@0", "Alive 6.1@0"];
const NOTICING = { noticeLateness: true };

/** Probes seldom, so that a suspicion of 3000 ms lies between two probes. */
const SELDOM = { probePeriodMs: 10_000, probeRttMs: 500, suspectToDownAfterMs: 3000 };

/** A node that suspects 2.1 for 2500 ms yet, and is to be woken then. */
function suspecting(config: Partial<Config>): Solo {
  const solo = new Solo({ knows: ["Alive 2.1@0"], config: { ...SELDOM, ...config } });
  solo.pass(20_500);
  equal([solo.state, solo.wakeAtMs - solo.nowMs], [["Suspect 2.1@0"], 2500]);
  solo.takeEvents();
  return solo;
}

function stalls(solo: Solo): number {
  return solo.swim.metrics[Metric.Stalls];
}

export const scenarios: Record<string, () => void> = {
  "a-wake-up-that-is-late-by-half-of-probe-rtt-ms-is-no-stall"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"], config: NOTICING });
    solo.oversleep(1750);
    equal([stalls(solo), solo.take()], [0, ["Ping(1) > 2.1"]]);
  },

  "a-later-one-is-a-stall-and-what-was-due-comes-later-by-it-and-half-a-round-trip"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"], config: NOTICING });
    solo.oversleep(1751);
    equal([stalls(solo), solo.take()], [1, []]);
    equal(solo.wakeAtMs - solo.nowMs, 250);
    solo.pass(250);
    equal([stalls(solo), solo.take()], [1, ["Ping(1) > 2.1"]]);
  },

  "a-suspicion-that-ran-out-in-a-stall-goes-on-for-that-long-and-half-a-round-trip"() {
    const solo = suspecting(NOTICING);
    solo.oversleep(3500);
    equal([stalls(solo), solo.state], [1, ["Suspect 2.1@0"]]);
    solo.pass(249);
    equal(solo.state, ["Suspect 2.1@0"]);
    solo.pass(1);
    equal(solo.state, ["Down 2.1@0"]);
  },

  "without-the-setting-it-runs-out-at-once-and-no-stall-is-counted"() {
    const solo = suspecting({});
    solo.oversleep(3500);
    equal([stalls(solo), solo.state], [0, ["Down 2.1@0"]]);
  },

  "a-refutation-that-waits-in-the-socket-counts"() {
    const solo = suspecting(NOTICING);
    solo.oversleep(60_000);
    equal(solo.hear("Gossip", "2.1", { incarnation: 1 }), "Ok");
    solo.pass(5000);
    equal([solo.state, solo.takeEvents()], [["Alive 2.1@1"], []]);
  },

  "an-ack-that-waits-in-the-socket-spares-the-helpers"() {
    const solo = new Solo({ knows: FIVE, config: NOTICING });
    solo.pass(1500);
    const target = solo.datagrams[0].to;
    solo.take();
    solo.oversleep(5500);
    equal([stalls(solo), solo.take()], [1, []]);
    equal(solo.hear("Ack", target, { n: 1 }), "Ok");
    solo.pass(1249);
    equal(solo.take(), []);
    solo.pass(1);
    equal([solo.datagrams.map((sent) => sent.kind), solo.state], [["Ping"], FIVE]);
  },

  "a-second-stall-soon-after-gives-its-own-time-but-no-more-to-read"() {
    const solo = suspecting(NOTICING);
    solo.oversleep(3500);
    solo.oversleep(250 + 1000);
    equal([stalls(solo), solo.state], [2, ["Down 2.1@0"]]);
  },

  "a-second-stall-two-probe-periods-later-gives-time-to-read-again"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"], config: NOTICING });
    solo.oversleep(1751);
    solo.pass(250);
    solo.take();
    // The helpers' turn, with nobody to help, and then the next probe, 1000 ms late.
    solo.pass(500);
    solo.oversleep(1000 + 1000);
    equal([stalls(solo), solo.take()], [2, ["Ping(2) > 2.1 + Suspect 2.1@0"]]);
    solo.pass(500);
    solo.oversleep(1000 + 1000);
    equal([stalls(solo), solo.take(), solo.wakeAtMs - solo.nowMs], [3, [], 250]);
  },

  "a-node-that-is-always-late-judges-all-the-same"() {
    for (const lateMs of [251, 600, 5000]) {
      const config = { ...NOTICING, periodicGossip: { frequencyMs: 200, numMembers: 3 } };
      const solo = new Solo({ knows: ["Alive 2.1@0"], config });
      const startMs = solo.nowMs;
      while (solo.swim.isConnected && solo.nowMs < startMs + 1_000_000) {
        const waitMs = solo.wakeAtMs - solo.nowMs;
        solo.oversleep(waitMs + lateMs);
      }
      equal(solo.state, ["Down 2.1@0"], lateMs + " ms late");
      ok(stalls(solo) > 5, stalls(solo) + " stalls");
    }
  },

  "with-all-wake-ups-in-time-the-setting-changes-nothing"() {
    const [with_, without] = [NOTICING, {}].map((config) => {
      const solo = new Solo({ knows: FIVE, config });
      solo.pass(30_000);
      return [stalls(solo), solo.take(), solo.takeEvents(), solo.state];
    });
    equal(with_, without);
  },

  "too-early-a-wake-up-is-no-stall"() {
    const solo = new Solo({ knows: ["Alive 2.1@0"], config: NOTICING });
    solo.oversleep(700);
    equal([stalls(solo), solo.take(), solo.wakeAtMs - solo.nowMs], [0, [], 800]);
  },

  "forgetting-the-down-and-periodic-tasks-are-not-put-off"() {
    const config = { ...NOTICING, removeDownAfterMs: 5000, probePeriodMs: 1e9 };
    const periodicAnnounce = { frequencyMs: 4000, numMembers: 1 };
    const solo = new Solo({
      knows: ["Alive 2.1@0", "Down 3.1@0"],
      config: { ...config, periodicAnnounce },
    });
    solo.oversleep(6000);
    equal([stalls(solo), solo.take(), solo.state], [1, ["Announce > 2.1"], ["Alive 2.1@0"]]);
  },

  "who-came-back-from-a-nap-in-a-stall-is-not-overdue"() {
    const config = { ...NOTICING, probePeriodMs: 1e9 };
    // 2.1 sleeps for 4096 ms and would be overdue after 9096.
    const solo = new Solo({ knows: ["Alive 3.1@0", "Down 2.1@61440"], config });
    solo.oversleep(60_000);
    equal(solo.hear("Announce", "2.2"), "Ok");
    equal(solo.takeEvents(), ["rename 2.1 2.2", "memberUp 2.2"]);
  },

  "an-answer-that-waited-in-a-stall-took-no-longer-for-that"() {
    const solo = new Solo({ knows: FIVE, config: { ...NOTICING, fitRtt: true } });
    solo.pass(1500);
    const target = solo.datagrams[0].to;
    // The helpers' turn was to come after 500 ms.
    solo.oversleep(5500);
    solo.hear("Ack", target, { n: 1 });
    equal(solo.swim.rttMs, 500);
  },

  "a-sleeper-that-is-given-time-keeps-nobody-from-being-forgotten"() {
    const config = { ...NOTICING, probePeriodMs: 1e9, removeDownAfterMs: 62_000 };
    const knows = ["Alive 3.1@0", "Down 2.1@61440", "Down 4.1@0", "Down 5.1@0"];
    const solo = new Solo({ knows, config });
    solo.oversleep(60_000);
    solo.pass(2000);
    equal([solo.state, solo.takeEvents()], [["Alive 3.1@0", "Down 2.1@61440"], []]);
    solo.pass(999);
    equal(solo.takeEvents(), []);
    solo.pass(1);
    equal(solo.takeEvents(), ["memberOverdue 2.1"]);
  },
};
