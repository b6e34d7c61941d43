// SWIM's bound (section 4.3): between two turns of a member lie at most 2 N - 2 probes of others, N being the most members
// that were active meanwhile. A probe of the successor is no turn of the round; who is heard from had a turn where
// `probeSilentFirst` makes hearing count for one.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bincode, IdentityRef, State } from "../../core/codec.js";
import { lan } from "../../core/config.js";
import { renewableV4, type Renewable } from "../../core/identity.js";
import { Members } from "../../core/members.js";
import { Metric } from "../../core/metrics.js";
import { NONE } from "../../core/order.js";
import { uniform } from "../../core/random.js";
import { Swim } from "../../core/swim.js";
import { ok } from "../support/assert.js";
import { runs } from "../support/fuzz.js";
import { seeded } from "../support/random.js";
import { decode, encode, nameOf, peer, type Datagram } from "../support/wire.js";

/** Counts, for every active member, the probes of others since it had its turn. */
class Turns {
  private readonly waits = new Map<string, { probes: number; mostActive: number }>();

  /** A member became active, or had its turn by being heard from. */
  reset(member: string): void {
    this.waits.set(member, { probes: 0, mostActive: this.waits.size });
    this.count();
  }

  /** A member is active no more. */
  end(member: string): void {
    this.waits.delete(member);
  }

  probe(member: string): void {
    ok(this.waits.has(member), member + " is probed and not active");
    for (const [other, wait] of this.waits) {
      if (other === member) continue;
      wait.probes++;
      const most = 2 * wait.mostActive - 2;
      ok(wait.probes <= most, other + " waits for " + wait.probes + " probes of others, not " + most);
    }
    this.reset(member);
  }

  private count(): void {
    for (const wait of this.waits.values()) wait.mostActive = Math.max(wait.mostActive, this.waits.size);
  }
}

const STEPS = ["join", "die", "suspect", "clear", "renew", "forget", "hear", "probe", "failProbe"] as const;
type Step = (typeof STEPS)[number];

/** A table by itself, to which things happen at random. */
class Table {
  readonly turns = new Turns();
  private readonly random: () => number;
  private readonly candidates: number;
  private readonly members: Members<Renewable>;
  /** By slot. */
  private readonly hosts: number[] = [];
  private nowMs = 0;

  constructor(random: () => number, size: number, probeSilentFirst: boolean) {
    this.random = random;
    this.candidates = probeSilentFirst ? 16 : 1;
    this.members = new Members(renewableV4, bincode, 2, size, random, 0);
  }

  run(step: Step): void {
    const { members, turns } = this;
    const { order } = members;
    this.nowMs += 100;
    const slot = this.any();
    const state = slot === NONE ? State.Down : members.state(slot);
    if (step === "join") this.join();
    else if (step === "die" && state !== State.Down) {
      turns.end(String(slot));
      members.change(slot, 0, State.Down);
      members.order.setDeadline(slot, this.nowMs + 5000, true);
    } else if (step === "suspect" && state === State.Alive) this.suspect(slot);
    else if (step === "clear" && order.numSuspect > 0)
      members.change(order.activeAt(uniform(this.random, order.numSuspect)), 0, State.Alive);
    else if (step === "renew" && slot !== NONE) {
      members.replace(slot, ref(this.hosts[slot], 300 + this.nowMs), 0, State.Alive);
      if (state === State.Down) turns.reset(String(slot));
    } else if (step === "forget" && order.numDown > 0) members.remove(order.downAt(0));
    else if (step === "hear" && this.candidates > 1 && state !== State.Down) {
      order.passOver(slot, this.nowMs);
      turns.reset(String(slot));
    } else if (step === "probe" || step === "failProbe") {
      const probed = order.nextToProbe(this.candidates);
      if (probed === NONE) return;
      turns.probe(String(probed));
      if (step === "failProbe" && members.state(probed) === State.Alive) this.suspect(probed);
    }
  }

  private join(): void {
    const { members } = this;
    if (members.length >= members.maxMembers) return;
    const host = uniform(this.random, 60_000);
    if (members.find(ref(host, 1)) !== NONE) return;
    const state = uniform(this.random, 4) === 0 ? State.Suspect : State.Alive;
    const slot = members.insert(ref(host, 1), 0, state);
    this.hosts[slot] = host;
    this.turns.reset(String(slot));
  }

  /** Ours have a deadline, those that others tell of have none. */
  private suspect(slot: number): void {
    this.members.change(slot, 0, State.Suspect);
    if (uniform(this.random, 2) === 0)
      this.members.order.setDeadline(slot, this.nowMs + uniform(this.random, 3000), false);
  }

  /** The slot of any member, the Down too, or NONE. */
  private any(): number {
    const { members } = this;
    const { order } = members;
    if (members.length === 0) return NONE;
    const pick = uniform(this.random, members.length);
    return pick < order.numActive ? order.activeAt(pick) : order.downAt(pick - order.numActive);
  }
}

function ref(host: number, bump: number): IdentityRef<Renewable> {
  const bytes = new Uint8Array(40);
  const ref = new IdentityRef({ schema: renewableV4.schema, dialect: bincode.dialect }, bytes);
  ref.set(bytes, 0, renewableV4.schema.write(bincode.dialect, peer(host + "." + bump), bytes, 0));
  return ref;
}

/** A node whose mates are played at random, and whose round is looked at from inside. */
class Watched {
  readonly turns = new Turns();
  readonly swim: Swim<Renewable>;
  private readonly random: () => number;
  private readonly size: number;
  private nowMs = 0;
  private wakeAtMs = Infinity;
  private pings: Datagram[] = [];
  /** By host: the incarnation and the bump that it is said to have. */
  private readonly incarnations: number[] = [];
  private readonly bumps: number[] = [];

  constructor(seed: number, size: number, probeSilentFirst: boolean, probeSuccessor: boolean) {
    this.random = seeded(seed);
    this.size = size;
    const { turns } = this;
    const config = {
      ...lan(size),
      probeSilentFirst,
      probeSuccessor,
      removeDownAfterMs: 20_000,
      suspectToDownAfterMs: 6000,
    };
    this.swim = new Swim<Renewable>({
      identity: peer("1.1"),
      identityType: renewableV4,
      codec: bincode,
      config,
      random: seeded(seed + 1),
      runtime: {
        now: () => this.nowMs,
        submitAfter: (ms) => (this.wakeAtMs = this.nowMs + ms),
        sendTo: (_to, data, start, end) => {
          const datagram = decode(data.slice(start, end));
          if (datagram.kind === "Ping" || datagram.kind === "PingReq") this.pings.push(datagram);
        },
        memberUp: (identity) => turns.reset(identity.addr),
        memberDown: (identity) => turns.end(identity.addr),
      },
    });
    const { members } = this.swim["protocol"].knowledge;
    const { order } = members;
    const nextToProbe = order.nextToProbe.bind(order);
    const passOver = order.passOver.bind(order);
    order.nextToProbe = (candidates) => {
      const slot = nextToProbe(candidates);
      if (slot !== NONE) turns.probe(members.value(slot).addr);
      return slot;
    };
    order.passOver = (slot, nowMs) => {
      passOver(slot, nowMs);
      turns.reset(members.value(slot).addr);
    };
  }

  /** A while passes, then somebody speaks. */
  step(): void {
    this.pass(uniform(this.random, 700));
    const pings = this.pings.splice(0);
    for (const { kind, to, n, subject } of pings) {
      if (this.chance(3)) continue;
      if (kind === "Ping") this.speak({ kind: "Ack", from: to, n: n ?? 0 });
      else this.speak({ kind: "ForwardedAck", from: to, n: n ?? 0, subject: subject ?? to });
    }
    if (this.chance(2)) this.speak({ kind: "Gossip", from: this.name() });
  }

  private pass(ms: number): void {
    const endMs = this.nowMs + ms;
    while (this.wakeAtMs <= endMs) {
      this.nowMs = this.wakeAtMs;
      this.wakeAtMs = Infinity;
      this.swim.handleTimer();
    }
    this.nowMs = endMs;
  }

  private speak(says: Pick<Datagram, "kind" | "from"> & { n?: number; subject?: string }): void {
    const updates: string[] = [];
    while (this.chance(2)) updates.push(this.update());
    const to = nameOf(this.swim.identity);
    this.swim.handleData(encode({ incarnation: 0, to, broadcasts: [], updates, ...says }));
  }

  /** News of somebody: that it joined or came back, that it is suspected, that it refuted, that it died. */
  private update(): string {
    const host = 2 + uniform(this.random, this.size);
    const incarnation = (this.incarnations[host] ??= 0);
    const pick = uniform(this.random, 16);
    if (pick === 0) return "Down " + this.name(host) + "@" + incarnation;
    if (pick === 1) {
      this.bumps[host] = (this.bumps[host] ?? 1) + 1;
      this.incarnations[host] = 0;
      return "Alive " + this.name(host) + "@0";
    }
    if (pick < 9) return "Suspect " + this.name(host) + "@" + incarnation;
    this.incarnations[host] = incarnation + 1;
    return "Alive " + this.name(host) + "@" + (incarnation + 1);
  }

  private name(host = 2 + uniform(this.random, this.size)): string {
    return host + "." + (this.bumps[host] ?? 1);
  }

  private chance(oneIn: number): boolean {
    return uniform(this.random, oneIn) === 0;
  }
}

describe("the round of probes", () => {
  test("every-member-has-a-turn-within-the-bound-in-any-state", () => {
    const weights = fc.tuple(...STEPS.map(() => fc.constantFrom(0, 1, 2, 8)));
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 24 }), fc.boolean(), weights, (seed, size, ...rest) => {
        const [probeSilentFirst, weights] = rest;
        const random = seeded(seed);
        const table = new Table(random, size, probeSilentFirst);
        // So many to begin with; without a probe now and then there is nothing to see.
        for (let i = 0; i < size; i++) table.run("join");
        const bag = STEPS.flatMap((step, i) => new Array<Step>(weights[i]).fill(step));
        bag.push("probe");
        for (let i = 0; i < 300; i++) table.run(bag[uniform(random, bag.length)]);
      }),
      runs(3000),
    );
  });

  test("every-member-has-a-turn-when-suspicions-clear-as-fast-as-probes-go-out", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 3, max: 24 }), fc.boolean(), (seed, size, probeSilentFirst) => {
        const table = new Table(seeded(seed), size, probeSilentFirst);
        for (let i = 0; i < size; i++) table.run("join");
        for (let i = 0; i < 300; i++) {
          table.run("suspect");
          table.run("failProbe");
          table.run("clear");
          table.run("clear");
        }
      }),
      runs(1000),
    );
  });

  test("every-member-of-a-node-has-a-turn-whatever-it-hears", () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 2, max: 20 }),
        fc.boolean(),
        fc.boolean(),
        (seed, size, probeSilentFirst, probeSuccessor) => {
          const node = new Watched(seed, size, probeSilentFirst, probeSuccessor);
          for (let i = 0; i < 300; i++) node.step();
          expect(node.swim.metrics[Metric.Probes]).toBeGreaterThan(10);
        },
      ),
      runs(60),
    );
  });
});

test("who-comes-in-the-middle-of-a-round-has-its-place-in-the-rest-of-it-as-often-as-by-chance", () => {
  const size = 40;
  const gone = 10;
  const seeds = 400;
  let met = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const random = seeded(seed);
    const members = new Members(renewableV4, bincode, size + 1, size + 1, random, 0);
    for (let host = 0; host < size; host++) members.insert(unseen(members, host), 0, State.Alive);
    // The round of those who came first is over.
    while (members.order["unprobedEnd"] > 0) members.order.nextToProbe(1);
    for (let turn = 0; turn < gone; turn++) members.order.nextToProbe(1);
    const slot = members.insert(unseen(members, size), 0, State.Alive);
    while (members.order["unprobedEnd"] > 0) if (members.order.nextToProbe(1) === slot) met++;
  }
  const chance = (size - gone + 1) / (size + 1);
  // Four standard deviations.
  const deviation = Math.sqrt(seeds * chance * (1 - chance));
  expect(Math.abs(met - seeds * chance)).toBeLessThan(4 * deviation);
});

/** The identity of a host that `find` missed, as `insert` wants it. */
function unseen(members: Members<Renewable>, host: number): IdentityRef<Renewable> {
  const identity = ref(host, 1);
  expect(members.find(identity)).toBe(NONE);
  return identity;
}
