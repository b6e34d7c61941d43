// What members publish is known by all: who hears it, in which formats, and what misuse and settings do.
import { bool, i16, struct, u8, Metric, type BroadcastHandler, type Schema } from "../../core/index.js";
import { hex, equal, ok, throwsWith } from "../support/assert.js";
import { publication } from "../support/publication.js";
import { first, PORT, ValueStage, type ValueNode, type ValueOptions } from "../support/value-stage.js";

const READING: Schema<{ celsius: number; battery: number; isOn: boolean }> = struct({
  celsius: i16,
  battery: u8,
  isOn: bool,
});

/** What a node shows of the member on a host. */
function shownBy(node: ValueNode, number: number): { value?: unknown; valueAgeMs?: number } {
  const found = node.members().find((member) => member.identity.addr === "10.0.0." + number + ":" + PORT);
  if (found === undefined) throw new Error("10.0.0." + number + " is no member");
  return found;
}

/** Publishes each value in a cluster of that format, and expects all to have it, and to be told once. */
function arrives(
  format: ValueOptions["value"],
  values: unknown[],
  like = (value: unknown): unknown => value,
) {
  const stage = new ValueStage();
  const nodes = stage.cluster(4, { value: format } as ValueOptions);
  for (const value of values) {
    stage.publish(nodes[2], value);
    equal(
      stage.shown(3).map(like),
      [0, 1, 2, 3].map(() => like(value)),
    );
    equal(stage.heard.length, 3, "told");
    equal(like(shownBy(nodes[0], 3).value), like(value));
  }
  equal(stage.sum(Metric.RefusedValues), 0, "refused");
}

/** What is refused before anything has changed. */
function isRefused(node: ValueNode, value: unknown, error: "TypeError" | "RangeError"): void {
  const before = [node.value(node.identity), node.swim.customBroadcastBacklog];
  throwsWith({ name: error, message: "publish: " }, () => node.publish(value));
  equal([node.value(node.identity), node.swim.customBroadcastBacklog], before);
}

export const scenarios: Record<string, () => void> = {
  "what-one-publishes-all-show-with-its-age"() {
    const stage = new ValueStage();
    const nodes = stage.cluster(6);
    stage.publish(nodes[3], "warm", 5000);
    equal(
      stage.shown(4),
      nodes.map(() => "warm"),
    );
    equal(
      stage.heard.sort(),
      [1, 2, 3, 5, 6].map((number) => number + " hears 4: warm"),
    );
    for (const node of nodes) {
      const ageMs = node.valueAgeMs(nodes[3].identity);
      ok(ageMs > 3000 && ageMs <= 5256, "an age of " + ageMs);
    }
    const { value, valueAgeMs } = shownBy(nodes[0], 4);
    equal([value, valueAgeMs], ["warm", nodes[0].valueAgeMs("10.0.0.4:" + PORT)]);
    ok(!("value" in shownBy(nodes[0], 2)), "a value of who published none");
    stage.network.advance(120_000);
    const later = nodes[0].valueAgeMs(nodes[3].identity);
    ok(Math.abs(later - 125_000) < 2500, "an age of " + later + " two minutes later");
  },

  "ones-own-value-is-there-at-once-and-in-an-empty-cluster-too"() {
    const stage = new ValueStage();
    const one = stage.start(1);
    equal([one.value(one.identity), one.valueAgeMs(one.identity)], [undefined, NaN]);
    one.publish("alone");
    equal([one.value(one.identity), one.value("10.0.0.1:" + PORT)], ["alone", "alone"]);
    equal(one.valueAgeMs(one.identity), 0);
    equal([one.members(), stage.heard], [[], []]);
    stage.start(2);
    stage.untilJoined();
    stage.network.advance(2000);
    equal(stage.shown(1), ["alone", "alone"]);
    equal(stage.heard, ["2 hears 1: alone"]);
  },

  "of-who-is-not-there-nothing-is-known"() {
    const stage = new ValueStage();
    const [one] = stage.cluster(2);
    equal(one.value("10.0.0.77:" + PORT), undefined);
    equal(one.valueAgeMs("10.0.0.77:" + PORT), NaN);
    throwsWith({ name: "TypeError" }, () => one.value("nowhere"));
    throwsWith({ name: "TypeError" }, () => one.valueAgeMs("nowhere"));
    throwsWith({ name: "TypeError" }, () => one.value(undefined as never));
  },

  "the-newest-takes-the-place-of-the-one-before"() {
    const stage = new ValueStage();
    const nodes = stage.cluster(4);
    for (const text of ["a", "bb", "", "dddddddd", "e"]) {
      stage.publish(nodes[1], text);
      equal(stage.shown(2), [text, text, text, text]);
    }
  },

  "older-ones-that-come-late-change-nothing"() {
    const stage = new ValueStage();
    const [, two] = stage.cluster(3);
    stage.publish(stage.nodes[0], "real");
    stage.forge(stage.nodes[2], two, publication(1, first(1), "older"), publication(1, 0n, "oldest"));
    stage.network.advance(10_000);
    equal(stage.shown(1), ["real", "real", "real"]);
  },

  "texts-of-all-kinds"() {
    arrives("text", ["", "warm", "23 °C — ü 日本 👍", '{"not": "parsed"}', "\u0000\u0001"]);
  },

  "json-of-all-kinds"() {
    const deep: unknown[] = [];
    for (let i = 0, at = deep; i < 31; i++) at.push((at = []));
    arrives("json", [
      null,
      7,
      -0.5,
      "text",
      true,
      [],
      {},
      { celsius: 21.5, tags: ["a", "]]]]{{{{", 'quo"te\\'] },
      deep,
    ]);
  },

  "values-by-a-schema"() {
    arrives(READING, [
      { celsius: -40, battery: 0, isOn: false },
      { celsius: 32767, battery: 255, isOn: true },
    ]);
  },

  "bytes-of-all-lengths"() {
    const like = (value: unknown): string => hex(value as Uint8Array);
    const values = [0, 1, 250, 251, 500].map((length) => new Uint8Array(length).fill(length));
    arrives("bytes", values, like);
  },

  "bytes-that-the-program-changes-afterwards-stay-as-they-were-published"() {
    const stage = new ValueStage();
    const [one, two] = stage.cluster(2, { value: "bytes" });
    const bytes = Uint8Array.of(1, 2, 3);
    one.publish(bytes);
    bytes.fill(9);
    (one.value(one.identity) as Uint8Array).fill(8);
    stage.network.advance(3000);
    equal(stage.shown(1), [Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2, 3)]);
    (two.value(one.identity) as Uint8Array).fill(8);
    equal(two.value(one.identity), Uint8Array.of(1, 2, 3));
  },

  "in-postcard-and-with-identities-of-both-kinds-too"() {
    const stage = new ValueStage({}, "postcard");
    const nodes = stage.cluster(4);
    stage.publish(nodes[0], "warm");
    stage.start(5);
    stage.untilJoined();
    stage.network.advance(2000);
    equal(stage.shown(1), ["warm", "warm", "warm", "warm", "warm"]);
  },

  "what-cannot-be-decoded-is-refused-and-counted-and-the-last-good-one-stays"() {
    for (const [format, good, bad] of [
      ["json", { n: 1 }, '{"n":'],
      ["json", { n: 1 }, "[".repeat(33) + "]".repeat(33)],
      ["text", "good", "\xff"],
      [READING, { celsius: 1, battery: 2, isOn: true }, "\x02\x02\x02"],
      [READING, { celsius: 1, battery: 2, isOn: true }, "\x02\x02\x01\x00"],
      [READING, { celsius: 1, battery: 2, isOn: true }, ""],
    ] as const) {
      const stage = new ValueStage();
      const [one, two, three] = stage.cluster(3, { value: format });
      stage.publish(one, good);
      stage.network.runUntil(() => two.swim.customBroadcastBacklog === 0, 60_000);
      stage.heard.length = 0;
      stage.forge(three, two, publication(1, first(1) + 9n, bad));
      equal(two.swim.metrics[Metric.RefusedValues], 1, "refused");
      equal(two.swim.customBroadcastBacklog, 0, "passed on");
      stage.network.advance(20_000);
      equal(stage.shown(1), [good, good, good]);
      equal([stage.heard, one.swim.metrics[Metric.RefusedValues]], [[], 0]);
    }
  },

  "what-is-no-value-of-the-format-throws-and-changes-nothing"() {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    let deep: unknown = 1;
    for (let i = 0; i < 33; i++) deep = [deep];
    const wrong: [ValueOptions["value"], unknown, unknown, "TypeError" | "RangeError"][] = [
      ["bytes", Uint8Array.of(1), "text", "TypeError"],
      ["bytes", Uint8Array.of(1), [1, 2], "TypeError"],
      ["bytes", Uint8Array.of(1), undefined, "TypeError"],
      ["text", "good", 7, "TypeError"],
      ["text", "good", null, "TypeError"],
      ["text", "good", "\ud800", "RangeError"],
      ["json", 1, undefined, "TypeError"],
      ["json", 1, circle, "TypeError"],
      ["json", 1, deep, "RangeError"],
      [READING, { celsius: 1, battery: 2, isOn: true }, { celsius: 1, battery: 2 }, "TypeError"],
      [
        READING,
        { celsius: 1, battery: 2, isOn: true },
        { celsius: 1, battery: 256, isOn: true },
        "RangeError",
      ],
      [READING, { celsius: 1, battery: 2, isOn: true }, null, "TypeError"],
    ];
    for (const [value, good, bad, error] of wrong) {
      const stage = new ValueStage();
      const [one] = stage.cluster(2, { value } as ValueOptions);
      one.publish(good);
      isRefused(one, bad, error);
    }
  },

  "what-fits-no-datagram-throws-and-changes-nothing-and-a-byte-less-arrives-and-is-repaired"() {
    const stage = new ValueStage({}, "bincode");
    const [one, two] = stage.cluster(2, { maxValueBytes: 4000 });
    one.publish("good");
    let most = 0;
    try {
      one.publish("x".repeat(5000));
    } catch (error) {
      equal((error as { code?: string }).code, "DataTooBig");
      most = Number(/at most (\d+) bytes/.exec((error as Error).message)?.[1]);
    }
    ok(most > 1000, "at most " + most);
    throwsWith({ name: "SwimError", code: "DataTooBig" }, () => one.publish("x".repeat(most + 1)));
    equal([one.value(one.identity), one.swim.customBroadcastBacklog], ["good", 1]);
    stage.publish(one, "y".repeat(most));
    equal(two.value(one.identity), "y".repeat(most));
    const three = stage.start(3, { maxValueBytes: 4000 });
    stage.untilJoined();
    stage.network.runUntil(() => three.value(one.identity) !== undefined, 30_000);
    equal(three.value(one.identity), "y".repeat(most));
  },

  "nothing-is-published-after-leaving-or-closing"() {
    for (const end of ["leave", "close"] as const) {
      const stage = new ValueStage();
      const [one] = stage.cluster(2);
      stage.publish(one, "before");
      one[end]();
      const backlog = one.swim.customBroadcastBacklog;
      equal(one.publish("too late"), false);
      equal([one.value(one.identity), one.swim.customBroadcastBacklog], ["before", backlog]);
    }
  },

  "with-a-broadcast-handler-there-are-no-values"() {
    const stage = new ValueStage();
    const broadcastHandler = { receiveItem: () => null } as BroadcastHandler<never>;
    const options = { port: PORT, broadcastHandler };
    const node = new (stage.host(1).SwimNode)(options);
    throwsWith({ name: "TypeError", message: "broadcastHandler" }, () => node.publish(Uint8Array.of(1)));
    equal([node.value(node.identity), node.valueAgeMs(node.identity)], [undefined, NaN]);
    for (const more of [{ onValue: () => undefined }, { value: "text" as const }])
      throwsWith({ name: "TypeError", message: "broadcastHandler" }, () => {
        new (stage.host(2).SwimNode)({ ...options, ...more } as never);
      });
  },

  "wrong-options-throw-and-are-named"() {
    const stage = new ValueStage();
    const make = (options: object) => () => new (stage.host(1).SwimNode)({ port: PORT, ...options } as never);
    for (const name of ["maxValues", "maxValueBytes", "compareValuesMs"])
      for (const wrong of [-1, 1.5, NaN, Infinity, 2 ** 31, "5", null])
        throwsWith({ name: "RangeError", message: name }, make({ [name]: wrong }));
    for (const wrong of ["string", 7, null, {}, [], { skip: 1 }])
      throwsWith({ name: "TypeError", message: "value must be" }, make({ value: wrong }));
    throwsWith({ name: "TypeError", message: "onValue" }, make({ onValue: "f" }));
    throwsWith({ name: "TypeError", message: "maxValues" }, make({ maxValue: 5 }));
    make({ maxValues: 0, maxValueBytes: 0, compareValuesMs: 0 })();
  },

  "a-hundred-a-second-send-the-newest-and-count-the-others"() {
    const stage = new ValueStage();
    const nodes = stage.cluster(4);
    const sent = stage.network.counts.sent;
    for (let i = 0; i < 500; i++) {
      nodes[1].publish("at " + i);
      stage.network.advance(10);
    }
    const replaced = nodes[1].swim.metrics[Metric.ReplacedBroadcasts];
    ok(replaced > 400 && replaced < 500, replaced + " replaced");
    ok(stage.network.counts.sent - sent < 5 * 4 * 20, "the datagrams grew in number, too");
    stage.network.advance(3000);
    equal(stage.shown(2), ["at 499", "at 499", "at 499", "at 499"]);
  },

  "news-and-values-do-not-replace-each-other"() {
    const stage = new ValueStage();
    const [one, two] = stage.cluster(2);
    one.publish("kept");
    one.broadcast(Uint8Array.of(104, 105));
    stage.network.advance(3000);
    equal(stage.heard.sort(), ["2 hears 1: hi", "2 hears 1: kept"]);
    equal(two.value(one.identity), "kept");
  },
};
