// What nodes send each other when they do not hold the same: it comes to an end, whatever keeps them from it.
import { lan, Metric, MessageKind } from "../../core/index.js";
import { equal, ok } from "../support/assert.js";
import { ValueStage, type ValueNode } from "../support/value-stage.js";

/** Datagrams of custom broadcasts alone that nodes have sent: the answers to digests and to each other. */
function numAnswers(nodes: readonly ValueNode[]): number {
  return nodes.reduce((sum, { swim }) => sum + swim.metrics[Metric.SentPing + MessageKind.Broadcast], 0);
}

/** How many answers all nodes send in two minutes in which nothing happens. */
function answersAtRest(stage: ValueStage): number {
  stage.network.advance(60_000);
  const before = numAnswers(stage.nodes);
  stage.network.advance(120_000);
  return numAnswers(stage.nodes) - before;
}

export const scenarios: Record<string, () => void> = {
  "what-one-refuses-is-not-sent-to-it-again-and-again"() {
    const stage = new ValueStage();
    const nodes = stage.cluster(8);
    // Twelve hundred bytes of each: more than one datagram in all.
    for (const node of nodes) node.publish("no JSON".repeat(50));
    stage.network.advance(5000);
    const other = stage.start(9, { value: "json" });
    stage.untilJoined();
    const count = answersAtRest(stage);
    ok(count <= 150, count + " answers in two minutes");
    equal(stage.shown(1, [other]), [undefined]);
    ok(other.swim.metrics[Metric.RefusedValues] > 8, "none was refused");
  },

  "a-value-that-fills-a-datagram-is-sent-once"() {
    const stage = new ValueStage({ maxPacketSize: 120 });
    const [one] = stage.cluster(3);
    let length = 100;
    while (length > 0) {
      try {
        one.publish("x".repeat(length));
        break;
      } catch {
        length--;
      }
    }
    ok(length > 20, "the longest has " + length);
    stage.network.advance(5000);
    const late = stage.start(4);
    stage.untilJoined();
    stage.network.runUntil(() => late.value(one.identity) !== undefined, 10_000);
    equal(answersAtRest(stage), 0);
  },

  "what-is-too-long-for-who-holds-it-is-not-promised-for-ever"() {
    const stage = new ValueStage();
    const config = { ...lan(8), maxPacketSize: 200 };
    const one = stage.start(1);
    const small = [stage.start(2, { config }), stage.start(3, { config })];
    stage.untilJoined();
    // They can take it, and cannot send it.
    stage.publish(one, "y".repeat(400));
    equal(stage.shown(1, small), ["y".repeat(400), "y".repeat(400)]);
    // Who can send it does not reach the one that lacks it.
    stage.network.setLink(stage.host(1), stage.host(4), { loss: 1 });
    const late = stage.start(4, { config, seeds: ["10.0.0.2:7000"] });
    stage.network.advance(5000);
    equal([late.swim.numMembers, late.value("10.0.0.1:7000")], [3, undefined]);
    const count = answersAtRest(stage);
    ok(count <= 60, count + " answers in two minutes");
  },

  "who-has-no-room-for-all-members-does-not-ask-for-all-their-values"() {
    const stage = new ValueStage();
    const config = { ...lan(8), maxMembers: 4 };
    for (let number = 1; number <= 10; number++) stage.start(number, number === 10 ? { config } : {});
    stage.network.runUntil(
      () => stage.nodes.every(({ swim }) => swim.numMembers === Math.min(9, swim.config.maxMembers)),
      60_000,
    );
    stage.nodes.forEach((node, i) => node.publish("value " + (i + 1)));
    stage.network.advance(30_000);
    equal(
      stage.nodes[9].members().map(({ value }) => value !== undefined),
      [true, true, true, true],
    );
    const count = answersAtRest(stage);
    ok(count <= 150, count + " answers in two minutes");
  },
};
