// The options of a bare `Swim`: which are refused, word for word; and the names of what it counts.
import { describe, expect, test } from "vitest";
import {
  bincode,
  Metric,
  namedMetrics,
  plainV4,
  renewableAddr,
  renewableV4,
  simple,
  Status,
  statusName,
  SwimError,
} from "../../core/index.js";
import { about, nearest, outside, refuseUnknown } from "../../core/checks.js";
import { METRIC_COUNT } from "../../core/metrics.js";
import { checkIdentityLength, checkOptions, checkRoom } from "../../core/options.js";
import { seeded } from "../support/random.js";

const nothing = (): void => undefined;
const good = (): object => ({
  identity: { addr: "10.0.0.1:7946", bump: 1 },
  identityType: renewableAddr,
  codec: bincode,
  config: simple(),
  runtime: { now: nothing, sendTo: nothing, submitAfter: nothing },
  random: seeded(1),
});
const check = (changes: object) => (): void => checkOptions(Object.assign(good(), changes) as never);

describe("options", () => {
  test.each<object>([
    {},
    { headroom: 0, tailroom: 1024 },
    { headroom: undefined, broadcastHandler: undefined },
    { broadcastHandler: { receiveItem: nothing } },
    { broadcastHandler: { receiveItemAt: nothing } },
    { keeper: {} },
    { runtime: { now: nothing, sendTo: nothing, submitAfter: nothing, rename: nothing, idle: undefined } },
  ])("may-be-these: %o", (changes) => {
    expect(check(changes)).not.toThrow();
  });

  test.each<[object, string]>([
    [{ identityType: undefined }, "identityType must be an identity type such as renewableAddr"],
    [{ identityType: {} }, "identityType must be an identity type such as renewableAddr"],
    [{ identityType: { schema: {} } }, "identityType must be an identity type such as renewableAddr"],
    [{ codec: "bincode" }, "codec must be the codec bincode or postcard itself, not its name"],
    [{ codec: undefined }, "codec must be the codec bincode or postcard itself, not its name"],
    [
      { random: undefined },
      "random must be a function that gives 32 random bits, as () => Math.random() * 2 ** 32",
    ],
    [
      { random: () => 0.5 },
      "random must be a function that gives 32 random bits, as () => Math.random() * 2 ** 32",
    ],
    [
      { random: () => "5" },
      "random must be a function that gives 32 random bits, as () => Math.random() * 2 ** 32",
    ],
    [
      { random: () => NaN },
      "random must be a function that gives 32 random bits, as () => Math.random() * 2 ** 32",
    ],
    [{ runtime: undefined }, "runtime must be an object with now, sendTo and submitAfter"],
    [{ runtime: null }, "runtime must be an object with now, sendTo and submitAfter"],
    [{ runtime: nothing }, "runtime must be an object with now, sendTo and submitAfter"],
    [{ runtime: {} }, "runtime.now must be a function"],
    [{ runtime: { now: nothing } }, "runtime.sendTo must be a function"],
    [{ runtime: { now: nothing, sendTo: nothing } }, "runtime.submitAfter must be a function"],
    [
      { runtime: { now: nothing, sendTo: nothing, submitAfter: nothing, probeAnswered: 7 } },
      "runtime.probeAnswered must be a function",
    ],
    [{ broadcastHandler: {} }, "broadcastHandler must be an object with receiveItem"],
    [{ broadcastHandler: null }, "broadcastHandler must be an object with receiveItem"],
    [{ identities: 1 }, "unknown option identities; did you mean identity?"],
  ])("are-refused: %o", (changes, message) => {
    expect(check(changes)).toThrow(new TypeError("Swim: " + message));
  });

  test.each([null, undefined, 7])("are-an-object-not: %s", (options) => {
    expect(() => checkOptions(options as never)).toThrow(
      new TypeError("Swim: expected an object of options"),
    );
  });

  test.each(["headroom", "tailroom"])("%s-is-a-number-of-bytes", (name) => {
    for (const bytes of [-1, 1025, 1.5, "8", null])
      expect(check({ [name]: bytes })).toThrow(
        new RangeError("Swim: " + name + " must be a whole number of bytes from 0 to 1024"),
      );
  });

  test("have-an-identity-of-the-type", () => {
    expect(check({ identity: { addr: "10.0.0.1:7946", bump: -1 } })).toThrow(
      /^Swim: identity: -1 does not fit/,
    );
    expect(check({ identity: { addr: "lamp", bump: 1 } })).toThrow(/^Swim: identity: .*lamp/);
    expect(check({ identityType: plainV4, identity: "10.0.0.1:7946" })).not.toThrow();
  });

  test("take-any-generator-that-ever-gives-more-than-a-fraction", () => {
    for (const samples of [[0.5, 7], [0], [-3], [1], [0.25, 0]]) {
      let i = 0;
      expect(check({ random: () => samples[i++] })).not.toThrow();
    }
    // Two samples, and no more.
    let calls = 0;
    expect(
      check({
        random: () => {
          calls++;
          return 0.5;
        },
      }),
    ).toThrow(TypeError);
    expect(calls).toBe(2);
  });
});

describe("room", () => {
  const needed = (maxIdentityLength: number, ownLength: number): number => {
    for (let maxPacketSize = 1; ; maxPacketSize++) {
      try {
        const { schema } = renewableV4;
        checkRoom(bincode, schema.maxLength(bincode.dialect), ownLength, {
          ...simple(),
          maxPacketSize,
          maxIdentityLength,
        });
        return maxPacketSize;
      } catch (error) {
        expect(String(error)).toMatch(
          /^RangeError: config.maxPacketSize: a header and one update can take \d+ bytes with these identities, got \d+$/,
        );
      }
    }
  };

  test("is-there-for-the-longest-header-and-for-a-gossip-with-one-update", () => {
    const longest = renewableV4.schema.maxLength(bincode.dialect);
    const header = (length: number): number => bincode.maxHeaderLength(length);
    // Three identities in the longest header.
    expect(header(10) - header(0)).toBe(30);
    expect(needed(64, 5)).toBe(header(longest));
    expect(needed(longest - 3, 5)).toBe(header(longest - 3));
    const own = longest;
    const member = bincode.maxMemberLength(own);
    expect(needed(5, own)).toBe(Math.max(header(5), header(5) - 15 + 2 * own + 2 + member));
    expect(needed(5, own)).toBeGreaterThan(header(5));
  });

  test("is-there-for-identities-of-the-longest-length", () => {
    const config = { ...simple(), maxIdentityLength: 20 };
    expect(() => checkIdentityLength(20, config)).not.toThrow();
    expect(() => checkIdentityLength(21, config)).toThrow(
      new RangeError("config.maxIdentityLength: at most 20 bytes, but an identity takes 21"),
    );
  });
});

describe("what is said of a mistake", () => {
  const NAMES = ["port", "seeds", "onMemberUp", "onMemberDown", "maxMembers"];

  test.each([
    ["seed", "seeds"],
    ["SEEDS", "seeds"],
    ["onMemberup", "onMemberUp"],
    ["memberUp", "onMemberUp"],
    ["onMemberDwn", "onMemberDown"],
    ["maxMember", "maxMembers"],
    ["ports", "port"],
    ["xport", "port"],
    // Half in common is too little.
    ["post", "port"],
    ["poxx", undefined],
    ["a", undefined],
    ["", undefined],
    ["retries", undefined],
  ])("names-what-was-meant: %s", (name, expected) => {
    expect(nearest(name, NAMES)).toBe(expected);
  });

  test("is-the-name-whose-length-is-nearer-of-two-that-are-alike", () => {
    expect(nearest("abcd", ["abcdefgh", "abcde"])).toBe("abcde");
    expect(nearest("abcd", ["abcde", "abcdefgh"])).toBe("abcde");
    expect(nearest("abcdef", ["abcd", "abcdzz"])).toBe("abcdzz");
    // No letter counts at both ends.
    expect(nearest("AA", ["aa", "aaa"])).toBe("aa");
    expect(nearest("aa", ["aab", "aaa"])).toBe("aab");
    // Of two as near, the first.
    expect(nearest("abcd", ["abcx", "abcy"])).toBe("abcx");
  });

  test("lists-all-names-where-none-is-near", () => {
    expect(() => refuseUnknown("where", { port: 1, zzz: 2 }, NAMES)).toThrow(
      new TypeError("where: unknown option zzz; known are port, seeds, onMemberUp, onMemberDown, maxMembers"),
    );
    expect(() => refuseUnknown("where", { seed: 2 }, NAMES)).toThrow(
      new TypeError("where: unknown option seed; did you mean seeds?"),
    );
    expect(() => refuseUnknown("where", { seeds: 1, port: 2 }, NAMES)).not.toThrow();
  });

  test("keeps-its-kind-and-says-what-it-is-about", () => {
    expect(about("a: ", new RangeError("b"))).toEqual(new RangeError("a: b"));
    expect(about("a: ", new SyntaxError("b"))).toEqual(new TypeError("a: b"));
    expect(about("a: ", "b")).toEqual(new TypeError("a: b"));
    expect([
      about("", new RangeError("b")) instanceof RangeError,
      about("", "b") instanceof TypeError,
    ]).toEqual([true, true]);
    expect(outside("handleData", new Uint8Array(3), 2, "x")).toEqual(
      new RangeError("handleData: start and end must be within 3, got 2 and x"),
    );
  });

  test("has-a-code-for-programs", () => {
    const error = new SwimError("Busy", "not now");
    expect([error.name, error.code, error.message, error instanceof Error]).toEqual([
      "SwimError",
      "Busy",
      "not now",
      true,
    ]);
  });
});

describe("names", () => {
  test("of-statuses", () => {
    const names =
      "Ok NotForUs InactiveSender DataTooBig Decode DataFromOurselves MalformedPacket CustomBroadcast IndirectForOurselves";
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8].map((status) => statusName(status as Status)).join(" ")).toBe(names);
    expect(statusName(9 as Status)).toBe("Unknown");
    expect(Object.values(Status)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test("of-counters", () => {
    const metrics = Uint32Array.from({ length: METRIC_COUNT }, (_, i) => 100 + i);
    const { sent, received, status, ...others } = namedMetrics(metrics);
    const from = (first: number, count: number): number[] =>
      Array.from({ length: count }, (_, i) => first + i);
    expect([sent, received, status]).toEqual([from(100, 11), from(111, 11), from(122, 9)]);
    const names = [
      "bytesSent bytesReceived probes probeFailures unexpectedAcks suspicions expirations refutations rejoins",
      "refusedMembers evictedMembers droppedBroadcasts incompleteProbeCycles updatesSent updatesReceived heldProbes",
      "stalls replacedBroadcasts refusedValues repairedValues",
    ];
    expect(others).toEqual(
      Object.fromEntries(
        names
          .join(" ")
          .split(" ")
          .map((name, i) => [name, 131 + i]),
      ),
    );
    expect([Metric.SentPing, Metric.ReceivedPing, Metric.StatusOk, METRIC_COUNT]).toEqual([0, 11, 22, 51]);
  });
});
