import { beforeEach, describe, expect, test } from "vitest";
import { Metric } from "../../platform/shared/metrics.js";
import { lan, SwimNode, type Config, type Renewable, type XsNodeOptions } from "../../platform/xs/index.js";
import { deviceBump } from "../../platform/xs/bump.js";
import { Clock } from "../../platform/xs/clock.js";
import { deviceRandom } from "../../platform/xs/random.js";
import { SendViews } from "../../platform/xs/send-views.js";
import { BAD_ADDRESSES, BAD_OPTIONS } from "../support/bad-options.js";
import { MemoryStore } from "../support/memory-store.js";
import { PING } from "./doubles/datagrams.js";
import { resetWorld, type World } from "./doubles/world.js";

let world: World;
beforeEach(() => {
  world = resetWorld();
});

/** The Ack to it: that the peer is alive was news, so one update rides along. */
const ACK_HEAD = [
  ...[0, 192, 168, 1, 20, 251, 0x0a, 0x1f, 7, 0],
  ...[0, 192, 168, 1, 9, 251, 0x0a, 0x1f, 5],
  ...[1, 1],
];

function makeNode(options: Partial<XsNodeOptions> = {}): SwimNode {
  return new SwimNode({ port: 7946, bump: 7, ...options });
}

function deliver(...datagrams: (readonly number[])[]): void {
  for (const bytes of datagrams) world.enqueue(Uint8Array.from(bytes).buffer);
  world.tellReadable();
}

function bytesSent(): number[][] {
  return world.sent.map(({ text }) => Array.from(text, (letter) => letter.charCodeAt(0)));
}

describe("a node on Moddable", () => {
  test("opens-its-socket-after-the-constructor-and-says-so", () => {
    let ready = 0;
    makeNode({ onReady: () => ready++ });
    expect([world.sockets.length, ready]).toEqual([0, 0]);
    world.advance(1);
    expect([world.openSockets, ready]).toEqual([1, 1]);
  });

  test("answers-a-Ping-at-the-address-of-the-identity-with-the-whole-datagram", () => {
    makeNode({ config: { ...lan(10), periodicGossip: null } });
    world.advance(1);
    deliver(PING);
    const acks = bytesSent().filter((bytes) => bytes[19] === 1);
    expect(acks.map((bytes) => bytes.slice(0, 21))).toEqual([ACK_HEAD]);
    expect(world.sent[0]).toMatchObject({ address: "192.168.1.9", port: 7946 });
  });

  test("reads-every-datagram-that-waits", () => {
    const node = makeNode();
    world.advance(1);
    deliver(PING, PING, PING);
    expect(world.numWaiting).toBe(0);
    expect(node.swim.metrics[Metric.ReceivedPing]).toBe(3);
  });

  test("has-one-timer-and-one-socket-whatever-happens", () => {
    const node = makeNode();
    world.advance(1);
    deliver(PING);
    for (let i = 0; i < 20; i++) {
      node.broadcast(Uint8Array.of(1, 2, 3));
      world.advance(500);
    }
    expect([world.timers.length, world.sockets.length]).toEqual([1, 1]);
  });

  test("tries-a-port-again-that-could-not-be-bound-with-growing-pauses", () => {
    const errors: unknown[] = [];
    let ready = 0;
    world.openFailures = 2;
    const node = makeNode({ onError: (error) => errors.push(error), onReady: () => ready++ });
    world.advance(1000);
    expect([errors.length, node.socketErrors, ready]).toEqual([1, 1, 0]);
    world.advance(1000);
    expect([node.socketErrors, ready]).toEqual([2, 0]);
    world.advance(2000);
    expect([node.socketErrors, ready, world.openSockets]).toEqual([2, 1, 1]);
  });

  test.each([
    ["told-to-onError", true],
    ["traced-without-it", false],
  ])("a-port-that-could-not-be-bound-is-%s-with-its-number", (_how, hasCallback) => {
    const errors: string[] = [];
    world.openFailures = 2;
    const node = makeNode(hasCallback ? { onError: (error) => errors.push(String(error)) } : {});
    world.advance(3000);
    const told = hasCallback ? errors : world.traced;
    expect(told.length).toBe(2);
    for (const text of told) expect(text).toMatch(/port 7946 .*bind failed/);
    expect([hasCallback ? world.traced : errors, node.socketErrors]).toEqual([[], 2]);
  });

  test("counts-a-write-that-throws-reports-it-and-goes-on", () => {
    const errors: string[] = [];
    const node = makeNode({ onError: (error) => errors.push(String(error)) });
    world.advance(1);
    world.writeFailures = 1;
    deliver(PING);
    expect([node.socketErrors, errors]).toEqual([1, ["Error: UDP send failed"]]);
    const before = world.sent.length;
    deliver(PING);
    expect(world.sent.length).toBeGreaterThan(before);
  });

  test("keeps-what-a-callback-throws-from-the-machine-and-calls-the-next-ones", () => {
    const errors: string[] = [];
    let active = 0;
    const node = makeNode({
      onMemberUp() {
        throw new Error("of mine");
      },
      onActive: () => active++,
      onError: (error) => errors.push(String(error)),
    });
    world.advance(1);
    deliver(PING);
    world.advance(1);
    expect([errors, node.callbackErrors, node.socketErrors, active]).toEqual([["Error: of mine"], 1, 0, 1]);
  });

  test("traces-what-nobody-is-told", () => {
    makeNode({
      onMemberUp() {
        throw new Error("of mine");
      },
    });
    world.advance(1);
    deliver(PING);
    expect(world.traced).toEqual(["xswim: caught Error: of mine\n"]);
  });

  test("survives-an-onError-that-throws", () => {
    const node = makeNode({
      onMemberUp() {
        throw new Error("first");
      },
      onError() {
        throw new Error("second");
      },
    });
    world.advance(1);
    deliver(PING);
    expect([node.callbackErrors, world.traced]).toEqual([1, ["xswim: caught Error: second\n"]]);
  });

  test("leaves-nothing-behind-when-closed-and-may-be-closed-again", () => {
    const node = makeNode();
    world.advance(1);
    node.close();
    node.close();
    expect([world.openSockets, world.liveTimers]).toEqual([0, 0]);
  });

  test("stops-reading-when-a-callback-closes-it", () => {
    const calls: string[] = [];
    const node = makeNode({
      onMemberUp() {
        calls.push("up");
        node.close();
      },
      onActive: () => calls.push("active"),
      onError: (error) => calls.push(String(error)),
    });
    world.advance(1);
    deliver(PING, PING);
    expect([calls, world.numWaiting, world.traced]).toEqual([["up"], 1, []]);
  });

  test("can-be-closed-before-its-socket-is-open", () => {
    makeNode().close();
    world.advance(10);
    expect([world.sockets.length, world.liveTimers]).toEqual([0, 0]);
  });

  test("goes-on-after-the-counter-of-milliseconds-wrapped", () => {
    world.ticks = 0x7fffffff - 700;
    const node = makeNode();
    world.advance(1);
    deliver(PING);
    world.advance(3000);
    expect(world.ticks).toBeLessThan(0);
    expect(node.swim.metrics[Metric.SentPing]).toBe(3);
  });

  test("never-waits-longer-than-an-hour", () => {
    makeNode();
    world.advance(1);
    expect(world.timers[0].atMs).toBe(3_600_000);
    world.sleep(3_600_000);
    expect(world.timers[0].atMs).toBe(3_600_000);
  });

  test("needs-a-network-or-an-address", () => {
    world.address = undefined;
    expect(() => makeNode()).toThrow("there is no network yet");
    expect(makeNode({ advertise: "10.0.0.3" }).identity.addr).toBe("10.0.0.3:7946");
    expect([world.timers.length, world.sockets.length]).toEqual([1, 0]);
  });

  test.each([
    [{ port: 0 }, "port"],
    [{ seeds: "192.168.1.9:7946" as unknown as string[] }, "seeds"],
    [{ onReady: 1 as unknown as () => void }, "onReady"],
  ])("refuses-a-wrong-option-before-anything-is-opened %#", (options, name) => {
    expect(() => makeNode(options)).toThrow(name);
    expect(world.timers.length).toBe(0);
  });

  test.each(BAD_OPTIONS)("refuses $mistake before anything is opened", ({ options, says }) => {
    const store = new MemoryStore();
    expect(() => makeNode({ store, ...options() } as Partial<XsNodeOptions>)).toThrow(says);
    expect([world.timers.length, world.sockets.length, store.bump]).toEqual([0, 0, undefined]);
  });

  test("sends-no-datagram-that-another-device-would-get-cut", () => {
    const config = (maxPacketSize: number): Config => ({ ...lan(10), maxPacketSize });
    expect(() => makeNode({ config: config(1473) })).toThrow(
      /^SwimNode: config\.maxPacketSize must be 1472 at most/,
    );
    expect(world.timers.length).toBe(0);
    expect(makeNode({ config: config(1472) }).identity.bump).toBe(7);
  });

  test.each(BAD_ADDRESSES)("changeAddress refuses %s and changes nothing", (address, says) => {
    const node = makeNode();
    expect(() => node.changeAddress(address as string)).toThrow(says);
    expect(node.identity).toEqual({ addr: "192.168.1.20:7946", bump: 7 });
  });

  test("waits-for-no-address-that-only-its-own-link-knows", () => {
    world.address = "fe80::1";
    expect(() => makeNode()).toThrow(/advertise: a link-local address.*"fe80::1"/);
    expect(world.timers.length).toBe(0);
  });
});

/** A bincode TurnUndead of the peer to us. */
const turnUndead = (bump: number | string): number[] => [
  ...[0, 192, 168, 1, 9, 251, 0x0a, 0x1f, 5, 0],
  ...[0, 192, 168, 1, 20, 251, 0x0a, 0x1f, ...uint(BigInt(bump)), 10],
];

/** A bincode integer. */
function uint(value: bigint): number[] {
  if (value <= 250n) return [Number(value)];
  const size = value <= 0xffffn ? 2 : value <= 0xffffffffn ? 4 : 8;
  const octets = Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
  return [size === 2 ? 251 : size === 4 ? 252 : 253, ...octets];
}

describe("the bump", () => {
  test("grows-with-every-life-by-the-store", () => {
    const store = new MemoryStore();
    store.set("xswim", "bump", "4000000000");
    const lives = [1, 2, 3].map(() => {
      const node = new SwimNode({ port: 7946, store });
      node.close();
      return node.identity.bump;
    });
    // Of a pair the other number may be lost, so the first life leaves one out.
    expect(lives).toEqual([4000000002, 4000000003, 4000000004]);
    expect(store.bump).toBe("4000000004");
  });

  test("is-at-least-the-clock-when-the-clock-is-set", () => {
    const store = new MemoryStore();
    store.set("xswim", "bump", "12");
    const bump = deviceBump(store, []);
    expect(bump).toBeGreaterThan(1_700_000_000);
  });

  test("is-kept-when-the-node-comes-back-under-a-larger-one", () => {
    const store = new MemoryStore();
    const node = makeNode({ store });
    world.advance(1);
    deliver(PING, turnUndead(7));
    expect([node.identity.bump, store.bump]).toEqual([8, "8"]);
  });

  test("is-larger-at-another-address-and-at-the-old-one-again", () => {
    const store = new MemoryStore();
    const node = makeNode({ store });
    world.advance(1);
    node.changeAddress("192.168.1.21");
    expect(node.identity).toEqual({ addr: "192.168.1.21:7946", bump: 8 } satisfies Renewable);
    node.changeAddress("192.168.1.20");
    expect(node.identity).toEqual({ addr: "192.168.1.20:7946", bump: 9 } satisfies Renewable);
    expect(store.bump).toBe("9");
  });

  test("is-written-once-a-minute-at-most-however-often-the-node-comes-back", () => {
    const store = new MemoryStore();
    const node = makeNode({ store });
    world.advance(1);
    deliver(PING);
    const before = store.writes;
    for (let i = 0; i < 50; i++) {
      deliver(turnUndead(node.identity.bump));
      world.advance(1000);
    }
    expect(Number(node.identity.bump)).toBeGreaterThan(10);
    expect(store.writes - before).toBe(1);
    world.advance(60_000);
    expect([store.writes - before, store.bump]).toEqual([2, String(node.identity.bump)]);
    world.advance(600_000);
    expect(store.writes - before).toBe(2);
    deliver(turnUndead(node.identity.bump));
    expect([store.writes - before, store.bump]).toEqual([3, String(node.identity.bump)]);
  });

  test("is-kept-at-the-end-when-the-minute-is-not-over", () => {
    const store = new MemoryStore();
    const node = makeNode({ store });
    world.advance(1);
    deliver(PING, turnUndead(7));
    deliver(turnUndead(node.identity.bump));
    expect(store.bump).not.toBe(String(node.identity.bump));
    node.close();
    expect(store.bump).toBe(String(node.identity.bump));
  });

  test("is-tried-again-when-the-store-was-full", () => {
    const store = new MemoryStore();
    const node = makeNode({ store });
    world.advance(1);
    store.isFull = true;
    deliver(PING, turnUndead(7));
    world.advance(1000);
    store.isFull = false;
    // A minute later it is tried when the node next has something to do; by now it has found out that it is alone.
    world.advance(120_000);
    expect(store.bump).toBe(String(node.identity.bump));
  });

  test("survives-a-store-that-is-full", () => {
    const store = new MemoryStore();
    store.isFull = true;
    const errors: string[] = [];
    makeNode({ store, onError: (error) => errors.push(String(error)) });
    world.advance(1);
    expect([errors, world.openSockets]).toEqual([["Error: flash full"], 1]);
  });
});

describe("parts", () => {
  test("the-clock-counts-across-its-wrap-and-never-back", () => {
    world.ticks = 0x7ffffff0;
    const clock = new Clock();
    world.ticks = (0x7ffffff0 + 100) | 0;
    expect(clock.now()).toBe(100);
    world.ticks -= 50;
    expect(clock.now()).toBe(100);
    world.ticks += 10;
    expect(clock.now()).toBe(110);
  });

  test("random-numbers-differ-by-device-and-by-life-though-Math-random-does-not", () => {
    const original = Math.random;
    Math.random = () => 0.8401877171547095;
    try {
      const first = (text: string, life: number): number[] => {
        const random = deviceRandom(text, life);
        return [random(), random(), random(), random()];
      };
      const one = first("192.168.1.20,7946", 1);
      expect(first("192.168.1.20,7946", 1)).toEqual(one);
      expect(first("192.168.1.21,7946", 1)).not.toEqual(one);
      expect(first("192.168.1.20,7946", 2)).not.toEqual(one);
    } finally {
      Math.random = original;
    }
  });

  test("random-bits-are-even", () => {
    const random = deviceRandom("192.168.1.20", 3);
    const ones = new Array<number>(32).fill(0);
    for (let i = 0; i < 4096; i++) {
      const word = random();
      expect(word).toBeGreaterThanOrEqual(0);
      for (let bit = 0; bit < 32; bit++) ones[bit] += (word >>> bit) & 1;
    }
    // Six standard deviations of 4096 fair coins.
    for (const count of ones) expect(Math.abs(count - 2048)).toBeLessThan(192);
  });

  test("a-send-view-is-made-once-for-a-length", () => {
    const views = new SendViews();
    const buffer = new Uint8Array(64);
    const view = views.find(buffer, 0, 29);
    expect([view.length, view.byteOffset, view.buffer]).toEqual([29, 0, buffer.buffer]);
    expect(views.find(buffer, 0, 29)).toBe(view);
    expect(views.find(buffer, 0, 33).length).toBe(33);
    expect(views.find(buffer, 4, 33).byteOffset).toBe(4);
    expect(views.find(buffer, 0, 29)).not.toBe(view);
    expect(views.find(new Uint8Array(64), 0, 29)).not.toBe(view);
  });
});
