// The runtime that gathers what the core wants done.
import { expect, test } from "vitest";
import { bincode, renewableV4, simple, Swim, type Config, type Renewable } from "../../core/index.js";
import { GatheringRuntime, type GatheringOptions, type Notification } from "../../platform/gather/index.js";
import { unhex } from "../support/assert.js";
import { seeded } from "../support/random.js";
import { peer } from "../support/wire.js";

class Gathered {
  nowMs = 5_000;
  readonly runtime: GatheringRuntime<Renewable>;
  readonly swim: Swim<Renewable>;

  constructor(name = "1.1", limits: Partial<GatheringOptions> = {}, config: Partial<Config> = {}) {
    this.runtime = new GatheringRuntime<Renewable>({ now: () => this.nowMs, ...limits });
    this.swim = new Swim({
      identity: peer(name),
      identityType: renewableV4,
      codec: bincode,
      config: { ...simple(), ...config },
      random: seeded(7),
      runtime: this.runtime,
    });
  }

  learn(...names: string[]): void {
    const members = names.map((name) => ({ identity: peer(name), incarnation: 0, state: "Alive" as const }));
    this.swim.applyMany(members, false);
  }

  notifications(): Notification<Renewable>[] {
    const all: Notification<Renewable>[] = [];
    for (let one = this.runtime.toNotify(); one !== undefined; one = this.runtime.toNotify()) all.push(one);
    return all;
  }
}

test("gives-datagrams-in-the-order-they-were-sent-each-in-bytes-of-its-own", () => {
  const { swim, runtime } = new Gathered();
  swim.announce(peer("2.1"));
  swim.announce(peer("3.1"));
  expect(runtime.backlog).toBe(2);
  const [first, second] = [runtime.toSend(), runtime.toSend()];
  expect(first).toEqual({ to: peer("2.1"), data: unhex("0a000001 fb581b 01 00 0a000002 fb581b 01 06") });
  expect(second?.to).toEqual(peer("3.1"));
  expect(first?.data.buffer).not.toBe(second?.data.buffer);
  expect([runtime.toSend(), runtime.backlog]).toEqual([undefined, 0]);
});

test("gives-notifications-in-the-order-things-happened", () => {
  const node = new Gathered();
  node.learn("2.1", "2.3");
  expect(node.notifications()).toEqual([
    { kind: "memberUp", identity: peer("2.1") },
    { kind: "rename", before: peer("2.1"), after: peer("2.3") },
    { kind: "active" },
  ]);
  node.swim.applyMany([{ identity: peer("2.3"), incarnation: 0, state: "Down" }], false);
  expect(node.notifications()).toEqual([{ kind: "memberDown", identity: peer("2.3") }, { kind: "idle" }]);
});

test("gives-one-wish-to-be-woken-the-latest-counted-from-when-it-is-taken", () => {
  const node = new Gathered();
  expect(node.runtime.toSchedule()).toBe(undefined);
  node.learn("2.1");
  node.runtime.submitAfter(400);
  node.runtime.submitAfter(300);
  node.nowMs += 100;
  expect(node.runtime.toSchedule()).toBe(200);
  expect(node.runtime.toSchedule()).toBe(undefined);
  node.runtime.submitAfter(50);
  node.nowMs += 80;
  expect(node.runtime.toSchedule()).toBe(0);
});

test("drops-and-counts-what-finds-no-room-and-keeps-the-older", () => {
  const { swim, runtime } = new Gathered("1.1", { maxDatagrams: 2 });
  for (const name of ["2.1", "3.1", "4.1", "5.1"]) swim.announce(peer(name));
  expect([runtime.backlog, runtime.droppedDatagrams, runtime.droppedNotifications]).toEqual([2, 2, 0]);
  expect([runtime.toSend()?.to, runtime.toSend()?.to]).toEqual([peer("2.1"), peer("3.1")]);
  swim.announce(peer("6.1"));
  expect([runtime.toSend()?.to, runtime.droppedDatagrams]).toEqual([peer("6.1"), 2]);
});

test("drops-and-counts-notifications-while-the-members-stay-right", () => {
  const node = new Gathered("1.1", { maxNotifications: 1 });
  node.learn("2.1", "3.1", "4.1");
  expect(node.notifications()).toEqual([{ kind: "memberUp", identity: peer("2.1") }]);
  // Two further members, and that we are active.
  expect([node.runtime.droppedNotifications, node.swim.numMembers]).toEqual([3, 3]);
});

test("tells-of-failed-probes-and-of-members-that-found-no-room", () => {
  const node = new Gathered("1.1", {}, { maxMembers: 1 });
  node.learn("2.1", "3.1");
  expect(node.notifications()).toContainEqual({ kind: "memberRefused", identity: peer("3.1") });
  for (let i = 0; i < 3; i++) {
    node.nowMs += 1500;
    node.swim.handleTimer();
  }
  const failed = node.notifications().find(({ kind }) => kind === "probeFailed");
  expect(failed).toMatchObject({ identity: peer("2.1") });
});

test("a-cluster-that-is-drained-finds-out-who-stopped", () => {
  const nodes = ["1.1", "2.1", "3.1"].map((name) => new Gathered(name));
  const due = new Map(nodes.map((node) => [node, Infinity]));
  const told: string[] = [];
  nodes[1].swim.announce(peer("1.1"));
  nodes[2].swim.announce(peer("1.1"));
  let running = nodes;
  for (let ms = 0; ms < 20_000; ms += 10) {
    if (ms === 3000) running = nodes.slice(0, 2);
    for (const node of running) {
      node.nowMs += 10;
      if ((due.get(node) as number) <= node.nowMs) {
        due.set(node, Infinity);
        node.swim.handleTimer();
      }
      for (let one = node.runtime.toSend(); one !== undefined; one = node.runtime.toSend()) {
        const addr = one.to.addr;
        running.find((other) => other.swim.identity.addr === addr)?.swim.handleData(one.data);
      }
      const wait = node.runtime.toSchedule();
      if (wait !== undefined) due.set(node, node.nowMs + wait);
      for (const { kind } of node.notifications()) if (node === nodes[0]) told.push(kind);
      expect(node.runtime.backlog).toBeLessThanOrEqual(2);
    }
  }
  expect(told.filter((kind) => kind !== "probeFailed")).toEqual([
    "memberUp",
    "active",
    "memberUp",
    "memberDown",
  ]);
});

test.each([
  [undefined, /now must be a function/],
  [{}, /now must be a function/],
  [{ now: (): number => 0, maxDatagrams: 0 }, /maxDatagrams must be an integer from 1 to 65535/],
  [{ now: (): number => 0, maxNotifications: Infinity }, /maxNotifications must be an integer/],
  [{ now: (): number => 0, maxDatagram: 3 }, /unknown option maxDatagram; did you mean maxDatagrams\?/],
])("refuses wrong options %#", (options, says) => {
  expect(() => new GatheringRuntime(options as GatheringOptions)).toThrow(says);
});
