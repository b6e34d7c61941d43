// Whom a node remembers, in which places of its store, and when: with a core that only says who is there.
import { describe, expect, test } from "vitest";
import { renewableAddr, type IdentityType, type LeanSwim, type Renewable } from "../../core/index.js";
import { RememberedPeers } from "../../platform/shared/remembered.js";

const at = (host: number | string): string => (typeof host === "string" ? host : "10.0.0." + host + ":7946");
const member = (host: number | string): Renewable => ({ addr: at(host), bump: 1 });

/** A node that has heard from some members, and a store. */
class Stage {
  heard: (number | string)[] = [];
  readonly values = new Map<string, unknown>();
  readonly writes: string[] = [];
  readonly errors: string[] = [];
  isBroken = false;
  readonly swim = {
    knows: ({ addr }: Renewable) => this.heard.some((host) => at(host) === addr),
    isSelf: ({ addr }: Renewable) => addr === at(99),
    forEachHeard: (visit: (identity: Renewable) => unknown) => {
      for (const host of this.heard) if (visit(member(host)) === false) break;
    },
  } as unknown as LeanSwim<Renewable>;
  readonly peers: RememberedPeers<Renewable>;

  constructor(seeds: readonly number[] = [], places: readonly unknown[] = [], type: object = {}) {
    places.forEach((value, place) => this.values.set("xswim/peer" + place, value));
    const store = {
      get: (domain: string, key: string) => {
        if (this.isBroken) throw new Error("broken");
        return this.values.get(domain + "/" + key);
      },
      set: (domain: string, key: string, value: string) => {
        this.writes.push(domain + "/" + key + " " + value);
        this.values.set(domain + "/" + key, value);
      },
    };
    const own = Object.assign(Object.create(renewableAddr) as IdentityType<Renewable>, type);
    this.peers = new RememberedPeers(store, own, seeds.map(member));
  }

  failed(error: unknown): void {
    this.errors.push((error as Error).message);
  }

  /** Writes what has changed, and returns that: `["0 10.0.0.2:7946"]`. */
  write(): string[] {
    this.peers.write(this);
    return this.writes.splice(0).map((line) => line.slice("xswim/peer".length));
  }
}

const EIGHT = [1, 2, 3, 4, 5, 6, 7, 8];

describe("the members that are remembered", () => {
  test("are-written-to-the-empty-places-in-order-and-no-more-than-those", () => {
    const stage = new Stage([], [at(1), undefined, at(3)]);
    stage.heard = [1, 3, 20, 21, 22, 23, 24, 25, 26, 27];
    expect(stage.write()).toEqual(["1", "3", "4", "5", "6", "7"].map((place, i) => place + " " + at(20 + i)));
    expect(stage.write()).toEqual([]);
    expect([...stage.values.keys()].every((key) => /^xswim\/peer[0-7]$/.test(key))).toBe(true);
  });

  test("take-a-single-empty-place-and-leave-all-when-there-is-none", () => {
    const stage = new Stage([], EIGHT.slice(0, 7).map(at));
    stage.heard = [...EIGHT.slice(0, 7), 20, 21];
    expect(stage.write()).toEqual(["7 " + at(20)]);
    expect(stage.write()).toEqual([]);
    expect(stage.values.size).toBe(8);
  });

  test("keep-the-place-of-one-that-is-gone-and-lose-those-of-two", () => {
    const stage = new Stage([], EIGHT.map(at));
    stage.heard = [1, 2, 3, 5, 6, 7, 8, 20, 21, 22];
    expect(stage.write()).toEqual([]);
    stage.heard = [1, 3, 5, 6, 7, 8, 20, 21, 22];
    expect(stage.write()).toEqual(["3 " + at(20), "1 " + at(21)]);
  });

  test("give-empty-places-away-before-those-of-members-that-are-gone", () => {
    const stage = new Stage([], [at(1), undefined, at(3), undefined, at(5), at(6), at(7), at(8)]);
    stage.heard = [3, 5, 6, 7, 8, 20, 21, 22];
    expect(stage.write()).toEqual(["1 " + at(20), "3 " + at(21), "0 " + at(22)]);
  });

  test("are-neither-seeds-nor-longer-than-a-store-keeps-nor-of-addresses-that-are-no-texts", () => {
    const long = "n".repeat(64);
    const stage = new Stage([2], [], {
      addressOf: ({ addr }: Renewable) => (addr === at(5) ? { host: 5 } : addr),
    });
    stage.heard = [2, long, 5, long.slice(1), 3];
    expect(stage.write()).toEqual(["0 " + long.slice(1), "1 " + at(3)]);
  });

  test("are-read-without-rubbish-and-without-the-node-itself", () => {
    const stage = new Stage([], [at(1), "lamp", at(99), 7, null, [at(2)], { a: 1 }, at(8)]);
    const nobody = undefined;
    expect(stage.peers.peers(stage).map((peer) => peer?.addr)).toEqual([
      at(1),
      nobody,
      nobody,
      nobody,
      nobody,
      nobody,
      nobody,
      at(8),
    ]);
    expect(stage.errors).toEqual([]);
  });

  test("are-none-where-the-store-throws-which-is-told", () => {
    const stage = new Stage([], [at(1)]);
    stage.isBroken = true;
    stage.heard = [2];
    expect([stage.peers.peers(stage), stage.write()]).toEqual([[], []]);
    expect(stage.errors).toEqual(["broken", "broken"]);
  });
});

describe("they are written", () => {
  test("a-minute-after-the-node-was-connected-and-then-once-an-hour", () => {
    const stage = new Stage();
    stage.heard = [2];
    const wake = (nowMs: number): number => {
      stage.peers.wake(stage, nowMs);
      return stage.writes.splice(0).length;
    };
    expect(wake(1e9)).toBe(0);
    stage.peers.connectionChanged(true, 1000);
    expect([wake(60_999), wake(61_000)]).toEqual([0, 1]);
    stage.heard = [2, 3];
    expect([wake(3_660_999), wake(3_661_000)]).toEqual([0, 1]);
    // Who is alone does not write, and who is connected again waits for the rest of the hour.
    stage.heard = [2, 3, 4];
    stage.peers.connectionChanged(false, 3_700_000);
    expect(wake(1e8)).toBe(0);
    stage.peers.connectionChanged(true, 3_800_000);
    expect([wake(7_260_999), wake(7_261_000)]).toEqual([0, 1]);
  });
});
