// Members found by addresses of any length, by words and byte by byte.
import { expect, test } from "vitest";
import { bincode, IdentityRef, State } from "../../core/codec.js";
import { blob, bytes, identity, string, struct, u32, u8 } from "../../core/index.js";
import { INVALID } from "../../core/dialect.js";
import { recogniseBytes, recogniseSlowly, UNKNOWN } from "../../core/lookup.js";
import { Members } from "../../core/members.js";
import { NONE } from "../../core/order.js";

interface Fixed {
  address: number[];
  life: number;
  tail: number[];
}

const COUNT = 12;

/** A type whose addresses take so many bytes, behind which come five more. */
const fixed = (length: number) =>
  identity<Fixed>({
    schema: struct<Fixed>({ address: bytes(length), life: u8, tail: bytes(4) }),
    address: "address",
    winsAddrConflict: (id, adversary) => id.life > adversary.life,
  });

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 27])("addresses-of-%i-bytes-are-found-both-ways", (length) => {
  const type = fixed(length);
  const members = new Members(type, bincode, COUNT, COUNT, () => 12345, 0);
  const size = length + 5;
  const buffer = new Uint8Array(size + 40);
  const AT = 3;
  const END = AT + size;
  const put = (member: number, life = 7): void => {
    buffer.fill(0xa5);
    const address = Array.from({ length }, (_, i) => (i === length - 1 ? member : 40 + i));
    type.schema.write(bincode.dialect, { address, life, tail: [1, 2, 3, 4] }, buffer, AT);
  };
  const ref = new IdentityRef<Fixed>(members);
  const slots: number[] = [];
  for (let member = 0; member < COUNT; member++) {
    put(member);
    ref.set(buffer, AT, size);
    expect(members.find(ref)).toBe(NONE);
    slots.push(members.insert(ref, 0, State.Alive));
  }
  for (const recognise of [recogniseBytes, recogniseSlowly]) {
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
  const members = new Members(type, bincode, COUNT, COUNT, () => 12345, 0);
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
    for (const recognise of [recogniseBytes, recogniseSlowly])
      expect([recognise(members, ref, buffer, 0, 30), ref.sight]).toEqual([INVALID, UNKNOWN]);
  }
});

test("an-address-that-stands-later-is-found-both-ways", () => {
  const type = identity<{ life: number; address: string }>({
    schema: struct({ life: u32, address: string(9) }),
    address: "address",
    winsAddrConflict: (id, adversary) => id.life > adversary.life,
  });
  const members = new Members(type, bincode, COUNT, COUNT, () => 12345, 0);
  const buffer = new Uint8Array(40);
  const ref = new IdentityRef<{ life: number; address: string }>(members);
  for (let member = 0; member < COUNT; member++) {
    const length = type.schema.write(bincode.dialect, { life: 300, address: "abc" + member }, buffer, 0);
    ref.set(buffer, 0, length);
    expect(members.find(ref)).toBe(NONE);
    const slot = members.insert(ref, 0, State.Alive);
    for (const recognise of [recogniseBytes, recogniseSlowly])
      expect([recognise(members, ref, buffer, 0, length), ref.sight]).toEqual([length, slot]);
    const other = type.schema.write(bincode.dialect, { life: 5, address: "abc" + member }, buffer, 0);
    for (const recognise of [recogniseBytes, recogniseSlowly])
      expect([recognise(members, ref, buffer, 0, other), ref.sight]).toEqual([INVALID, -2 - slot]);
  }
});
