// Values of random schemas through both dialects, in canonical form and in longer ones.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blob, bytes, option, string, struct, variant } from "../../core/compound.js";
import { INVALID, past, type Dialect } from "../../core/dialect.js";
import { parseEndpoint } from "../../core/identity.js";
import { bool, i16, i32, i64, i8, u16, u32, u64, u8, type Schema } from "../../core/schema.js";
import { socketAddr, socketAddrV4, socketAddrV6 } from "../../core/socket-addr.js";
import { hex } from "../support/assert.js";
import { runs } from "../support/fuzz.js";
import { codecs, textual } from "../support/vectors.js";

/** Writes integers in their longest form: what no encoder does and every decoder must take. */
class Lax {
  readonly out: number[] = [];
  readonly isPostcard: boolean;
  readonly stretch: boolean;
  constructor(isPostcard: boolean, stretch: boolean) {
    this.isPostcard = isPostcard;
    this.stretch = stretch;
  }
  uint(value: bigint, bits: number): void {
    if (this.isPostcard) {
      const longest = Math.ceil(bits / 7);
      for (let i = 0; ; i++) {
        const rest = value >> 7n;
        const isLast = this.stretch ? i === longest - 1 : rest === 0n;
        this.out.push(Number(value & 127n) + (isLast ? 0 : 128));
        if (isLast) return;
        value = rest;
      }
    }
    const shortest = value < 251n ? 0 : value < 65536n ? 16 : value < 4294967296n ? 32 : 64;
    const form = this.stretch ? bits : shortest;
    if (form > 0) this.out.push(form === 16 ? 251 : form === 32 ? 252 : 253);
    for (let i = 0; i < Math.max(form / 8, 1); i++) this.out.push(Number((value >> BigInt(8 * i)) & 255n));
  }
  int(value: bigint, bits: number): void {
    this.uint(value >= 0n ? value * 2n : -value * 2n - 1n, bits);
  }
}

/** A schema, values of it, and an encoder of them that is not the code under test. */
interface Sample {
  schema: Schema<unknown>;
  value: unknown;
  write: (lax: Lax) => void;
}

function sample<T>(
  schema: Schema<T>,
  values: fc.Arbitrary<T>,
  write: (lax: Lax, value: T) => void,
): fc.Arbitrary<Sample> {
  return values.map((value) => ({
    schema: schema as Schema<unknown>,
    value,
    write: (lax) => write(lax, value),
  }));
}

const utf8 = new TextEncoder();
const raw = (lax: Lax, octets: Iterable<number>) => lax.out.push(...octets);
const integer64 = (value: bigint) => {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : String(value);
};
const v4 = fc.tuple(fc.ipV4(), fc.nat(65535));
const writeV4 = (lax: Lax, text: string) => {
  raw(lax, text.split(":")[0].split(".").map(Number));
  lax.uint(BigInt(text.split(":")[1]), 16);
};

function isOption(schema: Schema<unknown>): boolean {
  return schema.constructor === option(u8).constructor;
}

const leaf: fc.Arbitrary<Sample> = fc.oneof(
  sample(u8, fc.nat(255), (lax, value) => raw(lax, [value])),
  sample(i8, fc.integer({ min: -128, max: 127 }), (lax, value) => raw(lax, [value & 255])),
  sample(u16, fc.nat(65535), (lax, value) => lax.uint(BigInt(value), 16)),
  sample(i16, fc.integer({ min: -32768, max: 32767 }), (lax, value) => lax.int(BigInt(value), 16)),
  sample(u32, fc.integer({ min: 0, max: 0xffffffff }), (lax, value) => lax.uint(BigInt(value), 32)),
  sample(i32, fc.integer(), (lax, value) => lax.int(BigInt(value), 32)),
  sample(u64, fc.bigInt(0n, (1n << 64n) - 1n).map(integer64), (lax, value) => lax.uint(BigInt(value), 64)),
  sample(i64, fc.bigInt(-(1n << 63n), (1n << 63n) - 1n).map(integer64), (lax, value) =>
    lax.int(BigInt(value), 64),
  ),
  sample(bool, fc.boolean(), (lax, value) => raw(lax, [value ? 1 : 0])),
  sample(bytes(3), fc.array(fc.nat(255), { minLength: 3, maxLength: 3 }), raw),
  sample(blob(300), fc.array(fc.nat(255), { maxLength: 300 }), (lax, value) => {
    lax.uint(BigInt(value.length), 64);
    raw(lax, value);
  }),
  sample(
    string(100),
    fc.string({ unit: "grapheme", maxLength: 12 }).filter((text) => utf8.encode(text).length <= 100),
    (lax, value) => {
      const octets = utf8.encode(value);
      lax.uint(BigInt(octets.length), 64);
      raw(lax, octets);
    },
  ),
  sample(
    socketAddrV4,
    v4.map(([ip, port]) => ip + ":" + port),
    writeV4,
  ),
  sample(
    socketAddr,
    v4.map(([ip, port]) => ip + ":" + port),
    (lax, text) => {
      lax.uint(0n, 32);
      writeV4(lax, text);
    },
  ),
);

const anySample: fc.Arbitrary<Sample> = fc.letrec<{ any: Sample }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    // An option of an option is refused: null could mean either.
    fc
      .tuple(
        tie("any").filter((item) => !isOption(item.schema)),
        fc.boolean(),
      )
      .map(([item, isThere]) => ({
        schema: option(item.schema) as Schema<unknown>,
        value: isThere ? item.value : null,
        write: (lax: Lax) => {
          raw(lax, [isThere ? 1 : 0]);
          if (isThere) item.write(lax);
        },
      })),
    fc.array(tie("any"), { minLength: 1, maxLength: 4 }).map((items) => ({
      schema: struct(Object.fromEntries(items.map((item, i) => ["f" + i, item.schema]))) as Schema<unknown>,
      value: Object.fromEntries(items.map((item, i) => ["f" + i, item.value])),
      write: (lax: Lax) => items.forEach((item) => item.write(lax)),
    })),
    fc
      .tuple(fc.array(fc.option(tie("any")), { minLength: 1, maxLength: 4 }), fc.nat(3))
      .map(([items, pick]) => {
        const index = pick % items.length;
        const body = items[index];
        return {
          schema: variant(
            Object.fromEntries(items.map((item, i) => ["V" + i, item?.schema ?? null])),
          ) as Schema<unknown>,
          value: body === null ? "V" + index : { ["V" + index]: body.value },
          write: (lax: Lax) => {
            lax.uint(BigInt(index), 32);
            body?.write(lax);
          },
        };
      }),
  ),
})).any;

function written(schema: Schema<unknown>, dialect: Dialect, value: unknown): Uint8Array {
  const out = new Uint8Array(4000).fill(0xa5);
  const end = schema.write(dialect, value, out, 5);
  expect(hex(out.slice(0, 5)) + hex(out.slice(end, end + 8))).toBe("a5".repeat(13));
  return out.slice(5, end);
}

describe.each(["postcard", "bincode"] as const)("%s", (name) => {
  const dialect = codecs[name].dialect;

  test("every-value-is-written-as-serde-would-and-read-back", () => {
    fc.assert(
      fc.property(anySample, ({ schema, value, write }) => {
        const expected = new Lax(name === "postcard", false);
        write(expected);
        const out = written(schema, dialect, value);
        expect(hex(out)).toBe(hex(expected.out));
        expect(schema.skip(dialect, out, 0, out.length)).toBe(out.length);
        expect(schema.read(dialect, out, 0)).toEqual(value);
        expect(out.length).toBeLessThanOrEqual(schema.maxLength(dialect));
      }),
      runs(600),
    );
  });

  test("every-value-cut-short-is-invalid", () => {
    fc.assert(
      fc.property(anySample, ({ schema, value }) => {
        const out = written(schema, dialect, value);
        for (let end = 0; end < out.length; end++) expect(schema.skip(dialect, out, 0, end)).toBe(INVALID);
      }),
      runs(200),
    );
  });

  test("the-longest-forms-mean-the-same-and-copy-to-the-shortest", () => {
    fc.assert(
      fc.property(anySample, ({ schema, value, write }) => {
        const canonical = written(schema, dialect, value);
        const lax = new Lax(name === "postcard", true);
        write(lax);
        const long = Uint8Array.from(lax.out);
        const skipped = schema.skip(dialect, long, 0, long.length);
        expect(past(skipped)).toBe(long.length);
        expect(skipped >= 0).toBe(hex(long) === hex(canonical));
        expect(textual(schema.read(dialect, long, 0))).toEqual(textual(value));
        const copied = new Uint8Array(4000).fill(0xa5);
        expect(hex(copied.slice(0, schema.copy(dialect, long, 0, copied, 0)))).toBe(hex(canonical));
      }),
      runs(600),
    );
  });

  test("any-bytes-are-skipped-or-invalid-and-what-is-skipped-reads-and-writes", () => {
    fc.assert(
      fc.property(anySample, fc.uint8Array({ maxLength: 40 }), ({ schema }, noise) => {
        const skipped = schema.skip(dialect, noise, 0, noise.length);
        if (skipped === INVALID) return;
        const end = past(skipped);
        expect(end).toBeLessThanOrEqual(noise.length);
        const canonical = written(schema, dialect, schema.read(dialect, noise, 0));
        if (skipped >= 0) expect(hex(canonical)).toBe(hex(noise.slice(0, end)));
        else expect(canonical.length).toBeLessThan(end);
      }),
      runs(2000),
    );
  });

  test("unsigned-integers-compare-by-value", () => {
    const edge = fc.oneof(
      fc.bigInt(0n, (1n << 64n) - 1n),
      fc.constantFrom(
        0n,
        127n,
        128n,
        250n,
        251n,
        255n,
        256n,
        65535n,
        65536n,
        16383n,
        16384n,
        1n << 32n,
        (1n << 64n) - 1n,
      ),
    );
    fc.assert(
      fc.property(edge, edge, (a, b) => {
        const order = dialect.compareUint(
          written(u64 as Schema<unknown>, dialect, a),
          0,
          written(u64 as Schema<unknown>, dialect, b),
          0,
        );
        expect(Math.sign(order)).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
      runs(500),
    );
  });
});

test("an-option-of-an-option-is-refused", () => {
  expect(() => option(option(u8))).toThrow(TypeError);
});

describe("addresses as text", () => {
  test("ipv6-addresses-keep-their-octets-and-have-one-text", () => {
    const dialect = codecs.bincode.dialect;
    fc.assert(
      fc.property(
        fc.ipV6().filter((ip) => !ip.includes("%")),
        fc.nat(65535),
        (ip, port) => {
          const out = written(socketAddrV6 as Schema<unknown>, dialect, `[${ip}]:${port}`);
          const text = socketAddrV6.read(dialect, out, 0);
          expect(written(socketAddrV6 as Schema<unknown>, dialect, text)).toEqual(out);
          // RFC 5952 says what a URL says of it, but for IPv4 in IPv6.
          if (!text.includes("."))
            expect(new URL(`http://[${ip}]/`).hostname).toBe(text.slice(0, text.lastIndexOf(":")));
          expect(parseEndpoint(text).port).toBe(port);
        },
      ),
      runs(500),
    );
  });

  test.each(["[0.0.0.0::]:1", "[1:2.3.4.5::6]:1", "[1.2.3.4::1.2.3.4]:1"])(
    "an-ipv4-address-stands-only-at-the-end-of-an-ipv6-one: %s",
    (text) => {
      const out = new Uint8Array(32);
      expect(() => socketAddrV6.write(codecs.bincode.dialect, text, out, 0)).toThrow(TypeError);
      expect(socketAddrV6.write(codecs.bincode.dialect, "[1::1.2.3.4]:1", out, 0)).toBe(17);
    },
  );

  test("text-that-is-no-address-is-a-type-error", () => {
    const out = new Uint8Array(64);
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(..."0123456789abf.:[] -%".split("")), maxLength: 24 }),
        (text) => {
          let end: number;
          try {
            end = socketAddr.write(codecs.postcard.dialect, text, out, 0);
          } catch (error) {
            expect(error).toBeInstanceOf(TypeError);
            return;
          }
          const again = socketAddr.read(codecs.postcard.dialect, out, 0);
          const other = new Uint8Array(64);
          expect(hex(other.slice(0, socketAddr.write(codecs.postcard.dialect, again, other, 0)))).toBe(
            hex(out.slice(0, end)),
          );
        },
      ),
      runs(2000),
    );
  });
});
