// Every method of the runtime and of the broadcast handler throws at random: state stays whole, nothing is stuck, and a
// cluster agrees when the throwing has stopped.
import fc from "fast-check";
import { describe, test } from "vitest";
import type { BroadcastHandler, BroadcastKey } from "../../core/broadcasts.js";
import { bincode, type IdentityRef } from "../../core/codec.js";
import { lan, type Config } from "../../core/config.js";
import { renewableV4, type Renewable } from "../../core/identity.js";
import { checkInvariants } from "../../core/invariants.js";
import { uniform } from "../../core/random.js";
import type { Runtime } from "../../core/runtime.js";
import { Swim } from "../../core/swim.js";
import { ok } from "../support/assert.js";
import { runs } from "../support/fuzz.js";
import { seeded } from "../support/random.js";
import { nameOf, peer } from "../support/wire.js";

/** What the methods throw here, to be told from all other errors. */
class Thrown extends Error {}

/** What is in the air, the clock of all, and how often a method throws: in so many of 1,000 calls. */
class World {
  nowMs = 0;
  perMille = 0;
  /** How often a method has thrown. */
  thrown = 0;
  readonly random: () => number;
  readonly air: { to: string; bytes: Uint8Array }[] = [];

  constructor(seed: number) {
    this.random = seeded(seed);
  }

  mayThrow(what: string): void {
    if (this.perMille === 0 || uniform(this.random, 1000) >= this.perMille) return;
    this.thrown++;
    throw new Thrown(what);
  }
}

/** A newer version of the same item invalidates the older one. */
class Key implements BroadcastKey {
  readonly item: number;
  constructor(item: number) {
    this.item = item;
  }
  invalidates(other: this): boolean {
    return other.item === this.item;
  }
}

/** A node whose runtime and handler throw, before they have done anything or after. */
class Node implements Runtime<Renewable>, BroadcastHandler<Renewable> {
  readonly swim: Swim<Renewable>;
  wakeAtMs = Infinity;
  private readonly world: World;
  private readonly versions = new Map<number, number>();
  receiveItemAt?: (bytes: Uint8Array, start: number, end: number) => Key | null;

  constructor(world: World, host: number, config: Config) {
    this.world = world;
    if (host % 2 === 0) this.receiveItemAt = (bytes, start, end) => this.judge(bytes.slice(start, end));
    this.swim = new Swim<Renewable>({
      identity: peer(host + ".1"),
      identityType: renewableV4,
      codec: bincode,
      config,
      runtime: this,
      broadcastHandler: this,
      random: world.random,
    });
  }

  now(): number {
    this.world.mayThrow("now");
    return this.world.nowMs;
  }
  sendTo(to: IdentityRef<Renewable>, data: Uint8Array, start: number, end: number): void {
    this.world.mayThrow("sendTo, before");
    this.world.air.push({ to: to.value.addr, bytes: data.slice(start, end) });
    this.world.mayThrow("sendTo, after");
  }
  submitAfter(ms: number): void {
    this.world.mayThrow("submitAfter, before");
    this.wakeAtMs = this.world.nowMs + ms;
    this.world.mayThrow("submitAfter, after");
  }
  memberUp(): void {
    this.world.mayThrow("memberUp");
  }
  memberDown(): void {
    this.world.mayThrow("memberDown");
  }
  memberNap(): void {
    this.world.mayThrow("memberNap");
  }
  memberOverdue(): void {
    this.world.mayThrow("memberOverdue");
  }
  probeAnswered(): void {
    this.world.mayThrow("probeAnswered");
  }
  rename(): void {
    this.world.mayThrow("rename");
  }
  active(): void {
    this.world.mayThrow("active");
  }
  idle(): void {
    this.world.mayThrow("idle");
  }
  defunct(): void {
    this.world.mayThrow("defunct");
  }
  rejoin(): void {
    this.world.mayThrow("rejoin");
  }
  memberRefused(): void {
    this.world.mayThrow("memberRefused");
  }
  dataReceived(): void {
    this.world.mayThrow("dataReceived");
  }
  dataSent(): void {
    this.world.mayThrow("dataSent");
  }
  probeFailed(): void {
    this.world.mayThrow("probeFailed");
  }
  receiveItem(bytes: Uint8Array): Key | null {
    return this.judge(bytes);
  }
  shouldAddBroadcastData(): boolean {
    this.world.mayThrow("shouldAddBroadcastData");
    return true;
  }
  private judge(bytes: Uint8Array): Key | null {
    this.world.mayThrow("receiveItem");
    const [item, version] = bytes;
    if ((this.versions.get(item) ?? -1) >= version) return null;
    this.versions.set(item, version);
    return new Key(item);
  }

  /** Makes a call, which may end by what a method throws. Returns whether it came to its end. */
  try(call: (swim: Swim<Renewable>) => unknown): boolean {
    try {
      call(this.swim);
    } catch (error) {
      if (!(error instanceof Thrown)) throw error;
      this.checkAfterThrow();
      return false;
    }
    checkInvariants(this.swim["protocol"]);
    return true;
  }

  /** What holds after a call that was broken off, and by the next call. */
  private checkAfterThrow(): void {
    const { swim, world } = this;
    checkInvariants(swim["protocol"]);
    // Throws `Busy` when the call has not ended.
    swim.forEachMember(() => false);
    if (uniform(world.random, 4) > 0) return;
    const { perMille } = world;
    world.perMille = 0;
    swim.broadcast();
    world.perMille = perMille;
    const { connection, knowledge } = swim["protocol"];
    const { deadlines } = connection;
    ok(!knowledge.members.order.hasNewDeadline, "the next call makes up for what was left");
    deadlines.next();
    const isAsked = deadlines.nextMs === deadlines.wakeMs || deadlines.nextMs === Infinity;
    ok(isAsked, "the next call asks for the wake-up");
    ok(this.wakeAtMs < Infinity || !swim.isConnected, "who is connected will be woken");
  }
}

/** Nodes of one network, each with the address of its number. */
class Cluster {
  readonly world: World;
  readonly nodes: Node[] = [];

  constructor(seed: number, size: number) {
    this.world = new World(seed);
    const config: Config = {
      ...lan(size),
      removeDownAfterMs: 15_000,
      periodicAnnounceToDownMembers: { frequencyMs: 4000, numMembers: 2 },
      periodicAnnounce: { frequencyMs: 3000, numMembers: 1 },
      maxMembers: size + 2,
      initialMembers: 1,
    };
    for (let host = 1; host <= size; host++) this.nodes.push(new Node(this.world, host, config));
  }

  /** Delivers what is in the air, wakes who is to be woken, and lets a while pass. */
  step(): void {
    const { world, nodes } = this;
    world.nowMs += 1 + uniform(world.random, 200);
    for (const { to, bytes } of world.air.splice(0)) {
      const node = nodes.find((each) => each.swim.identity.addr === to);
      if (node !== undefined) node.try((swim) => swim.handleData(bytes));
    }
    for (const node of nodes) {
      if (node.wakeAtMs > world.nowMs) continue;
      node.wakeAtMs = Infinity;
      node.try((swim) => swim.handleTimer());
    }
  }

  /** The program of some node does something. */
  act(): void {
    const { world, nodes } = this;
    const node = nodes[uniform(world.random, nodes.length)];
    const other = nodes[uniform(world.random, nodes.length)].swim.identity;
    const { identity, isDefunct } = node.swim;
    const pick = uniform(world.random, 40);
    if (pick < 8) node.try((swim) => swim.announce(other));
    else if (pick < 14) node.try((swim) => swim.gossip());
    else if (pick < 20)
      node.try((swim) => swim.addBroadcast(Uint8Array.of(pick, uniform(world.random, 250))));
    else if (pick < 24) node.try((swim) => swim.broadcast());
    else if (pick < 27) {
      const members = nodes[uniform(world.random, nodes.length)].swim.membershipState();
      node.try((swim) => swim.applyMany(members, pick === 24));
    } else if (pick === 27) node.try((swim) => swim.leaveCluster());
    else if (pick === 28) {
      const renewed = { addr: identity.addr, bump: Number(identity.bump) + 1 };
      node.try((swim) => swim.changeIdentity(renewed));
    } else if (pick === 29 && isDefunct) node.try((swim) => swim.reuseDownIdentity());
    else if (pick === 30) node.try((swim) => swim.handleTimer());
    // A stranger to make the table full.
    else if (pick === 31) this.introduce(node);
    // One that does not answer for a while.
    else if (pick === 32) node.wakeAtMs += 5000;
    else if (pick === 33 && !isDefunct) node.try((swim) => swim.nap(1 + uniform(world.random, 10_000)));
    else if (pick < 36 && isDefunct) node.try((swim) => swim.wake());
    else if (pick === 36) node.try((swim) => swim.networkChanged());
  }

  private introduce(node: Node): void {
    const identity = peer(20 + uniform(this.world.random, 3) + ".1");
    node.try((swim) => swim.applyMany([{ identity, incarnation: 0, state: "Alive" }], true));
  }

  /** The throwing stops: who left comes back, and whoever lost its wake-up is called once. */
  calm(): void {
    this.world.perMille = 0;
    for (const { swim } of this.nodes) {
      if (!swim.isDefunct) swim.handleTimer();
      else swim.changeIdentity({ addr: swim.identity.addr, bump: Number(swim.identity.bump) + 1 });
      for (const other of this.nodes)
        if (!swim.isSelf(other.swim.identity)) swim.announce(other.swim.identity);
    }
  }

  /** Whether all know each other as they are now, and nobody else. */
  get agreement(): boolean {
    const names = this.nodes.map((node) => nameOf(node.swim.identity));
    return this.nodes.every((node, i) => {
      const known = node.swim.members().map((member) => nameOf(member.identity));
      return known.length === names.length - 1 && names.every((name, j) => i === j || known.includes(name));
    });
  }
}

describe("a runtime that throws", () => {
  test("leaves-state-whole-and-the-cluster-agrees-when-it-stops", () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 2, max: 5 }),
        fc.constantFrom(3, 20, 100, 300),
        (seed, size, perMille) => {
          const cluster = new Cluster(seed, size);
          cluster.world.perMille = perMille;
          for (let i = 0; i < 400; i++) {
            cluster.act();
            cluster.step();
          }
          ok(cluster.world.thrown > 0, "nothing was thrown");
          cluster.calm();
          // Agreement must last: a suspicion from before may still run out.
          const endMs = cluster.world.nowMs + 120_000;
          let agreedMs = NaN;
          while (cluster.world.nowMs < endMs) {
            cluster.step();
            if (!cluster.agreement) agreedMs = NaN;
            else if (Number.isNaN(agreedMs)) agreedMs = cluster.world.nowMs;
          }
          ok(endMs - agreedMs > 30_000, "the cluster does not agree");
        },
      ),
      runs(60),
    );
  });
});
