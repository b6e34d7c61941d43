// The settings: what the presets are, number for number, and what is said of wrong ones.
import { describe, expect, test } from "vitest";
import { lan, simple, wan, wifi, type Config } from "../../core/index.js";
import { checkConfig, checkConfigChange } from "../../core/config.js";

/** What `lan`, `wan` and `wifi` turn on. */
const ON = {
  notifyDownMembers: true,
  probeSilentFirst: true,
  probeSuccessor: true,
  gossipToSuccessor: true,
  listToSuccessor: true,
  repeatDown: true,
  holdWhenDeaf: true,
  noticeLateness: true,
  tellSuspects: true,
  fitRtt: true,
  seekDown: true,
  answerFormer: true,
  preferHeard: true,
};
const OFF = Object.fromEntries(Object.keys(ON).map((name) => [name, false]));
const SIMPLE = {
  ...OFF,
  probePeriodMs: 1500,
  probeRttMs: 500,
  numIndirectProbes: 3,
  maxTransmissions: 10,
  suspectToDownAfterMs: 3000,
  removeDownAfterMs: 86_400_000,
  maxPacketSize: 1400,
  maxReceiveSize: 1400,
  periodicAnnounce: null,
  periodicAnnounceToDownMembers: null,
  periodicGossip: null,
  quietStartMs: 0,
  maxMembers: 1024,
  initialMembers: 8,
  maxIdentityLength: 64,
  maxBroadcasts: 64,
  maxBroadcastBytes: 8192,
};
const LAN = {
  ...SIMPLE,
  ...ON,
  probePeriodMs: 1000,
  maxTransmissions: 4,
  suspectToDownAfterMs: 4000,
  periodicAnnounce: { frequencyMs: 30_000, numMembers: 1 },
  periodicAnnounceToDownMembers: { frequencyMs: 65_000, numMembers: 2 },
  periodicGossip: { frequencyMs: 200, numMembers: 3 },
};

describe("the presets", () => {
  test("are-these", () => {
    expect(simple()).toEqual(SIMPLE);
    expect(lan(10)).toEqual(LAN);
    expect(wifi(10)).toEqual({ ...LAN, probePeriodMs: 2000, suspectToDownAfterMs: 8000 });
    expect(wan(10)).toEqual({
      ...LAN,
      probePeriodMs: 5000,
      probeRttMs: 3000,
      suspectToDownAfterMs: 30_000,
      periodicAnnounce: { frequencyMs: 60_000, numMembers: 2 },
      periodicAnnounceToDownMembers: { frequencyMs: 125_000, numMembers: 3 },
      periodicGossip: { frequencyMs: 500, numMembers: 4 },
    });
  });

  test.each([
    [1, 1, 4000, 1024],
    [2, 1, 4000, 1024],
    [9, 4, 4000, 1024],
    [512, 10, 10_837, 1024],
    [513, 10, 10_840, 1026],
    [1000, 12, 12_000, 2000],
    [32_500, 18, 18_048, 65_000],
    [40_000, 18, 18_408, 65_000],
    [4_294_967_295, 38, 38_532, 65_000],
  ])("grow-with-the-cluster: %i", (size, maxTransmissions, suspectToDownAfterMs, maxMembers) => {
    expect(lan(size)).toMatchObject({ maxTransmissions, suspectToDownAfterMs, maxMembers });
  });

  test("are-frozen-in-all-their-parts", () => {
    for (const config of [simple(), lan(10), wan(10), wifi(10)]) {
      expect(Object.isFrozen(config)).toBe(true);
      for (const part of Object.values(config)) expect(Object.isFrozen(part)).toBe(true);
    }
  });

  test.each([0, -1, 1.5, NaN, Infinity, 4_294_967_296, "10", undefined, null])(
    "are-of-no-size: %s",
    (size) => {
      for (const preset of [lan, wan, wifi])
        expect(() => preset(size as number)).toThrow(/^clusterSize, as in lan\(10\): /);
    },
  );
});

const check = (changes: object) => (): Config => checkConfig({ ...lan(10), ...changes });

describe("settings are checked", () => {
  test.each([
    ["probePeriodMs", 501, 2_073_600_000],
    ["numIndirectProbes", 1, 255],
    ["maxTransmissions", 1, 255],
    ["suspectToDownAfterMs", 1, 2_073_600_000],
    ["maxPacketSize", 16, 65_507],
    ["maxReceiveSize", 16, 65_507],
    ["maxMembers", 1, 65_000],
    ["initialMembers", 1, 65_000],
    ["maxIdentityLength", 1, 1024],
    ["maxBroadcasts", 0, 65_535],
    ["maxBroadcastBytes", 0, 2_147_483_647],
    ["quietStartMs", 0, 2_073_600_000],
    ["probeRttMs", 1, 999],
    ["removeDownAfterMs", 1, 2_073_600_000],
  ])("%s-from-%i-to-%i", (name, low, high) => {
    for (const good of [low, high]) expect(check({ [name]: good })()).toMatchObject({ [name]: good });
    const least = name === "probePeriodMs" ? 2 : low;
    const range = "config." + name + ": expected an integer from " + least + " to " + high + ", got ";
    for (const bad of [least - 1, high + 1, least + 0.5, NaN])
      expect(check({ [name]: bad })).toThrow(new RangeError(range + bad));
    for (const bad of [String(high), null, undefined, {}])
      expect(check({ [name]: bad })).toThrow(new TypeError(range + String(bad)));
  });

  test("a-round-trip-is-shorter-than-a-period", () => {
    expect(check({ probePeriodMs: 500 })).toThrow(
      new RangeError("config.probeRttMs: expected an integer from 1 to 499, got 500"),
    );
  });

  test("and-down-members-may-be-kept-for-ever", () => {
    expect(check({ removeDownAfterMs: Infinity })().removeDownAfterMs).toBe(Infinity);
  });

  test.each(Object.keys(ON))("%s-is-true-or-false", (name) => {
    for (const good of [true, false]) expect(check({ [name]: good })()).toMatchObject({ [name]: good });
    for (const bad of [undefined, null, 0, 1, "true"])
      expect(check({ [name]: bad })).toThrow(new TypeError("config." + name + ": expected true or false"));
  });

  test.each(["periodicAnnounce", "periodicAnnounceToDownMembers", "periodicGossip"])(
    "%s-is-a-task-or-null",
    (name) => {
      expect(check({ [name]: null })()).toMatchObject({ [name]: null });
      for (const task of [
        { frequencyMs: 1, numMembers: 1 },
        { frequencyMs: 2_073_600_000, numMembers: 255 },
      ])
        expect(check({ [name]: task })()).toMatchObject({ [name]: task });
      for (const bad of [undefined, 7, "200"])
        expect(check({ [name]: bad })).toThrow(
          new TypeError("config." + name + ": expected { frequencyMs, numMembers } or null"),
        );
      for (const frequencyMs of [0, 2_073_600_001])
        expect(check({ [name]: { frequencyMs, numMembers: 1 } })).toThrow(
          new RangeError(
            "config." + name + ".frequencyMs: expected an integer from 1 to 2073600000, got " + frequencyMs,
          ),
        );
      for (const numMembers of [0, 256])
        expect(check({ [name]: { frequencyMs: 1, numMembers } })).toThrow(
          new RangeError(
            "config." + name + ".numMembers: expected an integer from 1 to 255, got " + numMembers,
          ),
        );
    },
  );

  test.each([null, undefined, 10, lan])("and-are-an-object-not: %s", (config) => {
    expect(() => checkConfig(config as never)).toThrow(
      new TypeError("config: expected the settings that simple(), lan(n) or wan(n) give"),
    );
  });

  test("and-have-no-other-names", () => {
    expect(check({ maxMember: 3 })).toThrow(
      new TypeError("config: unknown option maxMember; did you mean maxMembers?"),
    );
  });
});

describe("checked settings", () => {
  test("are-the-very-object-when-all-of-it-is-frozen", () => {
    const config = lan(10);
    expect(checkConfig(config)).toBe(config);
  });

  test("are-a-frozen-copy-else-so-that-nobody-can-change-them", () => {
    const task = { frequencyMs: 100, numMembers: 1 };
    for (const config of [
      { ...lan(10) },
      { ...lan(10), periodicGossip: task },
      Object.freeze({ ...lan(10), periodicGossip: task }),
    ]) {
      const checked = checkConfig(config);
      expect(checked).toEqual(config);
      expect(checked).not.toBe(config);
      expect([Object.isFrozen(checked), Object.isFrozen(checked.periodicGossip)]).toEqual([true, true]);
    }
    expect(Object.isFrozen(task)).toBe(false);
    // A part that is frozen is not copied.
    const config = { ...lan(10) };
    expect(checkConfig(config).periodicAnnounce).toBe(config.periodicAnnounce);
  });
});

describe("while a node runs", () => {
  test("the-times-of-probes-stay", () => {
    for (const change of [{ probePeriodMs: 1001 }, { probeRttMs: 499 }])
      expect(() => checkConfigChange(lan(10), { ...lan(10), ...change })).toThrow(
        "setConfig: probePeriodMs and probeRttMs cannot change; make a new Swim",
      );
  });

  test.each(["periodicAnnounce", "periodicAnnounceToDownMembers", "periodicGossip"])(
    "%s-is-not-turned-on",
    (name) => {
      const off = { ...lan(10), [name]: null };
      expect(() => checkConfigChange(off, lan(10))).toThrow(
        "setConfig: " + name + " was off and cannot be turned on; make a new Swim",
      );
      expect(() => checkConfigChange(lan(10), off)).not.toThrow();
      expect(() => checkConfigChange(off, off)).not.toThrow();
      expect(() =>
        checkConfigChange(lan(10), { ...lan(10), [name]: { frequencyMs: 7, numMembers: 1 } }),
      ).not.toThrow();
    },
  );
});
