// What a node on a host tells of what is wrong, and its pings; on the fake network.
import { expect, test } from "vitest";
import { postcard } from "../../core/codec.js";
import { lan } from "../../core/config.js";
import {
  FakeNetwork,
  type Host,
  type HostNodeInstance,
  type HostNodeOptions,
} from "../../platform/fake/index.js";

const SECRETS = ["5f0c6f1d9a2b4e8893d7c1e0a4b65217", "c48e02d7f95b13a6607e8d21f3b9ac54"];
const keysOf = (place: number): { id: number; secret: string }[] => [{ id: place, secret: SECRETS[place] }];

type Options = Partial<HostNodeOptions>;

function told(host: Host, options: Options = {}): { node: HostNodeInstance; lines: string[] } {
  const lines: string[] = [];
  const node = new host.HostNode({
    port: 7946,
    config: lan(5),
    onTrouble: ({ kind, text }) => lines.push(kind + ": " + text),
    onRefusedDatagram: (reason, from) => lines.push("refused " + reason + " of " + from),
    ...options,
  });
  return { node, lines };
}

function cluster(numHosts: number, options: Options = {}): { network: FakeNetwork; hosts: Host[] } {
  const network = new FakeNetwork({ seed: 5, latencyMs: 10 });
  const hosts = Array.from({ length: numHosts }, (_, i) => network.host("10.0.0." + (i + 1)));
  hosts.slice(1).forEach((host) => new host.HostNode({ port: 7946, seeds: ["10.0.0.1:7946"], ...options }));
  return { network, hosts };
}

test("silent-seeds-are-told-after-five-seconds-and-ever-more-seldom-until-one-answers", () => {
  const { network, hosts } = cluster(1);
  const { lines } = told(hosts[0], { seeds: ["10.0.0.7:7946", "10.0.0.8:7946"] });
  network.advance(4900);
  expect(lines).toEqual([]);
  network.advance(200);
  expect(lines).toEqual([
    "seedsSilent: no answer from 10.0.0.7:7946, 10.0.0.8:7946 for 5 s; are they running, at these addresses, with the same codec and keys?",
  ]);
  network.advance(3_600_000);
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.length).toBeLessThan(10);
  const seed = network.host("10.0.0.8");
  new seed.HostNode({ port: 7946, config: lan(5) });
  network.advance(60_000);
  const before = lines.length;
  network.advance(7_200_000);
  expect(lines).toHaveLength(before);
});

test("silence-is-counted-from-when-the-node-was-alone-and-told-soon-after", () => {
  const { network, hosts } = cluster(1);
  const seed = network.host("10.0.0.8");
  new seed.HostNode({ port: 7946, config: lan(5) });
  const { lines, node } = told(hosts[0], { seeds: ["10.0.0.8:7946"] });
  network.advance(600_000);
  seed.crash();
  network.runUntil(() => node.members().length === 0, 60_000);
  network.advance(12_000);
  expect(lines).toHaveLength(1);
  expect(Number(/for (\d+) s/.exec(lines[0])?.[1])).toBeLessThan(16);
});

test("a-seed-that-answers-in-time-is-no-trouble", () => {
  const { network, hosts } = cluster(2);
  const { lines } = told(hosts[0], { seeds: ["10.0.0.2:7946"] });
  network.advance(60_000);
  expect(lines).toEqual([]);
});

test("who-speaks-the-other-wire-format-is-named-and-told-once-in-half-a-minute", () => {
  const { network, hosts } = cluster(2, { codec: postcard });
  const { lines } = told(hosts[0]);
  network.advance(25_000);
  expect(lines.filter((line) => line.startsWith("otherCodec"))).toEqual([
    "otherCodec: datagrams of 10.0.0.2:7946 are in foca's other wire format; give all members the same codec",
  ]);
  expect(lines.filter((line) => line === "refused otherCodec of 10.0.0.2:7946").length).toBeGreaterThan(3);
});

test("the-other-wire-format-within-a-seal-is-known-too", () => {
  const { network, hosts } = cluster(2, { codec: postcard, keys: keysOf(0) });
  const { lines } = told(hosts[0], { keys: keysOf(0) });
  network.advance(5000);
  expect(lines).toContain(
    "otherCodec: datagrams of 10.0.0.2:7946 are in foca's other wire format; give all members the same codec",
  );
});

test("garbage-is-malformed-and-no-trouble", () => {
  const { network, hosts } = cluster(1);
  const { lines } = told(hosts[0]);
  network.advance(10);
  const other = network.host("10.0.0.2");
  other.send(9, "10.0.0.1", 7946, Uint8Array.of(1, 2, 3), 0, 3);
  network.advance(100);
  expect(lines).toEqual(["refused malformed of 10.0.0.2:9"]);
});

test("another-key-and-no-key-are-told-apart", () => {
  const { network, hosts } = cluster(2, { keys: keysOf(1) });
  const { lines } = told(hosts[0], { keys: keysOf(0) });
  network.advance(2000);
  expect(lines.slice(0, 2)).toEqual([
    "refused unknownKey of 10.0.0.2:7946",
    "otherKey: datagrams of 10.0.0.2:7946 are sealed under another key",
  ]);
  const plain = network.host("10.0.0.9");
  new plain.HostNode({ port: 7946, seeds: ["10.0.0.1:7946"], config: lan(5) });
  network.advance(500);
  expect(lines).toContain("refused plain of 10.0.0.9:7946");
});

test("who-is-called-by-an-address-that-it-does-not-tell-says-so", () => {
  const { network, hosts } = cluster(2);
  const { lines, node } = told(hosts[0], { advertise: "10.0.0.77" });
  network.advance(3000);
  expect(lines).toContain("refused notForUs of 10.0.0.2:7946");
  expect(lines).toContain(
    "notForUs: 10.0.0.2:7946 calls this node 10.0.0.1:7946, but its address is 10.0.0.77:7946; advertise what the others can reach, and call it by that",
  );
  expect(node.advertised).toEqual({ address: "10.0.0.77:7946", why: "the option advertise" });
});

test("an-IPv6-address-that-a-node-does-not-tell-stands-in-brackets", () => {
  const network = new FakeNetwork({ seed: 5 });
  const { lines } = told(network.host("fd00::1"), { advertise: "fd00::77" });
  const caller = network.host("fd00::2");
  new caller.HostNode({ port: 7946, seeds: ["[fd00::1]:7946"], config: lan(5) });
  network.advance(3000);
  expect(lines.find((line) => line.startsWith("notForUs"))).toContain("calls this node [fd00::1]:7946, but");
});

test("two-members-with-one-address-are-told-of-it", () => {
  const { network, hosts } = cluster(1);
  const { lines, node } = told(hosts[0]);
  const twin = new (network.host("10.0.0.2").HostNode)({ port: 7946, config: lan(5), advertise: "10.0.0.1" });
  network.advance(100);
  twin.swim.announce(node.identity);
  network.advance(100);
  expect(lines).toContain(
    "sameAddress: a member at 10.0.0.2:7946 has the address of this node, 10.0.0.1:7946; give each its own",
  );
});

test("a-flood-of-refused-datagrams-is-looked-at-twenty-times-a-second", () => {
  const { network, hosts } = cluster(1);
  const { lines } = told(hosts[0]);
  network.advance(10);
  const other = network.host("10.0.0.2");
  for (let i = 0; i < 1000; i++) other.send(9, "10.0.0.1", 7946, Uint8Array.of(1, 2, 3), 0, 3);
  network.advance(900);
  expect(lines).toHaveLength(20);
});

test("a-ping-tells-the-round-trip-direct-and-by-way-of-another", async () => {
  const { network, hosts } = cluster(3);
  const node = new hosts[0].HostNode({ port: 7946, config: lan(5) });
  network.runUntil(() => node.members().length === 2, 10_000);
  const direct = node.ping("10.0.0.2:7946");
  const [member] = node.members().filter(({ identity }) => identity.addr === "10.0.0.3:7946");
  const helped = node.ping(member.identity, { via: "10.0.0.2:7946" });
  await network.advanceAsync(500);
  expect(await direct).toBe(20);
  expect(await helped).toBe(40);
});

test("a-ping-without-an-answer-ends-and-raises-no-suspicion", async () => {
  const { network, hosts } = cluster(2);
  const node = new hosts[0].HostNode({ port: 7946, config: lan(5) });
  network.runUntil(() => node.members().length === 1, 10_000);
  network.faults.loss = 1;
  const first = node.ping("10.0.0.2:7946", { timeoutMs: 300 });
  await network.advanceAsync(400);
  expect(await first).toBe(undefined);
  network.faults.loss = 0;
  const second = node.ping("10.0.0.2:7946");
  await network.advanceAsync(100);
  expect(await second).toBe(20);
  expect(node.members()[0].state).toBe("Alive");
});

test("pings-are-limited-and-end-when-the-node-is-closed", async () => {
  const { network, hosts } = cluster(2);
  const node = new hosts[0].HostNode({ port: 7946, config: lan(5) });
  network.runUntil(() => node.members().length === 1, 10_000);
  network.faults.loss = 1;
  const waiting = Array.from({ length: 16 }, () => node.ping("10.0.0.2:7946"));
  expect(() => node.ping("10.0.0.2:7946")).toThrow(/16 pings wait/);
  node.close();
  expect(await Promise.all(waiting)).toEqual(Array.from({ length: 16 }, () => undefined));
});

test("headers-are-made-for-pings-only-while-they-wait", async () => {
  const { network, hosts } = cluster(2);
  const node = new hosts[0].HostNode({ port: 7946, config: lan(5) });
  network.runUntil(() => node.members().length === 1, 10_000);
  const { runtime } = node as unknown as { runtime: { dataReceived?: unknown } };
  const first = node.ping("10.0.0.2:7946");
  const second = node.ping("10.0.0.2:7946");
  expect(runtime.dataReceived).toBeTypeOf("function");
  await network.advanceAsync(100);
  expect([await first, await second, runtime.dataReceived]).toEqual([20, 20, undefined]);
});

test("a-trouble-names-the-address-that-the-node-has-now", () => {
  const { network, hosts } = cluster(1);
  const { lines, node } = told(hosts[0]);
  network.advance(100);
  node.changeAddress("10.0.0.50");
  const twin = new (network.host("10.0.0.2").HostNode)({
    port: 7946,
    config: lan(5),
    advertise: "10.0.0.50",
  });
  network.advance(100);
  twin.swim.announce(node.identity);
  network.advance(100);
  expect(lines.find((line) => line.startsWith("sameAddress"))).toContain("this node, 10.0.0.50:7946;");
});

test("a-wrong-ping-throws-and-says-what-is-wrong", () => {
  const { network, hosts } = cluster(2);
  const node = new hosts[0].HostNode({ port: 7946, config: lan(5) });
  network.runUntil(() => node.members().length === 1, 10_000);
  expect(() => node.ping("10.0.0.9:7946")).toThrow('ping: no member has the address of "10.0.0.9:7946"');
  expect(() => node.ping("lamp")).toThrow(/^ping: /);
  expect(() => node.ping("10.0.0.2:7946", { via: "10.0.0.9:7946" })).toThrow(/^ping: via: no member/);
  expect(() => node.ping("10.0.0.2:7946", { timeoutMs: 0 })).toThrow(/timeoutMs/);
});

test("suspicions-refutations-failed-probes-farewells-and-refusals-reach-the-program", () => {
  const { network, hosts } = cluster(2, { config: lan(5) });
  const [third, fourth] = ["10.0.0.3", "10.0.0.4"].map((address) => network.host(address));
  const [leaver] = [third, fourth].map(
    (host) => new host.HostNode({ port: 7946, seeds: ["10.0.0.1:7946"], config: lan(5) }),
  );
  const lines: string[] = [];
  const say =
    (what: string) =>
    (member: { addr: string }, more?: unknown): void =>
      void lines.push([what, member.addr, more === undefined ? "" : JSON.stringify(more)].join(" "));
  const node = new hosts[0].HostNode({
    port: 7946,
    config: { ...lan(5), maxMembers: 3, initialMembers: 3 },
    onSuspect: (member, by) => say("suspect")(member, by?.addr),
    onRefuted: say("refuted"),
    onProbeFailed: say("failed"),
    onMemberLeft: say("left"),
    onMemberDown: say("down"),
    onMemberRefused: say("no room for"),
  });
  network.runUntil(() => node.members().length === 3, 10_000);
  hosts[1].stall(6000);
  network.runUntil(() => lines.some((line) => line.startsWith("refuted")), 30_000);
  expect(lines.filter((line) => line.startsWith("suspect"))).toHaveLength(1);
  expect(lines[0]).toMatch(/^(failed 10.0.0.2:7946 \{"asked":2,"answered":2\}|suspect 10.0.0.2:7946 ")/);
  const late = network.host("10.0.0.9");
  const guest = new late.HostNode({ port: 7946, config: lan(5), seeds: ["10.0.0.1:7946"] });
  network.advance(2000);
  expect(lines.some((line) => line.startsWith("no room for 10.0.0.9:7946"))).toBe(true);
  guest.close();
  fourth.crash();
  network.runUntil(() => lines.some((line) => line.startsWith("down 10.0.0.4")), 60_000);
  leaver.leave();
  network.advance(2000);
  expect(lines.filter((line) => /^(left|down)/.test(line))).toEqual([
    "down 10.0.0.4:7946 ",
    "left 10.0.0.3:7946 ",
  ]);
});
