// Values that a program keeps over its own end, as the agent does in its state file.
import { afterEach, expect, test } from "vitest";
import { freePorts } from "../../agent/src/demo/free-ports.js";
import { namedMetrics, type Renewable } from "../../core/index.js";
import { SwimNode, type SavedValue } from "../../platform/node/index.js";
import { QUICK } from "./support/nodes.js";
import { until } from "./support/until.js";

type Node = SwimNode<Renewable, string, "text">;
const open = new Set<Node>();
afterEach(() => {
  for (const node of open) node.close();
  open.clear();
});

function start(port: number, bump: number, seeds: number[] = [], onValue?: (text: string) => void): Node {
  const node: Node = new SwimNode<Renewable, string, "text">({
    port,
    address: "127.0.0.1",
    config: QUICK,
    seeds: seeds.map((seed) => "127.0.0.1:" + seed),
    bump,
    value: "text",
    ...(onValue === undefined ? {} : { onValue }),
  });
  open.add(node);
  return node;
}

/** A value of a member at this port in its life number `life`. */
function saved(port: number, life: number, text: string, ageMs = 0): SavedValue<Renewable> {
  const version = ((BigInt(life) << 20n) + 1n).toString();
  return { identity: { addr: "127.0.0.1:" + port, bump: life }, version, bytes: Buffer.from(text), ageMs };
}

test("a-node-that-starts-alone-has-the-values-that-were-saved-and-passes-them-on", async () => {
  const [first, second, third] = await freePorts(3, "127.0.0.1");
  const a = start(first, 5);
  const b = start(second, 5, [first]);
  await until("both know each other", () => a.swim.numMembers + b.swim.numMembers === 2);
  a.publish("from a");
  b.publish("from b");
  await until("a has both", () => a.value(b.identity) === "from b");
  const members = a.swim.membershipState();
  const values = JSON.parse(JSON.stringify(a.valueState())) as SavedValue<Renewable>[];
  a.close();
  b.close();

  const heard: string[] = [];
  const again = start(first, 6, [], (text) => heard.push(text));
  again.swim.applyMany(members, false);
  const restored = values.map((value) => ({
    ...value,
    bytes: Uint8Array.from(Object.values(value.bytes)),
    ageMs: value.ageMs + 60_000,
  }));
  expect(again.applyValues(restored)).toBe(2);
  expect([again.value("127.0.0.1:" + first), again.value("127.0.0.1:" + second)]).toEqual([
    "from a",
    "from b",
  ]);
  expect(again.valueAgeMs("127.0.0.1:" + second)).toBeGreaterThanOrEqual(59_000);
  await until("it is told of", () => heard.length === 1);
  expect(heard).toEqual(["from b"]);
  expect(namedMetrics(again.swim.metrics)).toMatchObject({ repairedValues: 0 });

  const c = start(third, 5, [first]);
  await until("a newcomer has it", () => c.value("127.0.0.1:" + first) === "from a");
  again.publish("from a again");
  await until("a newer one takes its place", () => c.value("127.0.0.1:" + first) === "from a again");
});

test("saved-values-that-are-old-or-of-nobody-or-no-values-are-left-out", async () => {
  const [own, other, stranger] = await freePorts(3, "127.0.0.1");
  const node = start(own, 5);
  node.swim.applyMany(
    [{ identity: { addr: "127.0.0.1:" + other, bump: 3 }, incarnation: 0, state: "Alive" }],
    false,
  );
  expect(node.applyValues([saved(other, 3, "new"), saved(other, 2, "old")])).toBe(1);
  expect(node.value("127.0.0.1:" + other)).toBe("new");
  expect(node.applyValues([saved(stranger, 3, "of nobody")])).toBe(0);
  expect(node.applyValues([saved(own, 6, "of a life to come")])).toBe(0);
  const noText = { ...saved(other, 4, ""), bytes: new Uint8Array([0xff]) };
  expect(node.applyValues([noText])).toBe(0);
  expect(node.value("127.0.0.1:" + other)).toBe("new");
  expect(node.value("127.0.0.1:" + own)).toBeUndefined();
  expect(() => node.applyValues([{ ...saved(other, 4, ""), version: "-1" }])).toThrow(RangeError);
  expect(() => node.applyValues([{ ...saved(other, 4, ""), bytes: "x" as unknown as Uint8Array }])).toThrow(
    TypeError,
  );
});
