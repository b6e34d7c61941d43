// Identity types: which rules are refused, and what the rules and the ready types answer.
import { describe, expect, test } from "vitest";
import { bincode, postcard } from "../../core/codec.js";
import { bytes, string, struct } from "../../core/compound.js";
import {
  checkIdentityType,
  identity,
  MAX_IDENTITY_LENGTH,
  parseEndpoint,
  plain,
  plainV4,
  plainV6,
  renewable,
  renewableAddr,
  renewableV4,
  type IdentityOptions,
  type IdentityType,
} from "../../core/identity.js";
import { u16, u64, u8, type Schema } from "../../core/schema.js";
import { socketAddr, socketAddrV4, type Endpoint } from "../../core/socket-addr.js";
import { throwsWith } from "../support/assert.js";

const dialect = bincode.dialect;

interface Device {
  zone: number;
  serial: number;
  room: string;
  life: number;
}
const device = struct<Device>({ zone: u16, serial: u16, room: string(20), life: u8 });
const LAMP: Device = { zone: 300, serial: 7, room: "hall", life: 3 };

/** `value` as bytes that begin at `at`, between others. */
function written(schema: Schema<unknown>, value: unknown, at: number): Uint8Array {
  const out = new Uint8Array(60).fill(0xa5);
  schema.write(dialect, value, out, at);
  return out;
}

/** Devices of which the address is the fields named. */
function devices(
  address: readonly (keyof Device)[] | keyof Device | undefined,
  more: Partial<IdentityOptions<Device>> = {},
): IdentityType<Device> {
  const rule = { winsAddrConflict: (mine: Device, other: Device) => mine.life > other.life };
  const options = { schema: device, ...rule, ...more } as IdentityOptions<Device>;
  return identity<Device>(address === undefined ? options : { ...options, address });
}

/** The type whose lives are counted by `step`, up to the life 9. */
function renewing(step: (life: number) => number | undefined, doesWin = true): IdentityType<Device> {
  return devices("serial", {
    renew: (id) => {
      const life = step(id.life);
      return life === undefined ? undefined : { ...id, life };
    },
    ...(doesWin ? {} : { winsAddrConflict: () => false }),
  });
}

describe("the rules of an identity", () => {
  test.each([
    ["life", ["bump"], "address must name neighbouring fields of zone, serial, room, life"],
    ["no field", [], "address must name neighbouring fields"],
    ["fields that are apart", ["zone", "room"], "address must name neighbouring fields"],
    ["fields in another order", ["serial", "zone"], "address must name neighbouring fields"],
    ["a field and none behind it", ["life", "more"], "address must name neighbouring fields"],
  ])("an-address-of-%s-is-refused", (_, address, message) => {
    throwsWith({ name: "TypeError", message: "identity: " + message }, () => devices(address as never));
  });

  test("an-address-needs-fields", () => {
    const options = { schema: string(20), address: "length" } as unknown as IdentityOptions<string>;
    throwsWith(
      { name: "TypeError", message: "identity: address names a field, so schema must be a struct" },
      () => identity(options),
    );
  });

  test("a-renewal-needs-something-that-stays-the-same", () => {
    throwsWith({ name: "TypeError", message: "identity: renew needs an address field" }, () =>
      devices(undefined, { renew: (id) => id }),
    );
  });

  test("a-conflict-needs-a-rule-where-there-can-be-one", () => {
    const without = { winsAddrConflict: undefined } as never;
    for (const address of ["zone", "serial", ["zone", "serial", "room"]] as const)
      throwsWith({ name: "TypeError", message: "identity: winsAddrConflict is needed" }, () =>
        devices(address, without),
      );
    // Nothing stands behind these, so that who has the same address is the same.
    expect(() => devices(["zone", "serial", "room", "life"], without)).not.toThrow();
    expect(() => devices(undefined, without)).not.toThrow();
  });

  test("later-changes-of-the-rules-change-nothing", () => {
    const options: IdentityOptions<Device> = { schema: device, endpoint: () => "10.0.0.1:1" };
    const type = identity(options);
    options.endpoint = () => "10.0.0.2:2";
    expect(type.endpoint(LAMP)).toEqual({ address: "10.0.0.1", port: 1 });
  });
});

describe("the address", () => {
  test.each([
    ["zone", 0, 3, 300, "one"],
    ["serial", 3, 4, 7, "one"],
    ["room", 4, 9, "hall", "one"],
    [["zone", "serial"], 0, 4, { zone: 300, serial: 7 }, "none"],
    [["serial", "room"], 3, 9, { serial: 7, room: "hall" }, "none"],
    [["room"], 4, 9, "hall", "one"],
    [["zone", "serial", "room", "life"], 0, 10, LAMP, "none"],
    [undefined, 0, 10, LAMP, "all"],
  ] as const)("is-the-part-that-the-names-say: %#", (address, start, end, value, schema) => {
    const type = devices(address as never);
    const octets = written(device, LAMP, 5);
    expect(type.addressStart(dialect, octets, 5)).toBe(5 + start);
    expect(type.addressEnd(dialect, octets, 5 + start)).toBe(5 + end);
    expect(type.isAddressLater).toBe(start > 0);
    expect(type.addressOf(LAMP)).toEqual(value);
    if (address === undefined) expect(type.addressOf(LAMP)).toBe(LAMP);
    if (schema === "all") expect(type.addressSchema).toBe(device);
    else if (schema === "none") expect(type.addressSchema).toBe(undefined);
    else expect((type.addressSchema as Schema<unknown>).read(dialect, octets, 5 + start)).toEqual(value);
  });

  test("of-an-identity-without-fields-is-all-of-it", () => {
    const type = identity({ schema: string(20) });
    const octets = written(string(20), "lamp", 5);
    expect([type.addressStart(dialect, octets, 5), type.addressEnd(dialect, octets, 5)]).toEqual([5, 10]);
    expect([type.addressOf("lamp"), type.isAddressLater]).toEqual(["lamp", false]);
    expect(type.addressSchema?.read(dialect, octets, 5)).toBe("lamp");
  });
});

describe("a conflict of two at one address", () => {
  test("is-decided-by-the-rule", () => {
    const type = devices("serial");
    const [older, newer] = [written(device, LAMP, 5), written(device, { ...LAMP, life: 4 }, 9)];
    expect(type.wins(dialect, newer, 9, older, 5)).toBe(true);
    expect(type.wins(dialect, older, 5, newer, 9)).toBe(false);
    expect(type.wins(dialect, older, 5, older, 5)).toBe(false);
  });
  test("cannot-be-where-there-is-no-rule", () => {
    const type = identity({ schema: device });
    const octets = written(device, LAMP, 5);
    expect(type.wins(dialect, octets, 5, octets, 5)).toBe(false);
    expect(plain.wins(dialect, octets, 5, octets, 5)).toBe(false);
  });
  test.each([renewableAddr, renewableV4, renewable(string(30))])(
    "is-won-by-the-larger-number-of-a-ready-type: %#",
    (type) => {
      const octets = (bump: number | string, at: number): Uint8Array =>
        written(type.schema, { addr: "10.0.0.1:7000", bump }, at);
      for (const [less, more] of [
        [0, 1],
        [250, 251],
        [255, 256],
        [2 ** 53 - 1, String(2n ** 53n)],
        [String(2n ** 64n - 2n), String(2n ** 64n - 1n)],
      ]) {
        expect(type.wins(dialect, octets(more, 3), 3, octets(less, 8), 8)).toBe(true);
        expect(type.wins(dialect, octets(less, 3), 3, octets(more, 8), 8)).toBe(false);
        expect(type.wins(dialect, octets(less, 3), 3, octets(less, 8), 8)).toBe(false);
      }
      expect(type.lifeAt?.(dialect, octets(4711, 3), 3)).toBe(4711);
    },
  );
});

describe("a renewal by a rule", () => {
  const one = renewing((life) => life + 1);

  test("is-one-life-ahead-or-as-many-as-were-asked-for", () => {
    expect(one.renew(LAMP)).toEqual({ ...LAMP, life: 4 });
    for (const step of [1, 2, 5]) expect(one.renew(LAMP, step)).toEqual({ ...LAMP, life: 3 + step });
  });
  test("gets-past-the-other-and-no-farther", () => {
    for (const [other, expected] of [
      [1, 4],
      [3, 4],
      [4, 5],
      [8, 9],
    ])
      expect(one.renew(LAMP, 1, { ...LAMP, life: other })).toEqual({ ...LAMP, life: expected });
    expect(one.renew(LAMP, 3, { ...LAMP, life: 4 })).toEqual({ ...LAMP, life: 6 });
  });
  test("is-none-where-the-rule-gives-none", () => {
    expect(renewing(() => undefined).renew(LAMP, 4, LAMP)).toBe(undefined);
    expect(devices("serial").renew(LAMP)).toBe(undefined);
    expect(identity({ schema: device }).renew(LAMP)).toBe(undefined);
  });
  test("ends-with-the-last-that-the-rule-gives", () => {
    const few = renewing((life) => (life < 6 ? life + 1 : undefined));
    expect(few.renew(LAMP, 9)).toEqual({ ...LAMP, life: 6 });
    expect(few.renew(LAMP, 1, { ...LAMP, life: 8 })).toEqual({ ...LAMP, life: 6 });
  });
  test("by-a-circle-does-not-come-back-behind-where-it-is", () => {
    const circle = renewing((life) => (life + 1) % 6);
    expect(circle.renew(LAMP, 9)).toEqual({ ...LAMP, life: 5 });
    expect(circle.renew(LAMP, 1, { ...LAMP, life: 200 })).toEqual({ ...LAMP, life: 5 });
  });
  test("by-a-rule-that-wins-against-nobody-is-one-life-ahead", () => {
    const loser = renewing((life) => life + 1, false);
    expect(loser.renew(LAMP, 9, LAMP)).toEqual({ ...LAMP, life: 4 });
  });
  test("without-a-rule-for-conflicts-is-one-life-ahead", () => {
    const type = devices(["zone", "serial", "room", "life"], {
      winsAddrConflict: undefined as never,
      renew: (id) => ({ ...id, life: id.life + 1 }),
    });
    for (const step of [1, 5]) expect(type.renew(LAMP, step, LAMP)).toEqual({ ...LAMP, life: 4 });
  });
  test("ends-after-a-thousand-lives-though-the-other-is-farther", () => {
    let asked = 0;
    const far = renewing((life) => {
      asked++;
      return life + 1;
    });
    expect(far.renew({ ...LAMP, life: 0 }, 1, { ...LAMP, life: 1e6 })).toEqual({ ...LAMP, life: 1024 });
    expect(asked).toBe(1024);
  });
});

describe("a renewal of a ready type", () => {
  const MOST = 2n ** 64n - 1n;
  const at = (bump: number | bigint | string) => ({ addr: "10.0.0.1:7000", bump: bump as number | string });

  test.each([
    ["adds one", 5, undefined, undefined, 6],
    ["adds as many as asked for", 5, 7, undefined, 12],
    ["gets past the other", 5, 1, 9, 10],
    ["gets past the other and no farther, whatever was asked for", 5, 90, 9, 10],
    ["adds one to get past one behind", 5, 1, 2, 6],
    ["adds one to get past itself", 5, 1, 5, 6],
    ["is a number as long as that is exact", 2 ** 53 - 2, 1, undefined, 2 ** 53 - 1],
    ["is digits beyond", 2 ** 53 - 1, 1, undefined, "9007199254740992"],
    ["goes a millionth of the rest at most", 0, 1, String(MOST), 2 ** 44 - 1],
    ["goes one ahead though that is more of the rest", String(MOST - 1n), 9, String(MOST), String(MOST)],
    ["begins again behind the last", String(MOST), 1, undefined, 0],
  ])("%s", (_, bump, step, past, expected) => {
    const other = past === undefined ? undefined : at(past);
    expect(renewableAddr.renew(at(bump), step, other)).toEqual(at(expected));
  });
});

describe("the endpoint", () => {
  test("is-what-the-rule-says-as-text-or-apart", () => {
    const to = (endpoint: string | Endpoint) =>
      devices("serial", { endpoint: () => endpoint }).endpoint(LAMP);
    expect(to("10.0.0.1:7000")).toEqual({ address: "10.0.0.1", port: 7000 });
    expect(to("[fd00::1]:7000")).toEqual({ address: "fd00::1", port: 7000 });
    expect(to({ address: "10.0.0.2", port: 1 })).toEqual({ address: "10.0.0.2", port: 1 });
    throwsWith({ name: "TypeError", message: "192.168.1.10:7946, got lamp" }, () => to("lamp"));
    expect(devices("serial").endpoint(LAMP)).toBe(undefined);
  });

  test.each([
    [plain, "10.0.0.1:7000", "10.0.0.1"],
    [plain, "[fd00::1]:7000", "fd00::1"],
    [plainV4, "10.0.0.1:7000", "10.0.0.1"],
    [plainV6, "[fd00::1]:7000", "fd00::1"],
  ] as const)("of-an-address-is-the-address: %#", (type, text, address) => {
    const octets = written(type.schema, text, 5);
    expect(type.endpoint(text)).toEqual({ address, port: 7000 });
    expect(type.endpointAt?.(dialect, octets, 5)).toEqual({ address, port: 7000 });
    expect([type.addressOf(text), type.renew(text), type.at?.(text, 9)]).toEqual([text, undefined, text]);
    expect([type.addressStart(dialect, octets, 5), type.addressEnd(dialect, octets, 5)]).toEqual([
      5,
      type.schema.skip(dialect, octets, 5, octets.length),
    ]);
  });

  test.each([
    [renewableV4, "10.0.0.1:7000", "10.0.0.1"],
    [renewableAddr, "10.0.0.1:7000", "10.0.0.1"],
    [renewableAddr, "[fd00::1]:7000", "fd00::1"],
  ] as const)("of-a-life-is-its-address: %#", (type, addr, address) => {
    const id = { addr, bump: 300 };
    const octets = written(type.schema, id, 5);
    expect(type.endpoint(id)).toEqual({ address, port: 7000 });
    expect(type.endpointAt?.(dialect, octets, 5)).toEqual({ address, port: 7000 });
    expect([type.addressOf(id), type.at?.(addr, 300)]).toEqual([addr, id]);
    const end = type.addressEnd(dialect, octets, 5);
    expect([type.addressStart(dialect, octets, 5), u64.read(dialect, octets, end)]).toEqual([5, 300]);
  });

  test("is-not-known-from-the-bytes-of-a-schema-of-ones-own", () => {
    const type = renewable(string(30));
    const octets = written(type.schema, { addr: "10.0.0.1:7000", bump: 1 }, 5);
    expect(type.endpointAt?.(dialect, octets, 5)).toBe(undefined);
    expect(type.addressEnd(dialect, octets, 5)).toBe(5 + 14);
  });
});

test.each(["", "lamp", "10.0.0.1", "10.0.0.1:", "10.0.0.1:65536", "fd00::1:7000", "[fd00::1:7000"])(
  "no-endpoint-is-read-of: %s",
  (text) => {
    throwsWith({ name: "TypeError", message: "10:7946, got " + text }, () => parseEndpoint(text));
  },
);

test("identities-may-be-as-long-as-the-core-takes-and-not-empty", () => {
  const long = (length: number) => identity({ schema: struct({ a: bytes(255), b: string(length) }) });
  // A text takes nine bytes for its length in bincode, and ten in postcard.
  expect(checkIdentityType(long(MAX_IDENTITY_LENGTH - 264) as never, dialect)).toBe(1024);
  for (const [length, codec] of [
    [MAX_IDENTITY_LENGTH - 263, bincode],
    [MAX_IDENTITY_LENGTH - 264, postcard],
  ] as const)
    throwsWith({ name: "RangeError", message: "1025 is not in 1 to 1024" }, () =>
      checkIdentityType(long(length) as never, codec.dialect),
    );
  throwsWith({ name: "RangeError", message: "0 is not in 1 to 1024" }, () =>
    checkIdentityType(identity({ schema: bytes(0) }) as never, dialect),
  );
  expect(checkIdentityType(renewableAddr as never, dialect)).toBe(
    socketAddr.maxLength(dialect) + u64.maxLength(dialect),
  );
  expect(checkIdentityType(plainV4 as never, dialect)).toBe(socketAddrV4.maxLength(dialect));
});
