// When a node calls which of its seeds, to the millisecond, with chance played by a number.
import { describe, expect, test } from "vitest";
import type { LeanSwim } from "../../core/index.js";
import { joinBySeeds } from "../../platform/shared/join.js";
import { Joiner } from "../../platform/shared/joiner.js";
import type { RememberedPeers } from "../../platform/shared/remembered.js";

/** A node with seeds that are texts; `self` is itself, and one that begins with `bad` throws. */
class Stage {
  chance = 0.5;
  isConnected = false;
  isDefunct = false;
  readonly known: string[] = [];
  readonly heard: string[] = [];
  readonly lines: string[] = [];
  readonly joiner: Joiner<string>;
  readonly remembered: RememberedPeers<string> | undefined;
  readonly swim: LeanSwim<string>;

  constructor(seeds: readonly string[], peers?: readonly (string | undefined)[]) {
    const stub = {
      knows: (seed: string) => this.known.includes(seed),
      hasHeard: (seed: string) => this.heard.includes(this.checked(seed)),
      isSelf: (seed: string) => this.checked(seed) === "self",
      announce: (seed: string) => void this.lines.push(seed),
    };
    Object.defineProperties(stub, {
      isConnected: { get: () => this.isConnected },
      isDefunct: { get: () => this.isDefunct },
    });
    this.swim = stub as unknown as LeanSwim<string>;
    this.joiner = new Joiner(seeds, () => (this.chance * 0x100000000) | 0, 1000, peers !== undefined);
    if (peers !== undefined) this.remembered = { peers: () => peers } as unknown as RememberedPeers<string>;
  }

  failed(error: unknown): void {
    this.lines.push((error as Error).message);
  }

  /** Does what is due at a time; returns who was called, and when that is to be done next. */
  join(nowMs: number): [calls: string, nextMs: number] {
    joinBySeeds(this, this.joiner, this.remembered, nowMs);
    return [this.lines.splice(0).join(), this.joiner.nextMs];
  }

  private checked(seed: string): string {
    if (seed === undefined || seed.startsWith("bad")) throw new TypeError("no " + seed);
    return seed;
  }
}

describe("while it is alone a node", () => {
  test("calls-all-at-once-and-then-with-pauses-up-to-half-a-minute", () => {
    const stage = new Stage(["a", "b"]);
    expect(stage.joiner.nextMs).toBe(1000);
    let nowMs = 1000;
    const pauses: number[] = [];
    for (let i = 0; i < 8; i++) {
      const [calls, nextMs] = stage.join(nowMs);
      expect(calls).toBe("a,b");
      pauses.push(nextMs - nowMs);
      nowMs = nextMs;
    }
    expect(pauses).toEqual([750, 1500, 3000, 6000, 12_000, 22_500, 22_500, 22_500]);
  });

  test.each([
    [0, 500],
    [0.25, 625],
    [0.9999, 1000],
  ])("pauses-between-half-and-all-of-it-where-chance-says-%d", (chance, expected) => {
    const stage = new Stage(["a"]);
    stage.chance = chance;
    expect(stage.join(1000)).toEqual(["a", 1000 + expected]);
  });

  test("calls-neither-itself-nor-who-answered-and-the-others-though-one-throws", () => {
    const stage = new Stage(["self", "bad", "a", "b"]);
    stage.heard.push("a");
    expect(stage.join(1000)[0]).toBe("no bad,b");
  });

  test("calls-also-whom-it-knows-by-others-alone", () => {
    const stage = new Stage(["a"]);
    stage.known.push("a");
    expect(stage.join(1000)[0]).toBe("a");
  });

  test("calls-those-that-it-remembers-too-and-them-alone-where-there-are-no-seeds", () => {
    expect(new Stage(["a"], ["p", undefined, "q"]).join(1000)[0]).toBe("a,p,q");
    const stage = new Stage([], ["p"]);
    expect([stage.joiner.nextMs, stage.join(1000)]).toEqual([1000, ["p", 1750]]);
  });

  test("and-defunct-calls-nobody", () => {
    const stage = new Stage(["a"], ["p"]);
    stage.isDefunct = true;
    expect(stage.join(1000)[0]).toBe("");
  });

  test("and-without-seeds-never-tries", () => {
    const { joiner, swim } = new Stage([]);
    expect(joiner.nextMs).toBe(Infinity);
    joiner.hurry(5000);
    expect(joiner.nextMs).toBe(Infinity);
    expect(joiner.hasAnswer(swim)).toBe(true);
  });
});

describe("once it is connected a node", () => {
  test("goes-on-as-if-it-was-alone-until-a-seed-answers", () => {
    const stage = new Stage(["bad", "a", "b"]);
    stage.isConnected = true;
    stage.known.push("a");
    expect(stage.joiner.hasAnswer(stage.swim)).toBe(false);
    expect(stage.join(1000)).toEqual(["no bad,a,b", 1750]);
    stage.heard.push("b");
    expect(stage.joiner.hasAnswer(stage.swim)).toBe(true);
    // An answer counts for good.
    stage.heard.length = 0;
    expect(stage.joiner.hasAnswer(stage.swim)).toBe(true);
  });

  test("calls-one-in-turn-each-minute-unless-it-is-a-member", () => {
    const stage = new Stage(["a", "self", "b"], ["p"]);
    stage.isConnected = true;
    stage.heard.push("a");
    stage.known.push("a");
    const calls: string[] = [];
    for (let i = 0; i < 6; i++) {
      const [called, nextMs] = stage.join(i * 60_000);
      calls.push(called);
      expect(nextMs).toBe((i + 1) * 60_000);
    }
    expect(calls).toEqual(["", "b", "", "", "b", ""]);
    // One that answered once and is a member no more is called.
    stage.known.length = 0;
    expect([0, 1, 2].map((i) => stage.join((6 + i) * 60_000)[0])).toEqual(["", "b", "a"]);
  });

  test("that-is-alone-again-tries-within-a-second-and-with-short-pauses", () => {
    const stage = new Stage(["a"]);
    for (const nowMs of [1000, 2000, 3000]) stage.join(nowMs);
    stage.joiner.planConnected(10_000);
    expect(stage.joiner.nextMs).toBe(70_000);
    stage.joiner.hurry(20_000);
    expect(stage.joiner.nextMs).toBe(21_000);
    stage.joiner.hurry(20_500);
    expect(stage.joiner.nextMs).toBe(21_000);
    expect([stage.join(21_000)[1], stage.join(21_750)[1]]).toEqual([21_750, 23_250]);
    // And after what was planned of a connected one, short ones, too.
    stage.joiner.planConnected(30_000);
    expect(stage.join(90_000)[1]).toBe(90_750);
    stage.joiner.stop();
    expect(stage.joiner.nextMs).toBe(Infinity);
  });

  test("that-remembers-somebody-hurries-without-seeds", () => {
    const { joiner } = new Stage([], ["p"]);
    joiner.planConnected(10_000);
    joiner.hurry(20_000);
    expect(joiner.nextMs).toBe(21_000);
  });
});
