// Finding members by bytes from the network, for identities of every shape, while the table grows and its rows widen.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { State } from "../../core/codec.js";
import { bincode, IdentityRef, MemberRecord, postcard, type Codec } from "../../core/codec.js";
import { bytes, struct } from "../../core/compound.js";
import { INVALID } from "../../core/dialect.js";
import {
  identity,
  plain,
  plainV4,
  plainV6,
  renewableAddr,
  renewableV4,
  type IdentityType,
  type Renewable,
} from "../../core/identity.js";
import { Members } from "../../core/members.js";
import { NONE } from "../../core/order.js";
import { uniform } from "../../core/random.js";
import { u16, u64 } from "../../core/schema.js";
import { socketAddr, socketAddrV4 } from "../../core/socket-addr.js";
import { runs } from "../support/fuzz.js";
import { seeded } from "../support/random.js";

const SEND_SIZE = 200;
const V6 = "[2001:db8::";
type Of<T> = (host: number, life: number) => T;

interface Shape {
  type: IdentityType<unknown>;
  /** The identity of a host, of few, in one of its lives. */
  of: Of<unknown>;
  hasLives: boolean;
}

function shape<T>(type: IdentityType<T>, of: Of<T>, hasLives = true): Shape {
  return { type: type as IdentityType<unknown>, of, hasLives };
}

/** Ports take one byte or three, and so do addresses that differ in nothing else. */
const port = (host: number): number => (host % 3 === 0 ? host : 7000 + host);
const v4 = (host: number): string => `10.0.${host >> 2}.${host & 3}:${port(host)}`;
const either = (host: number): string => (host % 4 === 1 ? `${V6}${host}]:${port(host)}` : v4(host));
/** Numbers of one byte, three, five and nine. */
const bump = (life: number): number => [life, 1000 + life, 1_700_000_000 + life, 2 ** 40 + life][life & 3];

const SHAPES: Record<string, Shape> = {
  plainV4: shape(plainV4, v4, false),
  plainV6: shape(plainV6, (host) => `${V6}${host}]:${port(host)}`, false),
  plain: shape(plain, either, false),
  renewableV4: shape(renewableV4, (host, life): Renewable => ({ addr: v4(host), bump: bump(life) })),
  renewableAddr: shape(renewableAddr, (host, life): Renewable => ({ addr: either(host), bump: bump(life) })),
  "the address behind something": shape(
    identity({
      schema: struct({ bump: u64, addr: socketAddrV4, zone: u16 }),
      address: "addr",
      winsAddrConflict: (a, b) => a.bump > b.bump,
    }),
    (host, life) => ({ bump: bump(life), addr: v4(host), zone: life }),
  ),
  "an address of two fields": shape(
    identity({
      schema: struct({ mac: bytes(6), zone: u16, life: u64 }),
      address: ["mac", "zone"],
      winsAddrConflict: (a, b) => a.life > b.life,
    }),
    (host, life) => ({ mac: [2, 0, 0, 0, host >> 8, host & 255], zone: port(host), life: bump(life) }),
  ),
  "longer than a head can say": shape(
    identity({
      schema: struct({ addr: socketAddr, rest: bytes(70), life: u64 }),
      address: "addr",
      winsAddrConflict: (a, b) => a.life > b.life,
    }),
    (host, life) => ({ addr: either(host), rest: Array<number>(70).fill(host & 255), life: bump(life) }),
  ),
};

interface Known {
  slot: number;
  life: number;
  incarnation: number;
  state: State;
}

/** A table, and what it should hold, by host. */
class Pair {
  readonly shape: Shape;
  readonly codec: Codec;
  readonly random: () => number;
  readonly members: Members<unknown>;
  readonly known = new Map<number, Known>();

  constructor(shape: Shape, codec: Codec, seed: number) {
    this.shape = shape;
    this.codec = codec;
    this.random = seeded(seed);
    this.members = new Members(shape.type, codec, 1, 64, this.random, 0, 4, 9, SEND_SIZE);
  }

  encode(host: number, life: number): IdentityRef<unknown> {
    const { type, of } = this.shape;
    const room = new Uint8Array(type.schema.maxLength(this.codec.dialect));
    const ref = new IdentityRef<unknown>(this.members, room);
    ref.set(room, 0, type.schema.write(this.codec.dialect, of(host, life), room, 0));
    return ref;
  }

  enter(host: number, life: number): void {
    const { members, known } = this;
    const before = known.get(host);
    const incarnation = [0, 5, 127, 128, 300, 65_535][uniform(this.random, 6)];
    const state = uniform(this.random, 3) as State;
    const ref = this.encode(host, life);
    if (before === undefined) {
      expect(members.find(ref)).toBe(NONE);
      known.set(host, { slot: members.insert(ref, incarnation, state), life, incarnation, state });
      return;
    }
    expect(members.find(ref)).toBe(before.slot);
    if (before.life === life) members.change(before.slot, incarnation, state);
    else members.replace(before.slot, ref, incarnation, state);
    known.set(host, { slot: before.slot, life, incarnation, state });
  }

  /** Reads an identity from a datagram in which something stands before and behind it. */
  look(host: number, life: number): void {
    const known = this.known.get(host);
    const identity = this.encode(host, life);
    const before = uniform(this.random, 4);
    const behind = uniform(this.random, 12);
    const datagram = new Uint8Array(before + identity.length + behind).map(() => this.random() & 255);
    datagram.set(identity.bytes.subarray(0, identity.length), before);
    const sight = known === undefined ? NONE : known.slot;
    // In an array of its own, and in the table's, where devices copy it.
    const room = this.members.datagram.byteOffset;
    this.members.bytes.set(datagram, room);
    for (const [bytes, start] of [
      [datagram, before],
      [this.members.bytes, room + before],
    ] as const) {
      const ref = new IdentityRef<unknown>(this.members, datagram);
      const next = start + identity.length;
      expect(ref.read(bytes, start, next + behind)).toBe(next);
      expect([ref.bytes === bytes, ref.at, ref.length]).toEqual([true, start, identity.length]);
      expect(ref.sight).toBe(known?.life === life ? sight : -2 - sight);
      // What does not end in time is nobody, whatever comes behind.
      expect(ref.read(bytes, start, next - 1)).toBe(INVALID);
    }
  }

  /** Of a datagram's members those are passed over that say what is known, and nobody else. */
  pass(hosts: readonly number[], spoiled: number): void {
    const { members, codec } = this;
    const start = members.datagram.byteOffset;
    const at = [start];
    for (const host of hosts) {
      const end = members.copyMember(
        (this.known.get(host) as Known).slot,
        at[at.length - 1],
        start + SEND_SIZE,
      );
      if (end !== INVALID) at.push(end);
    }
    const end = at[at.length - 1];
    const spoilAt = start + (spoiled % Math.max(1, end - start));
    if (spoiled % 2 === 0) members.bytes[spoilAt] ^= 1 << (spoiled % 8);
    const before = members.bytes.slice(start, end);
    const ref = new IdentityRef<unknown>(members, members.bytes);
    ref.at = start;
    const left = members.passKnown(ref, members.bytes, end, at.length - 1);
    const passed = at.length - 1 - left;
    expect(ref.at).toBe(at[passed]);
    expect(members.bytes.slice(start, end)).toEqual(before);
    const record = new MemberRecord<unknown>(members);
    for (let i = 0; i < passed; i++) {
      expect(codec.readMember(record, members.bytes, at[i], end)).toBe(at[i + 1]);
      const slot = record.identity.sight;
      expect(slot).toBeGreaterThanOrEqual(0);
      expect([record.incarnation, record.state]).toEqual([members.incarnation(slot), members.state(slot)]);
    }
    // What ends too late is not passed over.
    ref.at = start;
    if (passed > 0) expect(members.passKnown(ref, members.bytes, at[1] - 1, 1)).toBe(1);
  }

  /** A member is copied as a datagram carries it, and only where it fits. */
  copy(host: number): void {
    const { members, codec } = this;
    const { slot, life, incarnation, state } = this.known.get(host) as Known;
    const start = members.datagram.byteOffset;
    const end = members.copyMember(slot, start, start + SEND_SIZE);
    const record = new MemberRecord({ schema: this.shape.type.schema, dialect: codec.dialect });
    expect(codec.readMember(record, members.bytes, start, end)).toBe(end);
    expect(record.identity.value).toEqual(this.encode(host, life).value);
    expect([record.incarnation, record.state]).toEqual([incarnation, state]);
    expect([members.incarnation(slot), members.state(slot)]).toEqual([incarnation, state]);
    expect(members.copyMember(slot, start, end - 1)).toBe(INVALID);
  }
}

for (const [name, shape] of Object.entries(SHAPES)) {
  describe(name, () => {
    test.each([
      ["bincode", bincode],
      ["postcard", postcard],
    ])("is-found-by-its-bytes-and-copied-%s", (_, codec) => {
      const host = fc.nat(40);
      const life = shape.hasLives ? fc.nat(7) : fc.constant(0);
      const step = fc.tuple(fc.constantFrom("enter", "enter", "look"), host, life);
      fc.assert(
        fc.property(fc.array(step, { maxLength: 120 }), fc.nat(), fc.nat(), (steps, seed, spoiled) => {
          const pair = new Pair(shape, codec, seed);
          for (const [what, host, life] of steps) {
            if (what === "enter") pair.enter(host, life);
            pair.look(host, life);
          }
          for (const host of pair.known.keys()) pair.copy(host);
          pair.pass([...pair.known.keys()], spoiled);
        }),
        runs(60),
      );
    });
  });
}

const STEADY: Record<string, [IdentityType<Renewable>, (host: number) => string]> = {
  IPv4: [renewableV4, (host) => `10.0.0.${host}:7000`],
  "IPv4 of any address": [renewableAddr, (host) => `10.0.0.${host}:7000`],
  IPv6: [renewableAddr, (host) => `${V6}${host}]:7000`],
};

describe("a cluster at rest", () => {
  test.each(Object.keys(STEADY))("says-nothing-that-is-not-passed-over: %s", (name) => {
    const [type, address] = STEADY[name];
    const pair = new Pair(
      shape(type, (host, life): Renewable => ({ addr: address(host), bump: 1_700_000_000 + life })),
      bincode,
      7,
    );
    const { members } = pair;
    for (let host = 1; host <= 40; host++) members.insert(pair.encode(host, 0), host % 100, 0 as State);
    const start = members.datagram.byteOffset;
    let end = start;
    let numMembers = 0;
    for (let host = 1; host <= 40; host++) {
      const next = members.copyMember(host - 1, end, start + SEND_SIZE);
      if (next === INVALID) break;
      end = next;
      numMembers++;
    }
    expect(numMembers).toBeGreaterThan(5);
    const ref = new IdentityRef<unknown>(members, members.bytes);
    ref.at = start;
    expect([members.passKnown(ref, members.bytes, end, numMembers), ref.at]).toEqual([0, end]);
  });
});
