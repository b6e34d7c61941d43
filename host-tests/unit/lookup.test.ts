// Members found by addresses of any length, by words and byte by byte.
import { expect, test } from "vitest";
import { bincode, IdentityRef, State } from "../../core/codec.js";
import { blob, bytes, identity, string, struct, u32, u8 } from "../../core/index.js";
import { renewableAddr, type Renewable } from "../../core/identity.js";
import { INVALID } from "../../core/dialect.js";
import { recogniseBytes, recogniseSlowly, slotOf, UNKNOWN } from "../../core/lookup.js";
import { Members } from "../../core/members.js";
import { NONE } from "../../core/order.js";

interface Fixed {
  address: number[];
  life: number;
  tail: number[];
}

const COUNT = 12;
/** Room for a datagram in the table's buffer. */
const SEND_SIZE = 200;

type Way = typeof recogniseBytes;

/** As a datagram that was copied into the table's buffer; what it finds is told as of the bytes where they were. */
const inTheTable: Way = (table, ref, given, at, end) => {
  const members = table as unknown as Members<unknown>;
  const start = members.datagram.byteOffset + (at & 1);
  members.bytes.set(given.subarray(at, Math.min(given.length, at + SEND_SIZE - 1)), start);
  const found = members.recognise(ref, members.bytes, start, start + end - at);
  if (found === INVALID) return INVALID;
  expect([ref.bytes === members.bytes, ref.at]).toEqual([true, start]);
  ref.set(given, at, ref.length);
  ref.sight = slotOf(table, given, at);
  return found - start + at;
};
const WAYS: Way[] = [recogniseBytes, recogniseSlowly, inTheTable];

/** A type whose addresses take so many bytes, behind which come one and so many more. */
const fixed = (length: number, tail: number) =>
  identity<Fixed>({
    schema: struct<Fixed>({ address: bytes(length), life: u8, tail: bytes(tail) }),
    address: "address",
    winsAddrConflict: (id, adversary) => id.life > adversary.life,
  });

const LENGTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 23, 24, 27].map((length) => [length, 4]);
for (const tail of [0, 2, 7, 8, 9]) LENGTHS.push([6, tail], [8, tail]);

test.each(LENGTHS)("addresses-of-%i-bytes-before-%i-are-found-in-each-way", (length, tail) => {
  const type = fixed(length, tail);
  const members = new Members(type, bincode, COUNT, COUNT, () => 12345, 0, 0, 0, SEND_SIZE);
  const size = length + 1 + tail;
  const buffer = new Uint8Array(size + 40);
  const AT = 3;
  const END = AT + size;
  const put = (member: number, life = 7): void => {
    buffer.fill(0xa5);
    const address = Array.from({ length }, (_, i) => (i === length - 1 ? member : 40 + i));
    type.schema.write(bincode.dialect, { address, life, tail: Array(tail).fill(3) }, buffer, AT);
  };
  const ref = new IdentityRef<Fixed>(members);
  const slots: number[] = [];
  for (let member = 0; member < COUNT; member++) {
    put(member);
    ref.set(buffer, AT, size);
    expect(members.find(ref)).toBe(NONE);
    slots.push(members.insert(ref, 0, State.Alive));
  }
  for (const recognise of WAYS) {
    for (let member = 0; member < COUNT; member++) {
      const slot = slots[member];
      for (const end of [END, END + 20]) {
        put(member);
        expect([recognise(members, ref, buffer, AT, end), ref.sight]).toEqual([END, slot]);
        expect([ref.at, ref.length, ref.bytes === buffer]).toEqual([AT, size, true]);
      }
      expect([recognise(members, ref, buffer, AT, END - 1), ref.sight]).toEqual([INVALID, -2 - slot]);
      // Each byte behind the address makes it another identity of that address.
      for (let i = length; i < size; i++) {
        put(member);
        buffer[AT + i] ^= 0x10;
        expect([recognise(members, ref, buffer, AT, END), ref.sight], "byte " + i).toEqual([
          INVALID,
          -2 - slot,
        ]);
      }
      // And each byte of it another address.
      for (let i = 0; i < length; i++) {
        put(member);
        buffer[AT + i] ^= 0x80;
        expect([recognise(members, ref, buffer, AT, END), ref.sight], "byte " + i).toEqual([
          INVALID,
          UNKNOWN,
        ]);
      }
    }
  }
});

test("what-is-no-identity-is-nobody's", () => {
  const type = identity<{ address: number[]; life: number }>({
    schema: struct({ address: blob(9), life: u32 }),
    address: "address",
    winsAddrConflict: (id, adversary) => id.life > adversary.life,
  });
  const members = new Members(type, bincode, COUNT, COUNT, () => 12345, 0, 0, 0, SEND_SIZE);
  const buffer = new Uint8Array(40);
  const ref = new IdentityRef<{ address: number[]; life: number }>(members);
  for (let member = 0; member < COUNT; member++) {
    const length = type.schema.write(bincode.dialect, { address: [member, 7], life: 1 }, buffer, 0);
    ref.set(buffer, 0, length);
    expect(members.find(ref)).toBe(NONE);
    members.insert(ref, 0, State.Alive);
  }
  // Longer than an address may be.
  for (let first = 10; first < 250; first++) {
    buffer.fill(first);
    for (const recognise of WAYS)
      expect([recognise(members, ref, buffer, 0, 30), ref.sight]).toEqual([INVALID, UNKNOWN]);
  }
});

test("an-address-that-stands-later-is-found-in-each-way", () => {
  const type = identity<{ life: number; address: string }>({
    schema: struct({ life: u32, address: string(9) }),
    address: "address",
    winsAddrConflict: (id, adversary) => id.life > adversary.life,
  });
  const members = new Members(type, bincode, COUNT, COUNT, () => 12345, 0, 0, 0, SEND_SIZE);
  const buffer = new Uint8Array(40);
  const ref = new IdentityRef<{ life: number; address: string }>(members);
  for (let member = 0; member < COUNT; member++) {
    const length = type.schema.write(bincode.dialect, { life: 300, address: "abc" + member }, buffer, 0);
    ref.set(buffer, 0, length);
    expect(members.find(ref)).toBe(NONE);
    const slot = members.insert(ref, 0, State.Alive);
    for (const recognise of WAYS)
      expect([recognise(members, ref, buffer, 0, length), ref.sight]).toEqual([length, slot]);
    const other = type.schema.write(bincode.dialect, { life: 5, address: "abc" + member }, buffer, 0);
    for (const recognise of WAYS)
      expect([recognise(members, ref, buffer, 0, other), ref.sight]).toEqual([INVALID, -2 - slot]);
  }
});

test("addresses-of-several-lengths-are-found-in-the-table's-buffer", () => {
  const members = new Members(renewableAddr, bincode, 4, COUNT, () => 12345, 0, 0, 0, SEND_SIZE);
  const buffer = new Uint8Array(60);
  const ref = new IdentityRef<Renewable>(members);
  const addresses = ["10.0.0.1:80", "10.0.0.1:7000", "10.0.0.2:80", "[2001:db8::1]:7000", "10.0.0.2:7000"];
  const slots = new Map<string, number>();
  const write = (addr: string, bump: number): number =>
    renewableAddr.schema.write(bincode.dialect, { addr, bump }, buffer.fill(0xa5), 0);
  for (const entered of addresses) {
    ref.set(buffer, 0, write(entered, 300));
    expect(members.find(ref)).toBe(NONE);
    slots.set(entered, members.insert(ref, 0, State.Alive));
    for (const addr of addresses) {
      const slot = slots.get(addr);
      for (const bump of [300, 5, 301]) {
        const end = write(addr, bump);
        const found = [inTheTable(members, ref, buffer, 0, end), ref.sight];
        const what = addr + " after " + entered;
        if (slot === undefined) expect(found, what).toEqual([INVALID, UNKNOWN]);
        else expect(found, what).toEqual(bump === 300 ? [end, slot] : [INVALID, -2 - slot]);
      }
    }
  }
});

test("names-of-any-length-are-found-in-the-table's-buffer", () => {
  const type = identity<{ name: number[]; life: number }>({
    schema: struct<{ name: number[]; life: number }>({ name: blob(30), life: u32 }),
    address: "name",
    winsAddrConflict: (id, adversary) => id.life > adversary.life,
  });
  const members = new Members(type, bincode, 4, 30, () => 12345, 0, 0, 0, SEND_SIZE);
  const buffer = new Uint8Array(60);
  const ref = new IdentityRef<{ name: number[]; life: number }>(members);
  const write = (length: number, life: number): number =>
    type.schema.write(bincode.dialect, { name: Array(length).fill(9), life }, buffer.fill(0xa5), 0);
  const slots: number[] = [];
  for (let length = 0; length < 30; length++) {
    ref.set(buffer, 0, write(length, 300));
    expect(members.find(ref)).toBe(NONE);
    slots.push(members.insert(ref, 0, State.Alive));
    for (const wanted of [0, 1, 2, 3, 4, 11, 21, 22, 23, 24, 29]) {
      const end = write(wanted, 300);
      const isKnown = wanted <= length;
      expect([inTheTable(members, ref, buffer, 0, end), ref.sight], wanted + " of " + length).toEqual(
        isKnown ? [end, slots[wanted]] : [INVALID, UNKNOWN],
      );
      const other = write(wanted, 301);
      const found = [inTheTable(members, ref, buffer, 0, other), ref.sight];
      expect(found, wanted + " of " + length).toEqual([INVALID, isKnown ? -2 - slots[wanted] : UNKNOWN]);
    }
  }
});
