// Items and messages that nobody of ours sends: a node goes on, keeps what it has, and answers within bounds.
import { MessageKind, Metric, Status } from "../../core/index.js";
import { equal, hex, ok } from "../support/assert.js";
import { publication } from "../support/publication.js";
import { decode, encode, nameOf } from "../support/wire.js";
import {
  copyOf,
  DIGEST,
  first,
  LIST,
  message,
  MORE,
  NEWS,
  ValueStage,
  WANT,
  type ValueNode,
  type ValueOptions,
} from "../support/value-stage.js";

/** The address 10.0.0.1:7000, in hex. */
const OWNER = "0a000001fb581b";
/** Answers at once, and a second. */
const BUDGET = 20;

/** Three nodes that have published `v1`, `v2` and `v3`. */
function three(options: ValueOptions = {}): ValueStage {
  const stage = new ValueStage();
  const nodes = stage.cluster(3, options);
  nodes.forEach((node, i) => node.publish("v" + (i + 1)));
  stage.network.advance(20_000);
  stage.heard.length = 0;
  return stage;
}

/** What the nodes show is as it was, and what is published is heard. */
function isWell(stage: ValueStage): void {
  for (let number = 1; number <= stage.nodes.length; number++)
    equal(
      stage.shown(number),
      stage.nodes.map(() => "v" + number),
    );
  stage.publish(stage.nodes[0], "goes on", 10_000);
  equal(
    stage.shown(1),
    stage.nodes.map(() => "goes on"),
  );
}

/** Hands a node a message of another many times in an instant; returns how many datagrams it sent then. */
function answersTo(stage: ValueStage, item: string, times: number, ms = 0): number {
  const [one, two] = stage.nodes;
  const before = one.swim.metrics[Metric.SentPing + MessageKind.Broadcast];
  const header = { from: nameOf(two.identity as never), incarnation: two.swim.incarnation };
  const datagram = { ...header, to: nameOf(one.identity as never), kind: "Gossip", updates: [] } as const;
  const bytes = encode({ ...datagram, updates: [], broadcasts: [item] });
  for (let i = 0; i < times; i++) one.swim.handleData(bytes);
  stage.network.advance(ms);
  return one.swim.metrics[Metric.SentPing + MessageKind.Broadcast] - before;
}

export const scenarios: Record<string, () => void> = {
  "items-that-lie-about-their-length-change-nothing"() {
    const lies = [
      OWNER,
      OWNER + "01",
      OWNER + "0105",
      OWNER + "0105aabb",
      OWNER + "01fbffff",
      OWNER + "01fcffffffff",
      OWNER + "01fdffffffffffffffff",
      OWNER + "fd",
      OWNER + "fe01",
      OWNER + "ff01",
      "0a0000",
      "00",
      "ff".repeat(40),
    ];
    const stage = three();
    for (const item of lies) {
      const before = stage.nodes[1].swim.metrics[Metric.StatusOk + Status.CustomBroadcast];
      stage.forge(stage.nodes[2], stage.nodes[1], item);
      equal(stage.nodes[1].swim.metrics[Metric.StatusOk + Status.CustomBroadcast], before + 1, item);
    }
    equal(stage.heard, []);
    isWell(stage);
  },

  "versions-and-lengths-in-longer-forms-than-needed-are-no-items"() {
    const stage = three();
    // 5,000,000 in eight bytes, 5 in two and in four, and a length of 1 in two.
    for (const item of [
      OWNER + "fd404b4c0000000000" + "0161",
      OWNER + "fb0500" + "0161",
      OWNER + "fc05000000" + "0161",
      OWNER + "fc404b4c00" + "fb010061",
      "0a000001fc581b0000" + "fc404b4c00" + "0161",
    ])
      stage.forge(stage.nodes[2], stage.nodes[1], item);
    equal(stage.heard, []);
    equal(stage.nodes[1].swim.customBroadcastBacklog, 0, "passed on");
    isWell(stage);
  },

  "unknown-marks-are-passed-over-and-what-follows-a-known-one-too"() {
    const stage = three();
    for (let mark = 3; mark < 256; mark++) {
      const item = publication(1, first(1) + 500n, "marked") + hex([mark, 1, 2, 3, 4]);
      stage.forge(stage.nodes[2], stage.nodes[1], item, message(2, mark, [1, 2]));
    }
    equal(stage.heard, []);
    equal(stage.nodes[1].swim.customBroadcastBacklog, 0, "passed on");
    isWell(stage);
  },

  "a-copy-without-its-age-or-with-the-greatest-is-a-copy"() {
    for (const [tail, seconds] of [
      ["02", 0],
      ["02ffff", 0],
      ["02ffffff", 0xffffff],
    ] as const) {
      const stage = three();
      stage.forge(stage.nodes[2], stage.nodes[1], publication(1, first(1) + 9n, "copied") + tail);
      equal(stage.shown(1)[1], "copied");
      const ageMs = stage.nodes[1].valueAgeMs(stage.nodes[0].identity);
      ok(Math.abs(ageMs - seconds * 1000) < 600, "an age of " + ageMs);
      equal(stage.nodes[1].swim.customBroadcastBacklog, 0, "passed on");
    }
  },

  "a-copy-of-our-own-changes-nothing-but-our-next-version"() {
    const stage = three();
    stage.forge(stage.nodes[2], stage.nodes[1], copyOf(2, first(1) + 9n, "not ours"));
    equal(stage.shown(2)[1], "v2");
    stage.network.advance(20_000);
    isWell(stage);
  },

  "a-forged-far-version-mutes-nobody"() {
    for (const version of [first(1) + (1n << 30n), 0xffffffffffffffffn, first(1) + (1n << 30n) - 1n]) {
      const stage = three();
      for (const node of stage.nodes) {
        const from = node === stage.nodes[1] ? stage.nodes[2] : stage.nodes[1];
        stage.forge(from, node, publication(1, version, "forged"), copyOf(1, version, "forged"));
      }
      stage.network.advance(20_000);
      stage.publish(stage.nodes[0], "real", 20_000);
      equal(stage.shown(1), ["real", "real", "real"]);
      stage.publish(stage.nodes[0], "again", 20_000);
      equal(stage.shown(1), ["again", "again", "again"]);
    }
  },

  "a-believable-forged-one-is-corrected-by-its-owner"() {
    const stage = three();
    stage.forge(stage.nodes[2], stage.nodes[1], publication(1, first(1) + 5000n, "forged"));
    equal(stage.shown(1)[1], "forged");
    stage.network.advance(30_000);
    isWell(stage);
  },

  "records-of-thousands-that-nobody-knows-take-bounded-room-and-end"() {
    const stage = three();
    const [one, two] = stage.nodes;
    for (let high = 1; high <= 100; high++) {
      const items: string[] = [];
      for (let low = 1; low <= 40; low++)
        items.push(publication(low, first(1), "x").replace(/^0a0000/, "0a01" + hex([high])));
      stage.forge(two, one, ...items);
      ok(one.swim.customBroadcastBacklog <= 64, one.swim.customBroadcastBacklog + " queued");
    }
    stage.network.advance(60_000);
    equal(stage.sum(Metric.RepairedValues) < 10, true);
    equal(
      stage.nodes.map((node) => node.swim.customBroadcastBacklog),
      [0, 0, 0],
    );
    equal(stage.heard, []);
    isWell(stage);
  },

  "news-of-thousands-that-nobody-knows-is-told-of-a-few"() {
    const stage = three();
    for (let high = 1; high <= 50; high++) {
      const items: string[] = [];
      for (let low = 1; low <= 40; low++)
        items.push(publication(low, first(1), "x", "bincode", true).replace(/^0a0000/, "0a01" + hex([high])));
      stage.forge(stage.nodes[1], stage.nodes[0], ...items);
    }
    ok(stage.heard.length > 0 && stage.heard.length < 250, stage.heard.length + " heard");
    isWell(stage);
  },

  "deep-json-is-refused-and-ends-nothing"() {
    const stage = new ValueStage();
    const [one, two, other] = stage.cluster(3, { value: "json" });
    stage.publish(one, { fine: true });
    let version = first(1) + 100n;
    for (const text of [
      "[".repeat(200),
      '{"a":'.repeat(40) + "1" + "}".repeat(40),
      "]".repeat(40) + "[".repeat(70),
      '"' + "[".repeat(200),
      '"\\',
    ])
      stage.forge(other, two, publication(1, version++, text));
    // Longer than the lengths of one byte.
    const deep = "[".repeat(1300);
    const item =
      publication(1, version, "").slice(0, -2) + "fb1405" + hex(Array.from(deep, (c) => c.charCodeAt(0)));
    stage.forge(other, two, item);
    equal(two.swim.metrics[Metric.RefusedValues], 6);
    equal(two.value(one.identity), { fine: true });
    // Brackets in texts are none.
    stage.publish(one, "[".repeat(200) + '\\"' + "{".repeat(40));
    equal(two.value(one.identity), "[".repeat(200) + '\\"' + "{".repeat(40));
  },

  "digests-lists-and-wants-of-all-lengths-are-taken-or-passed-over"() {
    const stage = three();
    const [one, two] = stage.nodes;
    for (const mark of [DIGEST, LIST, WANT, MORE, 7])
      for (let length = 0; length <= 40; length++)
        for (const octet of [0, 1, 255]) {
          const octets: number[] = [];
          for (let i = 0; i < length; i++) octets.push(octet);
          stage.forge(two, one, message(1, mark, octets));
          if (length % 8 === 7) stage.network.advance(300);
        }
    // With a version and a value, too, and as long as a datagram bears.
    stage.forge(two, one, publication(1, first(1) + 77n, "value") + hex([LIST, 0, 0, 0, 0, 0]));
    for (const mark of [LIST, WANT])
      for (const width of [0, 1, 0xffff]) {
        const octets = [7, 0xf0, 0xff, width & 255, width >> 8];
        for (let i = 0; i < 325; i++) octets.push(i, i >> 8, 3, 4);
        stage.forge(
          two,
          one,
          message(
            1,
            mark,
            octets.map((octet) => octet & 255),
          ),
        );
        stage.network.advance(300);
      }
    stage.network.advance(20_000);
    isWell(stage);
  },

  "answers-are-whole-datagrams-within-the-limit"() {
    const stage = new ValueStage();
    const [one] = stage.cluster(8, { maxValueBytes: 9000 });
    stage.nodes.forEach((node, i) => node.publish(String(i).repeat(400)));
    stage.network.advance(10_000);
    const sent: Uint8Array[] = [];
    stage.host(77).bind(7000, (bytes) => sent.push(bytes.slice()));
    const pairs: number[] = [];
    for (let i = 0; i < 300; i++) pairs.push(i & 255, 7, 7, 7);
    for (const item of [
      message(1, DIGEST),
      message(1, DIGEST, [1, 2, 3, 4]),
      message(1, LIST, [9, 0, 0, 0, 0]),
      message(1, LIST, [9, 0, 0, 0, 0, ...pairs]),
      message(1, LIST, [9, 255, 255, 2, 0, ...pairs, 1]),
      message(1, WANT, [9, 0, 0, 0, 0, ...pairs]),
      message(1, MORE),
    ]) {
      stage.forge("77.1", one, item);
      stage.network.advance(1000);
    }
    const answers = sent.map((bytes) => decode(bytes)).filter(({ kind }) => kind === "Broadcast");
    ok(answers.length >= 5, answers.length + " answers");
    for (const bytes of sent) ok(bytes.length <= one.swim.config.maxPacketSize, "as long as " + bytes.length);
  },

  "a-node-answers-twenty-at-once-and-twenty-a-second"() {
    const stage = three();
    const everything = message(1, LIST, [3, 0, 0, 0, 0]);
    equal(answersTo(stage, everything, 3), 3, "three");
    stage.network.advance(5000);
    const atOnce = answersTo(stage, everything, 500);
    ok(atOnce >= BUDGET && atOnce <= BUDGET + 1, atOnce + " at once");
    let answers = 0;
    for (let i = 0; i < 100; i++) answers += answersTo(stage, everything, 20, 100);
    ok(answers > 150 && answers <= 10 * BUDGET + 10, answers + " in ten seconds");
    stage.network.advance(20_000);
    isWell(stage);
  },

  "that-there-is-more-is-believed-only-while-it-brings-something"() {
    const stage = three();
    let answers = 0;
    for (let i = 0; i < 100; i++) answers += answersTo(stage, message(1, MORE), 20, 100);
    ok(answers < 10, answers + " in ten seconds");
    stage.network.advance(20_000);
    isWell(stage);
  },

  "forged-digests-are-answered-less-and-less"() {
    const stage = three();
    let answers = 0;
    for (let i = 0; i < 600; i++) answers += answersTo(stage, message(1, DIGEST, [1, 2, 3, i & 255]), 1, 100);
    ok(answers < 20, answers + " in a minute");
    stage.network.advance(60_000);
    isWell(stage);
  },

  "messages-for-others-and-of-strangers-cause-nothing"() {
    const stage = three();
    const [one, two] = stage.nodes;
    const before = one.swim.metrics[Metric.SentPing + MessageKind.Broadcast];
    for (const mark of [DIGEST, LIST, WANT, MORE])
      stage.forge(two, one, message(3, mark, [0, 0, 0, 0, 0]), message(55, mark, [0, 0, 0, 0, 0]));
    equal(one.swim.metrics[Metric.SentPing + MessageKind.Broadcast], before);
    equal(one.swim.customBroadcastBacklog, 0);
    isWell(stage);
  },

  "a-flood-of-members-with-records-stays-within-the-store"() {
    const stage = three({ maxValues: 5, maxValueBytes: 200 });
    const [one] = stage.nodes;
    for (let host = 10; host < 90; host++)
      stage.forge(
        host + ".1",
        one,
        publication(host, first(1) + 1n, "flood " + host),
        copyOf(host, first(1) + 2n, "x"),
      );
    const values = (node: ValueNode): number =>
      node.members().filter((member) => member.value !== undefined).length;
    ok(values(one) <= 5, values(one) + " kept");
    equal([one.value(stage.nodes[1].identity), one.value(stage.nodes[2].identity)], ["v2", "v3"]);
  },

  "news-does-not-take-the-place-of-a-value-whatever-its-version"() {
    const stage = three();
    stage.forge(stage.nodes[2], stage.nodes[1], publication(1, first(1) + 400n, "news") + hex([NEWS, 9, 9]));
    equal(stage.heard, ["2 hears 1: news"]);
    equal(stage.shown(1), ["v1", "v1", "v1"]);
    isWell(stage);
  },
};
