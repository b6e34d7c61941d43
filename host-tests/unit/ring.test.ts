// Who comes next on the circle, when members come, are heard and go.
import { expect, test } from "vitest";
import { bincode, IdentityRef, State } from "../../core/codec.js";
import { identity, renewableV4, type IdentityType } from "../../core/identity.js";
import { Members } from "../../core/members.js";
import { NONE } from "../../core/order.js";
import { point, Ring } from "../../core/ring.js";
import { struct, u32, u8 } from "../../core/index.js";
import { Self } from "../../core/self.js";
import { seeded } from "../support/random.js";
import { peer } from "../support/wire.js";

const HOSTS = [1, 2, 3, 4, 5, 6, 7, 8, 9];
/** Its address stands behind something else. */
const tailed = identity({
  schema: struct({ life: u32, host: u8 }),
  address: "host",
  winsAddrConflict: (id, adversary) => id.life > adversary.life,
});
type Tailed = { life: number; host: number };

function bytesOf<T>(type: IdentityType<T>, value: T): Uint8Array {
  const bytes = new Uint8Array(40);
  return bytes.slice(0, type.schema.write(bincode.dialect, value, bytes, 0));
}

class Circle<T> {
  readonly members: Members<T>;
  readonly self: Self<T>;
  readonly ring: Ring<T>;
  private readonly type: IdentityType<T>;
  private readonly valueOf: (host: number) => T;

  constructor(type: IdentityType<T>, valueOf: (host: number) => T, own: number) {
    this.type = type;
    this.valueOf = valueOf;
    this.members = new Members(type, bincode, 1, 24, seeded(9), 0, 0, 40, 600);
    const bytes = bytesOf(type, valueOf(own));
    this.self = new Self(this.members, bytes, bytes.length);
    this.ring = new Ring(this.members, this.self);
  }

  refOf(host: number): IdentityRef<T> {
    const bytes = bytesOf(this.type, this.valueOf(host));
    const ref = new IdentityRef({ schema: this.type.schema, dialect: bincode.dialect }, bytes);
    ref.set(bytes, 0, bytes.length);
    return ref;
  }

  slot(host: number): number {
    return this.members.find(this.refOf(host));
  }

  enter(host: number): number {
    const ref = this.refOf(host);
    expect(this.members.find(ref)).toBe(NONE);
    return this.members.insert(ref, 0, State.Alive);
  }

  joins(host: number): boolean {
    return this.ring.joined(this.enter(host));
  }

  hears(host: number): boolean {
    this.members.noteHeard(this.slot(host));
    return this.ring.joined(this.slot(host));
  }
}

const short = (own: number) => new Circle(renewableV4, (host) => peer(host + ".1"), own);

/** The address of a host's identity in bincode: an IPv4 address and port 7000. */
const addressOf = (host: number): Uint8Array => Uint8Array.of(10, 0, 0, host, 251, 0x58, 0x1b);

/** All hosts but `own` from the nearest on, by the hashes of the bytes that `addressOf` makes. */
function sequence(own: number, bytesFor = addressOf): number[] {
  const at = (host: number): number => point(bytesFor(host), 0, bytesFor(host).length);
  const ahead = (host: number): number => (at(host) - at(own)) >>> 0;
  return HOSTS.filter((host) => host !== own).sort((a, b) => ahead(a) - ahead(b));
}

test("a-newcomer-that-is-nearer-is-the-successor-and-is-said-to-be", () => {
  const [first, second, third] = sequence(1);
  const circle = short(1);
  expect([circle.ring.successor, circle.ring.heardSuccessor]).toEqual([NONE, NONE]);
  expect([circle.joins(second), circle.joins(third), circle.joins(first)]).toEqual([true, false, true]);
  expect([circle.ring.successor, circle.ring.heardSuccessor]).toEqual([circle.slot(first), NONE]);
});

test("a-newcomer-before-anybody-asked-is-not-said-to-be-the-successor", () => {
  const circle = short(1);
  expect(circle.joins(2)).toBe(false);
  expect(circle.ring.successor).toBe(circle.slot(2));
});

test("the-successor-that-was-heard-is-the-nearest-of-those-that-were-heard", () => {
  const [first, second, third] = sequence(1);
  const circle = short(1);
  expect(circle.ring.successor).toBe(NONE);
  for (const host of [first, second, third]) circle.joins(host);
  expect([circle.hears(third), circle.hears(second)]).toEqual([true, true]);
  expect([circle.ring.successor, circle.ring.heardSuccessor]).toEqual(
    [first, second].map((h) => circle.slot(h)),
  );
});

test("when-a-successor-leaves-the-next-one-is", () => {
  const [first, second, third] = sequence(1);
  const circle = short(1);
  for (const host of [third, first, second]) circle.joins(host);
  circle.hears(second);
  circle.hears(third);
  expect([circle.ring.successor, circle.ring.heardSuccessor]).toEqual(
    [first, second].map((h) => circle.slot(h)),
  );
  for (const host of [first, second]) {
    const slot = circle.slot(host);
    circle.members.dismiss(slot);
    circle.ring.left(slot);
  }
  expect([circle.ring.successor, circle.ring.heardSuccessor]).toEqual(
    [third, third].map((h) => circle.slot(h)),
  );
});

test("who-comes-while-the-successor-is-not-known-is-compared-with-all", () => {
  for (const own of HOSTS) {
    const [first, second, ...others] = sequence(own);
    for (const newcomer of others) {
      const circle = short(own);
      for (const host of [first, second]) circle.joins(host);
      for (const host of [first, second]) circle.hears(host);
      expect(circle.ring.heardSuccessor).toBe(circle.slot(first));
      const slot = circle.slot(first);
      circle.members.dismiss(slot);
      circle.ring.left(slot);
      circle.joins(newcomer);
      circle.hears(newcomer);
      expect(circle.ring.heardSuccessor).toBe(circle.slot(second));
      expect(circle.ring.successor).toBe(circle.slot(second));
    }
  }
});

test("a-stranger-is-wanted-where-it-would-be-the-successor", () => {
  const [first, second, third] = sequence(1);
  const circle = short(1);
  const wants = (host: number, isHeard: boolean): boolean => circle.ring.wants(circle.refOf(host), isHeard);
  expect([wants(first, false), wants(first, true)]).toEqual([false, false]);
  circle.joins(second);
  expect([wants(first, false), wants(third, false), wants(first, true)]).toEqual([true, false, false]);
  expect(wants(second, false)).toBe(false);
  circle.hears(second);
  expect([wants(first, true), wants(third, true)]).toEqual([true, false]);
});

test("another-address-of-ours-has-another-successor", () => {
  const circle = short(1);
  for (const host of HOSTS) if (host !== 1 && host !== 9) circle.joins(host);
  for (const host of HOSTS) if (host !== 1 && host !== 9) circle.hears(host);
  const nearest = (own: number): number => sequence(own).filter((host) => host !== 1 && host !== 9)[0];
  expect(nearest(9)).not.toBe(nearest(1));
  expect([circle.ring.successor, circle.ring.heardSuccessor]).toEqual(Array(2).fill(circle.slot(nearest(1))));
  circle.self.become(circle.refOf(9));
  circle.ring.forget();
  expect([circle.ring.successor, circle.ring.heardSuccessor]).toEqual(Array(2).fill(circle.slot(nearest(9))));
});

test("an-address-that-stands-behind-something-else-counts-alone", () => {
  for (const own of HOSTS) {
    const circle = new Circle<Tailed>(tailed, (host) => ({ life: 1000 * host, host }), own);
    for (const host of HOSTS) if (host !== own) circle.joins(host);
    const nearest = sequence(own, (host) => Uint8Array.of(host))[0];
    expect(circle.ring.successor, "of " + own).toBe(circle.slot(nearest));
  }
});

test("points-are-those-that-every-node-computes", () => {
  expect(point(new Uint8Array(0), 0, 0)).toBe(0xab3e7c0b);
  expect(point(addressOf(2), 0, 7)).toBe(0x98f22af5);
  expect(point(addressOf(2), 4, 7)).toBe(0x334c7392);
});
