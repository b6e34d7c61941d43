// A device that looks for others nearby, on doubles of the SDK's socket, timer and multicast DNS.
import { beforeEach, describe, expect, test } from "vitest";
import { Seal as NodeSeal } from "../../platform/node/seal.js";
import { ANSWER, ASK, Beacon } from "../../platform/shared/beacon.js";
import {
  discover,
  type DiscoverOptions,
  type DnsSdProvider,
  type NodeDiscovery,
} from "../../platform/xs/discover/index.js";
import { SwimNode as SealedNode } from "../../platform/xs/sealed/index.js";
import { lan, SwimNode, type XsNodeOptions } from "../../platform/xs/index.js";
import { PING } from "./doubles/datagrams.js";
import { FakeDnsSd, resetDnsSd, type DnsSdRecord } from "./doubles/dnssd.js";
import FakeUdp from "./doubles/udp.js";
import { lookUps } from "./doubles/net.js";
import { resetWorld, type Sent, type World } from "./doubles/world.js";

const BEACONS = 7945;
const PEER = "192.168.1.9";
/** The peer answers no probes, and is not asked. */
const config = { ...lan(10), probePeriodMs: 3_600_000 };
const keys = [{ id: 5, secret: "8f3015a3402977a367912e0b3d787b4c" }];
const dnssd = { io: FakeDnsSd, socket: { io: FakeUdp } } as unknown as DnsSdProvider;

let world: World;
let dns: DnsSdRecord;
let errors: string[];
beforeEach(() => {
  world = resetWorld();
  dns = resetDnsSd();
  errors = [];
  lookUps.length = 0;
});

interface Looking {
  node: SwimNode;
  discovery: NodeDiscovery;
}

function start(
  options: DiscoverOptions = {},
  more: Partial<XsNodeOptions> = {},
  Node: typeof SwimNode = SwimNode,
): Looking {
  const node = new Node({
    port: 7946,
    bump: 7,
    random: () => 0x80000000,
    onError: (error) => errors.push(String(error)),
    ...more,
  });
  const discovery = discover(node, options);
  world.advance(2);
  return { node, discovery };
}

function bytesOf({ text }: Sent): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** The beacons among what was sent since the last call, to whom. */
function takeBeacons(): [string, Beacon][] {
  const found: [string, Beacon][] = [];
  for (const sent of world.sent.splice(0)) {
    const beacon = new Beacon();
    const bytes = bytesOf(sent);
    if (beacon.read(bytes, 0, bytes.length)) found.push([sent.address + ":" + sent.port, beacon]);
  }
  return found;
}

/** Has the peer send a beacon. */
function hear(kind: number, fields: Partial<Beacon> = {}, from = 50_000): void {
  const beacon = Object.assign(new Beacon(), { kind, id: 99, port: 7946 }, fields);
  const bytes = new Uint8Array(64);
  world.deliver(BEACONS, bytes.slice(0, beacon.write(bytes, 0)), PEER, from);
}

const connect = (): void => world.deliver(7946, Uint8Array.from(PING), PEER, 7946);

const announcesTo = (address: string): number =>
  world.sent.filter((sent) => sent.address === address && sent.port === 7946).length;

describe("a device that is alone", () => {
  test("asks-all-that-are-near-from-the-port-of-beacons-and-again-with-growing-pauses", () => {
    start({ cluster: "home" });
    world.advance(400);
    const [[to, beacon]] = takeBeacons();
    expect([to, beacon.kind, beacon.port, beacon.codec, beacon.cluster]).toEqual([
      "255.255.255.255:7945",
      ASK,
      7946,
      0,
      "home",
    ]);
    world.advance(60_000);
    const inAMinute = takeBeacons().length;
    expect([inAMinute > 3, inAMinute < 12, world.openSockets]).toEqual([true, true, 2]);
  });

  test("announces-itself-to-who-answers-and-tells-whom-it-found", () => {
    const { node, discovery } = start();
    hear(ANSWER);
    expect([announcesTo(PEER), discovery.found]).toEqual([1, [PEER + ":7946"]]);
    connect();
    world.advance(5);
    expect(node.members().map(({ identity }) => identity.addr)).toEqual([PEER + ":7946"]);
  });

  test.each<[string, Partial<Beacon>]>([
    ["another cluster", { cluster: "away" }],
    ["another wire format", { codec: 1 }],
    ["another kind", { kind: 9 }],
    ["port 0", { port: 0 }],
  ])("does-not-call-who-is-of-%s", (_what, fields) => {
    const { discovery } = start();
    hear(ANSWER, fields);
    world.advance(2000);
    expect([announcesTo(PEER), discovery.found]).toEqual([0, []]);
  });

  test("survives-whatever-comes-to-the-port-of-beacons", () => {
    const { node, discovery } = start();
    for (let length = 0; length < 80; length++)
      world.deliver(
        BEACONS,
        Uint8Array.from({ length }, (_, i) => [0x78, 0x73, 0x77, 1][i] ?? 1),
        PEER,
        9,
      );
    hear(ANSWER);
    expect([discovery.found.length, errors, node.callbackErrors]).toEqual([1, [], 0]);
  });

  test("tells-after-ten-seconds-that-nobody-was-found-and-which-other-cluster-is-near", () => {
    const told: unknown[] = [];
    start({ onNobodyFound: (other) => told.push(other) });
    hear(ASK, { cluster: "away" });
    world.advance(9000);
    expect(told).toEqual([]);
    world.advance(61_000);
    expect(told).toEqual(["away"]);
  });

  test("goes-on-when-that-callback-throws", () => {
    const { node } = start({
      onNobodyFound: () => {
        throw new Error("mine");
      },
    });
    world.advance(12_000);
    takeBeacons();
    world.advance(60_000);
    expect([takeBeacons().length > 0, node.callbackErrors, errors]).toEqual([true, 1, ["Error: mine"]]);
  });
});

describe("a device that is connected", () => {
  test("answers-who-asks", () => {
    start({}, { config });
    connect();
    world.advance(20_000);
    takeBeacons();
    hear(ASK, { port: 7950 }, 50_123);
    world.advance(101);
    expect(takeBeacons().map(([to, { kind }]) => [to, kind])).toEqual([[PEER + ":50123", ANSWER]]);
  });

  test("is-silent-but-for-a-few-questions-whether-there-are-others", () => {
    start({}, { config });
    world.advance(500);
    connect();
    takeBeacons();
    world.advance(40_000);
    expect(takeBeacons().length).toBeLessThanOrEqual(3);
  });
});

describe("a device that looks for others survives", () => {
  test("a-socket-that-cannot-broadcast-and-tells-it-once", () => {
    world.writeFailures = 1000;
    const { node } = start();
    world.advance(60_000);
    expect(errors).toEqual(["Error: discover: a beacon could not be sent: Error: UDP send failed"]);
    expect(node.socketErrors).toBe(1);
  });

  test("a-port-of-beacons-that-is-taken-and-opens-it-later", () => {
    const node = new SwimNode({ port: 7946, bump: 7, onError: (error) => errors.push(String(error)) });
    world.advance(1);
    world.openFailures = 3;
    discover(node);
    world.advance(10_000);
    expect(errors).toEqual([
      "Error: discover: UDP port 7945 could not be opened and is tried again: Error: bind failed",
    ]);
    expect(world.openSockets).toBe(2);
  });

  test("a-node-whose-own-port-is-taken-until-it-opens", () => {
    world.openFailures = 2;
    start();
    world.advance(1000);
    expect(world.openSockets).toBe(0);
    world.advance(3000);
    expect(world.openSockets).toBe(2);
  });
});

describe("a device stops looking for others", () => {
  test.each(["close", "leave"] as const)("when-its-node-does-%s", (how) => {
    const { node } = start({ dnssd });
    node[how]();
    world.sent.length = 0;
    hear(ASK);
    world.advance(1500);
    expect(takeBeacons()).toEqual([]);
    node.close();
    expect([world.openSockets, world.liveTimers, dns.open]).toEqual([0, 0, 0]);
  });

  test("when-it-is-told-and-the-node-goes-on", () => {
    const { node, discovery } = start({ dnssd });
    discovery.close();
    discovery.close();
    expect([world.openSockets, world.liveTimers, dns.open]).toEqual([1, 1, 0]);
    world.advance(60_000);
    expect([takeBeacons(), node.socketErrors]).toEqual([[], 0]);
  });

  test("while-it-naps", () => {
    const { node } = start();
    connect();
    world.advance(100);
    node.nap(30_000);
    takeBeacons();
    hear(ASK);
    world.advance(29_000);
    expect(takeBeacons()).toEqual([]);
  });
});

describe("with keys", () => {
  const sealed = (options: DiscoverOptions = {}, more: Partial<XsNodeOptions> = {}): Looking =>
    start(options, { keys, ...more }, SealedNode);

  test("a-device-asks-by-sealed-beacons-that-the-holders-of-the-key-can-read", () => {
    sealed({ dnssd, cluster: "home" });
    world.advance(400);
    const bytes = bytesOf(world.sent[0]);
    const seal = new NodeSeal({ keys });
    const beacon = new Beacon();
    expect(beacon.read(bytes, 0, bytes.length)).toBe(false);
    expect(seal.open(bytes, 0, bytes.length)).toBe(true);
    expect([beacon.read(bytes, seal.start, seal.end), beacon.cluster]).toEqual([true, "home"]);
    expect(dns.told).toEqual([]);
  });

  test("it-calls-and-answers-nobody-who-has-none", () => {
    const { discovery } = sealed();
    hear(ANSWER);
    hear(ASK);
    world.advance(1000);
    expect([announcesTo(PEER), discovery.found]).toEqual([0, []]);
  });

  test("it-uses-multicast-DNS-only-while-it-sends-unsealed", () => {
    const { node } = sealed({ dnssd }, { sealing: "accept" });
    expect(dns.told.length).toBe(2);
    node.setSealing("send");
    world.advance(1100);
    expect(dns.open).toBe(0);
    node.setSealing("accept");
    world.advance(1100);
    expect(dns.told.length).toBe(4);
  });
});

describe("with the SDK's multicast DNS", () => {
  test("a-device-tells-its-port-cluster-and-codec-in-named-properties-of-an-array", () => {
    start({ dnssd, cluster: "home" });
    const [claimed, advertised] = dns.told;
    const { name, host, port, serviceType, txt } = advertised as Record<string, unknown>;
    expect([port, serviceType, name === host, (claimed as { host: string }).host]).toEqual([
      7946,
      "_xswim._udp",
      true,
      host,
    ]);
    expect([host, Array.isArray(txt), { ...(txt as object) }]).toEqual([
      expect.stringMatching(/^xswim-[0-9a-f]+$/),
      true,
      { v: "1", cluster: "home", codec: "bincode" },
    ]);
  });

  test("it-asks-by-that-first-and-by-a-beacon-when-nobody-is-found", () => {
    start({ dnssd });
    world.advance(900);
    expect([dns.asked, takeBeacons()]).toEqual([1, []]);
    world.advance(1200);
    expect([dns.asked, takeBeacons().length]).toEqual([2, 1]);
  });

  test("it-calls-who-is-found-and-of-its-cluster-and-lets-the-question-go", () => {
    const { discovery } = start({ dnssd, cluster: "home" }, { config });
    world.advance(500);
    const txt = (cluster: string, codec = "bincode", v = "1"): Map<string, string> =>
      new Map([
        ["v", v],
        ["cluster", cluster],
        ["codec", codec],
      ]);
    dns.find?.({ address: "192.168.1.4", port: 7946 });
    dns.find?.({ address: "192.168.1.5", port: 7946, txt: txt("away") });
    dns.find?.({ address: "192.168.1.6", port: 7946, txt: txt("home", "postcard") });
    dns.find?.({ address: "192.168.1.7", port: 7946, txt: txt("home", "bincode", "2") });
    dns.find?.({ address: "192.168.1.8", port: 70_000, txt: txt("home") });
    expect(discovery.found).toEqual([]);
    dns.find?.({ address: PEER, port: 7946, txt: txt("home") });
    expect([discovery.found, announcesTo(PEER)]).toEqual([[PEER + ":7946"], 1]);
    connect();
    for (let s = 0; s < 9 && dns.find !== undefined; s++) world.advance(1000);
    expect(dns.find).toBe(undefined);
  });

  test("what-is-no-DNS-does-not-end-the-machine-nor-hide-what-comes-behind-it", () => {
    start({ dnssd });
    world.deliver(5353, Uint8Array.of(1), PEER, 5353);
    world.deliver(5353, Uint8Array.of(1, 2), PEER, 5353);
    expect(dns.packets).toEqual([1, 2]);
  });

  test("a-socket-without-multicast-leaves-it-with-beacons-and-is-told-once", () => {
    dns.hasMulticast = false;
    start({ dnssd });
    world.advance(400);
    expect(takeBeacons().length).toBe(1);
    world.advance(60_000);
    expect(errors).toEqual(["Error: discover: there is no multicast DNS: TypeError: no add"]);
  });
});

describe("seeds that are names", () => {
  test("are-looked-up-again-at-each-try-while-the-node-is-alone-and-called", () => {
    start({ seeds: ["lamp.local:7946", "hub:7950"] }, { config });
    expect(lookUps.map(({ host }) => host)).toEqual(["lamp.local", "hub"]);
    lookUps[0].found("lamp.local", PEER);
    expect(announcesTo(PEER)).toBe(1);
    world.advance(9000);
    const inNineSeconds = lookUps.length / 2;
    expect([inNineSeconds > 2, inNineSeconds < 6]).toEqual([true, true]);
    connect();
    lookUps.length = 0;
    world.advance(60_000);
    expect(lookUps).toEqual([]);
  });

  test("that-nobody-has-are-told-once", () => {
    const { node } = start({ seeds: ["lamp.local:7946"] });
    for (let s = 0; s < 20; s++) {
      for (const { host, found } of lookUps.splice(0)) found(host);
      world.advance(1000);
    }
    expect(errors).toEqual([
      "Error: discover: the seed lamp.local:7946 could not be looked up: no address is known",
    ]);
    expect(node.callbackErrors).toBe(0);
  });

  test("are-not-called-when-the-answer-comes-after-the-node-has-gone", () => {
    const { discovery } = start({ seeds: ["lamp.local:7946"] });
    discovery.close();
    lookUps[0].found("lamp.local", PEER);
    expect(announcesTo(PEER)).toBe(0);
  });
});

test.each<[unknown, RegExp]>([
  [null, /expected an object of options/],
  [{ clutser: "home" }, /discover: unknown option clutser; did you mean cluster\?/],
  [{ cluster: 1 }, /cluster must be a string/],
  [{ cluster: "my home" }, /cluster must be at most 32 letters/],
  [{ beaconPort: 0 }, /beaconPort must be from 1 to 65535/],
  [{ dnssd: FakeDnsSd }, /dnssd must be \{ io: DNSSD/],
  [{ seeds: "lamp:7946" }, /seeds must be an array/],
  [{ seeds: ["lamp"] }, /seeds\[0\] must be a name and a port/],
  [{ seeds: ["lamp:0"] }, /seeds\[0\] must be a name and a port/],
  [{ onNobodyFound: true }, /onNobodyFound must be a function/],
])("a-wrong-option-is-named-before-anything-is-opened: %j", (options, says) => {
  const node = new SwimNode({ port: 7946, bump: 7 });
  expect(() => discover(node, options as DiscoverOptions)).toThrow(says);
  expect(() => discover({} as never)).toThrow(/expected a SwimNode/);
  expect(world.liveTimers).toBe(1);
});
