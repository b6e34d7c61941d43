// How much room values take, and how much traffic: stores that are full, tables that have no room for all, and rest.
import { Metric } from "../../core/index.js";
import { equal, ok } from "../support/assert.js";
import { first, ValueStage, type ValueNode, type ValueOptions } from "../support/value-stage.js";
import { publication } from "../support/publication.js";

/** The values of others that a node has. */
function kept(node: ValueNode): number {
  return node.members().filter((member) => member.value !== undefined).length;
}

/** A cluster in which each has published, at rest. */
function atRest(count: number, options: ValueOptions = {}, stage = new ValueStage()): ValueStage {
  const nodes = stage.cluster(count, options);
  for (let i = 0; i < count; i++) nodes[i].publish("v" + (i + 1));
  stage.network.advance(60_000);
  return stage;
}

/** Bytes a second that each node sends, over two minutes. */
function bytesEach(stage: ValueStage): number {
  const before = stage.sum(Metric.BytesSent);
  stage.network.advance(120_000);
  return (stage.sum(Metric.BytesSent) - before) / 120 / stage.nodes.length;
}

export const scenarios: Record<string, () => void> = {
  "without-room-for-any-they-are-heard-and-not-kept"() {
    for (const options of [{ maxValues: 0 }, { maxValueBytes: 0 }]) {
      const stage = new ValueStage();
      const nodes = stage.cluster(4, options);
      stage.publish(nodes[0], "heard", 20_000);
      equal(stage.heard.sort(), ["2 hears 1: heard", "3 hears 1: heard", "4 hears 1: heard"]);
      equal(stage.shown(1), ["heard", undefined, undefined, undefined]);
      equal(nodes[1].valueAgeMs(nodes[0].identity), NaN);
      stage.publish(nodes[0], "again", 20_000);
      equal(stage.heard.length, 3);
      const repaired = stage.sum(Metric.RepairedValues);
      stage.network.advance(60_000);
      equal(stage.sum(Metric.RepairedValues), repaired, "sent for nothing");
    }
  },

  "a-store-that-is-full-keeps-what-it-has-and-hears-the-rest"() {
    for (const options of [{ maxValues: 2 }, { maxValueBytes: 2 * 19 }]) {
      const stage = new ValueStage();
      const nodes = stage.cluster(5, options);
      for (let i = 1; i < 5; i++) stage.publish(nodes[i], "v" + i);
      equal(
        nodes.map(kept).map((count) => Math.min(count, 2)),
        [2, 2, 2, 2, 2],
      );
      equal(stage.shown(2)[0], "v1");
      equal(stage.shown(3)[0], "v2");
      equal(stage.shown(4)[0], undefined);
      // What it has is kept up to date, and the others are heard.
      stage.publish(nodes[1], "n1");
      equal(stage.shown(2)[0], "n1");
      stage.publish(nodes[4], "n4", 20_000);
      equal(stage.heard.filter((text) => text.startsWith("1 ")).sort(), ["1 hears 5: n4"]);
      equal(stage.shown(5)[0], undefined);
    }
  },

  "one-that-grows-beyond-the-room-is-heard-and-shown-no-more"() {
    const stage = new ValueStage();
    const [one, two] = stage.cluster(2, { maxValueBytes: 60 });
    stage.publish(one, "short");
    equal(two.value(one.identity), "short");
    stage.publish(one, "long".repeat(20));
    equal(stage.heard, ["2 hears 1: " + "long".repeat(20)]);
    equal(two.value(one.identity), undefined, "the one before is out of date");
    stage.publish(one, "short");
    equal(two.value(one.identity), "short");
  },

  "a-full-store-gives-the-place-of-who-is-down-to-who-is-there"() {
    const stage = new ValueStage();
    stage.cluster(4, { maxValues: 2 });
    stage.publish(stage.nodes[1], "v2");
    stage.publish(stage.nodes[2], "v3");
    stage.host(3).crash();
    const rest = stage.nodes.filter((_, i) => i !== 2);
    stage.network.runUntil(() => rest.every((node) => node.swim.numMembers === 2), 120_000);
    equal(stage.shown(3)[0], "v3");
    stage.publish(stage.nodes[3], "v4");
    equal([stage.shown(2)[0], stage.shown(3)[0], stage.shown(4)[0]], ["v2", undefined, "v4"]);
  },

  "what-finds-no-room-all-the-same-takes-no-place"() {
    const stage = new ValueStage();
    const [one] = stage.cluster(4, { maxValueBytes: 100 });
    stage.publish(stage.nodes[1], "v2");
    stage.publish(stage.nodes[2], "v3");
    stage.host(3).crash();
    stage.network.runUntil(() => one.swim.numMembers === 2, 120_000);
    stage.publish(stage.nodes[3], "x".repeat(75));
    equal([stage.shown(2)[0], stage.shown(3)[0], stage.shown(4)[0]], ["v2", "v3", undefined]);
  },

  "values-of-two-that-are-down-do-not-take-each-other's-place-for-ever"() {
    const stage = new ValueStage();
    stage.cluster(6, { maxValues: 1 });
    stage.host(5).crash();
    stage.host(6).crash();
    stage.nodes.length = 4;
    stage.network.runUntil(() => stage.nodes.every((node) => node.swim.numMembers === 3), 120_000);
    stage.heard.length = 0;
    const items = [publication(5, first(1) + 1n, "five"), publication(6, first(1) + 1n, "six")];
    stage.forge(stage.nodes[1], stage.nodes[0], ...items);
    stage.network.advance(60_000);
    equal(
      stage.nodes.map((node) => node.swim.customBroadcastBacklog),
      [0, 0, 0, 0],
    );
    ok(stage.heard.length <= 8, stage.heard.length + " heard");
  },

  "nodes-with-little-room-do-not-keep-the-others-from-rest"() {
    const stage = new ValueStage();
    for (let number = 1; number <= 8; number++) stage.start(number, number % 2 === 0 ? { maxValues: 2 } : {});
    stage.untilJoined();
    stage.nodes.forEach((node, i) => node.publish("v" + i));
    stage.network.advance(60_000);
    const more = bytesEach(stage) - 45;
    ok(more < 6, more + " bytes a second more");
    equal(kept(stage.nodes[0]), 7);
  },

  "at-rest-comparing-costs-at-most-five-bytes-a-second-and-node"() {
    const without = bytesEach(atRest(8, { compareValuesMs: 0 }));
    const usual = bytesEach(atRest(8));
    const more = usual - without;
    ok(more > 1 && more <= 5, more + " bytes a second");
  },

  "one-that-has-started-again-and-published-nothing-does-not-keep-the-others-from-rest"() {
    const stage = atRest(4);
    stage.host(3).crash();
    stage.start(3);
    stage.network.advance(60_000);
    stage.untilJoined();
    const more = bytesEach(stage) - 45;
    ok(more < 6, more + " bytes a second more");
    equal(stage.shown(3), ["v3", "v3", undefined, "v3"]);
    stage.publish(stage.nodes[2], "once more");
    equal(
      stage.shown(3),
      stage.nodes.map(() => "once more"),
    );
  },

  "nobody-compares-when-nobody-has-published"() {
    const cost = (compareValuesMs: number): number => {
      const stage = new ValueStage();
      stage.cluster(8, { compareValuesMs });
      stage.network.advance(60_000);
      return bytesEach(stage);
    };
    const more = cost(5000) - cost(0);
    ok(Math.abs(more) < 0.5, more + " bytes a second more");
  },

  "zero-compares-nothing-and-sends-no-copies"() {
    const stage = atRest(4, { compareValuesMs: 0 });
    const newcomer = stage.start(5, { compareValuesMs: 0 });
    stage.untilJoined();
    stage.network.advance(120_000);
    equal([kept(newcomer), stage.sum(Metric.RepairedValues)], [0, 0]);
    // One that compares asks in vain.
    const asking = stage.start(6);
    stage.untilJoined();
    const sent = stage.network.counts.sent;
    stage.network.advance(60_000);
    equal(kept(asking), 0);
    ok(stage.network.counts.sent - sent < 6 * 60 * 2.5, "it is answered");
    stage.publish(stage.nodes[0], "newer");
    equal(
      stage.shown(1),
      stage.nodes.map(() => "newer"),
    );
  },

  "tables-with-room-for-some-pass-the-others-values-on"() {
    const stage = new ValueStage({ maxMembers: 6 });
    for (let number = 1; number <= 14; number++) stage.start(number);
    stage.network.advance(60_000);
    for (const node of stage.nodes) node.publish("of " + node.identity.addr);
    stage.network.advance(60_000);
    let shown = 0;
    for (const node of stage.nodes) {
      for (const member of node.members()) {
        equal(member.value, "of " + member.identity.addr);
        shown++;
      }
    }
    ok(shown >= 14 * 5, shown + " shown");
  },

  "values-of-more-strangers-than-are-remembered-do-not-go-round-for-ever"() {
    const stage = new ValueStage({ maxBroadcasts: 512, maxBroadcastBytes: 65_536 });
    const nodes = stage.cluster(4);
    for (let host = 20; host < 220; host += 10) {
      const items: string[] = [];
      for (let i = 0; i < 10; i++) items.push(publication(host + i, first(1) + 1n, "stranger"));
      stage.forge(nodes[1], nodes[0], ...items);
    }
    stage.network.advance(60_000);
    equal(
      nodes.map((node) => node.swim.customBroadcastBacklog),
      [0, 0, 0, 0],
    );
  },
};
