// When a node that is alone looks for others, whom it calls, and which beacons it ignores: to the millisecond.
import { describe, expect, test } from "vitest";
import { renewableV4, type IdentityType, type Renewable } from "../../core/index.js";
import { ANSWER, ASK } from "../../platform/shared/beacon.js";
import type { Sealing } from "../../platform/shared/seal.js";
import { KEY, WRONG } from "../support/keys.js";
import { beaconOf, OWN, Stage, times } from "../support/looking.js";
import { makeSeal, sealed } from "../support/sealing.js";

describe("a node that is alone", () => {
  test("asks-by-a-beacon-within-400-ms-and-then-with-pauses-up-to-half-a-minute-shortened-by-chance", () => {
    const stage = new Stage();
    expect(stage.wake()).toEqual([]);
    expect(stage.pass(200)).toEqual(["200 ask 1," + OWN]);
    const lines = stage.pass(100_000);
    expect(times(lines, "ask")).toEqual([1700, 4700, 10_700, 22_700, 45_200, 67_700, 90_200]);
    expect(times(lines, "nobody")).toEqual([10_000]);
    expect(lines).toHaveLength(8);
  });

  test.each([
    [0, [0, 2000, 6000, 14_000, 30_000, 60_000]],
    [0.25, [100, 1850, 5350, 12_350, 26_350, 52_600]],
    [0.75, [300, 1550, 4050, 9050, 19_050, 37_800, 56_550]],
  ])("asks-where-chance-says-%d", (chance, expected) => {
    const stage = new Stage();
    stage.chance = chance;
    expect(times([...stage.wake(), ...stage.pass(61_000)], "ask")).toEqual(expected);
  });

  test("gives-multicast-dns-its-turn-and-then-asks-by-both", () => {
    const stage = new Stage({ hasDns: true });
    stage.wake();
    expect(stage.pass(1499)).toEqual(["200 dns"]);
    expect(stage.pass(1)).toEqual(["1500 dns", "1500 ask 1," + OWN]);
    expect(times(stage.pass(22_500), "ask")).toEqual([3000, 6000, 12_000, 24_000]);
  });

  test.each<[Sealing, string[]]>([
    ["off", ["200 dns"]],
    ["accept", ["200 dns"]],
    ["send", ["200 ask 1," + OWN]],
    ["require", ["200 ask 1," + OWN]],
  ])("asks-openly-by-multicast-dns-only-where-it-sends-openly-anyway: %s", (sealing, expected) => {
    const stage = new Stage({ hasDns: true, seal: makeSeal({ sealing }) });
    stage.wake();
    expect(stage.pass(1400)).toEqual(expected);
    expect(times(stage.pass(600), "dns").length).toBe(sealing === "off" || sealing === "accept" ? 1 : 0);
  });

  test("says-so-after-ten-seconds-once-and-again-when-it-is-alone-again", () => {
    const stage = new Stage();
    stage.wake();
    stage.hear({ cluster: "next-door" });
    expect(times(stage.pass(9999), "nobody")).toEqual([]);
    expect(stage.pass(1)).toEqual(["10000 nobody next-door"]);
    expect(times(stage.pass(60_000), "nobody")).toEqual([]);
    stage.connect();
    stage.isolate();
    expect(times(stage.pass(20_000), "nobody")).toEqual([80_000]);
  });

  test("gives-multicast-dns-its-turn-at-the-longest-of-pauses-too", () => {
    const stage = new Stage({ hasDns: true });
    stage.chance = 0.99999;
    stage.wake();
    expect(stage.pass(1500)).toEqual(["400 dns"]);
  });

  test("has-room-for-a-sealed-beacon-of-the-longest-name", () => {
    const cluster = "n".repeat(32);
    const stage = new Stage({ seal: makeSeal(), cluster });
    stage.wake();
    expect(stage.pass(200)).toEqual(["200 ask 1,2147483648,7946,0," + cluster]);
  });

  test("is-woken-no-more-often-when-those-that-it-found-were-called", () => {
    const stage = new Stage();
    stage.wake();
    stage.hear({});
    stage.pass(30_000);
    stage.numWakes = 0;
    stage.pass(10_000);
    expect(stage.numWakes).toBeLessThanOrEqual(12);
  });

  test("begins-again-with-short-pauses-and-without-those-it-found-before", () => {
    const stage = new Stage();
    stage.wake();
    stage.hear({});
    stage.pass(30_000);
    stage.connect();
    stage.isolate();
    expect(stage.discovery.found).toEqual([]);
    expect(times(stage.pass(6000), "ask")).toEqual([30_200, 31_700, 34_700]);
  });

  test("that-is-defunct-or-connected-asks-nobody-and-complains-of-nothing", () => {
    for (const what of ["isDefunct", "isConnected"] as const) {
      const stage = new Stage();
      stage.swim[what] = true;
      stage.wake();
      expect(stage.pass(1000)).toEqual([]);
    }
  });

  test("asks-by-the-beacon-of-its-format", () => {
    for (const [codec, tag] of [
      ["postcard", 1],
      ["other", 255],
    ] as const) {
      const stage = new Stage({ codec });
      stage.wake();
      expect(stage.pass(200)).toEqual(["200 ask 1,2147483648,7946," + tag + ",home"]);
    }
  });

  test("goes-on-when-the-network-fails-and-says-so-each-time", () => {
    const stage = new Stage({ fails: true });
    stage.wake();
    expect(stage.pass(1700)).toEqual(["200 failed no network", "1700 failed no network"]);
  });
});

describe("who is found by a node that is alone", () => {
  test("is-called-at-once-and-twice-more-with-growing-pauses-and-once-after-each-question", () => {
    const stage = new Stage();
    stage.wake();
    stage.pass(300);
    expect(stage.hear({ port: 8000 })).toEqual(["300 call 10.0.0.2:8000 0"]);
    // Whatever else wakes it.
    expect(stage.wake()).toEqual([]);
    expect(times(stage.pass(1000), "call")).toEqual([500, 900]);
    // Right after the questions of 1700, 4700 and 10,700 ms.
    expect(times(stage.pass(15_000), "call")).toEqual([1701, 4701, 10_701]);
    expect(stage.discovery.found).toEqual(["10.0.0.2:8000"]);
  });

  test("is-called-whether-it-asked-answered-or-was-found-by-multicast-dns", () => {
    for (const kind of [ASK, ANSWER]) {
      const stage = new Stage();
      stage.wake();
      expect(stage.hear({ kind })).toEqual(["0 call 10.0.0.2:7946 0"]);
      expect(stage.discovery.numHeard).toBe(1);
    }
    const stage = new Stage();
    stage.discovery.take("10.0.0.3", 9000);
    expect(stage.take()).toEqual(["0 call 10.0.0.3:9000 0"]);
    expect(times(stage.pass(700), "call")).toEqual([200, 600]);
  });

  test("is-called-when-the-node-notices-only-by-the-beacon-that-it-is-alone", () => {
    const stage = new Stage();
    expect(stage.hear({})).toEqual(["0 call 10.0.0.2:7946 0"]);
  });

  test("is-called-though-a-former-member-had-its-address", () => {
    const stage = new Stage();
    stage.known.push("10.0.0.2:7946");
    stage.wake();
    expect(stage.hear({})).toEqual(["0 call 10.0.0.2:7946 0"]);
  });

  test("waits-for-the-pause-and-those-called-least-come-first", () => {
    const stage = new Stage();
    stage.wake();
    expect(stage.hear({}, "10.0.0.2")).toHaveLength(1);
    expect(stage.hear({}, "10.0.0.3")).toEqual([]);
    expect(stage.hear({}, "10.0.0.4")).toEqual([]);
    const calls = stage.pass(2400).filter((line) => line.includes("call"));
    expect(calls.map((line) => line.slice(0, -7))).toEqual([
      "200 call 10.0.0.3",
      "400 call 10.0.0.4",
      "600 call 10.0.0.2",
      "1000 call 10.0.0.3",
      "1400 call 10.0.0.4",
      "1800 call 10.0.0.2",
      "2400 call 10.0.0.3",
    ]);
  });

  test("is-called-at-once-when-the-pause-after-the-others-is-just-over", () => {
    const stage = new Stage();
    stage.wake();
    stage.hear({});
    stage.pass(1200);
    expect(stage.hear({}, "10.0.0.3")).toEqual(["1200 call 10.0.0.3:7946 0"]);
  });

  test("again-is-not-called-anew", () => {
    const stage = new Stage();
    stage.wake();
    stage.hear({});
    stage.pass(100);
    expect([stage.hear({}), stage.hear({ id: 9 })]).toEqual([[], []]);
    expect(stage.discovery.found).toEqual(["10.0.0.2:7946"]);
    // Another port, or another address, is somebody else.
    stage.hear({ port: 7947 });
    stage.hear({}, "10.0.0.3");
    expect(stage.discovery.found).toEqual(["10.0.0.2:7946", "10.0.0.2:7947", "10.0.0.3:7946"]);
  });

  test("takes-the-place-of-the-one-called-most-when-there-are-eight", () => {
    const stage = new Stage();
    stage.wake();
    for (let i = 2; i <= 5; i++) stage.hear({}, "10.0.0." + i);
    // Now 2 was called twice, and 3, 4 and 5 once.
    stage.pass(600);
    for (let i = 6; i <= 10; i++) stage.hear({}, "10.0.0." + i);
    const hosts = (): string[] => stage.discovery.found.map((text) => text.slice(7, -5));
    expect(hosts()).toEqual(["10", "3", "4", "5", "6", "7", "8", "9"]);
    stage.hear({}, "10.0.0.11");
    expect(hosts()).toEqual(["10", "11", "4", "5", "6", "7", "8", "9"]);
  });

  test("is-refused-when-there-are-eight-of-whom-none-was-called", () => {
    const stage = new Stage();
    stage.wake();
    // Of the first, which is called, the address is that of the node.
    for (let i = 1; i <= 9; i++) stage.hear({}, "10.0.0." + i);
    const found = stage.discovery.found;
    expect(found).toEqual([9, 2, 3, 4, 5, 6, 7, 8].map((i) => "10.0.0." + i + ":7946"));
    stage.hear({}, "10.0.0.10");
    expect(stage.discovery.found).toEqual(found);
  });

  test("is-not-called-where-it-is-the-node-itself", () => {
    const stage = new Stage();
    stage.wake();
    expect(stage.hear({ id: 8 }, "10.0.0.1")).toEqual([]);
    expect(times(stage.pass(1000), "call")).toEqual([]);
  });

  test("is-told-where-the-identity-type-can-make-nothing-of-it-and-hinders-nobody", () => {
    const stage = new Stage();
    stage.wake();
    expect(stage.hear({}, "lamp")[0]).toMatch(/^0 failed .*lamp/);
    expect(stage.hear({})).toEqual([]);
    expect(times(stage.pass(1000), "call 10.0.0.2")).toEqual([200, 800]);
  });

  test("is-not-called-where-identities-cannot-be-made-from-addresses", () => {
    const stage = new Stage();
    stage.node.type = { ...renewableV4, at: undefined } as unknown as IdentityType<Renewable>;
    stage.wake();
    expect([...stage.hear({}), ...stage.pass(150)]).toEqual([]);
    expect(stage.discovery.found).toEqual(["10.0.0.2:7946"]);
  });
});

describe("a beacon is ignored", () => {
  test("of-another-cluster-or-another-wire-format", () => {
    const stage = new Stage();
    stage.wake();
    expect([...stage.hear({ cluster: "house" }), ...stage.hear({ codec: "postcard" })]).toEqual([]);
    expect(stage.pass(100)).toEqual([]);
    expect([stage.discovery.found, stage.discovery.numHeard]).toEqual([[], 0]);
  });

  test("where-it-is-ones-own-and-not-where-only-its-number-or-its-port-is-the-same", () => {
    const stage = new Stage();
    stage.wake();
    stage.hear({ id: 0x80000000 });
    expect([stage.discovery.found, stage.discovery.numHeard]).toEqual([[], 0]);
    stage.hear({ id: 0x80000000, port: 7947 });
    stage.hear({ id: 7, port: 7946 });
    expect(stage.discovery.numHeard).toBe(2);
  });

  test("that-is-not-sealed-or-under-another-key-or-came-before-where-all-must-be-sealed", () => {
    const stage = new Stage({ seal: makeSeal() });
    stage.wake();
    const datagram = sealed(makeSeal(), beaconOf({}));
    stage.hear({});
    stage.hearBytes(sealed(makeSeal({ keys: [WRONG] }), beaconOf({})));
    expect(stage.discovery.numHeard).toBe(0);
    expect(stage.hearBytes(datagram)).toEqual(["0 call 10.0.0.2:7946 0"]);
    stage.hearBytes(datagram, "10.0.0.3");
    expect(stage.discovery.numHeard).toBe(1);
  });

  test("that-is-none-where-it-was-sealed", () => {
    const stage = new Stage({ seal: makeSeal({ keys: [KEY] }) });
    stage.wake();
    stage.hearBytes(sealed(makeSeal(), Uint8Array.of(1, 2, 3)));
    expect(stage.discovery.numHeard).toBe(0);
  });
});
