// Mistakes of the program: thrown early, by name, with nothing changed.
import { lan, simple, wan, type Config } from "../../core/config.js";
import { renewableV4, type Renewable } from "../../core/identity.js";
import { bincode } from "../../core/codec.js";
import type { SwimOptions } from "../../core/options.js";
import { statusName } from "../../core/status.js";
import { Swim } from "../../core/swim.js";
import { equal, throwsWith, unhex, type ExpectedError } from "../support/assert.js";
import { VersionedItems } from "../support/items.js";
import { snapshot } from "../support/snapshot.js";
import { Solo } from "../support/solo.js";
import { peer } from "../support/wire.js";

/** The call throws so, and leaves everything as it was. */
function refuses(solo: Solo, expected: ExpectedError, call: () => unknown): void {
  const before = snapshot(solo.swim);
  throwsWith(expected, call);
  equal(snapshot(solo.swim), before, "state");
  equal(solo.take(), [], "sent");
}

function known(): Solo {
  return new Solo({ knows: ["Alive 2.1@0", "Down 3.1@0"], handler: new VersionedItems() });
}

/** The options of a node that does without whatever it may. */
function options(): SwimOptions<Renewable> {
  return {
    identity: peer("1.1"),
    identityType: renewableV4,
    codec: bincode,
    config: simple(),
    runtime: { now: () => 0, sendTo: () => undefined, submitAfter: () => undefined },
    random: () => 0,
  };
}

/** `setting, value, error`. */
const BAD_SETTINGS: [string, unknown, "TypeError" | "RangeError"][] = [
  ["probePeriodMs", 1, "RangeError"],
  ["probePeriodMs", "1500", "TypeError"],
  ["probePeriodMs", 1500.5, "RangeError"],
  ["probePeriodMs", NaN, "RangeError"],
  ["probePeriodMs", Infinity, "RangeError"],
  ["probeRttMs", 0, "RangeError"],
  ["probeRttMs", 1500, "RangeError"],
  ["numIndirectProbes", 0, "RangeError"],
  ["numIndirectProbes", 256, "RangeError"],
  ["maxTransmissions", 0, "RangeError"],
  ["maxTransmissions", 256, "RangeError"],
  ["suspectToDownAfterMs", 0, "RangeError"],
  ["suspectToDownAfterMs", 25 * 86_400_000, "RangeError"],
  ["removeDownAfterMs", 0, "RangeError"],
  ["removeDownAfterMs", 25 * 86_400_000, "RangeError"],
  ["removeDownAfterMs", -Infinity, "RangeError"],
  ["maxPacketSize", 52, "RangeError"],
  ["maxPacketSize", 65_508, "RangeError"],
  ["maxReceiveSize", 15, "RangeError"],
  ["notifyDownMembers", 1, "TypeError"],
  ["maxMembers", 0, "RangeError"],
  ["maxMembers", 65_001, "RangeError"],
  ["initialMembers", 0, "RangeError"],
  ["maxBroadcasts", -1, "RangeError"],
  ["maxBroadcastBytes", undefined, "TypeError"],
  ["periodicGossip", undefined, "TypeError"],
  ["periodicGossip", 200, "TypeError"],
  ["periodicGossip", { frequencyMs: 0, numMembers: 1 }, "RangeError"],
  ["periodicAnnounce", { frequencyMs: 200, numMembers: 0 }, "RangeError"],
  ["periodicAnnounceToDownMembers", { frequencyMs: 200, numMembers: 256 }, "RangeError"],
  ["holdWhenDeaf", 1, "TypeError"],
  ["noticeLateness", "yes", "TypeError"],
  ["tellSuspects", undefined, "TypeError"],
  ["fitRtt", null, "TypeError"],
  ["seekDown", 0, "TypeError"],
  ["answerFormer", 1, "TypeError"],
  ["preferHeard", 1, "TypeError"],
  ["quietStartMs", -1, "RangeError"],
  ["quietStartMs", "1500", "TypeError"],
  ["quietStartMs", 25 * 86_400_000, "RangeError"],
];

function badSettings(): Record<string, () => void> {
  const all: Record<string, () => void> = {};
  for (const [name, value, error] of BAD_SETTINGS) {
    const shown = typeof value === "object" ? JSON.stringify(value).replace(/["{}]/g, "") : String(value);
    all[`the-setting-${name}-${shown}-is-refused`] = () => {
      const config = { ...simple(), [name]: value } as unknown as Config;
      throwsWith({ name: error, message: "config." + name }, () => new Solo({ config }));
      const solo = known();
      refuses(solo, { name: error, message: "config." + name }, () => solo.swim.setConfig(config));
    };
  }
  return all;
}

export const scenarios: Record<string, () => void> = {
  ...badSettings(),

  "a-missing-option-is-named"() {
    const without = (name: string, part = name) => {
      const broken = { ...options(), [name]: undefined } as unknown as SwimOptions<Renewable>;
      throwsWith({ name: "TypeError", message: part }, () => new Swim(broken));
    };
    without("identity", "expected an object");
    without("identityType");
    without("codec");
    without("config");
    without("runtime");
    without("random");
    throwsWith({ name: "TypeError" }, () => new Swim(undefined as unknown as SwimOptions<Renewable>));
    for (const name of ["now", "sendTo", "submitAfter"]) {
      const runtime = { ...options().runtime, [name]: undefined };
      const broken = { ...options(), runtime } as unknown as SwimOptions<Renewable>;
      throwsWith({ name: "TypeError", message: "runtime." + name }, () => new Swim(broken));
    }
    const broken = { ...options(), broadcastHandler: {} } as unknown as SwimOptions<Renewable>;
    throwsWith({ name: "TypeError", message: "receiveItem" }, () => new Swim(broken));
  },

  "an-unknown-option-is-refused-with-the-nearest-known-one"() {
    const attempt = (wrong: object, message: string) => {
      const broken = { ...options(), ...wrong } as unknown as SwimOptions<Renewable>;
      throwsWith({ name: "TypeError", message }, () => new Swim(broken));
    };
    attempt({ headRoom: 4 }, "unknown option headRoom; did you mean headroom?");
    attempt({ broadcastHandlers: 1 }, "unknown option broadcastHandlers; did you mean broadcastHandler?");
    attempt({ port: 7946 }, "unknown option port; known are identity, identityType, codec");
    attempt(
      { config: { ...simple(), maxMember: 4 } },
      "config: unknown option maxMember; did you mean maxMembers?",
    );
    const solo = known();
    const config = { ...simple(), probeRtt: 400 };
    const error: ExpectedError = { name: "TypeError", message: "did you mean probeRttMs?" };
    refuses(solo, error, () => solo.swim.setConfig(config));
  },

  "an-option-of-another-kind-is-refused-by-name"() {
    const attempt = (wrong: object, message: string) => {
      const broken = { ...options(), ...wrong } as unknown as SwimOptions<Renewable>;
      throwsWith({ name: "TypeError", message }, () => new Swim(broken));
    };
    attempt({ codec: "bincode" }, "codec must be the codec bincode or postcard itself, not its name");
    attempt({ codec: null }, "codec must be");
    attempt({ identityType: "renewable" }, "identityType must be an identity type such as renewableAddr");
    attempt({ identity: { addr: "10.0.0.1:1" } }, "Swim: identity: the field bump is missing");
    attempt({ runtime: () => undefined }, "runtime must be an object with now, sendTo and submitAfter");
    attempt({ broadcastHandler: null }, "broadcastHandler must be an object with receiveItem");
    attempt({ random: () => 0.25 }, "random must be a function that gives 32 random bits");
    attempt({ random: () => NaN }, "random must be a function that gives 32 random bits");
    attempt({ random: () => undefined }, "random must be a function that gives 32 random bits");
    const runtime = { ...options().runtime, memberUp: "log" };
    attempt({ runtime }, "runtime.memberUp must be a function");
  },

  "a-generator-of-32-bits-is-taken-whatever-form-its-numbers-have"() {
    for (const number of [0, 1, -1, 2 ** 32 - 1, -(2 ** 31), 12345.678]) {
      new Swim({ ...options(), random: () => number });
    }
    // One number in four billion is a fraction below 1 by chance; the next one is not.
    const numbers = [0.5, 77];
    new Swim({ ...options(), random: () => numbers.shift() ?? 4 });
  },

  "an-identity-that-is-none-is-refused"() {
    const solo = known();
    const bad: [unknown, ExpectedError][] = [
      [undefined, { name: "TypeError" }],
      [null, { name: "TypeError" }],
      ["10.0.0.9:1", { name: "TypeError" }],
      [{ addr: "10.0.0.9:1" }, { name: "TypeError", message: "bump" }],
      [{ addr: "10.0.0.9", bump: 1 }, { name: "TypeError" }],
      [{ addr: "10.0.0.256:1", bump: 1 }, { name: "TypeError" }],
      [{ addr: "10.0.0.9:65536", bump: 1 }, { name: "TypeError" }],
      [{ addr: "[::1]:1", bump: 1 }, { name: "TypeError" }],
      [{ addr: "10.0.0.9:1", bump: -1 }, { name: "RangeError" }],
      [{ addr: "10.0.0.9:1", bump: 1.5 }, { name: "TypeError" }],
      [{ addr: "10.0.0.9:1", bump: "18446744073709551616" }, { name: "RangeError" }],
    ];
    for (const [identity, error] of bad) {
      refuses(solo, error, () => solo.swim.announce(identity as Renewable));
      refuses(solo, error, () => solo.swim.changeIdentity(identity as Renewable));
      const member = { identity: identity as Renewable, incarnation: 0, state: "Alive" as const };
      refuses(solo, error, () => solo.swim.applyMany([member], true));
      const named = (message: string) => ({ name: error.name, message });
      throwsWith(named("announce: "), () => solo.swim.announce(identity as Renewable));
      throwsWith(named("changeIdentity: "), () => solo.swim.changeIdentity(identity as Renewable));
      throwsWith(named("applyMany: members[0]: "), () => solo.swim.applyMany([member], true));
    }
  },

  "apply-many-takes-all-or-nothing"() {
    const solo = known();
    const good = { identity: peer("5.1"), incarnation: 0, state: "Alive" as const };
    const attempt = (second: unknown) => () => solo.swim.applyMany([good, second] as never, true);
    refuses(solo, { name: "TypeError" }, attempt(undefined));
    refuses(solo, { name: "RangeError" }, attempt({ ...good, incarnation: 65536 }));
    refuses(solo, { name: "TypeError" }, attempt({ ...good, incarnation: "0" }));
    refuses(solo, { name: "TypeError", message: "Alive" }, attempt({ ...good, state: "alive" }));
    refuses(solo, { name: "TypeError" }, attempt({ ...good, identity: "5" }));
  },

  "a-changed-probe-timing-is-refused"() {
    const solo = known();
    const attempt = (change: Partial<Config>) => () => solo.swim.setConfig({ ...simple(), ...change });
    const error: ExpectedError = { name: "SwimError", code: "InvalidConfig" };
    refuses(solo, error, attempt({ probePeriodMs: 1600 }));
    refuses(solo, error, attempt({ probeRttMs: 400, maxTransmissions: 1 }));
  },

  "a-periodic-task-cannot-be-turned-on"() {
    const task = { frequencyMs: 1000, numMembers: 1 };
    for (const name of ["periodicAnnounce", "periodicAnnounceToDownMembers", "periodicGossip"]) {
      const solo = known();
      const error: ExpectedError = { name: "SwimError", code: "InvalidConfig", message: name };
      refuses(solo, error, () => solo.swim.setConfig({ ...simple(), [name]: task }));
    }
  },

  "a-datagram-that-is-no-byte-array-is-misuse"() {
    const solo = known();
    const attempt =
      (bytes: unknown, ...part: unknown[]) =>
      () =>
        solo.swim.handleData(bytes as Uint8Array, part[0] as number, part[1] as number);
    refuses(solo, { name: "TypeError", message: "handleData" }, attempt("text", 0, 4));
    refuses(solo, { name: "TypeError", message: "handleData" }, attempt("text"));
    refuses(solo, { name: "TypeError", message: "handleData" }, attempt(undefined));
    refuses(solo, { name: "TypeError", message: "handleData" }, attempt(new ArrayBuffer(4), 0, 4));
    refuses(solo, { name: "RangeError", message: "handleData" }, attempt(new Uint8Array(4), 0, 5));
    refuses(solo, { name: "RangeError", message: "handleData" }, attempt(new Uint8Array(4), 0, -1));
    refuses(solo, { name: "RangeError", message: "handleData" }, attempt(new Uint8Array(4), -1));
    refuses(solo, { name: "RangeError", message: "handleData" }, attempt(new Uint8Array(4), 3, 2));
    refuses(solo, { name: "RangeError", message: "handleData" }, attempt(new Uint8Array(4), 5));
    refuses(solo, { name: "RangeError", message: "handleData" }, attempt(new Uint8Array(4), 0.5));
    refuses(solo, { name: "RangeError", message: "handleData" }, attempt(new Uint8Array(4), 0, 2.5));
    refuses(solo, { name: "RangeError", message: "handleData" }, attempt(new Uint8Array(4), 0, null));
    refuses(solo, { name: "RangeError", message: "handleData" }, attempt(new Uint8Array(4), NaN, 4));
  },

  "bytes-around-the-datagram-are-not-read"() {
    const solo = known();
    const bytes = unhex("ffff 0a000002 fb581b 01  00  0a000001 fb581b 01  00 05  0001 ffffffff");
    equal(solo.swim.handleData(bytes, 2, 21), 0);
    equal(solo.take(), ["Ack(5) > 2.1"]);
  },

  "a-layer-below-wraps-a-datagram-where-it-stands"() {
    // Each datagram gets a byte before and two behind, and the receiver is given what lies between them.
    const heard: string[] = [];
    const b = new Swim<Renewable>({ ...options(), identity: peer("2.1") });
    const a = new Swim<Renewable>({
      ...options(),
      headroom: 1,
      tailroom: 2,
      runtime: {
        ...options().runtime,
        sendTo(_to, data, start, end) {
          equal(start, 1);
          equal(data.length >= end + 2, true);
          data[start - 1] = 0xee;
          data[end] = 0xef;
          data[end + 1] = 0xef;
          heard.push(statusName(b.handleData(data, start, end)));
        },
      },
    });
    a.announce(peer("2.1"));
    a.applyMany([{ identity: peer("2.1"), incarnation: 0, state: "Alive" }], true);
    a.gossip();
    equal(heard, ["Ok", "Ok"]);
    const longest = new Swim<Renewable>({ ...options(), headroom: 9, tailroom: 7 });
    equal(longest.maxBroadcastLength, new Swim<Renewable>(options()).maxBroadcastLength);
  },

  "room-that-cannot-be-is-refused"() {
    for (const name of ["headroom", "tailroom"]) {
      for (const value of [-1, 1.5, 1025, "1", null]) {
        throwsWith({ name: "RangeError", message: name }, () => new Swim({ ...options(), [name]: value }));
      }
    }
  },

  "the-settings-of-foca-are-there-by-name"() {
    const shown = (config: Config) => [
      [config.probePeriodMs, config.probeRttMs, config.numIndirectProbes, config.maxTransmissions],
      [config.suspectToDownAfterMs, config.removeDownAfterMs, config.maxPacketSize, config.notifyDownMembers],
      [config.periodicAnnounce, config.periodicAnnounceToDownMembers, config.periodicGossip],
    ];
    const every = (frequencyMs: number, numMembers: number) => ({ frequencyMs, numMembers });
    equal(shown(simple()), [
      [1500, 500, 3, 10],
      [3000, 86_400_000, 1400, false],
      [null, null, null],
    ]);
    equal(shown(lan(1)), [
      [1000, 500, 3, 1],
      [4000, 86_400_000, 1400, true],
      [every(30_000, 1), every(65_000, 2), every(200, 3)],
    ]);
    equal(shown(lan(100)).slice(0, 2), [
      [1000, 500, 3, 8],
      [8000, 86_400_000, 1400, true],
    ]);
    equal(shown(wan(1000)), [
      [5000, 3000, 3, 12],
      [90_000, 86_400_000, 1400, true],
      [every(60_000, 2), every(125_000, 3), every(500, 4)],
    ]);
    throwsWith({ name: "RangeError", message: "clusterSize" }, () => lan(0));
    throwsWith({ name: "TypeError", message: "clusterSize" }, () => wan(1.5));
    throwsWith({ name: "TypeError", message: "clusterSize, as in lan(10)" }, lan as () => Config);
  },

  "periodic-tasks-in-force-are-frozen-copies-though-the-settings-were-frozen"() {
    const periodicGossip = { frequencyMs: 200, numMembers: 3 };
    const config = Object.freeze({ ...simple(), periodicGossip });
    const solo = new Solo({ config });
    solo.swim.setConfig(config);
    const other = new Solo({ config: { ...simple(), periodicGossip } });
    periodicGossip.numMembers = 0;
    for (const { swim } of [solo, other]) {
      equal(swim.config.periodicGossip, { frequencyMs: 200, numMembers: 3 });
      equal([Object.isFrozen(swim.config), Object.isFrozen(swim.config.periodicGossip)], [true, true]);
    }
  },

  "settings-that-are-frozen-throughout-are-not-copied"() {
    const config = lan(10);
    const solo = new Solo({ config });
    solo.swim.setConfig(config);
    equal(solo.swim.config === config, true);
  },

  "settings-in-force-are-a-frozen-copy"() {
    const config = { ...simple() };
    const solo = new Solo({ config });
    (config as { maxTransmissions: number }).maxTransmissions = 99;
    equal(solo.swim.config.maxTransmissions, 10);
    equal(Object.isFrozen(solo.swim.config), true);
  },

  "no-call-is-taken-from-inside-a-call"() {
    const solo = known();
    const calls: (() => unknown)[] = [
      () => solo.swim.announce(peer("9.1")),
      () => solo.swim.gossip(),
      () => solo.swim.broadcast(),
      () => solo.swim.leaveCluster(),
      () => solo.swim.addBroadcast(unhex("0101")),
      () => solo.swim.handleData(new Uint8Array(0), 0),
      () => solo.swim.handleTimer(),
      () => solo.swim.changeIdentity(peer("9.1")),
      () => solo.swim.reuseDownIdentity(),
      () => solo.swim.setConfig(simple()),
      () => solo.swim.applyMany([], false),
      () => solo.swim.forEachMember(() => undefined),
      () => solo.swim.forEachHeard(() => undefined),
      () => solo.swim.networkChanged(),
      () => solo.swim.nap(60_000),
      () => solo.swim.wake(),
    ];
    let tried = 0;
    solo.memberUp = () => {
      for (const call of calls) {
        throwsWith({ name: "SwimError", code: "Busy" }, call);
        tried++;
      }
    };
    equal(solo.hear("Ping", "7.1", { n: 1 }), "Ok");
    equal(tried, calls.length);
    equal(solo.identity, "1.1");
    equal(solo.take(), ["Ack(1) > 7.1 + Alive 7.1@0"]);
    equal(solo.swim.isDefunct, false);
    solo.swim.gossip();
  },

  "no-call-is-taken-from-inside-a-send"() {
    const solo = known();
    let tried = 0;
    const sendTo = solo.sendTo.bind(solo);
    solo.sendTo = (to, data, start, end) => {
      sendTo(to, data, start, end);
      throwsWith({ name: "SwimError", code: "Busy" }, () => solo.swim.gossip());
      tried++;
    };
    solo.swim.gossip();
    equal(tried, 1);
  },

  "what-can-be-read-can-be-read-from-inside-a-call"() {
    const solo = known();
    let seen: unknown;
    solo.memberUp = () => {
      seen = [solo.swim.numMembers, solo.swim.members().length, solo.state, solo.identity];
    };
    solo.hear("Gossip", "7.1");
    equal(seen, [2, 2, ["Alive 2.1@0", "Alive 7.1@0", "Down 3.1@0"], "1.1"]);
  },

  "a-visit-that-throws-leaves-it-usable"() {
    const solo = known();
    const visit = () => {
      throw new Error("stop");
    };
    throwsWith({ name: "Error", message: "stop" }, () => solo.swim.forEachMember(visit));
    solo.swim.gossip();
    equal(solo.take(), ["Gossip > 2.1"]);
  },
};
