// Whom a connected node answers, when it asks whether there are others, and whom it calls then: to the millisecond.
import { describe, expect, test } from "vitest";
import { renewableV4, type IdentityType, type Renewable } from "../../core/index.js";
import { ASK } from "../../platform/shared/beacon.js";
import { beaconOf, OWN, Stage, times } from "../support/looking.js";
import { makeSeal, sealed } from "../support/sealing.js";

describe("a connected node", () => {
  test("answers-who-asks-within-100-ms-at-the-port-that-it-asked-from", () => {
    const stage = new Stage();
    stage.connect();
    expect(stage.hear({ kind: ASK, port: 8000 }, "10.0.0.2", 5001)).toEqual([]);
    expect(stage.pass(49)).toEqual([]);
    expect(stage.pass(1)).toEqual(["50 answer 10.0.0.2:5001 2," + OWN]);
    expect(stage.pass(1000)).toEqual([]);
    expect(stage.discovery.found).toEqual([]);
  });

  test("answers-by-a-sealed-beacon-where-there-are-keys", () => {
    const stage = new Stage({ seal: makeSeal() });
    stage.connect();
    stage.hearBytes(sealed(makeSeal(), beaconOf({ kind: ASK })));
    expect(stage.pass(50)).toEqual(["50 answer 10.0.0.2:5000 2," + OWN]);
  });

  test("gives-answers-in-the-order-of-chance-each-at-its-time", () => {
    const stage = new Stage();
    stage.connect();
    for (const [chance, host] of [
      [0.75, 2],
      [0.25, 3],
      [0.5, 4],
    ]) {
      stage.chance = chance;
      stage.hear({ kind: ASK }, "10.0.0." + host);
    }
    const lines = stage.pass(100).map((line) => line.split(":")[0]);
    expect(lines).toEqual(["25 answer 10.0.0.3", "50 answer 10.0.0.4", "75 answer 10.0.0.2"]);
  });

  test("keeps-four-answers-at-most-and-has-room-again-when-they-are-given", () => {
    const stage = new Stage();
    stage.connect();
    for (let i = 2; i <= 10; i++) stage.hear({ kind: ASK }, "10.0.0." + i);
    expect(times(stage.pass(50), "answer")).toHaveLength(4);
    stage.hear({ kind: ASK }, "10.0.0.9");
    expect(times(stage.pass(50), "answer 10.0.0.9")).toEqual([100]);
  });

  test("answers-nobody-whom-it-knows-and-nobody-whose-address-it-cannot-read", () => {
    const stage = new Stage();
    stage.known.push("10.0.0.2:8000");
    stage.connect();
    stage.hear({ kind: ASK, port: 8000 });
    stage.hear({ kind: ASK }, "lamp");
    expect(stage.pass(100)).toEqual([]);
    stage.hear({ kind: ASK, port: 8001 });
    expect(times(stage.pass(100), "answer")).toEqual([150]);
  });

  test.each([
    [2, 1 - 2 ** -32, true],
    [3, 0.7499, true],
    [3, 0.75, false],
    [11, 0.2499, true],
    [11, 0.25, false],
  ])("of-%i-members-is-one-of-three-that-answer-and-ask: %d", (numMembers, chance, isChosen) => {
    const stage = new Stage();
    stage.connect(numMembers);
    stage.chance = chance;
    stage.hear({ kind: ASK });
    const lines = stage.pass(2500).map((line) => line.split(" ")[1]);
    expect(lines).toEqual(isChosen ? ["answer", "ask"] : []);
  });

  test("that-is-alone-meanwhile-gives-no-answer", () => {
    const stage = new Stage();
    stage.connect();
    stage.hear({ kind: ASK });
    stage.isolate();
    expect(times(stage.pass(150), "answer")).toEqual([]);
    // Nor later.
    stage.connect();
    expect(times(stage.pass(1000), "answer")).toEqual([]);
  });

  test("gives-the-other-answers-when-one-fails", () => {
    const stage = new Stage({ fails: true });
    stage.connect();
    stage.hear({ kind: ASK }, "10.0.0.2");
    stage.hear({ kind: ASK }, "10.0.0.3");
    expect(stage.pass(100)).toEqual(["50 failed no network", "50 failed no network"]);
  });

  test("asks-a-few-times-more-whether-there-are-others-and-then-seldom", () => {
    const stage = new Stage({ hasDns: true });
    stage.connect();
    const lines = stage.pass(1_500_000);
    const expected = [1500, 8500, 53_500, 503_500, 953_500, 1_403_500];
    expect(times(lines, "ask 1")).toEqual(expected);
    expect(times(lines, "dns")).toEqual(expected);
    expect(lines).toHaveLength(12);
  });

  test.each([
    [0, 750],
    [0.75, 1875],
  ])("asks-first-where-chance-says-%d", (chance, firstMs) => {
    const stage = new Stage();
    stage.chance = chance;
    stage.connect();
    expect(times(stage.pass(2500), "ask")).toEqual([firstMs]);
  });

  test("asks-a-few-times-again-after-it-was-alone", () => {
    const stage = new Stage();
    stage.connect();
    stage.pass(10_000);
    stage.isolate();
    stage.connect();
    expect(times(stage.pass(10_000), "ask")).toEqual([11_500, 18_500]);
  });

  test("calls-whom-it-finds-and-does-not-know-in-the-second-after-its-question", () => {
    const stage = new Stage();
    stage.known.push("10.0.0.4:7946");
    stage.connect();
    expect(stage.hear({}, "10.0.0.2")).toEqual([]);
    stage.pass(1500);
    expect(stage.hear({}, "10.0.0.4")).toEqual([]);
    expect(stage.hear({}, "10.0.0.2")).toEqual(["1500 call 10.0.0.2:7946 0"]);
    expect(stage.hear({}, "10.0.0.3")).toEqual([]);
    // Whatever else wakes it.
    expect(stage.wake()).toEqual([]);
    expect(times(stage.pass(999), "call")).toEqual([1700, 1900, 2300]);
    expect(stage.pass(1)).toEqual([]);
    expect(stage.hear({}, "10.0.0.5")).toEqual([]);
    expect(stage.pass(1)).toEqual([]);
    expect(stage.hear({}, "10.0.0.6")).toEqual([]);
    expect(stage.discovery.found).toEqual(["10.0.0.2:7946", "10.0.0.3:7946", "10.0.0.5:7946"]);
    stage.numWakes = 0;
    expect(stage.pass(5000)).toEqual([]);
    expect(stage.numWakes).toBeLessThanOrEqual(6);
  });

  test("still-shows-whom-it-found-while-it-was-alone", () => {
    const stage = new Stage();
    stage.wake();
    stage.hear({});
    stage.connect();
    expect(stage.discovery.found).toEqual(["10.0.0.2:7946"]);
  });

  test("answers-whoever-asks-where-identities-cannot-be-made-from-addresses", () => {
    const stage = new Stage();
    stage.node.type = { ...renewableV4, at: undefined } as unknown as IdentityType<Renewable>;
    stage.connect();
    stage.hear({ kind: ASK });
    expect(times(stage.pass(100), "answer")).toEqual([50]);
  });

  test("forgets-at-its-question-whom-it-found-before", () => {
    const stage = new Stage();
    stage.connect();
    stage.pass(1500);
    stage.hear({}, "10.0.0.2");
    expect(times(stage.pass(7000), "ask")).toEqual([8500]);
    expect(stage.discovery.found).toEqual([]);
  });

  test("answers-who-asks-after-its-question-and-does-not-call-it", () => {
    const stage = new Stage();
    stage.connect();
    stage.pass(1500);
    stage.hear({ kind: ASK });
    expect(stage.pass(200)).toEqual(["1550 answer 10.0.0.2:5000 2," + OWN]);
  });
});

describe("a closed one", () => {
  test("does-nothing-any-more-and-closes-its-driver-once", () => {
    const stage = new Stage();
    stage.wake();
    stage.discovery.close();
    stage.discovery.close();
    expect(stage.take()).toEqual(["0 close"]);
    stage.hear({});
    stage.discovery.take("10.0.0.3", 7946);
    expect(stage.pass(20_000)).toEqual([]);
    expect([stage.discovery.found, stage.discovery.numHeard]).toEqual([[], 0]);
  });
});

describe("the driver is woken", () => {
  test("once-a-second-where-nothing-is-due-and-never-more-often-than-every-millisecond", () => {
    const stage = new Stage();
    const numWakes = (ms: number): number => {
      let count = 0;
      const { discovery } = stage;
      const wake = discovery.wake.bind(discovery);
      discovery.wake = () => {
        count++;
        wake();
      };
      stage.pass(ms);
      discovery.wake = wake;
      return count;
    };
    stage.chance = 1 - 2 ** -32;
    stage.connect();
    // At 1000 and 2000 ms, and at the questions of 2250 and 12,750 ms.
    expect(numWakes(12_800)).toBe(14);
    stage.isolate();
    expect(numWakes(5000)).toBeLessThanOrEqual(9);
  });
});
