// Values over real sockets: who joins last has all.
import { afterEach, expect, test } from "vitest";
import { freePorts } from "../../agent/src/demo/free-ports.js";
import { renewableAddr, struct, u8, i16, type Renewable } from "../../core/index.js";
import { SwimNode, type SwimNodeOptions } from "../../platform/node/index.js";
import { QUICK } from "./support/nodes.js";
import { until } from "./support/until.js";

const READING = struct({ celsius: i16, battery: u8 });
type Node = SwimNode<Renewable, string, typeof READING>;

const open = new Set<Node>();
afterEach(() => {
  for (const node of open) node.close();
  open.clear();
});

function start(port: number, seeds: number[], more: object = {}): Node {
  const options: SwimNodeOptions<Renewable, string, typeof READING> = {
    address: "127.0.0.1",
    port,
    config: QUICK,
    identityType: renewableAddr,
    seeds: seeds.map((seed) => "127.0.0.1:" + seed),
    value: READING,
    ...more,
  };
  const node = new SwimNode(options);
  open.add(node);
  return node;
}

test("a-sixth-that-is-started-last-has-all-values", async () => {
  const ports = await freePorts(6, "127.0.0.1");
  const five = ports.slice(0, 5).map((port) => start(port, [ports[0]]));
  await until("five know each other", () => five.every((node) => node.swim.numMembers === 4));
  five.forEach((node, i) => expect(node.publish({ celsius: 5 - i, battery: 90 + i })).toBe(true));
  await until("each has four", () =>
    five.every((node) => node.members().every((member) => member.value !== undefined)),
  );

  const heard = new Map<string, unknown>();
  const onValue = (value: unknown, member: Renewable): void => void heard.set(member.addr, value);
  const sixth = start(ports[5], [ports[2]], { onValue });
  await until("the sixth has five", () => heard.size === 5);
  five.forEach((node, i) => {
    const value = { celsius: 5 - i, battery: 90 + i };
    expect(sixth.value(node.identity)).toEqual(value);
    expect(sixth.value("127.0.0.1:" + ports[i])).toEqual(value);
    expect(heard.get("127.0.0.1:" + ports[i])).toEqual(value);
    expect(sixth.valueAgeMs(node.identity)).toBeGreaterThanOrEqual(0);
  });

  sixth.publish({ celsius: 99, battery: 1 });
  await until("the five have the sixth's", () =>
    five.every((node) => node.value(sixth.identity)?.celsius === 99),
  );
  five[1].publish({ celsius: 7, battery: 7 });
  await until("all have the newest", () =>
    [...five, sixth].every((node) => node.value(five[1].identity)?.celsius === 7),
  );
});
