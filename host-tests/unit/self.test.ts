// Our own identity, told from others wherever it stands.
import { expect, test } from "vitest";
import { bincode, IdentityRef } from "../../core/codec.js";
import { INVALID } from "../../core/dialect.js";
import { identity, renewableAddr, type IdentityType, type Renewable } from "../../core/identity.js";
import { blob, struct, u32, u8 } from "../../core/index.js";
import { Members } from "../../core/members.js";
import { OURSELVES, Self } from "../../core/self.js";

interface Named {
  name: number[];
  life: number;
}
const named = identity<Named>({
  schema: struct<Named>({ name: blob(60), life: u8 }),
  address: "name",
  winsAddrConflict: (id, adversary) => id.life > adversary.life,
});

/** Identities of 8 to 12 bytes and of an IPv6 address; and of 30 to 40, about the 32 that are read by words. */
const addresses: [IdentityType<unknown>, unknown][] = [
  ...["1", "300", "70000"].map((bump): Renewable => ({ addr: "10.0.0.1:80", bump })),
  { addr: "10.0.0.1:7000", bump: 1 },
  { addr: "[2001:db8::17]:7000", bump: 5 },
].map((value) => [renewableAddr, value] as unknown as [IdentityType<unknown>, unknown]);
for (const length of [30, 31, 32, 33, 40]) {
  const name = Array.from({ length: length - 2 }, (_, i) => i + 1);
  addresses.push([named as unknown as IdentityType<unknown>, { name, life: 7 }]);
}

test.each(addresses)(
  "our-own-identity-is-recognised-in-the-table's-buffer-and-elsewhere #%#",
  (type, value) => {
    const own = new Uint8Array(80);
    const length = type.schema.write(bincode.dialect, value, own, 0);
    const members = new Members(type, bincode, 2, 4, () => 1, 0, length, 64, 600);
    const self = new Self(members, own, length);
    const { bytes, datagram } = members;
    const start = datagram.byteOffset;
    const elsewhere = new Uint8Array(200);
    for (const [buffer, from] of [
      [bytes, start],
      [elsewhere, 0],
    ] as const) {
      for (const offset of [0, 1, 2, 3, 10]) {
        const at = from + offset;
        const end = at + length;
        const ref = new IdentityRef<unknown>(self);
        const fill = (): void => {
          buffer.fill(0xa5, from, from + 100);
          for (let i = 0; i < length; i++) buffer[at + i] = own[i];
        };
        fill();
        expect(self.recognise(ref, buffer, at, end)).toBe(end);
        expect([ref.sight, ref.at, ref.length, ref.bytes === buffer]).toEqual([OURSELVES, at, length, true]);
        expect(self.is(ref)).toBe(true);
        expect(self.recognise(ref, buffer, at, end - 1)).toBe(INVALID);
        expect(self.is(ref)).toBe(false);
        for (let i = 0; i < length; i++) {
          fill();
          buffer[at + i] ^= 0x40;
          expect(self.recognise(ref, buffer, at, end + 20), "byte " + i).toBe(INVALID);
          // Nor the slot of a member.
          expect(ref.sight).toBeLessThan(0);
        }
        // What lies behind is nobody's business.
        fill();
        buffer[end] ^= 0x40;
        expect(self.recognise(ref, buffer, at, end + 20)).toBe(end);
      }
    }
  },
);

test("our-address-is-told-from-others-where-it-stands-first-and-where-it-stands-later", () => {
  interface Later {
    life: number;
    name: number[];
  }
  const later = identity<Later>({
    schema: struct<Later>({ life: u32, name: blob(60) }),
    address: "name",
    winsAddrConflict: (id, adversary) => id.life > adversary.life,
  });
  for (const length of [1, 2, 3, 4, 5, 9]) {
    const name = Array.from({ length }, (_, i) => i + 1);
    const others = name.map((_, i) => name.map((octet, j) => (i === j ? octet + 100 : octet)));
    others.push(name.slice(1), [...name, 7]);
    for (const type of [named, later] as IdentityType<Later>[]) {
      const write = (value: Later, bytes: Uint8Array): number =>
        type.schema.write(bincode.dialect, value, bytes, 0);
      const own = new Uint8Array(80);
      const ownLength = write({ name, life: 7 }, own);
      const members = new Members(type, bincode, 2, 4, () => 1, 0, ownLength, 64, 600);
      const self = new Self(members, own, ownLength);
      const has = (value: Later): boolean => {
        const ref = new IdentityRef<Later>(self, new Uint8Array(80));
        ref.set(ref.bytes, 0, write(value, ref.bytes));
        return self.hasAddressOf(ref);
      };
      expect([has({ name, life: 7 }), has({ name, life: 8 })]).toEqual([true, true]);
      if (type === (later as unknown)) expect(has({ name, life: 70000 })).toBe(true);
      for (const other of others) expect(has({ name: other, life: 7 })).toBe(false);
    }
  }
});
