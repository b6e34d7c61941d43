// What members published, as an agent tells of it that may start after all of them.
import { afterEach, expect, test } from "vitest";
import { SwimNode, type SwimNodeOptions } from "../../platform/node/index.js";
import { until } from "../node/support/until.js";
import { addresses, hasUp } from "./support/addresses.js";
import { endAll, xswim, type Program } from "./support/program.js";

const open = new Set<SwimNode>();

afterEach(async () => {
  for (const node of open) node.close();
  open.clear();
  await endAll();
});

/** A member in this process, whose values are bytes: it publishes what an agent could not. */
function startNode(address: string, seeds: string[], options: Partial<SwimNodeOptions> = {}): SwimNode {
  const port = Number(address.split(":")[1]);
  const node = new SwimNode({ port, address: "127.0.0.1", seeds, ...options });
  open.add(node);
  return node;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The texts that an agent told of as the values of this member. */
function valuesOf(program: Program, address: string): unknown[] {
  return program
    .eventsOf("value")
    .filter((event) => (event["identity"] as { addr: string }).addr === address)
    .map((event) => event["text"]);
}

/** Two nodes that know each other, and have sent each other a hello as often as they will. */
async function pairThatSaidHello(): Promise<[atOne: string, atTwo: string, atLast: string]> {
  const [atOne, atTwo, atLast] = await addresses(3);
  const one = startNode(atOne, []);
  const two = startNode(atTwo, [atOne]);
  await until("they know each other", () => one.members().length + two.members().length === 2);
  one.publish(bytesOf("Hello from " + atOne + "!"));
  two.publish(bytesOf("Hello from " + atTwo + "!"));
  await until("each has the other's hello", () => {
    return one.value(atTwo) !== undefined && two.value(atOne) !== undefined;
  });
  await until("nothing of it waits to be sent", () => {
    return one.swim.customBroadcastBacklog + two.swim.customBroadcastBacklog === 0;
  });
  return [atOne, atTwo, atLast];
}

test("an-agent-that-starts-last-prints-the-hellos-of-those-before-it", async () => {
  const [atOne, atTwo, atLast] = await pairThatSaidHello();
  const last = xswim("agent", atLast, "--json", "-a", atTwo);
  await last.until("it has both hellos", () => last.eventsOf("value").length === 2);
  expect(valuesOf(last, atOne)).toEqual(["Hello from " + atOne + "!"]);
  expect(valuesOf(last, atTwo)).toEqual(["Hello from " + atTwo + "!"]);
  for (const event of last.eventsOf("value"))
    expect(event).toMatchObject({ level: "info", ageMs: expect.any(Number) as number });
  last.kill("SIGTERM");
  expect(await last.ended()).toBe(0);
  expect(last.eventsOf("left")).toMatchObject([{ metrics: { repairedValues: 2, refusedValues: 0 } }]);
});

test("tells-people-whose-value-it-is-and-nothing-that-a-terminal-obeys", async () => {
  const [atNode, at] = await addresses(2);
  const agent = xswim("agent", at, "-a", atNode);
  const node = startNode(atNode, [], { bump: 7 });
  await until("the node knows the agent", () => node.members().length === 1);
  node.publish(bytesOf("21.5 \u001b[2Jdegrees"));
  await agent.untilPrinted("value of " + atNode + ' (bump 7): "21.5 \\u001b[2Jdegrees"');
  expect(agent.stdout).not.toContain("\u001b");
});

test("what-is-no-text-is-counted-and-the-value-before-it-stays", async () => {
  const [atNode, at] = await addresses(2);
  const agent = xswim("agent", at, "--json", "-a", atNode);
  const node = startNode(atNode, []);
  await agent.until("the agent knows the node", () => hasUp(agent, atNode));
  const publish = async (bytes: Uint8Array): Promise<void> => {
    node.publish(bytes);
    await until("it was sent", () => node.swim.customBroadcastBacklog === 0);
  };
  await publish(bytesOf("one"));
  await publish(Uint8Array.of(0xc3, 0x28));
  await publish(Uint8Array.of(0xff, 0xfe, 0x00));
  await publish(Uint8Array.of());
  await publish(bytesOf("two"));
  await agent.until("it has the last one", () => valuesOf(agent, atNode).includes("two"));
  agent.kill("SIGTERM");
  expect(await agent.ended()).toBe(0);
  expect(valuesOf(agent, atNode)).toEqual(["one", "", "two"]);
  expect(agent.eventsOf("error")).toEqual([]);
  const [{ metrics }] = agent.eventsOf("left") as unknown as { metrics: { refusedValues: number } }[];
  expect(metrics.refusedValues).toBeGreaterThanOrEqual(2);
});

test("news-is-told-as-a-broadcast-whatever-bytes-it-is", async () => {
  const [atNode, at] = await addresses(2);
  const agent = xswim("agent", at, "--json", "-a", atNode);
  const node = startNode(atNode, []);
  await agent.until("the agent knows the node", () => hasUp(agent, atNode));
  await until("the node knows the agent", () => node.members().length === 1);
  node.broadcast(Uint8Array.of(0x62, 0xff, 0x63));
  await agent.until("it tells of the news", () => agent.eventsOf("broadcast").length > 0);
  expect(agent.eventsOf("broadcast")).toMatchObject([{ from: atNode, text: "b\ufffdc" }]);
  expect(agent.eventsOf("value")).toEqual([]);
});
