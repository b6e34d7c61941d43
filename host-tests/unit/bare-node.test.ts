// What every `SwimNode` does with its timer, its callbacks and its socket, alone on a machine that is written down.
import { describe, expect, test } from "vitest";
import {
  identity,
  renewableV4,
  struct,
  u16,
  u8,
  type IdentityType,
  type Renewable,
} from "../../core/index.js";
import { BareNode } from "../support/bare-node.js";
import { KEY } from "../support/keys.js";
import { MemoryStore } from "../support/memory-store.js";

const SEEDS = ["10.0.0.2:7000"];
const nothing = (): void => undefined;

describe("the seeds", () => {
  test("are-called-when-the-socket-is-open-and-only-when-it-is-time-whatever-else-wakes-the-node", () => {
    const node = new BareNode({ seeds: SEEDS });
    expect([node.take(), node.takeArms()]).toEqual([[], []]);
    node.begin();
    expect([node.take(), node.takeArms()]).toEqual([["0 Announce > 2.0"], [750]]);
    node.fire();
    expect([node.take(), node.takeArms()]).toEqual([[], [750]]);
    expect(node.pass(2250)).toEqual(["750 Announce > 2.0", "2250 Announce > 2.0"]);
  });

  test("are-called-a-minute-after-one-answered-and-soon-when-nobody-is-left", () => {
    const node = new BareNode({ seeds: [...SEEDS, "10.0.0.3:7000"] }).begin();
    expect(node.take()).toEqual(["0 Announce > 2.0", "0 Announce > 3.0"]);
    node.hear("Feed", "2.1");
    const lines = node.pass(10_000).filter((line) => line.includes("Announce"));
    // The seed that answered is dead at 6000 ms, so that the node is alone.
    expect(lines.slice(0, 2)).toEqual(["7000 Announce > 2.0", "7000 Announce > 3.0"]);
  });

  test("are-called-as-by-a-node-alone-while-only-others-answer", () => {
    const node = new BareNode({ seeds: SEEDS }).begin();
    node.take();
    node.hear("Feed", "3.1");
    const lines = node.pass(2000).filter((line) => line.includes("Announce"));
    expect(lines).toEqual(["750 Announce > 2.0", "1500 Announce > 2.0"]);
  });

  test("are-called-no-more-after-leave", () => {
    const node = new BareNode({ seeds: SEEDS }).begin();
    node.take();
    node.leave();
    node.takeArms();
    expect(node.pass(100_000)).toEqual([]);
    expect(node.takeArms()).toEqual([]);
  });

  test("that-are-none-set-no-timer", () => {
    const node = new BareNode().begin();
    node.pass(1000);
    expect(node.takeArms()).toEqual([]);
    node.hear("Feed", "2.1");
    node.pass(100_000);
    // Nobody answers, so that the node is alone again, with nothing to do but to forget.
    expect(node.swim.isConnected).toBe(false);
    expect(node.takeArms().filter((ms) => ms > 20_000 && ms < 80_000_000)).toEqual([]);
  });
});

describe("the timer", () => {
  test("is-set-once-for-a-datagram-and-once-for-a-wake-up", () => {
    const node = new BareNode({ seeds: SEEDS, onMemberUp: nothing, onActive: nothing }).begin();
    expect(node.takeArms()).toHaveLength(1);
    node.hear("Feed", "2.1", ["Alive 3.1@0"]);
    expect(node.takeArms()).toHaveLength(0);
    node.pass(750);
    expect(node.takeArms()).toHaveLength(1);
    node.pass(10);
    node.hear("Gossip", "2.1", ["Down 3.1@0"]);
    expect(node.takeArms()).toEqual([]);
  });

  test("is-set-once-a-wake-up-while-the-last-member-dies-and-the-seeds-are-called", () => {
    const node = new BareNode({ seeds: SEEDS, onIdle: nothing, onMemberDown: nothing }).begin();
    node.hear("Feed", "2.1");
    node.takeArms();
    for (let i = 0; i < 20; i++) {
      node.pass(node.machine.wakeAtMs - node.machine.nowMs);
      expect(node.takeArms()).toHaveLength(1);
    }
    expect(node.swim.isConnected).toBe(false);
  });

  test("is-set-at-once-for-what-is-to-be-told-and-not-where-nobody-is", () => {
    const told: string[] = [];
    const node = new BareNode({ onMemberUp: ({ addr }) => told.push(addr) }).begin();
    node.takeArms();
    node.pass(100);
    node.swim.announce({ addr: "10.0.0.9:7000", bump: 0 });
    node.event("onMemberDown");
    expect(node.takeArms()).toEqual([]);
    node.event("onMemberUp", { addr: "somebody" });
    expect([node.takeArms(), told]).toEqual([[100], []]);
    node.pass(0);
    expect(told).toEqual(["somebody"]);
  });

  test("is-not-set-to-what-is-later-or-the-same", () => {
    const node = new BareNode().begin();
    node.hear("Feed", "2.1");
    const [firstMs] = node.takeArms();
    expect(firstMs).toBeLessThanOrEqual(1500);
    node.submitAfter(firstMs + 50);
    node.submitAfter(firstMs);
    expect(node.takeArms()).toEqual([]);
    node.submitAfter(firstMs - 1);
    expect(node.takeArms()).toEqual([firstMs - 1]);
  });

  test("is-set-when-the-core-asks-from-outside-of-a-datagram", () => {
    const node = new BareNode().begin();
    node.takeArms();
    node.submitAfter(70);
    expect(node.takeArms()).toEqual([70]);
  });

  test("wakes-the-core-when-it-asked-for-it-and-not-before", () => {
    const node = new BareNode().begin();
    node.hear("Feed", "2.1");
    let calls = 0;
    const { swim } = node;
    const handleTimer = swim.handleTimer.bind(swim);
    swim.handleTimer = () => {
      calls++;
      handleTimer();
    };
    node.fire();
    expect(calls).toBe(0);
    node.pass(1500);
    expect(calls).toBe(1);
  });

  test("is-set-when-a-callback-threw-and-the-others-wait", () => {
    const told: string[] = [];
    const onMemberUp = ({ addr }: Renewable): void => {
      told.push(addr);
      if (told.length === 1) throw new Error("of the user");
    };
    const node = new BareNode({ onMemberUp }).begin();
    node.takeArms();
    expect(() => node.hear("Feed", "2.1", ["Alive 3.1@0"])).toThrow("of the user");
    expect([told.length, node.takeArms()]).toEqual([1, [0]]);
    node.pass(0);
    expect(told).toHaveLength(2);
  });
});

describe("a nap", () => {
  test("ends-when-it-is-over-and-the-seeds-are-called-soon", () => {
    const node = new BareNode({ seeds: SEEDS }).begin();
    node.hear("Feed", "2.1");
    node.pass(100);
    node.takeArms();
    node.nap(200);
    expect(node.takeArms()).toEqual([300]);
    expect(node.pass(199).filter((line) => line.includes("Announce"))).toEqual([]);
    expect(node.swim.isDefunct).toBe(true);
    expect(node.takeArms()).toEqual([]);
    expect(node.pass(1).join()).toContain("300 Announce > 2.");
    expect(node.takeArms()).not.toContain(300);
    expect(node.swim.isDefunct).toBe(false);
    expect(node.pass(1000).filter((line) => line.includes("Announce > 2.0"))).toHaveLength(1);
  });

  test("that-is-ended-early-wakes-the-node-at-once", () => {
    const node = new BareNode().begin();
    node.hear("Feed", "2.1");
    node.nap(60_000);
    node.pass(1000);
    node.takeArms();
    node.endNap();
    expect(node.takeArms()[0]).toBe(1000);
    expect(node.swim.isDefunct).toBe(false);
    node.endNap();
    expect(node.takeArms()).toEqual([]);
  });

  test("is-not-begun-again-nor-after-leave-nor-by-a-defunct-node", () => {
    const node = new BareNode().begin();
    node.hear("Feed", "2.1");
    node.nap(5000);
    node.takeArms();
    node.nap(100);
    expect(node.takeArms()).toEqual([]);
    const left = new BareNode().begin();
    left.leave();
    expect(() => left.nap(100)).not.toThrow();
    const defunct = new BareNode().begin();
    defunct.swim.leaveCluster();
    defunct.takeArms();
    expect(() => defunct.nap(100)).not.toThrow();
    expect(defunct.takeArms()).toEqual([]);
  });

  test("lets-nothing-in", () => {
    const node = new BareNode().begin();
    node.hear("Feed", "2.1");
    node.nap(5000);
    expect(node.hear("Ping", "2.1")).toBeUndefined();
  });
});

describe("a closed node", () => {
  test("closes-its-socket-once-and-sends-hears-and-tells-nothing", () => {
    const told: string[] = [];
    const node = new BareNode({
      seeds: SEEDS,
      onMemberUp: () => told.push("up"),
      onError: () => told.push("error"),
    }).begin();
    node.hear("Feed", "2.1");
    node.event("onMemberUp");
    told.length = 0;
    node.take();
    node.close();
    node.close();
    expect(node.machine.numCloses).toBe(1);
    node.takeArms();
    node.swim.announce({ addr: "10.0.0.9:7000", bump: 0 });
    node.submitAfter(1);
    node.failed(new Error("too late"));
    node.fire();
    expect(node.hear("Feed", "2.1")).toBeUndefined();
    expect([node.take(), node.takeArms(), told]).toEqual([[], [], []]);
    expect((node as unknown as { events: unknown[] }).events).toEqual([]);
  });

  test("does-nothing-that-it-is-asked-for", () => {
    const node = new BareNode().begin();
    node.hear("Feed", "2.1");
    node.close();
    const { identity: before } = node;
    node.leave();
    node.nap(100);
    node.endNap();
    node.networkChanged("10.0.0.7");
    node.changeAddress("10.0.0.7");
    expect([node.swim.isDefunct, node.identity, node.take()]).toEqual([false, before, []]);
    expect([node.broadcast(Uint8Array.of(1)), node.publish(Uint8Array.of(1))]).toEqual([false, false]);
  });

  test("leaves-its-store-alone", () => {
    const store = new MemoryStore();
    let reads = 0;
    const get = store.get.bind(store);
    store.get = (domain, key) => {
      reads++;
      return get(domain, key);
    };
    const node = new BareNode({ store, seeds: SEEDS }).begin();
    node.close();
    reads = store.writes = 0;
    node.machine.nowMs += 100_000;
    node.fire();
    node.close();
    expect([reads, store.writes]).toEqual([0, 0]);
  });

  test("by-a-callback-goes-on-with-nothing", () => {
    const told: string[] = [];
    const node = new BareNode({
      onMemberUp: () => {
        told.push("up");
        node.close();
      },
      onActive: () => told.push("active"),
    }).begin();
    node.takeArms();
    node.hear("Feed", "2.1", ["Alive 3.1@0"]);
    expect([told, node.takeArms()]).toEqual([["up"], []]);
  });
});

describe("a node that left", () => {
  test("leaves-once", () => {
    const node = new BareNode({ seeds: SEEDS }).begin();
    node.hear("Feed", "2.1");
    node.leave();
    expect(node.take()).not.toEqual([]);
    node.pass(2000);
    node.takeArms();
    node.leave();
    node.networkChanged("10.0.0.7");
    expect([node.take(), node.takeArms(), node.identity.addr]).toEqual([[], [], "10.0.0.1:7000"]);
  });
});

describe("the store", () => {
  test("gets-the-number-of-a-rejoin-a-minute-later-and-in-close", () => {
    const store = new MemoryStore();
    const node = new BareNode({ store, onRejoin: nothing }).begin();
    for (let i = 0; i < 3; i++) {
      node.hear("Gossip", "2.1", ["Down 1." + node.identity.bump + "@0"]);
      node.pass(2000);
    }
    const bump = Number(node.identity.bump);
    expect(Number(store.bump)).toBeLessThan(bump);
    node.pass(80_000);
    expect(store.bump).toBe(String(bump));
    for (let i = 0; i < 2; i++) {
      node.hear("Gossip", "3.1", ["Down 1." + node.identity.bump + "@0"]);
      node.pass(2000);
    }
    expect(Number(store.bump)).toBeLessThan(Number(node.identity.bump));
    node.close();
    expect(store.bump).toBe(String(node.identity.bump));
  });

  test("is-told-of-where-it-failed-before-the-node-began", () => {
    const told: unknown[] = [];
    const node = new BareNode({ onError: (error) => told.push(error) }, { errors: ["first", "second"] });
    expect([node.socketErrors, told]).toEqual([2, []]);
    node.pass(0);
    expect(told).toEqual(["first", "second"]);
  });

  test("remembers-nobody-of-an-identity-type-that-makes-none-from-an-address", () => {
    const identityType = Object.create(renewableV4, { at: { value: undefined } }) as IdentityType<
      Renewable,
      string
    >;
    const store = new MemoryStore();
    const own = { addr: "10.0.0.1:7000", bump: 1 };
    const node = new BareNode({ store, identityType, identity: own }).begin();
    node.hear("Feed", "2.1");
    node.close();
    expect([...store.values.keys()].filter((key) => key.includes("peer"))).toEqual([]);
  });
});

describe("misuse", () => {
  test("is-said", () => {
    const node = new BareNode().begin();
    expect(() => node.broadcast("text" as never)).toThrow(new TypeError("broadcast: expected a Uint8Array"));
    expect(() => node.networkChanged("lamp")).toThrow("networkChanged: host names are not supported here");
    expect(() => node.changeAddress("lamp")).toThrow("changeAddress: host names are not supported here");
    expect(() => new BareNode({ keys: [KEY] })).toThrow('for keys, import SwimNode from "xswim/sealed"');
    expect(() => new BareNode({ advertise: "lamp" })).toThrow("SwimNode: advertise: host names");
  });

  test("of-an-identity-type-without-endpoints-is-told-for-each-datagram", () => {
    const tiny = identity({
      schema: struct({ host: u8, life: u16 }),
      address: "host",
      winsAddrConflict: (id, other) => id.life > other.life,
      endpoint: () => undefined as never,
    });
    const told: string[] = [];
    const node = new BareNode({
      identityType: tiny as never,
      identity: { host: 1, life: 1 } as never,
      onError: (error) => told.push((error as Error).message),
    }).begin();
    node.swim.announce({ host: 2, life: 1 } as never);
    node.pass(0);
    expect([told, node.socketErrors]).toEqual([["SwimNode: the identity type has no endpoint"], 1]);
  });

  test("of-an-identity-type-that-makes-none-from-an-address-is-said", () => {
    const tiny = identity({ schema: struct({ host: u8 }), endpoint: () => undefined as never });
    expect(() => new BareNode({ identityType: tiny as never })).toThrow(
      new TypeError("SwimNode: identity is needed, because identityType cannot make one from an address"),
    );
  });
});

describe("with a handler of its own for broadcasts", () => {
  test("what-is-sent-is-its-affair-until-the-node-is-closed", () => {
    const broadcastHandler = { receiveItem: () => ({ invalidates: () => false }) };
    const node = new BareNode({ broadcastHandler }).begin();
    node.hear("Feed", "2.1");
    expect(node.broadcast(Uint8Array.of(1, 2, 3))).toBe(true);
    expect(node.pass(1500).join()).toContain("* 010203");
    expect(node.members().map(({ identity: { addr } }) => addr)).toEqual(["10.0.0.2:7000"]);
    expect(() => node.publish(Uint8Array.of(1))).toThrow(
      "publish: not with a broadcastHandler, nor with an address of several fields",
    );
    node.close();
    expect(node.broadcast(Uint8Array.of(1, 2, 3))).toBe(false);
  });
});

test("the-socket-is-open-is-told", () => {
  const told: string[] = [];
  new BareNode({ onReady: () => told.push("ready") }).begin();
  expect(told).toEqual(["ready"]);
});
