// How long an answer may take before helpers are asked (`fitRtt`). `simple()`: a probe each 1500 ms, an answer in 500.
import type { Config, Renewable } from "../../core/index.js";
import { Metric } from "../../core/metrics.js";
import { equal, ok } from "../support/assert.js";
import { Solo } from "../support/solo.js";
import { nameOf } from "../support/wire.js";

const FIVE = ["Alive 2.1@0", "Alive 3.1@0", "Alive 4.1@0", "Alive 5.1@0", "Alive 6.1@0"];
const FITTING = { fitRtt: true };

/** A node that has just sent its first Ping. */
function probing(config: Partial<Config> = FITTING, watches = false): Solo {
  const solo = new Solo({ knows: FIVE, config });
  if (watches) {
    Object.assign(solo, {
      probeAnswered: (identity: Renewable, rttMs: number) =>
        solo.events.push("answered " + nameOf(identity) + " " + rttMs),
    });
  }
  solo.pass(1500);
  return solo;
}

/** The member that was pinged last. */
function target(solo: Solo): string {
  const pings = solo.datagrams.filter((sent) => sent.kind === "Ping");
  return pings[pings.length - 1].to;
}

/** The member that was pinged just now answers after `ms`. */
function answers(solo: Solo, ms: number): void {
  solo.pass(ms);
  const to = target(solo);
  const pings = solo.datagrams.filter((sent) => sent.kind === "Ping");
  equal(solo.hear("Ack", to, { n: pings[pings.length - 1].n as number }), "Ok");
  solo.take();
}

/** Lets time pass up to the next datagrams; returns the milliseconds. */
function untilSent(solo: Solo, kind: string): number {
  const startMs = solo.nowMs;
  solo.take();
  for (let i = 0; i < 50 && !solo.datagrams.some((sent) => sent.kind === kind); i++)
    solo.pass(solo.wakeAtMs - solo.nowMs);
  ok(
    solo.datagrams.some((sent) => sent.kind === kind),
    "no " + kind,
  );
  return solo.nowMs - startMs;
}

export const scenarios: Record<string, () => void> = {
  "until-an-answer-came-helpers-are-asked-after-probe-rtt-ms"() {
    const solo = probing();
    equal(Number.isNaN(solo.swim.rttMs), true);
    equal(untilSent(solo, "PingReq"), 500);
  },

  "the-wait-is-the-smoothed-time-and-four-times-its-spread"() {
    const solo = probing();
    answers(solo, 400);
    equal(solo.swim.rttMs, 400);
    solo.pass(1100);
    // 400 + 4 * 200
    equal(untilSent(solo, "PingReq"), 1200);
  },

  "each-further-answer-counts-for-an-eighth-and-its-distance-for-a-quarter"() {
    const solo = probing();
    answers(solo, 400);
    solo.pass(1100);
    answers(solo, 200);
    equal(solo.swim.rttMs, 375);
    solo.pass(1300);
    // The spread is 200 + (200 - 200) / 4 still.
    answers(solo, 375);
    equal(solo.swim.rttMs, 375);
    solo.pass(1125);
    // The spread is 200 + (0 - 200) / 4 = 150.
    equal(untilSent(solo, "PingReq"), 975);
  },

  "answers-that-are-quick-leave-the-wait-at-probe-rtt-ms"() {
    const solo = probing();
    answers(solo, 10);
    equal(solo.swim.rttMs, 10);
    solo.pass(1490);
    equal(untilSent(solo, "PingReq"), 500);
  },

  "the-wait-is-no-longer-than-the-probe-period"() {
    const solo = probing();
    answers(solo, 700);
    equal(solo.swim.rttMs, 700);
    solo.pass(800);
    equal(untilSent(solo, "PingReq"), 1500);
    solo.takeEvents();
    solo.pass(1499);
    equal(solo.takeEvents(), []);
    solo.pass(1);
    equal(solo.takeEvents().length, 1);
  },

  "a-member-that-did-not-answer-by-then-gets-as-long-again"() {
    const solo = probing();
    answers(solo, 400);
    solo.pass(1100);
    const silent = target(solo);
    equal(untilSent(solo, "PingReq"), 1200);
    solo.pass(1199);
    equal(solo.swim.metrics[Metric.ProbeFailures], 0);
    solo.pass(1);
    equal(solo.takeEvents(), ["probeFailed 2 " + silent]);
  },

  "an-answered-probe-does-not-put-off-the-next"() {
    const solo = probing();
    for (let n = 2; n < 20; n++) {
      answers(solo, 400);
      solo.pass(1099);
      equal(solo.take(), []);
      solo.pass(1);
      equal(
        solo.datagrams.map((sent) => [sent.kind, sent.n]),
        [["Ping", n]],
      );
    }
    equal(solo.swim.rttMs, 400);
  },

  "an-answer-between-the-usual-and-the-fitted-wait-costs-no-helper"() {
    const solo = probing();
    answers(solo, 400);
    solo.pass(1100);
    solo.take();
    solo.pass(1199);
    equal(solo.take(), []);
  },

  "the-program-is-told-of-each-answer-and-how-long-it-took"() {
    const solo = probing(FITTING, true);
    const [first] = [target(solo)];
    answers(solo, 400);
    equal(solo.takeEvents(), ["answered " + first + " 400"]);
    solo.hear("Ack", first, { n: 1 });
    equal(solo.takeEvents(), []);
  },

  "only-the-ack-of-the-member-itself-is-an-answer"() {
    const solo = probing({ ...FITTING, holdWhenDeaf: true }, true);
    const pinged = target(solo);
    equal(untilSent(solo, "PingReq"), 500);
    const helper = solo.datagrams[0].to;
    solo.hear("Ack", helper, { n: 1 });
    solo.hear("Ack", pinged, { n: 9 });
    solo.hear("ForwardedAck", helper, { n: 1, subject: pinged });
    // It was saved by another, so nobody knows which Ping this answers.
    solo.hear("Ack", pinged, { n: 1 });
    equal(solo.takeEvents(), []);
    equal(Number.isNaN(solo.swim.rttMs), true);
  },

  "without-the-setting-the-wait-stays-and-nothing-is-measured"() {
    const solo = probing({});
    answers(solo, 400);
    equal(Number.isNaN(solo.swim.rttMs), true);
    solo.pass(1100);
    equal(untilSent(solo, "PingReq"), 500);
  },

  "without-the-setting-a-program-that-is-told-of-answers-has-them-measured"() {
    const solo = probing({}, true);
    const first = target(solo);
    answers(solo, 400);
    equal([solo.takeEvents(), solo.swim.rttMs], [["answered " + first + " 400"], 400]);
    solo.pass(1100);
    equal(untilSent(solo, "PingReq"), 500);
  },
};
