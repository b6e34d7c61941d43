// Members that a node remembers in its store, and finds again after everything lost its power.
import {
  lan,
  renewableV4,
  type Config,
  type IdentityType,
  type Renewable,
  type Swim,
} from "../../core/index.js";
import {
  FakeNetwork,
  type Host,
  type SwimNodeInstance,
  type SwimNodeOptions,
} from "../../platform/fake/index.js";
import { equal, ok } from "../support/assert.js";
import { FlashStore } from "../support/flash-store.js";

const PORT = 7946;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const PEER_KEYS = [0, 1, 2, 3, 4, 5, 6, 7].map((place) => "peer" + place);

/** Settings for a test of hours: everything is seldom. */
function seldom(size: number): Config {
  return Object.freeze({
    ...lan(size),
    probePeriodMs: 20_000,
    periodicGossip: null,
  });
}

/** Devices with a store each, by number, in a house with one power supply. */
class House {
  readonly network = new FakeNetwork({ seed: 5 });
  readonly stores: FlashStore[] = [];
  readonly nodes: (SwimNodeInstance | undefined)[] = [];
  readonly errors: string[] = [];
  private readonly size: number;
  private readonly options: Partial<SwimNodeOptions<Renewable>>;

  constructor(size: number, options: Partial<SwimNodeOptions<Renewable>> = {}) {
    this.size = size;
    this.options = options;
    for (let number = 0; number < size; number++) this.stores.push(new FlashStore());
  }

  host(number: number): Host {
    return this.network.host(ipOf(number));
  }

  start(number: number, seeds: readonly number[] = []): SwimNodeInstance {
    const node = new (this.host(number).SwimNode)({
      port: PORT,
      config: lan(this.size),
      seeds: seeds.map(addressOf),
      store: this.stores[number],
      onError: (error) => this.errors.push(String(error)),
      ...this.options,
    });
    this.nodes[number] = node;
    return node;
  }

  /** Starts all, each with the same seeds. */
  startAll(seeds: readonly number[] = []): void {
    for (let number = 0; number < this.size; number++) this.start(number, seeds);
  }

  node(number: number): SwimNodeInstance {
    return this.nodes[number] as SwimNodeInstance;
  }

  crash(number: number): void {
    this.host(number).crash();
    this.nodes[number] = undefined;
  }

  cutPower(): void {
    for (let number = 0; number < this.size; number++) this.crash(number);
    this.network.advance(1000);
  }

  untilWhole(limitMs: number): number {
    const running = this.nodes.filter((node) => node !== undefined);
    const isWhole = (): boolean => running.every((node) => node.swim.numMembers === running.length - 1);
    return this.network.runUntil(isWhole, limitMs);
  }

  /** Whom a device remembers, in the order of the places. */
  peersOf(number: number): string[] {
    const { values } = this.stores[number];
    return PEER_KEYS.filter((key) => values.has(key)).map((key) => String(values.get(key)));
  }

  /** How often a device wrote, since it was last asked. */
  writesOf(number: number): number {
    const { writes } = this.stores[number];
    this.stores[number].writes = 0;
    return writes;
  }
}

function ipOf(number: number): string {
  return "10.0.0." + (number + 1);
}

function addressOf(number: number): string {
  return ipOf(number) + ":" + PORT;
}

/** Two devices that have known each other for so long. */
function pair(forMs: number, options: Partial<SwimNodeOptions<Renewable>> = {}): House {
  const house = new House(2, options);
  house.startAll();
  house.node(0).swim.announce({ addr: addressOf(1), bump: 0 });
  house.untilWhole(MINUTE_MS);
  house.writesOf(0);
  house.network.advance(forMs);
  return house;
}

export const scenarios: Record<string, () => void> = {
  "after-a-power-cut-ten-devices-find-each-other-without-their-seed"() {
    const house = new House(10);
    house.startAll([9]);
    house.untilWhole(MINUTE_MS);
    house.network.advance(2 * MINUTE_MS);
    house.cutPower();
    for (let number = 0; number < 9; number++) house.start(number, [9]);
    const ms = house.untilWhole(MINUTE_MS);
    ok(ms <= 5_000, "after " + ms + " ms");
    equal(house.errors, []);
  },

  "after-a-power-cut-devices-that-boot-at-their-own-pace-find-each-other-without-any-seeds"() {
    const house = new House(10);
    house.startAll([0]);
    house.untilWhole(MINUTE_MS);
    house.network.advance(2 * MINUTE_MS);
    house.cutPower();
    for (let number = 9; number >= 0; number--) {
      house.start(number);
      house.network.advance(700);
    }
    house.untilWhole(5_000);
  },

  "after-a-power-cut-of-many-that-remember-eight-each-all-find-each-other"() {
    const house = new House(24);
    house.startAll([0]);
    house.untilWhole(MINUTE_MS);
    house.network.advance(3 * MINUTE_MS);
    for (let number = 0; number < 24; number++) equal(house.peersOf(number).length, 8, "of " + number);
    house.cutPower();
    for (let number = 1; number < 24; number++) {
      house.start(number, [0]);
      house.network.advance((number * 37) % 100);
    }
    const ms = house.untilWhole(MINUTE_MS);
    ok(ms <= 10_000, "after " + ms + " ms");
  },

  "a-node-that-is-alone-again-calls-those-that-it-remembers"() {
    const house = pair(2 * MINUTE_MS);
    house.crash(1);
    house.network.runUntil(() => !house.node(0).swim.isConnected, MINUTE_MS);
    house.network.advance(HOUR_MS);
    // It does not know whom to call: it has no seeds, and its store was erased.
    house.stores[1].values.clear();
    house.start(1);
    house.untilWhole(31_000);
  },

  "a-node-remembers-nobody-before-it-has-been-connected-for-a-minute"() {
    const house = pair(50_000);
    equal([house.peersOf(0), house.writesOf(0)], [[], 0]);
    house.network.advance(15_000);
    equal([house.peersOf(0), house.writesOf(0)], [[addressOf(1)], 1]);
  },

  "a-cluster-that-stays-as-it-is-is-written-once"() {
    const house = new House(4, { config: seldom(4) });
    house.startAll([0]);
    house.untilWhole(HOUR_MS);
    house.network.advance(HOUR_MS + 2 * MINUTE_MS);
    equal(house.writesOf(2), 3, "its number and two peers");
    const before = house.peersOf(2);
    house.network.advance(4 * HOUR_MS);
    equal([house.writesOf(2), house.peersOf(2)], [0, before]);
  },

  "seeds-take-no-place"() {
    const house = new House(12);
    house.startAll([0, 1, 2]);
    house.untilWhole(MINUTE_MS);
    house.network.advance(2 * MINUTE_MS);
    const peers = house.peersOf(5);
    equal(peers.length, 8);
    for (const seed of [0, 1, 2]) ok(!peers.includes(addressOf(seed)), peers.join());
    equal(new Set(peers).size, 8, "different ones");
    ok(!peers.includes(addressOf(5)), "not itself");
  },

  "one-member-that-is-gone-keeps-its-place-and-two-are-replaced-an-hour-later"() {
    const house = new House(12, { config: seldom(12) });
    house.startAll([0]);
    house.untilWhole(HOUR_MS);
    house.network.advance(HOUR_MS + 2 * MINUTE_MS);
    house.writesOf(5);
    const before = house.peersOf(5);
    const numberAt = (place: number): number => Number(before[place].split(":")[0].split(".")[3]) - 1;
    house.crash(numberAt(3));
    house.network.advance(HOUR_MS + 5 * MINUTE_MS);
    equal([house.writesOf(5), house.peersOf(5)], [0, before], "one");
    house.crash(numberAt(6));
    house.network.advance(HOUR_MS + 5 * MINUTE_MS);
    const after = house.peersOf(5);
    equal(house.writesOf(5), 2, "two");
    const changed = after.filter((address, place) => address !== before[place]);
    equal(changed.length, 2);
    ok(!after.includes(before[3]) && !after.includes(before[6]), after.join());
    equal(new Set(after).size, 8, "different ones");
  },

  "close-writes-what-has-changed-and-a-power-cut-does-not"() {
    const house = pair(10_000);
    house.node(0).close();
    equal([house.peersOf(0), house.writesOf(0)], [[addressOf(1)], 1]);
    house.crash(1);
    equal(house.peersOf(1), []);
    // The next life finds its peer there, and has nothing to write but its number.
    house.start(1);
    house.start(0);
    house.untilWhole(5_000);
    equal(house.writesOf(0), 1, "number");
    house.node(0).close();
    equal(house.writesOf(0), 0);
  },

  "members-that-it-only-heard-of-are-not-remembered"() {
    const house = pair(10_000);
    const rumour = { identity: { addr: "10.0.0.99:7946", bump: 1 }, incarnation: 0, state: "Alive" as const };
    (house.node(0).swim as Swim<Renewable>).applyMany([rumour], false);
    house.node(0).close();
    equal(house.peersOf(0), [addressOf(1)]);
  },

  "rubbish-in-the-store-is-ignored-and-written-over"() {
    const rubbish: readonly unknown[] = [
      ["", "lamp:7946", "10.0.0.2", "10.0.0.2:0", "10.0.0.2:99999", "0.0.0.0:7946", "\u0000\u00ff", "[::1"],
      [7, true, null, {}, [], () => "10.0.0.2:7946", "fe80::1%eth0", "10.0.0.1:7946"],
    ].flat();
    for (let first = 0; first < rubbish.length; first += 8) {
      const house = new House(2);
      PEER_KEYS.forEach((key, place) => house.stores[0].values.set(key, rubbish[first + place]));
      const one = house.start(0);
      house.network.advance(5 * MINUTE_MS);
      equal([house.network.counts.sent, one.socketErrors, one.refusedEndpoints], [0, 0, 0], "from " + first);
      house.stores[1].values.set("peer6", addressOf(0));
      house.start(1);
      house.untilWhole(MINUTE_MS);
      house.network.advance(2 * MINUTE_MS);
      ok(house.peersOf(0).includes(addressOf(1)), house.peersOf(0).join());
      equal(house.errors, []);
    }
  },

  "a-store-that-cannot-be-read-is-told-at-each-try-and-keeps-nobody-from-joining"() {
    const house = new House(2);
    house.stores[0].unreadable.add("peer0");
    house.start(0, [1]);
    house.network.advance(5 * MINUTE_MS);
    const { length } = house.errors;
    ok(length > 5 && length < 30, length + " errors in five minutes");
    house.start(1);
    house.untilWhole(31_000);
  },

  "a-store-that-cannot-be-written-is-tried-again-an-hour-later"() {
    const house = pair(0);
    house.stores[0].unwritable.add("peer0");
    house.network.advance(HOUR_MS - MINUTE_MS);
    equal(house.errors, ["Error: cannot write peer0"]);
    house.stores[0].unwritable.clear();
    house.network.advance(3 * MINUTE_MS);
    equal([house.errors.length, house.peersOf(0)], [1, [addressOf(1)]]);
  },

  "an-identity-type-that-makes-none-from-an-address-remembers-nobody"() {
    const identityType = Object.create(renewableV4, { at: { value: undefined } }) as IdentityType<
      Renewable,
      string
    >;
    const house = new House(2, { identityType });
    const node = new (house.host(0).SwimNode)({
      port: PORT,
      identityType,
      identity: { addr: addressOf(0), bump: 1 },
      store: house.stores[0],
    });
    house.network.advance(2 * MINUTE_MS);
    node.close();
    equal([house.peersOf(0), node.socketErrors, house.network.counts.sent], [[], 0, 0]);
  },

  "a-node-with-a-store-and-nobody-to-call-sends-nothing"() {
    const house = new House(1);
    house.start(0);
    house.network.advance(HOUR_MS);
    equal(house.network.counts.sent, 0);
  },
};
