// Nodes with keys: who has none is neither heard nor able to read, and a running cluster gets and changes its keys without a gap.
import { lan, type Config, type Renewable } from "../../core/index.js";
import {
  FakeNetwork,
  type ClusterKey,
  type Host,
  type Sealing,
  type SwimNodeInstance,
  type SwimNodeOptions,
} from "../../platform/fake/index.js";
import { SealMetric } from "../../platform/shared/seal-metrics.js";
import { equal, ok, throwsWith } from "../support/assert.js";
import { FlashStore } from "../support/flash-store.js";
import { KEY, OTHER, WRONG } from "../support/keys.js";

const PORT = 7946;

type Options = Partial<SwimNodeOptions<Renewable>>;

/** Nodes on a network, by number, and what they told. */
class House {
  readonly network: FakeNetwork;
  readonly nodes: SwimNodeInstance[] = [];
  /** `up 2`, `down 2`, `heard 2`: what each node was told of whom. */
  readonly told: string[][] = [];
  readonly errors: string[] = [];

  constructor(seed = 3) {
    this.network = new FakeNetwork({ seed });
  }

  host(number: number): Host {
    return this.network.host("10.0.0." + (number + 1));
  }

  start(number: number, options: Options): SwimNodeInstance {
    const told = (this.told[number] = [] as string[]);
    const note = (what: string) => (identity: Renewable) => told.push(what + " " + numberOf(identity.addr));
    const node = new (this.host(number).SwimNode)({
      port: PORT,
      config: lan(10),
      seeds: ["10.0.0.1:7946"],
      onMemberUp: note("up"),
      onMemberDown: note("down"),
      onBroadcast: (_bytes, from) => told.push("heard " + numberOf(from)),
      onError: (error) => this.errors.push(String(error)),
      ...options,
    });
    this.nodes[number] = node;
    return node;
  }

  /** Starts so many and waits until all know all. */
  form(size: number, options: Options): void {
    for (let number = 0; number < size; number++) this.start(number, options);
    this.network.runUntil(() => this.areWhole(size), 30_000);
  }

  areWhole(size: number): boolean {
    return this.nodes.slice(0, size).every((node) => node.members().length === size - 1);
  }

  /** How often a counter of seals was raised on these nodes. */
  count(metric: number): number {
    return this.nodes.reduce((sum, node) => sum + (node.seal?.metrics[metric] ?? 0), 0);
  }

  get downs(): string[] {
    return this.told.flat().filter((text) => text.startsWith("down"));
  }
}

function numberOf(address: string): number {
  return Number(address.split(/[.:]/)[3]) - 1;
}

function refused(house: House): number[] {
  return [
    SealMetric.RefusedPlain,
    SealMetric.UnknownKey,
    SealMetric.Reflected,
    SealMetric.Replayed,
    SealMetric.Forged,
  ].map((metric) => house.count(metric));
}

export const scenarios: Record<string, () => void> = {
  "nodes-with-one-key-find-each-other-publish-and-notice-a-death"() {
    const house = new House();
    house.form(5, { keys: [KEY] });
    house.nodes[1].broadcast(Uint8Array.of(1));
    house.network.advance(3000);
    equal(
      house.told.map((told) => told.includes("heard 1")),
      [true, false, true, true, true],
    );
    house.host(4).crash();
    house.network.advance(20_000);
    equal(
      [0, 1, 2, 3].map((number) => house.told[number].includes("down 4")),
      [true, true, true, true],
    );
    equal(refused(house), [0, 0, 0, 0, 0]);
    equal(house.count(SealMetric.Sealed) > 100, true);
    equal(house.errors, []);
  },

  "who-has-another-key-or-none-is-not-heard-and-hears-nothing"() {
    const house = new House();
    house.form(3, { keys: [KEY] });
    house.start(3, { keys: [WRONG] });
    house.start(4, { keys: [OTHER] });
    house.start(5, {});
    house.network.advance(20_000);
    equal(
      house.nodes.map((node) => node.members().length),
      [2, 2, 2, 0, 0, 0],
    );
    const [plain, unknown, , , forged] = refused(house);
    equal([plain > 0, unknown > 0, forged > 0], [true, true, true]);
    equal(house.nodes[5].swim.metrics[32], 0, "bytes that came to the one without a key");
    equal(house.errors, []);
  },

  "a-running-cluster-goes-from-off-to-require-node-by-node-and-loses-nobody"() {
    const house = new House();
    house.form(6, { keys: [KEY], sealing: "off" });
    equal(house.count(SealMetric.Sealed), 0);
    for (const sealing of ["accept", "send", "require"] as Sealing[]) {
      for (const node of house.nodes) {
        node.setSealing(sealing);
        house.network.advance(5000);
      }
      equal(house.areWhole(6), true, sealing);
    }
    equal(house.downs, []);
    equal(refused(house), [0, 0, 0, 0, 0]);
    equal(house.nodes[0].seal?.sealing, "require");
    const plain = house.count(SealMetric.TakenPlain);
    house.network.advance(10_000);
    equal(house.count(SealMetric.TakenPlain), plain);
  },

  "a-running-cluster-goes-from-no-keys-to-require-by-restarts"() {
    const house = new House();
    const stores = [0, 1, 2, 3].map(() => new FlashStore());
    const start = (number: number, options: Options): SwimNodeInstance =>
      house.start(number, { store: stores[number], ...options });
    for (let number = 0; number < 4; number++) start(number, {});
    house.network.runUntil(() => house.areWhole(4), 30_000);
    for (const sealing of ["accept", "send", "require"] as Sealing[]) {
      for (let number = 0; number < 4; number++) {
        house.host(number).crash();
        start(number, { keys: [KEY], sealing, seeds: ["10.0.0.1:7946", "10.0.0.2:7946"] });
        house.network.runUntil(() => house.areWhole(4), 30_000);
      }
    }
    equal(house.downs, []);
    equal(refused(house), [0, 0, 0, 0, 0]);
  },

  "keys-are-changed-without-a-gap"() {
    const house = new House();
    house.form(6, { keys: [KEY] });
    const each = (keys: ClusterKey[], sendWith?: number): void => {
      for (const node of house.nodes) {
        node.setKeys(keys, sendWith);
        house.network.advance(5000);
      }
    };
    each([KEY, OTHER]);
    each([KEY, OTHER], 1);
    each([OTHER]);
    equal(house.areWhole(6), true);
    equal(house.downs, []);
    equal(refused(house), [0, 0, 0, 0, 0]);
    house.start(6, { keys: [KEY] });
    house.network.advance(10_000);
    equal(house.nodes[6].members(), []);
    equal(house.count(SealMetric.UnknownKey) > 0, true);
  },

  "datagrams-that-come-twice-or-changed-are-refused-and-the-cluster-goes-on"() {
    const house = new House();
    house.form(5, { keys: [KEY] });
    house.network.faults.duplication = 0.5;
    house.network.faults.corruption = 0.1;
    house.network.faults.jitterMs = 30;
    house.network.advance(60_000);
    const [plain, unknown, reflected, replayed, forged] = refused(house);
    equal([plain > 0, unknown > 0, reflected, replayed > 100, forged > 50], [true, true, 0, true, true]);
    equal(house.areWhole(5), true);
    equal(house.downs, []);
    for (const node of house.nodes) {
      // The counters of what the core refused: whatever came to it was whole.
      equal(
        Array.from(node.swim.metrics.slice(23, 31)).reduce((sum, n) => sum + n, 0),
        0,
        "refused by the core",
      );
    }
  },

  "a-sealed-datagram-has-no-more-than-max-packet-size-bytes"() {
    const house = new House();
    const config: Config = { ...lan(10), maxPacketSize: 200 };
    const sizes: number[] = [];
    const { send } = house.network;
    house.network.send = (from, fromPort, address, port, data, start, end) => {
      sizes.push(end - start);
      send.call(house.network, from, fromPort, address, port, data, start, end);
    };
    house.form(8, { keys: [KEY], config });
    const [node] = house.nodes;
    const plain = new (house.host(20).SwimNode)({ port: PORT, config });
    equal(plain.swim.maxBroadcastLength - node.swim.maxBroadcastLength, 21);
    for (const other of house.nodes) other.broadcast(new Uint8Array(55));
    house.network.advance(10_000);
    ok(Math.max(...sizes) <= 200, "the longest has " + Math.max(...sizes));
    ok(Math.max(...sizes) > 180, "none is nearly full");
  },

  "a-device-that-starts-again-is-taken-at-once"() {
    const house = new House();
    house.form(3, { keys: [KEY] });
    const store = new FlashStore();
    for (let start = 0; start < 3; start++) {
      house.start(3, { keys: [KEY], store });
      house.network.advance(3000);
      equal(house.nodes[3].members().length, 3, "start " + start);
      house.host(3).crash();
    }
    equal(refused(house), [0, 0, 0, 0, 0]);
  },

  "headers-that-a-program-inspects-are-the-same-as-without-keys"() {
    const [sealed, plain] = [[KEY], undefined].map((keys) => {
      const house = new House(9);
      const seen: string[] = [];
      const options: Options = {
        bump: 1,
        random: () => 5,
        onDatagramSent: (header) => seen.push(JSON.stringify(header)),
        onDatagramReceived: (header) => seen.push(JSON.stringify(header)),
      };
      if (keys !== undefined) options.keys = keys;
      house.start(0, options);
      house.start(1, options);
      house.network.advance(5000);
      return seen;
    });
    ok(plain.length > 20, "few datagrams");
    equal(sealed, plain);
  },

  "who-asks-for-help-to-probe-is-heard-when-all-is-sealed"() {
    const house = new House();
    house.form(5, { keys: [KEY] });
    house.network.setLink(house.host(0), house.host(1), { loss: 1 });
    house.network.advance(60_000);
    equal(house.downs, []);
    equal(house.areWhole(5), true);
  },

  "a-node-made-without-keys-takes-none-later"() {
    const house = new House();
    const node = house.start(0, {});
    throwsWith({ name: "Error", message: "without keys" }, () => node.setKeys([KEY]));
    throwsWith({ name: "Error", message: "without keys" }, () => node.setSealing("require"));
    equal(node.seal, undefined);
  },

  "wrong-keys-are-refused-with-what-is-wrong-and-change-nothing"() {
    const house = new House();
    const node = house.start(0, { keys: [KEY, OTHER], sendWith: 1 });
    const wrong: [unknown, string][] = [
      [[], "one to four"],
      [[0, 1, 2, 3, 4].map((id) => ({ ...KEY, id })), "one to 4"],
      ["secret", "array"],
      [[KEY, { ...OTHER, id: 0 }], "keys[1].id is that of keys[0]"],
      [[{ ...KEY, id: 16 }], "keys[0].id"],
      [[{ ...KEY, id: "1" }], "keys[0].id"],
      [[{ id: 0, secret: "correct horse battery staple" }], "a passphrase is no key"],
      [[{ id: 0, secret: new Uint8Array(15) }], "16 bytes"],
      [[null], "keys[0] must be { id, secret }"],
    ];
    for (const [keys, message] of wrong) {
      const part = message.replace("four", "4");
      refusesWith(part, () => node.setKeys(keys as ClusterKey[]));
      refusesWith(part, () => house.start(1, { keys: keys as ClusterKey[] }));
    }
    refusesWith("sendWith", () => node.setKeys([KEY], 3));
    refusesWith("sealing must be", () => node.setSealing("on" as Sealing));
    refusesWith("about keys", () => house.start(1, { sealing: "require" }));
    refusesWith("about keys", () => house.start(1, { sendWith: 1 }));
    house.start(1, { keys: [OTHER] });
    house.network.advance(3000);
    equal(node.members().length, 1);
  },

  "no-secret-is-shown"() {
    const house = new House();
    house.form(2, { keys: [KEY, { id: 2, secret: new Uint8Array(16).fill(0xab) }] });
    const [node] = house.nodes;
    const shown = (value: unknown): string => JSON.stringify(value) ?? "";
    const text = [
      shown({
        ...node,
        swim: null,
        values: null,
        driver: null,
        host: null,
        events: null,
        joiner: null,
        latest: null,
      }),
      shown(node.swim.membershipState()),
      shown(node.members()),
      shown(node.seal),
      String(node),
    ].join();
    ok(!/000102030405|ab{4}|171,171,171|"?2"?:2,"?3"?:3,"?4"?:4/.test(text), "shown: " + text);
  },
};

/** A TypeError or a RangeError with this in its message. */
function refusesWith(part: string, action: () => unknown): void {
  let message = "";
  try {
    action();
  } catch (error) {
    ok(error instanceof TypeError || error instanceof RangeError, "threw " + String(error));
    message = error.message;
  }
  ok(message.includes(part), `expected "${part}", got "${message}"`);
}
