// How long a value is kept, who is sent what it missed, and what becomes of it when its owner starts anew.
import { Metric } from "../../core/index.js";
import { equal, ok } from "../support/assert.js";
import { PORT, ValueStage } from "../support/value-stage.js";

/** A cluster of which each has published `v1`, `v2` and so on. */
function settled(count: number, stage = new ValueStage()): ValueStage {
  const nodes = stage.cluster(count);
  nodes.forEach((node, i) => node.publish("v" + (i + 1)));
  stage.network.advance(10_000);
  for (let number = 1; number <= count; number++)
    equal(
      stage.shown(number),
      nodes.map(() => "v" + number),
    );
  stage.heard.length = 0;
  return stage;
}

export const scenarios: Record<string, () => void> = {
  "a-newcomer-has-all-with-their-age-within-two-seconds"() {
    const stage = settled(8);
    stage.network.advance(600_000);
    const newcomer = stage.start(9);
    stage.network.advance(2000);
    for (let number = 1; number <= 8; number++) {
      equal(newcomer.value("10.0.0." + number + ":" + PORT), "v" + number);
      const ageMs = newcomer.valueAgeMs("10.0.0." + number + ":" + PORT);
      ok(Math.abs(ageMs - 612_000) < 4000, "an age of " + ageMs);
    }
    equal(stage.heard.length, 8, "told");
    equal(newcomer.swim.metrics[Metric.RepairedValues], 8);
  },

  "a-newcomer-that-publishes-at-once-is-known-to-all"() {
    const stage = settled(6);
    const newcomer = stage.start(7);
    newcomer.publish("new here");
    stage.untilJoined();
    stage.network.advance(6000);
    equal(
      stage.shown(7),
      stage.nodes.map(() => "new here"),
    );
  },

  "more-than-one-datagram-holds-comes-all-the-same"() {
    const stage = new ValueStage();
    const nodes = stage.cluster(8, { maxValueBytes: 20_000 });
    nodes.forEach((node, i) => node.publish(String(i + 1).repeat(700)));
    stage.network.advance(10_000);
    const newcomer = stage.start(9, { maxValueBytes: 20_000 });
    stage.network.runUntil(() => stage.shown(8, [newcomer])[0] !== undefined, 30_000);
    stage.network.advance(5000);
    for (let number = 1; number <= 8; number++)
      equal(stage.shown(number, [newcomer]), [String(number).repeat(700)]);
  },

  "who-missed-one-is-sent-it"() {
    const stage = settled(5);
    stage.deafen(3, 1);
    stage.nodes[0].publish("missed");
    // Shorter than a suspicion.
    stage.network.advance(1500);
    stage.deafen(3, 0);
    equal(stage.shown(1)[2], "v1");
    stage.network.runUntil(() => stage.shown(1)[2] === "missed", 20_000);
    equal(
      stage.shown(1),
      stage.nodes.map(() => "missed"),
    );
  },

  "who-missed-many-is-sent-them-and-only-them"() {
    const stage = settled(8);
    const repaired = stage.sum(Metric.RepairedValues);
    stage.deafen(8, 1);
    for (const node of stage.nodes.slice(0, 4)) node.publish("missed");
    // Shorter than a suspicion.
    stage.network.advance(1500);
    stage.deafen(8, 0);
    const held = (): boolean => [1, 2, 3, 4].every((number) => stage.shown(number)[7] === "missed");
    stage.network.runUntil(held, 30_000);
    stage.network.advance(20_000);
    const more = stage.sum(Metric.RepairedValues) - repaired;
    // A few of them are sent to others that the gossip was about to reach.
    ok(more >= 4 && more <= 12, more + " repaired");
  },

  "it-is-kept-of-who-is-suspect-and-of-who-is-down-and-gone-when-that-is-forgotten"() {
    const stage = settled(4, new ValueStage({ removeDownAfterMs: 60_000 }));
    stage.host(4).crash();
    const rest = stage.nodes.slice(0, 3);
    const four = { addr: "10.0.0.4:" + PORT, bump: 1 };
    const states = new Set<string>();
    const isForgotten = (): boolean => {
      let isGone = true;
      for (const node of rest) {
        const state = node.swim.find(four)?.state;
        if (state !== undefined) states.add(state);
        if (state !== undefined) isGone = false;
        equal(node.value(four), state === undefined ? undefined : "v4", "while " + state);
        if (state === undefined) equal(node.valueAgeMs(four), NaN);
      }
      return isGone;
    };
    stage.network.runUntil(isForgotten, 300_000);
    equal(Array.from(states).sort(), ["Alive", "Down", "Suspect"]);
    stage.network.advance(60_000);
    equal(stage.shown(4, rest), [undefined, undefined, undefined]);
  },

  "it-is-kept-of-who-takes-a-nap-and-shown-among-the-members"() {
    const stage = settled(4);
    stage.nodes[3].nap(3_600_000);
    stage.network.advance(30_000);
    const [one] = stage.nodes;
    const sleeper = one.members().find((member) => member.state === "Asleep");
    equal([sleeper?.value, sleeper?.identity.addr], ["v4", "10.0.0.4:" + PORT]);
    ok((sleeper?.valueAgeMs as number) > 30_000, "an age of " + sleeper?.valueAgeMs);
    stage.nodes[3].endNap();
    stage.untilJoined();
    stage.network.advance(5000);
    equal(stage.shown(4), ["v4", "v4", "v4", "v4"]);
    stage.publish(stage.nodes[3], "awake");
    equal(stage.shown(4), ["awake", "awake", "awake", "awake"]);
  },

  "who-napped-is-sent-what-it-missed"() {
    const stage = settled(4);
    stage.nodes[3].nap(60_000);
    stage.publish(stage.nodes[0], "missed", 30_000);
    equal(stage.shown(1)[3], "v1");
    stage.nodes[3].endNap();
    stage.network.advance(3000);
    equal(stage.shown(1)[3], "missed");
  },

  "what-is-published-in-a-nap-comes-after-it"() {
    const stage = settled(4);
    stage.nodes[3].nap(60_000);
    stage.network.advance(10_000);
    stage.nodes[3].publish("in the nap");
    stage.nodes[3].endNap();
    stage.untilJoined();
    stage.network.advance(6000);
    equal(
      stage.shown(4),
      stage.nodes.map(() => "in the nap"),
    );
  },

  "a-new-life-keeps-the-value-of-the-one-before-until-it-publishes"() {
    const stage = settled(4);
    stage.host(3).crash();
    stage.start(3);
    stage.network.advance(60_000);
    stage.untilJoined();
    const others = [stage.nodes[0], stage.nodes[1], stage.nodes[3]];
    equal(stage.nodes[2].identity.bump, 2);
    equal(stage.shown(3, others), ["v3", "v3", "v3"]);
    equal(stage.shown(3, [stage.nodes[2]]), [undefined], "one's own is what one published");
    stage.publish(stage.nodes[2], "of life 2");
    equal(
      stage.shown(3),
      stage.nodes.map(() => "of life 2"),
    );
    // The others' are there again, too.
    equal(stage.shown(1), ["v1", "v1", "v1", "v1"]);
  },

  "what-a-life-with-the-same-number-publishes-first-takes-the-place-of-what-the-former-did"() {
    for (const compareValuesMs of [5000, 500]) {
      const stage = new ValueStage();
      stage.cluster(4, { compareValuesMs });
      for (const text of ["a", "b", "c"]) stage.publish(stage.nodes[2], text);
      stage.host(3).crash();
      stage.start(3, { bump: 1, compareValuesMs }).publish("once");
      stage.network.advance(60_000);
      equal(stage.shown(3), ["once", "once", "once", "once"]);
    }
  },

  "what-is-published-before-a-clock-that-was-set-back-is-noticed-is-known-to-all-too"() {
    const stage = new ValueStage();
    stage.cluster(4, { bump: 40 });
    stage.publish(stage.nodes[2], "of life 40");
    stage.host(3).crash();
    stage.start(3, { bump: 2 }).publish("of life 2");
    stage.network.advance(60_000);
    ok(Number(stage.nodes[2].identity.bump) > 40, "it came back as " + stage.nodes[2].identity.bump);
    equal(
      stage.shown(3),
      stage.nodes.map(() => "of life 2"),
    );
    stage.publish(stage.nodes[2], "newer");
    equal(
      stage.shown(3),
      stage.nodes.map(() => "newer"),
    );
  },

  "a-reused-address-has-nothing-of-the-former-owner"() {
    const stage = settled(4, new ValueStage({ removeDownAfterMs: 20_000 }));
    stage.nodes[3].leave();
    stage.nodes[3].close();
    const rest = stage.nodes.slice(0, 3);
    stage.network.runUntil(() => rest.every((node) => node.swim.membershipState().length === 2), 60_000);
    stage.nodes[3] = stage.start(4, { bump: 1 });
    stage.untilJoined();
    stage.network.advance(10_000);
    equal(stage.shown(4), [undefined, undefined, undefined, undefined]);
    stage.publish(stage.nodes[3], "of the next");
    equal(
      stage.shown(4),
      stage.nodes.map(() => "of the next"),
    );
  },

  "a-change-of-address-carries-it-on"() {
    const stage = settled(4);
    stage.nodes[3].changeAddress("10.0.0.44");
    stage.network.advance(15_000);
    equal(stage.nodes[3].identity.addr, "10.0.0.44:" + PORT);
    equal(
      stage.shown(44),
      stage.nodes.map(() => "v4"),
    );
    stage.publish(stage.nodes[3], "moved");
    equal(
      stage.shown(44),
      stage.nodes.map(() => "moved"),
    );
  },

  "halves-that-were-apart-know-all-of-each-other-afterwards"() {
    const stage = settled(6);
    const half = [1, 2, 3].map((number) => stage.host(number));
    const heal = stage.network.partition(
      half,
      [4, 5, 6].map((number) => stage.host(number)),
    );
    stage.network.advance(60_000);
    for (const node of stage.nodes) node.publish("apart");
    stage.network.advance(10_000);
    equal(stage.shown(1).slice(3), ["v1", "v1", "v1"]);
    heal();
    stage.untilJoined(stage.nodes, 180_000);
    stage.network.advance(20_000);
    for (let number = 1; number <= 6; number++)
      equal(
        stage.shown(number),
        stage.nodes.map(() => "apart"),
      );
  },

  "a-lossy-network-ends-with-all-knowing-all"() {
    const stage = settled(8);
    stage.network.faults.loss = 0.3;
    for (const node of stage.nodes) node.publish("through");
    stage.network.advance(60_000);
    stage.network.faults.loss = 0;
    stage.untilJoined();
    stage.network.advance(30_000);
    for (let number = 1; number <= 8; number++)
      equal(
        stage.shown(number),
        stage.nodes.map(() => "through"),
      );
  },
};
