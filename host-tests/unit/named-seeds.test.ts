// Seeds that are given by the names of their hosts.
import { expect, test } from "vitest";
import { lan } from "../../core/config.js";
import { FakeNetwork, type HostNodeInstance, type HostNodeOptions } from "../../platform/fake/index.js";
import { namedSeed } from "../../platform/host/named-seeds.js";
import { SwimNode } from "../../platform/node/index.js";
import { freePorts } from "../../agent/src/demo/free-ports.js";
import { until } from "../node/support/until.js";

interface Field {
  network: FakeNetwork;
  errors: string[];
  start(ip: string, options?: Partial<HostNodeOptions>): HostNodeInstance;
}

function field(seed: number): Field {
  const network = new FakeNetwork({ seed, latencyMs: 2 });
  const errors: string[] = [];
  const start = (ip: string, options: Partial<HostNodeOptions> = {}): HostNodeInstance =>
    new (network.host(ip).HostNode)({
      port: 7946,
      config: lan(10),
      onError: (error) => errors.push(String(error)),
      ...options,
    });
  return { network, errors, start };
}

test("a-node-joins-by-the-name-of-a-host", () => {
  const { network, start } = field(1);
  network.setName("lamp.local", "10.0.0.1");
  start("10.0.0.1");
  const node = start("10.0.0.2", { seeds: ["lamp.local:7946"] });
  expect(network.runUntil(() => node.members().length === 1, 5000)).toBeLessThan(1000);
});

test("names-and-addresses-go-together", () => {
  const { network, start } = field(2);
  network.setName("lamp.local", "10.0.0.1");
  const others = [start("10.0.0.1"), start("10.0.0.3")];
  const node = start("10.0.0.2", { seeds: ["lamp.local:7946", "10.0.0.3:7946"] });
  network.runUntil(() => [node, ...others].every((each) => each.members().length === 2), 20_000);
});

test("a-name-is-looked-up-again-at-each-try-and-told-once-while-nobody-has-it", () => {
  const { network, errors, start } = field(3);
  start("10.0.0.1");
  const node = start("10.0.0.2", { seeds: ["lamp.local:7946"] });
  network.advance(20_000);
  expect(errors).toEqual([
    "Error: no address is known for the seed lamp.local: Error: there is no lamp.local",
  ]);
  network.setName("lamp.local", "10.0.0.9");
  network.advance(31_000);
  network.setName("lamp.local", "10.0.0.1");
  network.runUntil(() => node.members().length === 1, 31_000);
  expect([node.socketErrors, errors.length]).toEqual([1, 1]);
});

test("who-is-alone-again-looks-the-name-up-soon", () => {
  const { network, start } = field(4);
  network.setName("lamp.local", "10.0.0.1");
  start("10.0.0.1");
  const node = start("10.0.0.2", { seeds: ["lamp.local:7946"] });
  network.runUntil(() => node.members().length === 1, 5000);
  network.advance(5000);
  network.host("10.0.0.1").crash();
  network.runUntil(() => node.members().length === 0, 60_000);
  network.setName("lamp.local", "10.0.0.5");
  start("10.0.0.5");
  expect(network.runUntil(() => node.members().length === 1, 60_000)).toBeLessThan(3000);
});

test("a-node-that-left-or-is-closed-looks-nothing-up", () => {
  const { network, errors, start } = field(5);
  const nodes = ["10.0.0.2", "10.0.0.3"].map((ip) => start(ip, { seeds: ["lamp.local:7946"] }));
  network.advance(5);
  nodes[0].leave();
  nodes[1].close();
  network.advance(60_000);
  expect(errors).toEqual([]);
});

test("silent-names-are-told-as-seeds-are", () => {
  const { network, start } = field(6);
  const told: string[] = [];
  start("10.0.0.2", {
    seeds: ["lamp.local:7946"],
    onTrouble: ({ kind, seeds }) => told.push(kind + " " + String(seeds)),
  });
  network.advance(5100);
  expect(told).toEqual(["seedsSilent lamp.local:7946"]);
});

test.each([
  ["lamp.local:7946", "lamp.local"],
  ["localhost:1", "localhost"],
  ["a-b_c.example.org.:65535", "a-b_c.example.org."],
  ["3com.example:9", "3com.example"],
])("%s-is-a-name-and-a-port", (text, host) => {
  expect(namedSeed(text)?.host).toBe(host);
});

test.each([
  "192.168.1.10:7946",
  "1.2.3:7946",
  "lamp",
  "lamp:",
  "lamp:0",
  "lamp:65536",
  "lamp:7946 ",
  "-lamp:7946",
  "lamp..local:7946",
  "[::1]:7946",
  "::1:7946",
  "a".repeat(64) + ":7946",
  { addr: "lamp:7946" },
  undefined,
])("%j-is-none", (text) => {
  expect(namedSeed(text)).toBe(undefined);
});

test("a-node-on-Node-joins-by-localhost", async () => {
  const ports = await freePorts(2, "127.0.0.1");
  const [a, b] = ports.map(
    (port) => new SwimNode({ port, address: "127.0.0.1", config: lan(5), seeds: ["localhost:" + ports[0]] }),
  );
  try {
    await until("they know each other", () => a.members().length + b.members().length === 2);
  } finally {
    a.close();
    b.close();
  }
});
