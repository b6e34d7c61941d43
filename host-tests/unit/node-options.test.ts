// The options of every `SwimNode`, by themselves: which are refused, word for word.
import { describe, expect, test } from "vitest";
import { lan, renewableV4, type SwimOptions } from "../../core/index.js";
import { makeNodeSeal } from "../../platform/shared/node-seal.js";
import { checkNodeOptions } from "../../platform/shared/options.js";
import type { Seal } from "../../platform/shared/seal.js";
import { SealMetric } from "../../platform/shared/seal-metrics.js";
import { checkFormat, readValue, writeValue } from "../../platform/shared/value-format.js";
import { sealOf, sealIn } from "../../platform/shared/sealed.js";
import { NodePrimitives } from "../../platform/node/seal.js";
import { bincode } from "../../core/index.js";
import { KEY, OTHER } from "../support/keys.js";
import { MemoryStore } from "../support/memory-store.js";

const check = (options: unknown, more?: string, others?: string) => (): void =>
  checkNodeOptions(options as never, more, others);

describe("options", () => {
  test("may-be-these", () => {
    const callback = (): void => undefined;
    const store = { get: callback, set: callback };
    for (const options of [
      { port: 1 },
      { port: 65_535, maxValues: 0, maxValueBytes: 0x7fffffff, compareValuesMs: 0 },
      { port: 7946, seeds: [], bump: 0, store, onReady: callback, random: callback, value: "text" },
      { port: 7946, bump: "18446744073709551615" },
      { port: 7946, bump: 2 ** 53 - 1, keys: [KEY], sendWith: 0, sealing: "send" },
      { port: 7946, broadcastHandler: {}, onMemberUp: callback },
      { port: 7946, onBroadcast: callback, onValue: callback, advertise: "10.0.0.1" },
      { port: 7946, onReady: undefined, bump: undefined, store: undefined, advertise: undefined },
    ])
      expect(check(options)).not.toThrow();
  });

  test.each<[unknown, typeof TypeError | typeof RangeError, string]>([
    [null, TypeError, "SwimNode: expected an object of options"],
    [undefined, TypeError, "SwimNode: expected an object of options"],
    [7946, TypeError, "SwimNode: expected an object of options"],
    [{}, TypeError, "SwimNode: port must be an integer from 1 to 65535"],
    [{ port: 1.5 }, TypeError, "SwimNode: port must be an integer from 1 to 65535"],
    [{ port: 0 }, RangeError, "SwimNode: port must be from 1 to 65535"],
    [{ port: 65_536 }, RangeError, "SwimNode: port must be from 1 to 65535"],
    [{ port: 1, seeds: "a" }, TypeError, "SwimNode: seeds must be an array of addresses or identities"],
    [{ port: 1, onReady: 7 }, TypeError, "SwimNode: onReady must be a function"],
    [{ port: 1, onError: null }, TypeError, "SwimNode: onError must be a function"],
    [{ port: 1, random: {} }, TypeError, "SwimNode: random must be a function"],
    [{ port: 1, seed: [] }, TypeError, "SwimNode: unknown option seed; did you mean seeds?"],
    [{ port: 1, sendWith: 0 }, TypeError, "SwimNode: sendWith and sealing are about keys; give keys, too"],
    [{ port: 1, sealing: "off" }, TypeError, "SwimNode: sendWith and sealing are about keys; give keys, too"],
    [
      { port: 1, broadcastHandler: {}, onBroadcast: () => undefined },
      TypeError,
      "SwimNode: give either broadcastHandler or onBroadcast, not both",
    ],
    [
      { port: 1, broadcastHandler: {}, onValue: () => undefined },
      TypeError,
      "SwimNode: give either broadcastHandler or value and onValue, not both",
    ],
    [
      { port: 1, broadcastHandler: {}, value: "text" },
      TypeError,
      "SwimNode: give either broadcastHandler or value and onValue, not both",
    ],
    [
      { port: 1, identity: {}, advertise: "lamp" },
      TypeError,
      'SwimNode: advertise: host names are not supported here, got "lamp"; write an IP address such as 192.168.1.10',
    ],
  ])("are-refused: %o", (options, type, message) => {
    expect(check(options)).toThrow(new type(message));
  });

  test.each(["x12", "12x", "-1", "1.5", "", "184467440737095516150", "18446744073709551616"])(
    "have-no-bump: %s",
    (bump) => {
      expect(check({ port: 1, bump })).toThrow(
        new TypeError("SwimNode: bump must be a whole number below 2^64, or its decimal digits as a string"),
      );
    },
  );

  test.each([null, {}, { get: () => 1 }, { set: () => 1 }])("have-no-store: %o", (store) => {
    expect(check({ port: 1, store })).toThrow(
      new TypeError("SwimNode: store must have the methods get and set, like the module preference"),
    );
  });

  test.each(["maxValues", "maxValueBytes", "compareValuesMs"])("have-whole-numbers-from-0: %s", (name) => {
    for (const limit of [-1, 1.5, "7", null, 0x80000000])
      expect(check({ port: 1, [name]: limit })).toThrow(
        new RangeError("SwimNode: " + name + " must be a whole number, 0 or more"),
      );
  });

  test("have-no-other-names-which-the-message-lists", () => {
    expect(check({ port: 1, retries: 3 })).toThrow(
      /unknown option retries; known are onReady, .*, compareValuesMs$/,
    );
    expect(check({ port: 1, "": 3 })).toThrow("unknown option");
  });

  test("of-a-platform-are-known-too", () => {
    expect(check({ port: 1, onMore: () => 1, other: 7 }, " onMore", " other")).not.toThrow();
    expect(check({ port: 1, onMore: 7 }, " onMore onLast")).toThrow("SwimNode: onMore must be a function");
    expect(check({ port: 1, onLast: 7 }, " onMore onLast")).toThrow("SwimNode: onLast must be a function");
    expect(check({ port: 1, random: 7 }, " onMore")).toThrow("SwimNode: random must be a function");
    expect(check({ port: 1, compareValuesMs: -1 }, " onMore")).toThrow(RangeError);
  });
});

describe("the seal of a node", () => {
  const made = (options: object, config: object = {}): { seal: Seal; core: SwimOptions<unknown> } => {
    const core = { config: { ...lan(10), ...config } } as SwimOptions<unknown>;
    const seal = makeNodeSeal({ port: 1, keys: [KEY, OTHER], ...options }, core, new NodePrimitives());
    return { seal, core };
  };
  const limitOf = (seal: Seal): number => (seal["replays"] as unknown as { limit: number }).limit;

  test("takes-its-room-from-the-datagrams-of-the-core", () => {
    const { core } = made({}, { maxPacketSize: 1000 });
    expect([core.config.maxPacketSize, core.headroom, core.tailroom]).toEqual([979, 13, 8]);
    expect(core.config.maxReceiveSize).toBe(1400);
  });

  test("requires-and-sends-with-the-first-key-unless-the-options-say-otherwise", () => {
    const { seal } = made({});
    expect([seal.sealing, seal["sender"], seal["ids"]]).toEqual(["require", 0, [0, 1]]);
    const other = made({ sendWith: 1, sealing: "accept" }).seal;
    expect([other.sealing, other["sender"]]).toEqual(["accept", 1]);
  });

  test("remembers-as-many-senders-as-there-may-be-members", () => {
    expect([1, 2, 64.5, 65_000, 70_000].map((maxMembers) => limitOf(made({}, { maxMembers }).seal))).toEqual([
      1, 2, 64, 65_000, 65_535,
    ]);
    // What is wrong with the settings the core says.
    expect([0, -5, NaN].map((maxMembers) => limitOf(made({}, { maxMembers }).seal))).toEqual([1, 1, 1]);
  });

  test("keeps-its-boots-in-the-store", () => {
    const store = new MemoryStore();
    made({ store });
    expect([...store.values.keys()].sort()).toEqual(["xswim/seal", "xswim/seal2"]);
  });

  test("needs-a-key", () => {
    expect(() => made({ keys: undefined })).toThrow(new RangeError("keys must be one to 4, got 0"));
  });

  test("is-there-where-the-platform-has-it", () => {
    expect(() => sealOf({ failed: () => undefined }, { port: 1 }, {} as never, undefined)).toThrow(
      new TypeError('SwimNode: for keys, import SwimNode from "xswim/sealed"'),
    );
    expect(() => sealIn(undefined)).toThrow(new Error("SwimNode: this node was made without keys"));
    const { seal } = made({});
    expect(sealIn(seal)).toBe(seal);
    expect(sealOf({ failed: () => undefined }, { port: 1 }, {} as never, () => seal)).toBe(seal);
  });

  test("counts-at-places-that-stay", () => {
    expect(SealMetric).toEqual({
      Sealed: 0,
      Opened: 1,
      TakenPlain: 2,
      RefusedPlain: 3,
      UnknownKey: 4,
      Reflected: 5,
      Replayed: 6,
      Forged: 7,
    });
  });
});

describe("a value", () => {
  const { dialect } = bincode;

  test.each<[Parameters<typeof writeValue>[0], unknown, Error]>([
    ["bytes", "text", new TypeError("expected a Uint8Array, got string")],
    ["text", 7, new TypeError("expected what text has, got number")],
    ["json", undefined, new TypeError("expected what json has, got undefined")],
    ["json", () => 1, new TypeError("expected what json has, got function")],
    [
      "json",
      JSON.parse("[".repeat(33) + "]".repeat(33)),
      new RangeError("at most 32 brackets in each other"),
    ],
  ])("of-another-format-is-refused: %s", (format, value, error) => {
    expect(() => writeValue(format, dialect, value)).toThrow(error);
  });

  test("may-have-any-number-of-brackets-beside-each-other", () => {
    for (const value of [Array.from({ length: 100 }, () => []), Array.from({ length: 100 }, () => ({}))]) {
      const bytes = writeValue("json", dialect, value);
      expect(readValue("json", dialect, bytes, 0, bytes.length)).toEqual(value);
    }
  });

  test("has-a-format-that-is-one", () => {
    expect(() => checkFormat("JSON")).toThrow(
      new TypeError('SwimNode: value must be "bytes", "text", "json", or a schema such as struct(…)'),
    );
    expect(() => checkFormat(renewableV4.schema)).not.toThrow();
  });
});
