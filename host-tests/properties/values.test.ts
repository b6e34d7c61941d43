// The store of records against a model, items of any bytes against a node, and nodes that compare until they agree.
import fc from "fast-check";
import { describe, test } from "vitest";
import {
  HEARD_ONLY,
  NEWS,
  OURS,
  Records,
  UNIT_MS,
  unitsOf,
  unitsSince,
  VERSION,
} from "../../core/records.js";
import type { Values } from "../../core/values.js";
import { equal, hex, ok } from "../support/assert.js";
import { runs } from "../support/fuzz.js";
import { publication } from "../support/publication.js";
import { copyOf, first, message, ValueStage, type ValueNode } from "../support/value-stage.js";

function recordsOf(node: ValueNode): Records {
  return (node as unknown as { values: Values<unknown> }).values.records;
}

/** The entries by walking over them, sorted; fails when they are not whole, or not counted right. */
function entriesOf(records: Records): string[] {
  const found: string[] = [];
  let numKept = 0;
  let keptBytes = 0;
  let at = 0;
  while (at < records.end) {
    const next = records.next(at);
    const isNews = records.isMarked(at, NEWS);
    ok(next > at + VERSION - 1 && next <= records.end, "an entry from " + at + " to " + next);
    equal(records.find(records.slot(at), isNews), at, "found");
    if (records.slot(at) !== OURS && !records.isMarked(at, NEWS | HEARD_ONLY)) {
      numKept++;
      keptBytes += next - at;
    }
    const marks = [records.slot(at), isNews, records.isMarked(at, HEARD_ONLY), records.time(at)];
    found.push(marks.join() + ":" + hex(records.bytes.slice(at + VERSION, next)));
    at = next;
  }
  equal(at, records.end, "end");
  equal([records.numKept, records.keptBytes], [numKept, keptBytes], "counts");
  return found.sort();
}

const slots = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constantFrom(255, 256, OURS - 1, OURS));
const acts = fc.oneof(
  fc.record({
    act: fc.constant("put" as const),
    slot: slots,
    marks: fc.constantFrom(0, NEWS, HEARD_ONLY),
    time: fc.integer({ min: 0, max: 0x1fffffff }),
    version: fc.uint8Array({ minLength: 1, maxLength: 9 }),
    value: fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ minLength: 200, maxLength: 400 })),
  }),
  fc.record({ act: fc.constant("remove" as const), slot: slots, isNews: fc.boolean() }),
  fc.record({ act: fc.constant("forget" as const), slot: slots }),
);

describe("records", () => {
  test("are-what-a-map-of-them-is", () => {
    fc.assert(
      fc.property(fc.array(acts, { maxLength: 60 }), (script) => {
        const records = new Records();
        const model = new Map<string, string>();
        for (const step of script) {
          if (step.act === "put") {
            const { slot, marks, time, version, value } = step;
            const from = Uint8Array.from([7, ...version, 8, 9, ...value, 10]);
            const isNews = marks === NEWS;
            const valueAt = version.length + 3;
            const end = valueAt + value.length;
            records.put(
              records.find(slot, isNews),
              slot,
              marks,
              time,
              from,
              1,
              1 + version.length,
              valueAt,
              end,
            );
            const text = [slot, isNews, marks === HEARD_ONLY, time].join() + ":" + hex(version) + hex(value);
            model.set(slot + "," + isNews, text);
          } else if (step.act === "remove") {
            const at = records.find(step.slot, step.isNews);
            equal(at >= 0, model.delete(step.slot + "," + step.isNews), "was there");
            if (at >= 0) records.remove(at);
          } else {
            records.forget(step.slot);
            model.delete(step.slot + ",true");
            model.delete(step.slot + ",false");
          }
          equal(entriesOf(records), Array.from(model.values()).sort());
        }
      }),
      runs(300),
    );
  });

  test("a-time-is-as-long-ago-as-it-was-to-a-unit-and-never-yet-to-come", () => {
    const ms = fc.double({ min: 0, max: 2e12, noNaN: true });
    fc.assert(
      fc.property(ms, fc.integer({ min: 0, max: 3 * 365 * 86_400_000 }), (nowMs, ageMs) => {
        const agoMs = unitsSince(unitsOf(nowMs - ageMs), nowMs) * UNIT_MS;
        ok(Math.abs(agoMs - ageMs) <= UNIT_MS, ageMs + " ms became " + agoMs);
        equal(unitsSince(unitsOf(nowMs + (ageMs % 86_400_000)), nowMs) <= 0, true, "yet to come");
      }),
      runs(1000),
    );
  });
});

/** Bytes that begin as items do, and go on as they like. */
const items = fc
  .tuple(
    fc.integer({ min: 1, max: 5 }),
    fc.bigInt({ min: 0n, max: 0xffffffffffffffffn }),
    fc.string({ maxLength: 12 }).map((text) => text.replace(/[^ -~]/g, "?")),
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom("record", "copy", "message", "bytes", "cut"),
    fc.integer({ min: 0, max: 0x1fffff }),
  )
  .map(([host, number, text, tail, kind, near]) => {
    const version = number % 3n === 0n ? number : first(1) + BigInt(near);
    if (kind === "bytes") return hex([1, ...tail]);
    if (kind === "copy") return copyOf(host, version, text, near);
    if (kind === "message") return message(host, 3 + (near % 5), Array.from(tail));
    const item = publication(host, version, text) + hex(tail);
    return kind === "cut" ? item.slice(0, 2 * (1 + (near % (item.length / 2)))) : item;
  });

describe("items of any bytes", () => {
  test("leave-a-node-whole-and-its-store-within-its-limits", () => {
    fc.assert(
      fc.property(fc.array(items, { minLength: 1, maxLength: 40 }), (script) => {
        const stage = new ValueStage();
        const [one, two] = stage.cluster(5, { maxValues: 3, maxValueBytes: 90, value: "json" });
        for (const node of stage.nodes) node.publish(node.identity.bump);
        for (const item of script) {
          stage.forge(two, one, item);
          const records = recordsOf(one);
          entriesOf(records);
          ok(records.numKept <= 3 && records.keptBytes <= 90, "too many are kept");
        }
        stage.network.advance(2000);
        one.publish("goes on");
        stage.network.advance(10_000);
        ok(stage.heard.includes("2 hears 1: goes on"), "is not heard");
      }),
      runs(40),
    );
  });
});

describe("nodes with stores of their own", () => {
  const forged = fc.array(
    fc.record({
      owner: fc.integer({ min: 0, max: 4 }),
      holder: fc.integer({ min: 0, max: 4 }),
      version: fc.integer({ min: 1, max: 9 }),
      seconds: fc.integer({ min: 2, max: 100 }),
    }),
    { minLength: 1, maxLength: 25 },
  );
  test("agree-on-the-newest-in-the-end-whatever-is-lost", () => {
    fc.assert(
      fc.property(forged, fc.integer({ min: 0, max: 40 }), fc.integer(), (script, loss, seed) => {
        const stage = new ValueStage({}, "bincode", seed);
        const nodes = stage.cluster(5);
        const newest = [0, 0, 0, 0, 0];
        for (const { owner, holder, version, seconds } of script) {
          if (owner === holder) continue;
          const from = nodes[[0, 1, 2].find((i) => i !== owner && i !== holder) as number];
          stage.forge(
            from,
            nodes[holder],
            copyOf(owner + 1, first(1) + BigInt(version), "v" + version, seconds),
          );
          newest[owner] = Math.max(newest[owner], version);
        }
        stage.network.faults.loss = loss / 100;
        stage.network.advance(20_000);
        stage.network.faults.loss = 0;
        stage.untilJoined();
        stage.network.advance(30_000);
        newest.forEach((version, owner) => {
          const others = nodes.filter((_, i) => i !== owner);
          const wanted = version === 0 ? undefined : "v" + version;
          equal(
            stage.shown(owner + 1, others),
            others.map(() => wanted),
          );
        });
      }),
      runs(25),
    );
  });
});
