// Nodes that find each other with no address typed, on the fake network.
import { expect, test } from "vitest";
import { postcard } from "../../core/codec.js";
import { lan } from "../../core/config.js";
import {
  FakeNetwork,
  type Host,
  type HostNodeInstance,
  type HostNodeOptions,
} from "../../platform/fake/index.js";
import { Beacon } from "../../platform/shared/beacon.js";

const SECRET = "5f0c6f1d9a2b4e8893d7c1e0a4b65217";
const OTHER = "c48e02d7f95b13a6607e8d21f3b9ac54";

type Options = Partial<HostNodeOptions>;

interface Field {
  network: FakeNetwork;
  start(ip: string, options?: Options): HostNodeInstance;
  troubles: string[];
}

function field(seed: number, loss = 0): Field {
  const network = new FakeNetwork({ seed, latencyMs: 2, jitterMs: 20, loss });
  const troubles: string[] = [];
  const start = (ip: string, options: Options = {}): HostNodeInstance =>
    new (network.host(ip).HostNode)({
      port: 7946,
      config: lan(10),
      discover: true,
      onTrouble: ({ text }) => troubles.push(ip + ": " + text),
      ...options,
    });
  return { network, start, troubles };
}

function percentile(values: number[], part: number): number {
  return values.sort((a, b) => a - b)[Math.ceil(part * values.length) - 1];
}

/** How long it takes, in virtual milliseconds, until one that starts beside four others knows them. */
function joinTimes(seeds: number, prepare: (network: FakeNetwork) => void, options: Options = {}): number[] {
  return Array.from({ length: seeds }, (_, seed) => {
    const { network, start } = field(seed + 1, 0.05);
    prepare(network);
    const others = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"].map((ip) => start(ip, options));
    network.runUntil(() => others.every((node) => node.members().length === 3), 60_000);
    network.advance(10_000);
    const late = start("10.0.0.9", options);
    return network.runUntil(() => late.members().length === 4, 60_000);
  });
}

test("who-is-switched-on-is-in-the-cluster-within-three-seconds-by-multicast-dns", () => {
  expect(
    percentile(
      joinTimes(100, () => undefined),
      0.99,
    ),
  ).toBeLessThan(3000);
});

test("and-within-ten-where-multicast-is-filtered", () => {
  const times = joinTimes(100, (network) => (network.passesMulticast = false));
  expect(percentile(times, 0.99)).toBeLessThan(10_000);
});

test("and-with-keys-by-sealed-beacons-alone", () => {
  const options = { keys: [{ id: 0, secret: SECRET }] };
  expect(
    percentile(
      joinTimes(50, () => undefined, options),
      0.99,
    ),
  ).toBeLessThan(10_000);
});

test("two-that-start-together-find-each-other", () => {
  for (let seed = 1; seed <= 30; seed++) {
    const { network, start } = field(seed);
    const [a, b] = ["10.0.0.1", "10.0.0.2"].map((ip) => start(ip));
    expect(network.runUntil(() => a.members().length + b.members().length === 2, 10_000)).toBeLessThan(3000);
  }
});

test.each([true, false])("fifty-that-start-at-once-do-not-storm: multicast %s", (passesMulticast) => {
  const { network, start } = field(3);
  network.passesMulticast = passesMulticast;
  const nodes = Array.from({ length: 50 }, (_, i) => start("10.0.1." + (i + 1), { config: lan(50) }));
  network.countTraffic();
  const before = network.counts.sent;
  network.advance(5000);
  expect(nodes.filter((node) => node.members().length === 49).length).toBe(50);
  // Each sends what it sends anyway: a probe a period and gossip; beside that less than fifteen datagrams to find the others.
  const others = new FakeNetwork({ seed: 3, latencyMs: 2, jitterMs: 20 });
  Array.from({ length: 50 }, (_, i) => {
    const host = others.host("10.0.1." + (i + 1));
    return new host.HostNode({ port: 7946, config: lan(50), seeds: ["10.0.1.1:7946", "10.0.1.2:7946"] });
  });
  others.advance(5000);
  expect(network.counts.sent - before - others.counts.sent).toBeLessThan(50 * 15);
});

test("those-that-started-together-and-met-in-pairs-become-one-cluster", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const { network, start } = field(seed, 0.1);
    network.passesMulticast = seed % 2 === 0;
    const nodes = Array.from({ length: 8 }, (_, i) => start("10.0.0." + (i + 1)));
    network.runUntil(() => nodes.every((node) => node.members().length === 7), 60_000);
  }
});

test("who-is-found-before-it-answers-is-called-again", () => {
  const { network, start } = field(15);
  const node = start("10.0.0.1");
  const late = network.host("10.0.0.2");
  // What another program of the machine says by multicast DNS, before its node is there.
  const text = new TextEncoder().encode("!7946 bincode ");
  network.advance(500);
  late.send(5353, "224.0.0.251", 5353, text, 0, text.length);
  network.advance(5000);
  expect(node.found).toEqual(["10.0.0.2:7946"]);
  new late.SwimNode({ port: 7946, config: lan(10) });
  network.runUntil(() => node.members().length === 1, 60_000);
});

test("two-houses-on-one-network-stay-apart", () => {
  const { network, start } = field(4);
  const names = ["one", "two", "one", "two", "one"];
  const nodes = names.map((cluster, i) => start("10.0.0." + (i + 1), { cluster }));
  network.advance(30_000);
  expect(nodes.map((node) => node.members().length)).toEqual([2, 1, 2, 1, 2]);
});

test("who-speaks-another-wire-format-is-not-called", () => {
  const { network, start } = field(5);
  const nodes = [start("10.0.0.1"), start("10.0.0.2", { codec: postcard })];
  network.advance(20_000);
  expect(nodes.map((node) => node.members().length + node.found.length)).toEqual([0, 0]);
});

test("a-stranger-learns-of-nobody-and-lures-nobody-where-there-are-keys", () => {
  const { network, start } = field(6);
  const keys = [{ id: 0, secret: SECRET }];
  const nodes = ["10.0.0.1", "10.0.0.2"].map((ip) => start(ip, { keys }));
  network.runUntil(() => nodes.every((node) => node.members().length === 1), 10_000);
  const third = start("10.0.0.3", { keys: [{ id: 0, secret: OTHER }] });
  const fourth = start("10.0.0.4");
  let answers = 0;
  network.onDatagram = ({ from, to }) => {
    if (/^10\.0\.0\.[12]:/.test(from) && /^10\.0\.0\.[34]:/.test(to) && !to.endsWith(":7945")) answers++;
  };
  network.advance(60_000);
  expect([...third.found, ...fourth.found, answers]).toEqual([0]);
  expect(nodes.map((node) => node.members().length)).toEqual([1, 1]);
});

test("a-recorded-beacon-is-answered-once", () => {
  const { network, start } = field(7);
  const keys = [{ id: 0, secret: SECRET }];
  const recorded: Uint8Array[] = [];
  network.onDatagram = ({ bytes, to }) => {
    if (to.endsWith(":7945")) recorded.push(bytes);
  };
  const nodes = ["10.0.0.1", "10.0.0.2", "10.0.0.3"].map((ip) => start(ip, { keys }));
  network.runUntil(() => nodes.every((node) => node.members().length === 2), 10_000);
  network.advance(5000);
  const stranger = network.host("10.0.0.66");
  let heard = 0;
  stranger.bind(99, () => void heard++);
  expect(recorded.length).toBeGreaterThan(0);
  for (const bytes of recorded.slice()) stranger.send(99, "255.255.255.255", 7945, bytes, 0, bytes.length);
  network.advance(2000);
  expect(heard).toBe(0);
});

test("nobody-is-told-after-ten-seconds-with-what-to-do-and-the-cluster-that-is-near", () => {
  const { network, start, troubles } = field(8);
  start("10.0.0.1", { cluster: "mine" });
  network.advance(9900);
  expect(troubles).toEqual([]);
  network.advance(600);
  expect(troubles).toEqual([
    "10.0.0.1: nobody was found nearby for 10 s; either nobody is there, or this network passes on neither multicast nor broadcast: then give the address of a member as a seed",
  ]);
  const far = field(9);
  far.start("10.0.0.1", { cluster: "mine" });
  far.start("10.0.0.2", { cluster: "yours" });
  far.network.advance(11_000);
  expect(far.troubles[0]).toContain('(a cluster by the name "yours" is near)');
});

test("a-connected-cluster-asks-a-few-times-more-and-then-seldom", () => {
  const { network, start } = field(10);
  const nodes = ["10.0.0.1", "10.0.0.2"].map((ip) => start(ip));
  network.runUntil(() => nodes.every((node) => node.members().length === 1), 10_000);
  network.advance(2000);
  const others: string[] = [];
  network.onDatagram = ({ to }) => {
    if (!to.endsWith(":7946")) others.push(to);
  };
  network.advance(60_000);
  // Each asks a few times more whether there are others.
  expect(others.length).toBeLessThanOrEqual(2 * 3 * 3);
  others.length = 0;
  network.advance(3_600_000);
  // Then once in 7.5 minutes on average; a beacon, a question and its answer.
  expect(others.length).toBeLessThanOrEqual(2 * 3 * 12);
});

test("who-is-alone-again-asks-again-with-growing-pauses", () => {
  const { network, start } = field(11);
  const [a] = [start("10.0.0.1"), start("10.0.0.2")];
  network.runUntil(() => a.members().length === 1, 10_000);
  network.host("10.0.0.2").crash();
  network.runUntil(() => a.members().length === 0, 60_000);
  const asked: number[] = [];
  const beganMs = network.nowMs;
  network.clock.plan(0, { run: () => undefined });
  let before = network.counts.sent;
  for (let s = 0; s < 300; s++) {
    network.advance(1000);
    if (network.counts.sent > before) asked.push(network.nowMs - beganMs);
    before = network.counts.sent;
  }
  expect(asked.length).toBeGreaterThan(10);
  expect(asked.length).toBeLessThan(80);
  start("10.0.0.3");
  network.runUntil(() => a.members().length === 1, 60_000);
});

test("a-node-that-left-or-is-closed-answers-nobody", () => {
  const { network, start } = field(12);
  const nodes = ["10.0.0.1", "10.0.0.2"].map((ip) => start(ip));
  network.runUntil(() => nodes.every((node) => node.members().length === 1), 10_000);
  nodes[0].leave();
  nodes[1].close();
  network.advance(2000);
  const late = start("10.0.0.3");
  network.advance(20_000);
  expect(late.found).toEqual([]);
});

test("floods-of-beacons-keep-eight-candidates-and-cost-four-answers-in-a-tenth-of-a-second", () => {
  const { network, start } = field(13);
  const alone = start("10.0.0.1");
  const connected = ["10.0.0.2", "10.0.0.3"].map((ip) => start(ip, { cluster: "x" }));
  network.runUntil(() => connected.every((node) => node.members().length === 1), 10_000);
  const liar = network.host("10.0.0.66");
  let answers = 0;
  liar.bind(7000, () => void answers++);
  const bytes = new Uint8Array(64);
  const beacon = new Beacon();
  const before = network.counts.sent;
  for (let i = 0; i < 2000; i++) {
    beacon.id = i;
    beacon.port = 1000 + i;
    beacon.cluster = i % 2 === 0 ? "" : "x";
    liar.send(7000, "255.255.255.255", 7945, bytes, 0, beacon.write(bytes, 0));
  }
  network.advance(100);
  expect(alone.found).toHaveLength(8);
  expect(answers).toBeLessThanOrEqual(16);
  network.advance(10_000);
  expect(network.counts.sent - before - 2000).toBeLessThan(200);
});

test("what-is-no-beacon-is-ignored", () => {
  const { network, start } = field(14);
  const node = start("10.0.0.1");
  network.advance(100);
  const beacon = new Beacon();
  beacon.port = 7946;
  beacon.cluster = "home";
  const good = new Uint8Array(64);
  const end = beacon.write(good, 0);
  const other = new Beacon();
  expect(other.read(good, 0, end)).toBe(true);
  expect([other.kind, other.port, other.cluster]).toEqual([1, 7946, "home"]);
  for (let length = 0; length < end; length++) expect(other.read(good, 0, length)).toBe(false);
  expect(other.read(good, 0, end + 1)).toBe(false);
  for (const [at, value] of [
    [0, 0],
    [3, 2],
    [4, 0],
    [4, 3],
    [12, 200],
    [13, 7],
  ]) {
    const bad = good.slice(0, end);
    bad[at] = value;
    expect(other.read(bad, 0, end)).toBe(false);
    network.host("10.0.0.9").send(9, "10.0.0.1", 7945, bad, 0, end);
  }
  network.advance(1000);
  expect(node.found).toEqual([]);
});

test.each([
  [{ discover: "yes" }, /discover must be true, false or an object/],
  [{ discover: { port: 1 } }, /SwimNode: discover/],
  [{ discover: { beaconPort: 0 } }, /beaconPort must be from 1 to 65535/],
  [{ discover: { mdns: 1 } }, /mdns must be true or false/],
  [{ discover: { interface: "" } }, /interface must be the name/],
  [{ discover: false, cluster: "home" }, /cluster is for discover/],
  [{ discover: true, cluster: "my home" }, /cluster must be at most 32 letters/],
  [{ discover: true, cluster: 7 }, /cluster must be a string/],
])("a-wrong-option-is-named: %j", (options, says) => {
  const host: Host = new FakeNetwork().host("10.0.0.1");
  expect(() => new host.HostNode({ port: 7946, ...(options as object) })).toThrow(says);
});
