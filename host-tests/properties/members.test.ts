// The member table, its order and its update queue against a slow and obvious twin.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bincode, IdentityRef, State } from "../../core/codec.js";
import { INVALID } from "../../core/dialect.js";
import { renewableV4, type Renewable } from "../../core/identity.js";
import { Members } from "../../core/members.js";
import { NONE } from "../../core/order.js";
import { Updates } from "../../core/updates.js";
import { anyStranger, areStrange, forgetAllHeard } from "../../core/strangers.js";
import { runs } from "../support/fuzz.js";
import { seeded } from "../support/random.js";
import { peer } from "../support/wire.js";

const MAX_TRANSMISSIONS = 5;
const MAX_MEMBERS = 24;
/** Room in the table's buffer for a datagram. */
const SEND_SIZE = 600;

interface TwinMember {
  host: number;
  bump: number;
  incarnation: number;
  state: State;
  deadlineMs: number;
  remaining: number;
  isHeard: boolean;
}

// Words of a slot, as `Table.words` describes them.
const WORDS = 8;
const NEXT = 4;
const PREVIOUS = 5;
const POSITION = 6;

/** What the table hides, for the twin to look at. */
interface Insides {
  capacity: number;
  deadlines: Int32Array;
  unprobedEnd: number;
}

function insides(object: object): Insides {
  return object as unknown as Insides;
}

function refOf(host: number, bump: number): IdentityRef<Renewable> {
  const dialect = bincode.dialect;
  const bytes = new Uint8Array(40);
  const ref = new IdentityRef({ schema: renewableV4.schema, dialect: dialect }, bytes);
  ref.set(bytes, 0, renewableV4.schema.write(dialect, peer(host + "." + bump), bytes, 0));
  return ref;
}

/** Enters a member that is unknown, as the cluster does: `insert` comes after a `find` in vain. */
function enter(members: Members<Renewable>, host: number, state: State): void {
  const ref = refOf(host, 1);
  expect(members.find(ref)).toBe(NONE);
  members.insert(ref, 0, state);
}

/** Bytes of an update: octets, port, bump, incarnation, state. */
function updateLength(member: TwinMember): number {
  const uint = (value: number) => (value < 251 ? 1 : value < 65536 ? 3 : 5);
  return 4 + 3 + uint(member.bump) + uint(member.incarnation) + 1;
}

function makeUpdates(members: Members<unknown>): Updates {
  const updates = new Updates(members);
  updates.setMaxTransmissions(MAX_TRANSMISSIONS);
  return updates;
}

class Pair {
  readonly members = new Members(renewableV4, bincode, 1, MAX_MEMBERS, seeded(9), 0, 0, 0, SEND_SIZE);
  readonly updates = makeUpdates(this.members);
  readonly twin = new Map<number, TwinMember>();

  slot(host: number): number {
    return this.members.find(refOf(host, 1));
  }

  /** News of a member, put in as the cluster does it. */
  put(host: number, bump: number, incarnation: number, state: State, transmissions: number): void {
    const known = this.twin.get(host);
    const ref = refOf(host, bump);
    if (known === undefined) {
      if (this.members.length >= this.members.maxMembers) return;
      expect(this.members.find(ref)).toBe(NONE);
      const slot = this.members.insert(ref, incarnation, state);
      this.twin.set(host, {
        host,
        bump,
        incarnation,
        state,
        deadlineMs: Infinity,
        remaining: 0,
        isHeard: false,
      });
      this.queue(slot, host, transmissions);
      return;
    }
    const slot = this.slot(host);
    if (known.bump === bump) this.members.change(slot, incarnation, state);
    else this.members.replace(slot, ref, incarnation, state);
    // Down to Down keeps its deadline; a Suspect starts without one.
    if (known.state !== state || state === State.Suspect) known.deadlineMs = Infinity;
    if (known.bump !== bump || state === State.Down) known.isHeard = false;
    Object.assign(known, { bump, incarnation, state });
    this.queue(slot, host, transmissions);
  }

  queue(slot: number, host: number, transmissions: number): void {
    const known = this.twin.get(host) as TwinMember;
    known.remaining = transmissions;
    if (transmissions === 0) this.updates.remove(slot);
    else this.updates.add(slot, transmissions);
  }

  setDeadline(host: number, atMs: number): void {
    const known = this.twin.get(host);
    if (known === undefined || known.state === State.Alive) return;
    known.deadlineMs = atMs;
    this.members.order.setDeadline(this.slot(host), atMs, known.state === State.Down);
  }

  /** Forgets the Down member that is first to be forgotten. */
  forget(): void {
    const { order } = this.members;
    if (order.numDown === 0) return;
    const slot = order.downAt(0);
    const host = [...this.twin.keys()].find((one) => this.slot(one) === slot) as number;
    const first = Math.min(...this.all(State.Down).map((one) => one.deadlineMs));
    expect(this.twin.get(host)?.deadlineMs).toBe(first);
    this.updates.remove(slot);
    this.members.remove(slot);
    this.twin.delete(host);
  }

  /** An active member is heard for the first time. */
  speak(host: number): void {
    const known = this.twin.get(host);
    if (known === undefined || known.state === State.Down || known.isHeard) return;
    known.isHeard = true;
    this.members.noteHeard(this.slot(host));
  }

  /** Forgets an active member that was not heard. */
  dismiss(seed: number): void {
    const strangers = [...this.twin.values()].filter((one) => one.state !== State.Down && !one.isHeard);
    if (strangers.length === 0) return;
    const kept = strangers.length > 1 ? this.slot(strangers[0].host) : NONE;
    const slot = anyStranger(this.members, seeded(seed), kept);
    expect(slot).not.toBe(kept);
    const host = strangers.map((one) => one.host).find((one) => this.slot(one) === slot);
    expect(host).not.toBe(undefined);
    this.updates.remove(slot);
    this.members.dismiss(slot);
    this.twin.delete(host as number);
  }

  /** Puts all suspicions off. */
  delay(ms: number): void {
    this.members.order.delaySuspicions(ms);
    for (const one of this.all(State.Suspect)) one.deadlineMs += ms;
  }

  forgetAllHeard(): void {
    forgetAllHeard(this.members);
    for (const one of this.twin.values()) one.isHeard = false;
  }

  fill(room: number): void {
    const start = this.members.datagram.byteOffset;
    this.members.bytes.fill(0xa5, start);
    const cursor = { at: start };
    const queued = [...this.twin.values()].filter((one) => one.remaining > 0);
    const written = this.updates.fill(cursor, start + room, 255);
    cursor.at -= start;
    const out = this.members.bytes.slice(start);
    expect(cursor.at).toBeLessThanOrEqual(room);
    expect(
      out.slice(cursor.at).every((byte) => byte === 0xa5),
      "nothing behind the last",
    ).toBe(true);
    let bytes = 0;
    let least = Infinity;
    for (let at = 0, i = 0; i < written; i++) {
      // 10, 0, then the host: the addresses of the tests.
      const host = out[at + 2] * 256 + out[at + 3];
      const known = this.twin.get(host) as TwinMember;
      expect(known.remaining, "the least-sent first, nobody twice").toBeGreaterThan(0);
      expect(known.remaining).toBeLessThanOrEqual(least);
      least = known.remaining;
      at += updateLength(known);
      bytes += updateLength(known);
    }
    for (let at = 0, i = 0; i < written; i++) {
      const known = this.twin.get(out[at + 2] * 256 + out[at + 3]) as TwinMember;
      known.remaining--;
      at += updateLength(known);
    }
    expect(cursor.at).toBe(bytes);
    const longest = Math.max(0, ...queued.map(updateLength));
    const total = queued.reduce((sum, one) => sum + updateLength(one), 0);
    if (total <= room) expect(written, "all that fit").toBe(queued.length);
    else expect(room - cursor.at, "no room wasted").toBeLessThan(longest);
  }

  all(state: State): TwinMember[] {
    return [...this.twin.values()].filter((one) => one.state === state);
  }

  check(): void {
    const { members, twin } = this;
    const { order } = members;
    expect(members.length).toBe(twin.size);
    const slots = new Set<number>();
    for (const known of twin.values()) {
      const slot = this.slot(known.host);
      expect(slot).not.toBe(NONE);
      slots.add(slot);
      expect(members.value(slot)).toEqual(peer(known.host + "." + known.bump));
      expect(members.isIdentity(slot, refOf(known.host, known.bump))).toBe(true);
      expect(members.isIdentity(slot, refOf(known.host, known.bump + 1))).toBe(false);
      const seen = refOf(known.host, known.bump);
      const found = refOf(known.host, 0);
      expect(members.recognise(found, seen.bytes, 0, seen.length - 1)).toBe(INVALID);
      expect(found.sight).toBeLessThan(0);
      expect(members.recognise(found, seen.bytes, 0, seen.length)).toBe(seen.length);
      expect([found.sight, found.length]).toEqual([slot, seen.length]);
      expect([members.state(slot), members.incarnation(slot)]).toEqual([known.state, known.incarnation]);
      expect(this.members.remaining(slot)).toBe(known.remaining);
      expect(this.members.wasHeard(slot)).toBe(known.isHeard);
    }
    const numHeard = [...twin.values()].filter((one) => one.isHeard).length;
    const isStrange = numHeard * 2 < order.numActive && twin.size * 4 > MAX_MEMBERS;
    expect([order.numHeard, areStrange(members)]).toEqual([numHeard, isStrange]);
    expect(slots.size, "a slot each").toBe(twin.size);
    expect(this.slot(999)).toBe(NONE);
    expect([order.numActive - order.numSuspect, order.numSuspect, order.numDown]).toEqual(
      [State.Alive, State.Suspect, State.Down].map((state) => this.all(state).length),
    );
    const first = (state: State) => Math.min(Infinity, ...this.all(state).map((one) => one.deadlineMs));
    expect(order.firstSuspicionMs).toBe(first(State.Suspect));
    expect(order.firstForgettingMs).toBe(first(State.Down));
    this.checkSections();
    this.checkQueue();
  }

  private checkSections(): void {
    const { order } = this.members;
    const { words } = this.members;
    const { deadlines, capacity, unprobedEnd } = insides(order);
    const positionOf = (slot: number) => words[slot * WORDS + POSITION];
    const deadlineOf = (slot: number) => deadlines[(slot * WORDS) / 2];
    // The lowest bit of a suspect's is the mark of the round, by which the heap need not be in order.
    const halfOf = (slot: number) => deadlineOf(slot) >> 1;
    const inSections = new Set<number>();
    for (let i = 0; i < order.numActive; i++) {
      const slot = order.activeAt(i);
      inSections.add(slot);
      expect(positionOf(slot)).toBe(i);
      expect(this.members.state(slot)).toBe(i < order.numSuspect ? State.Suspect : State.Alive);
    }
    for (let i = 0; i < order.numDown; i++) {
      const slot = order.downAt(i);
      inSections.add(slot);
      expect(positionOf(slot)).toBe(capacity - 1 - i);
      expect(this.members.state(slot)).toBe(State.Down);
    }
    expect(inSections.size).toBe(this.twin.size);
    for (let i = 1; i < order.numSuspect; i++) {
      expect(halfOf(order.activeAt((i - 1) >> 1))).toBeLessThanOrEqual(halfOf(order.activeAt(i)));
    }
    for (let i = 1; i < order.numDown; i++) {
      expect(deadlineOf(order.downAt((i - 1) >> 1))).toBeLessThanOrEqual(deadlineOf(order.downAt(i)));
    }
    expect(unprobedEnd).toBeGreaterThanOrEqual(order.numSuspect);
    expect(unprobedEnd).toBeLessThanOrEqual(order.numActive);
  }

  private checkQueue(): void {
    const { words, endsAt } = this.members;
    let queued = 0;
    for (let remaining = 1; remaining <= MAX_TRANSMISSIONS; remaining++) {
      let previous = NONE;
      for (let slot = words[endsAt + remaining * 2]; slot !== NONE; slot = words[slot * WORDS + NEXT]) {
        expect(words[slot * WORDS + PREVIOUS]).toBe(previous);
        expect(this.members.remaining(slot)).toBe(remaining);
        previous = slot;
        queued++;
        expect(queued).toBeLessThanOrEqual(this.twin.size);
      }
      expect(words[endsAt + remaining * 2 + 1]).toBe(previous);
    }
    expect(queued).toBe(this.updates.length);
    expect(queued).toBe([...this.twin.values()].filter((one) => one.remaining > 0).length);
  }
}

const host = fc.integer({ min: 2, max: 40 });
const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(
      fc.constant("put" as const),
      host,
      fc.constantFrom(1, 2, 300, 70_000),
      fc.constantFrom(0, 1, 250, 251, 65535),
      fc.constantFrom(State.Alive, State.Suspect, State.Down),
      fc.nat(MAX_TRANSMISSIONS),
    ),
  },
  { weight: 3, arbitrary: fc.tuple(fc.constant("deadline" as const), host, fc.nat(1000)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("forget" as const)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("probe" as const), fc.constantFrom(1, 16)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("heard" as const), host) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("fill" as const), fc.nat(150)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("void" as const)) },
  { weight: 3, arbitrary: fc.tuple(fc.constant("speak" as const), host) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("dismiss" as const), fc.nat()) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("delay" as const), fc.nat(500)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("forgetAllHeard" as const)) },
);

describe("the member table", () => {
  test("does-as-its-twin-over-long-histories", () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120, size: "max" }), (actions) => {
        const pair = new Pair();
        for (const step of actions) {
          if (step[0] === "put") pair.put(step[1], step[2], step[3], step[4], step[5]);
          else if (step[0] === "deadline") pair.setDeadline(step[1], step[2]);
          else if (step[0] === "forget") pair.forget();
          else if (step[0] === "fill") pair.fill(step[1]);
          else if (step[0] === "speak") pair.speak(step[1]);
          else if (step[0] === "dismiss") pair.dismiss(step[1]);
          else if (step[0] === "delay") pair.delay(step[1]);
          else if (step[0] === "forgetAllHeard") pair.forgetAllHeard();
          else if (step[0] === "heard") {
            if (pair.twin.get(step[1])?.state === State.Alive)
              pair.members.order.passOver(pair.slot(step[1]), 50);
          } else if (step[0] === "void") {
            pair.members.order.clearSuspicions();
            for (const one of pair.all(State.Suspect)) one.deadlineMs = Infinity;
          } else {
            const slot = pair.members.order.nextToProbe(step[1]);
            expect(slot === NONE).toBe(pair.members.order.numActive === 0);
            if (slot !== NONE) expect(pair.members.isActive(slot)).toBe(true);
          }
          pair.check();
        }
      }),
      runs(80),
    );
  });

  test.each([State.Suspect, State.Down])(
    "deadlines-stay-in-order-when-members-leave-in-any: state %i",
    (state) => {
      fc.assert(
        fc.property(
          fc.array(fc.tuple(fc.nat(50), fc.nat()), { minLength: 8, maxLength: 22, size: "max" }),
          (plan) => {
            const pair = new Pair();
            plan.forEach(([atMs], i) => {
              pair.put(i + 2, 1, 0, state, 0);
              pair.setDeadline(i + 2, atMs);
            });
            const hosts = plan.map((_, i) => i + 2);
            for (const [, pick] of plan) {
              const [left] = hosts.splice(pick % hosts.length, 1);
              pair.put(left, 2, 0, State.Alive, 0);
              pair.check();
            }
          },
        ),
        runs(60),
      );
    },
  );

  test("probes-every-alive-member-once-a-round-while-nobody-comes-or-goes", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 24 }),
        fc.nat(24),
        fc.constantFrom(1, 16),
        fc.nat(),
        (alive, skip, candidates, seed) => {
          const members = new Members(renewableV4, bincode, 4, 100, seeded(seed), 0);
          for (let i = 0; i < alive; i++) enter(members, i + 2, State.Alive);
          const { order } = members;
          // Into the middle of a round and on to its end.
          for (let i = 0; i < skip; i++) order.nextToProbe(candidates);
          while (insides(order).unprobedEnd > 0) order.nextToProbe(candidates);
          for (let round = 0; round < 3; round++) {
            const probed = new Set<number>();
            for (let i = 0; i < alive; i++) probed.add(order.nextToProbe(candidates));
            expect(probed.size).toBe(alive);
          }
        },
      ),
      runs(200),
    );
  });

  test("a-round-has-a-turn-for-every-suspect-and-every-alive-member", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(),
        (alive, suspects, seed) => {
          const members = new Members(renewableV4, bincode, 4, 100, seeded(seed), 0);
          for (let i = 0; i < alive; i++) enter(members, i + 2, State.Alive);
          while (insides(members.order).unprobedEnd > 0) members.order.nextToProbe(1);
          for (let i = 0; i < suspects; i++) enter(members, i + 50, State.Suspect);
          // What was inserted as Alive before it was suspected may have a place left in the round.
          const probed: number[] = [];
          for (let i = 0; i < (alive + suspects) * 2; i++) probed.push(members.order.nextToProbe(1));
          const times = new Map<number, number>();
          for (const slot of probed) times.set(slot, (times.get(slot) ?? 0) + 1);
          for (let i = 0; i < alive; i++) {
            const slot = members.find(refOf(i + 2, 1));
            expect(times.get(slot) ?? 0).toBeGreaterThanOrEqual(1);
            expect(times.get(slot) ?? 0).toBeLessThanOrEqual(3);
          }
        },
      ),
      runs(200),
    );
  });
});
