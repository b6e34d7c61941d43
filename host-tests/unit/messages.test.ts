// What a program is told that uses the core wrongly, word by word: on a device that is all it learns.
import { expect, test } from "vitest";
import { bincode } from "../../core/codec.js";
import { lan, simple, type Config } from "../../core/config.js";
import { identity, renewableV4, type Renewable } from "../../core/identity.js";
import { string, struct } from "../../core/index.js";
import type { SwimOptions } from "../../core/options.js";
import type { Runtime } from "../../core/runtime.js";
import type { SwimError } from "../../core/status.js";
import { Swim } from "../../core/swim.js";
import { VersionedItems } from "../support/items.js";
import { Solo } from "../support/solo.js";
import { encode, peer } from "../support/wire.js";

/** Options of a node; what is given takes the place of what is right. */
function swimOf(given: object): Swim<Renewable> {
  const options: SwimOptions<Renewable> = {
    identity: peer("1.1"),
    identityType: renewableV4,
    codec: bincode,
    config: simple(),
    runtime: { now: () => 0, sendTo: () => undefined, submitAfter: () => undefined },
    random: () => 0,
  };
  return new Swim({ ...options, ...given });
}

function thrownBy(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}

const RANDOM = "Swim: random must be a function that gives 32 random bits, as () => Math.random() * 2 ** 32";
const RUNTIME = "Swim: runtime must be an object with now, sendTo and submitAfter";

test.each<[object, ErrorConstructor, string]>([
  [{ runtime: null }, TypeError, RUNTIME],
  [{ runtime: undefined }, TypeError, RUNTIME],
  [{ random: undefined }, TypeError, RANDOM],
  [{ random: 7 }, TypeError, RANDOM],
  [{ random: () => "5" }, TypeError, RANDOM],
  [{ random: Math.random }, TypeError, RANDOM],
  [{ broadcastHandler: null }, TypeError, "Swim: broadcastHandler must be an object with receiveItem"],
  [
    { broadcastHandler: { receiveItemAt: 1 } },
    TypeError,
    "Swim: broadcastHandler must be an object with receiveItem",
  ],
  [{ headroom: -1 }, RangeError, "Swim: headroom must be a whole number of bytes from 0 to 1024"],
  [{ tailroom: 1025 }, RangeError, "Swim: tailroom must be a whole number of bytes from 0 to 1024"],
  [{ tailroom: 0.5 }, RangeError, "Swim: tailroom must be a whole number of bytes from 0 to 1024"],
  [
    { sendTo: 1 },
    TypeError,
    "Swim: unknown option sendTo; known are identity, identityType, codec, config, runtime, random, broadcastHandler, keeper, headroom, tailroom",
  ],
  [{ config: null }, TypeError, "config: expected the settings that simple(), lan(n) or wan(n) give"],
  [{ config: { ...simple(), fitRtt: 1 } }, TypeError, "config.fitRtt: expected true or false"],
  [
    { config: { ...simple(), maxMembers: 65_001 } },
    RangeError,
    "config.maxMembers: expected an integer from 1 to 65000, got 65001",
  ],
  [
    { config: { ...simple(), periodicGossip: undefined } },
    TypeError,
    "config.periodicGossip: expected { frequencyMs, numMembers } or null",
  ],
  [
    { config: { ...simple(), periodicGossip: { frequencyMs: 0, numMembers: 1 } } },
    RangeError,
    "config.periodicGossip.frequencyMs: expected an integer from 1 to 2073600000, got 0",
  ],
  [
    { config: { ...simple(), periodicGossip: { frequencyMs: 1, numMembers: 256 } } },
    RangeError,
    "config.periodicGossip.numMembers: expected an integer from 1 to 255, got 256",
  ],
  [
    { config: { ...simple(), maxIdentityLength: 9 } },
    RangeError,
    "config.maxIdentityLength: at most 9 bytes, but an identity takes 12",
  ],
  [
    { config: { ...simple(), maxPacketSize: 40 } },
    RangeError,
    "config.maxPacketSize: a header and one update can take 53 bytes with these identities, got 40",
  ],
])("options-%#", (options, kind, message) => {
  // A life of five bytes.
  const own = { identity: { ...peer("1.1"), bump: 1_700_000_000 } };
  expect(thrownBy(() => swimOf({ ...own, ...options }))).toEqual(new kind(message));
});

test.each([null, undefined, "options", 7])("options-may-not-be-%s", (options) => {
  expect(thrownBy(() => new Swim(options as unknown as SwimOptions<Renewable>))).toEqual(
    new TypeError("Swim: expected an object of options"),
  );
});

test("what-stands-at-the-edge-of-what-may-be-is-taken", () => {
  swimOf({ headroom: 0, tailroom: 1024 });
  swimOf({ headroom: 1024, tailroom: 0 });
  swimOf({ broadcastHandler: { receiveItemAt: () => null } });
  swimOf({ config: { ...simple(), maxMembers: 65_000, numIndirectProbes: 255, maxIdentityLength: 8 } });
  swimOf({ config: { ...simple(), probePeriodMs: 2, probeRttMs: 1, maxBroadcasts: 65_535 } });
  // Of two samples one is enough: a generator of 32 bits gives 0 to 1 now and then, too.
  let sample = 0.5;
  swimOf({ random: () => sample++ });
});

test("settings-are-for-about-twice-the-nodes", () => {
  const rooms = [1, 512, 513, 5000, 32_500, 100_000].map((nodes) => lan(nodes).maxMembers);
  expect(rooms).toEqual([1024, 1024, 1026, 10_000, 65_000, 65_000]);
});

function code(error: SwimError): [string, string, string] {
  return [error.name, error.code, error.message];
}

test("settings-that-cannot-change-while-it-runs", () => {
  const { swim } = new Solo({ config: { periodicGossip: null } });
  const refusal = (change: Partial<Config>): [string, string, string] =>
    code(thrownBy(() => swim.setConfig({ ...swim.config, ...change })) as SwimError);
  const periods = "setConfig: probePeriodMs and probeRttMs cannot change; make a new Swim";
  expect(refusal({ probePeriodMs: 1501 })).toEqual(["SwimError", "InvalidConfig", periods]);
  expect(refusal({ probeRttMs: 501 })).toEqual(["SwimError", "InvalidConfig", periods]);
  for (const task of ["periodicAnnounce", "periodicAnnounceToDownMembers", "periodicGossip"]) {
    const message = "setConfig: " + task + " was off and cannot be turned on; make a new Swim";
    const change = { [task]: { frequencyMs: 1000, numMembers: 1 } };
    expect(refusal(change)).toEqual(["SwimError", "InvalidConfig", message]);
  }
});

test("calls-from-inside-of-a-call", () => {
  const solo = new Solo({ handler: new VersionedItems(), knows: ["Alive 2.1@0"] });
  const { swim } = solo;
  const calls: Record<string, () => unknown> = {
    forEachMember: () => swim.forEachMember(() => true),
    forEachHeard: () => swim.forEachHeard(() => true),
    announce: () => swim.announce(peer("3.1")),
    networkChanged: () => swim.networkChanged(),
    gossip: () => swim.gossip(),
    broadcast: () => swim.broadcast(),
    leaveCluster: () => swim.leaveCluster(),
    nap: () => swim.nap(5000),
    wake: () => swim.wake(),
    addBroadcast: () => swim.addBroadcast(new Uint8Array(3)),
    handleData: () => swim.handleData(encode(solo.datagram("Ping", "2.1", { n: 1 }))),
    handleTimer: () => swim.handleTimer(),
    changeIdentity: () => swim.changeIdentity(peer("1.2")),
    reuseDownIdentity: () => swim.reuseDownIdentity(),
    setConfig: () => swim.setConfig(simple()),
    ping: () => swim.ping(peer("2.1"), 1),
    applyMany: () => swim.applyMany([], true),
  };
  for (const [name, call] of Object.entries(calls)) {
    let refusal: SwimError | undefined;
    swim.forEachMember(() => {
      refusal = thrownBy(call) as SwimError;
    });
    const message = name + ": called from inside a runtime method or handler; call it afterwards";
    expect(code(refusal as SwimError)).toEqual(["SwimError", "Busy", message]);
  }
});

test("calls-at-the-wrong-time", () => {
  const { swim } = new Solo();
  expect(code(thrownBy(() => swim.changeIdentity(peer("1.1"))) as SwimError)).toEqual([
    "SwimError",
    "SameIdentity",
    "changeIdentity: the node has this identity already",
  ]);
  expect(code(thrownBy(() => swim.reuseDownIdentity()) as SwimError)).toEqual([
    "SwimError",
    "NotUndead",
    "reuseDownIdentity: this node is not defunct",
  ]);
  expect(code(thrownBy(() => swim.wake()) as SwimError)).toEqual([
    "SwimError",
    "NotUndead",
    "wake: this node does not sleep, or its identity cannot be renewed",
  ]);
  swim.leaveCluster();
  expect(code(thrownBy(() => swim.nap(5000)) as SwimError)).toEqual([
    "SwimError",
    "Defunct",
    "nap: this node is defunct",
  ]);
});

test("identities-that-are-none-are-named-with-the-call", () => {
  const { swim } = new Solo();
  const none = { addr: "10.0.0.2", bump: 1 };
  const what = "expected an IP address and a port such as 192.168.1.10:7946, got 10.0.0.2";
  for (const [call, where] of [
    [() => swim.announce(none), "announce: "],
    [() => swim.changeIdentity(none), "changeIdentity: "],
    [() => swim.ping(none, 1), "ping: "],
    [() => swim.ping(peer("2.1"), 1, none), "ping: via: "],
    [
      () => swim.applyMany([{ identity: none, incarnation: 0, state: "Alive" }], true),
      "applyMany: members[0]: ",
    ],
  ] as const)
    expect(thrownBy(call).message).toContain(where + what);
});

test("parts-of-a-buffer", () => {
  const solo = new Solo();
  const ping = encode(solo.datagram("Ping", "2.1", { n: 1 }));
  const bytes = new Uint8Array(ping.length + 5);
  bytes.set(ping, 5);
  const { swim } = solo;
  const at = (start: number, end: number): string =>
    `handleData: start and end must be within ${bytes.length}, got ${start} and ${end}`;
  for (const [start, end] of [
    [-1, 5],
    [6, 5],
    [0, bytes.length + 1],
    [0.5, 5],
    [0, NaN],
  ])
    expect(thrownBy(() => swim.handleData(bytes, start, end))).toEqual(new RangeError(at(start, end)));
  const before = swim.metrics[32];
  // Nothing is a part, too, and no datagram.
  swim.handleData(bytes, 7, 7);
  expect(swim.metrics[32] - before).toBe(0);
  expect(solo.take()).toEqual([]);
  swim.handleData(bytes, 5, bytes.length);
  expect(swim.metrics[32] - before).toBe(ping.length);
  expect(solo.take()).toHaveLength(1);
});

test("a-ping-number-is-none-of-a-running-or-coming-probe", () => {
  const { swim } = new Solo();
  const { probe } = (swim as unknown as { protocol: { knowledge: { probe: { number: number } } } }).protocol
    .knowledge;
  for (const number of [0, 100, 255]) {
    probe.number = number;
    const numbers = Array.from({ length: 128 }, (_, nth) => swim.pingNumber(nth));
    expect(new Set(numbers).size).toBe(128);
    for (const each of numbers) {
      const distance = (each - number + 256) % 256;
      expect(distance).toBeGreaterThanOrEqual(64);
      expect(distance).toBeLessThan(192);
    }
  }
});

test("either-of-two-names-of-a-ping-may-be-too-long", () => {
  const named = identity({
    schema: struct({ name: string(40) }),
    endpoint: () => "127.0.0.1:9",
  });
  const runtime = { now: () => 0, sendTo: () => undefined, submitAfter: () => undefined } as Runtime<{
    name: string;
  }>;
  const swim = new Swim<{ name: string }>({
    identity: { name: "me" },
    identityType: named,
    codec: bincode,
    config: { ...simple(), maxIdentityLength: 10 },
    runtime,
    random: () => 0,
  });
  const [short, long] = [{ name: "a" }, { name: "a-long-name" }];
  const message = "config.maxIdentityLength: at most 10 bytes, but an identity takes 12";
  expect(thrownBy(() => swim.ping(long, 1))).toEqual(new RangeError(message));
  expect(thrownBy(() => swim.ping(long, 1, short))).toEqual(new RangeError(message));
  expect(thrownBy(() => swim.ping(short, 1, long))).toEqual(new RangeError(message));
  swim.ping(short, 1, { name: "b" });
});

test("of-many-members-the-one-that-speaks-of-our-death-counts-wherever-it-stands", () => {
  for (const members of [
    ["Down 1.1@0", "Alive 2.1@0"],
    ["Alive 2.1@0", "Down 1.1@0"],
    ["Down 1.1@0", "Suspect 1.1@0", "Alive 2.1@0"],
  ]) {
    const solo = new Solo();
    solo.learn(members, false);
    expect(solo.swim.identity.bump).toBe(2);
    expect(solo.swim.isDefunct).toBe(false);
  }
  const solo = new Solo();
  solo.learn(["Suspect 1.1@0", "Alive 2.1@0"], false);
  expect(solo.swim.incarnation).toBe(1);
  const calm = new Solo();
  calm.learn(["Alive 2.1@0"], false);
  expect([calm.swim.incarnation, calm.swim.identity.bump]).toEqual([0, 1]);
});
