// The number of a node's life by itself: what of the store counts, where it is written, and how often.
import { describe, expect, test } from "vitest";
import { BumpKeeper, nextBump, type Store } from "../../platform/shared/bump.js";

/** A store of two places, with all that is done to it written down. */
class Places implements Store {
  readonly lines: string[] = [];
  readonly unreadable: string[] = [];
  readonly unwritable: string[] = [];
  readonly values: Record<string, unknown>;

  constructor(values: Record<string, unknown> = {}) {
    this.values = values;
  }

  get(domain: string, key: string): unknown {
    if (this.unreadable.includes(key)) throw new Error("cannot read " + key);
    return this.values[domain + "/" + key];
  }

  set(domain: string, key: string, value: string): void {
    if (this.unwritable.includes(key)) throw new Error("cannot write " + key);
    this.lines.push(domain + "/" + key + " " + value);
    this.values[domain + "/" + key] = value;
  }
}

/** A node with a number, a store and a clock. */
class Numbered {
  identity: unknown;
  nowMs = 1000;
  readonly errors: string[] = [];
  readonly store: Places;
  readonly keeper: BumpKeeper;

  constructor(bump: unknown, values: Record<string, unknown> = {}) {
    this.identity = { addr: "10.0.0.1:7946", bump };
    this.store = new Places(values);
    this.keeper = new BumpKeeper(this.store);
  }

  now(): number {
    return this.nowMs;
  }

  failed(error: unknown): void {
    this.errors.push((error as Error).message);
  }

  /** Takes another number, of which others are the cause, or the user; returns what was written. */
  become(bump: number, hasRenewed: boolean): string[] {
    this.identity = { addr: "10.0.0.1:7946", bump };
    this.keeper.changed(this, hasRenewed);
    return this.store.lines.splice(0);
  }

  /** Wakes the keeper at a time; returns what was written. */
  wakeAt(ms: number): string[] {
    this.nowMs = ms;
    this.keeper.wake(this, ms);
    return this.store.lines.splice(0);
  }
}

function next(values: Record<string, unknown>, least = 1): number {
  const errors: unknown[] = [];
  const number = nextBump(new Places(values), least, errors);
  expect(errors).toEqual([]);
  return number;
}

describe("the next number", () => {
  test.each([
    [{ "xswim/bump": "41", "xswim/bump2": "40" }, 42],
    [{ "xswim/bump": "40", "xswim/bump2": "41" }, 42],
    [{ "xswim/bump": "41" }, 43],
    [{ "xswim/bump2": "41" }, 43],
    // Of another's domain.
    [{ "/bump": "41", "other/bump2": "41" }, 1],
    // Moddable's store gives a number where one was kept.
    [{ "xswim/bump": 41, "xswim/bump2": 42 }, 43],
    // A list of one number reads as that number, and is none of ours.
    [{ "xswim/bump": [41], "xswim/bump2": "7" }, 9],
    [{ "xswim/bump": "-3", "xswim/bump2": "7" }, 9],
  ])("is-larger-than-all-before: %j", (values, expected) => {
    expect(next(values)).toBe(expected);
  });

  test("is-at-least-what-the-clock-says", () => {
    expect(next({ "xswim/bump": "41", "xswim/bump2": "40" }, 1000)).toBe(1000);
    expect([next({}, 1000), next({}, -5), next({}, 0)]).toEqual([1000, 1, 1]);
    expect([nextBump(undefined, 7, []), nextBump(undefined, 0, [])]).toEqual([7, 1]);
  });
});

describe("a number is stored", () => {
  test("when-the-node-starts-in-the-place-of-the-smaller-one", () => {
    expect(new Numbered(0).become(1, false)).toEqual(["xswim/bump 1"]);
    expect(new Numbered(0, { "xswim/bump": "41", "xswim/bump2": "40" }).become(42, false)).toEqual([
      "xswim/bump2 42",
    ]);
    expect(new Numbered(0, { "xswim/bump": "40", "xswim/bump2": "41" }).become(42, false)).toEqual([
      "xswim/bump 42",
    ]);
  });

  test("in-the-first-place-where-neither-holds-one", () => {
    for (const values of [{}, { "xswim/bump": "lamp", "xswim/bump2": "-3" }])
      expect(new Numbered(0, values).become(5, false)).toEqual(["xswim/bump 5"]);
  });

  test("in-neither-place-where-one-has-it-already", () => {
    for (const values of [{ "xswim/bump": "5" }, { "xswim/bump2": "5" }])
      expect(new Numbered(0, values).become(5, false)).toEqual([]);
  });

  test("first-in-a-place-that-cannot-be-read-and-there-alone", () => {
    for (const key of ["bump", "bump2"]) {
      const node = new Numbered(0);
      node.store.unreadable.push(key);
      expect(node.become(5, false)).toEqual(["xswim/" + key + " 5"]);
      expect(node.errors).toEqual(["cannot read " + key]);
    }
  });

  test("nowhere-for-an-identity-that-has-none", () => {
    for (const identity of [null, 7, { host: 1 }]) {
      const node = new Numbered(0);
      node.identity = identity;
      node.keeper.changed(node, false);
      expect([node.store.lines, node.errors]).toEqual([[], []]);
    }
  });

  test("at-once-when-the-user-changes-the-address-however-often", () => {
    const node = new Numbered(0);
    expect([2, 3, 4].map((bump) => node.become(bump, false))).toEqual([
      ["xswim/bump 2"],
      ["xswim/bump2 3"],
      ["xswim/bump 4"],
    ]);
  });
});

describe("of rejoins the number is stored", () => {
  test("once-a-minute-and-then-the-last-one", () => {
    const node = new Numbered(0);
    expect(node.become(2, true)).toEqual(["xswim/bump 2"]);
    expect([3, 4, 5].map((bump) => node.become(bump, true))).toEqual([[], [], []]);
    expect(node.wakeAt(60_999)).toEqual([]);
    expect(node.wakeAt(61_000)).toEqual(["xswim/bump2 5"]);
    expect(node.become(6, true)).toEqual([]);
    expect(node.wakeAt(120_999)).toEqual([]);
    expect(node.wakeAt(121_000)).toEqual(["xswim/bump 6"]);
  });

  test("at-once-again-after-a-minute-in-which-there-was-none", () => {
    const node = new Numbered(0);
    node.become(2, true);
    expect(node.wakeAt(61_000)).toEqual([]);
    node.nowMs = 61_001;
    expect(node.become(3, true)).toEqual(["xswim/bump2 3"]);
  });

  test("in-close-if-it-waits-and-then-no-more", () => {
    const node = new Numbered(0);
    node.become(2, true);
    node.become(3, true);
    node.keeper.flush(node);
    expect(node.store.lines.splice(0)).toEqual(["xswim/bump2 3"]);
    node.identity = { bump: 4 };
    expect(node.wakeAt(61_000)).toEqual([]);
    // What was never to be written is not written in `close` either.
    const other = new Numbered(8);
    other.keeper.flush(other);
    expect(other.store.lines).toEqual([]);
  });
});

describe("a store that fails", () => {
  test("is-tried-again-a-minute-later", () => {
    const node = new Numbered(0);
    node.store.unwritable.push("bump", "bump2");
    expect(node.become(2, false)).toEqual([]);
    expect(node.errors).toEqual(["cannot write bump"]);
    node.store.unwritable.length = 0;
    expect(node.wakeAt(60_999)).toEqual([]);
    expect(node.wakeAt(61_000)).toEqual(["xswim/bump 2"]);
  });

  test("is-tried-no-more-once-the-number-is-there", () => {
    const node = new Numbered(0);
    node.become(2, false);
    node.store.unreadable.push("bump", "bump2");
    node.wakeAt(61_000);
    expect(node.errors).toEqual([]);
  });

  test("counts-by-its-other-place-where-one-can-be-neither-read-nor-written", () => {
    const node = new Numbered(0);
    node.store.unreadable.push("bump");
    node.store.unwritable.push("bump");
    expect(node.become(2, false)).toEqual(["xswim/bump2 2"]);
    expect(node.errors).toEqual(["cannot read bump", "cannot write bump"]);
  });

  test("is-told-by-each-place-that-cannot-be-read-at-the-start", () => {
    const store = new Places({ "xswim/bump2": "41" });
    store.unreadable.push("bump");
    const errors: unknown[] = [];
    expect(nextBump(store, 1, errors)).toBe(43);
    expect(errors.map(String)).toEqual(["Error: cannot read bump"]);
  });
});
