// Schemas of one's own: of any shape, and any bytes. What is valid reads back as it was written; what is not is refused.
import { blob, bytes, option, string, struct, variant } from "../../../core/compound.js";
import { bincode, postcard } from "../../../core/codec.js";
import { INVALID, past, type Dialect } from "../../../core/dialect.js";
import { bool, i16, i32, i64, i8, u16, u32, u64, u8, type Schema } from "../../../core/schema.js";
import { socketAddr, socketAddrV4, socketAddrV6 } from "../../../core/socket-addr.js";
import { isValue, readValue, writeValue } from "../../../platform/shared/value-format.js";
import { Dice } from "../engine/dice.js";
import { must, type Input, type Target } from "../engine/target.js";

const LEAVES = [
  u8,
  i8,
  u16,
  i16,
  u32,
  i32,
  u64,
  i64,
  bool,
  socketAddr,
  socketAddrV4,
  socketAddrV6,
] as Schema<unknown>[];
const DEEPEST = 4;
const MOST_FIELDS = 5;
const MOST_SCHEMAS = 4096;
const DIALECTS: readonly Dialect[] = [bincode.dialect, postcard.dialect];
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads a shape or a value out of bytes, whatever they are. */
class Source {
  at = 0;
  private readonly from: Uint8Array;
  constructor(from: Uint8Array) {
    this.from = from;
  }
  byte(): number {
    return this.at < this.from.length ? this.from[this.at++] : 0;
  }
  below(limit: number): number {
    return this.byte() % limit;
  }

  schema(depth = 0): Schema<unknown> {
    const kind = this.below(depth >= DEEPEST ? 15 : 22);
    if (kind < LEAVES.length) return LEAVES[kind];
    if (kind === 12) return bytes(this.below(40)) as Schema<unknown>;
    if (kind === 13) return blob(this.below(3) * 120) as Schema<unknown>;
    if (kind === 14) return string(this.below(3) * 120) as Schema<unknown>;
    if (kind < 17) {
      const item = this.schema(depth + 1);
      try {
        return option(item) as Schema<unknown>;
      } catch {
        // An option of an option.
        return item;
      }
    }
    const count = 1 + this.below(MOST_FIELDS);
    if (kind < 20) {
      const fields: Record<string, Schema<unknown>> = {};
      for (let i = 0; i < count; i++) fields["f" + i] = this.schema(depth + 1);
      return struct(fields) as Schema<unknown>;
    }
    const shapes: Record<string, Schema<unknown> | null> = {};
    for (let i = 0; i < count; i++) shapes["V" + i] = this.below(3) === 0 ? null : this.schema(depth + 1);
    return variant(shapes) as Schema<unknown>;
  }

  /** Any value of the language that a program may give. */
  value(depth = 0): unknown {
    const names = ["f0", "f1", "f2", "V0", "V1", "length"];
    switch (this.below(depth >= DEEPEST ? 12 : 16)) {
      case 0:
        return null;
      case 1:
        return undefined;
      case 2:
        return this.byte() % 2 === 0;
      case 3:
        return [NaN, Infinity, -0, 0.5, -1, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 53), 1e300][this.below(10)];
      case 4:
        return this.byte() * 256 ** this.below(7) * (this.byte() % 2 === 0 ? 1 : -1);
      case 5:
        return BigInt(this.byte()) ** BigInt(this.below(10)) * (this.byte() % 2 === 0 ? 1n : -1n);
      case 6:
        return String(BigInt(this.byte()) ** BigInt(this.below(12)));
      case 7:
        return "ab\u00e4\ud83d\ude00\ud800"[this.below(6)].repeat(this.below(130));
      case 8:
        return ["1.2.3.4:5", "[::1]:9", "[::ffff:1.2.3.4]:0", "1.2.3.4:65536", "V0", "V1", ":"][
          this.below(7)
        ];
      case 9:
        return new Uint8Array(this.below(50)).fill(this.byte());
      case 10:
        return { length: [3, -1, 2 ** 31, "4"][this.below(4)] };
      case 11:
        return Symbol.iterator;
      case 12:
        return Array.from({ length: this.below(6) }, () => this.value(depth + 1));
      default: {
        const value: Record<string, unknown> = {};
        for (let i = this.below(MOST_FIELDS); i >= 0; i--)
          value[names[this.below(6)]] = this.value(depth + 1);
        return value;
      }
    }
  }
}

class Schemas implements Target {
  readonly name = "schemas";
  readonly about = "schemas of any shape over any bytes, and texts and JSON as values";
  readonly covers = [
    "core/schema.ts",
    "core/compound.ts",
    "core/socket-addr.ts",
    "core/ip.ts",
    "core/utf8.ts",
    "core/bincode.ts",
    "core/postcard.ts",
    "platform/shared/value-format.ts",
  ];
  readonly maxRecords = 2;
  readonly maxLength = 256;
  readonly dictionary = [
    "[[[[[[[[[[",
    "]]]]]",
    '{"a":',
    '"\\ud800"',
    "\xf0\x9f\x98\x80",
    "\xed\xa0\x80",
    "1e999",
    "null",
  ].map((text) => Uint8Array.from(Buffer.from(text, "latin1")));
  readonly tally = { valid: 0 };
  private readonly known = new Map<string, Schema<unknown>>();
  private readonly long = new Uint8Array(600);

  seeds(): Input[] {
    const dice = new Dice(3);
    const inputs = Array.from({ length: 40 }, () => [this.make(dice), this.make(dice)]);
    return [...inputs, [Uint8Array.of(2), Uint8Array.from(Buffer.from('\x02{"a":["\u00e4",1]}'))]];
  }

  make(dice: Dice): Uint8Array {
    return Uint8Array.from({ length: 1 + dice.below(24) }, () => dice.below(dice.oneIn(3) ? 256 : 24));
  }

  run(input: Input): void {
    const [shape, bytes] = input;
    if (input.length < 2 || shape.length === 0 || bytes.length === 0) return;
    const dialect = DIALECTS[bytes[0] & 1];
    if (bytes[0] % 8 === 2) this.textual(bytes.subarray(1));
    else if (bytes[0] % 8 === 3)
      this.writes(this.schemaOf(shape), dialect, new Source(bytes.subarray(1)).value());
    else this.reads(this.schemaOf(shape), dialect, bytes.subarray(1));
  }

  private schemaOf(shape: Uint8Array): Schema<unknown> {
    const key = Buffer.from(shape).toString("latin1");
    let schema = this.known.get(key);
    if (schema === undefined) {
      schema = new Source(shape).schema();
      if (this.known.size >= MOST_SCHEMAS) this.known.clear();
      this.known.set(key, schema);
    }
    return schema;
  }

  private reads(schema: Schema<unknown>, dialect: Dialect, given: Uint8Array): void {
    const skipped = schema.skip(dialect, given, 0, given.length);
    // What stands behind the end is nobody's business.
    const { long } = this;
    long.fill(0xff, given.length);
    long.set(given);
    must(schema.skip(dialect, long, 0, given.length) === skipped, "skip looks beyond the end");
    must(
      isValue(schema, dialect, given, 0, given.length) ===
        (past(skipped) === given.length && skipped !== INVALID),
      "isValue",
    );
    if (skipped === INVALID) return;
    this.tally.valid++;
    const end = past(skipped);
    must(end >= 0 && end <= given.length, "a value ends within its bytes");
    const value = schema.read(dialect, given, 0);
    const length = schema.maxLength(dialect);
    must(end <= length, "a value is longer than maxLength");
    const out = new Uint8Array(length + 1).fill(0xa5);
    const written = schema.write(dialect, value, out, 0);
    must(written <= length && out[written] === 0xa5, "write goes beyond what it says");
    must(written <= end, "the shortest form is not longer");
    if (skipped >= 0)
      must(
        written === end && Buffer.compare(out.subarray(0, end), given.subarray(0, end)) === 0,
        "what is canonical is written as it was",
      );
    const copy = new Uint8Array(length + 1).fill(0xa5);
    must(schema.copy(dialect, given, 0, copy, 0) === written, "copy is as long as write");
    must(Buffer.compare(copy, out) === 0, "copy writes what write does");
    must(schema.skip(dialect, out, 0, written) === written, "what is written is canonical");
    must(sameText(schema.read(dialect, out, 0), value), "what is written reads as it was");
  }

  /** A program gives what it likes: it is written as a whole, or refused by a TypeError or a RangeError. */
  private writes(schema: Schema<unknown>, dialect: Dialect, value: unknown): void {
    const length = schema.maxLength(dialect);
    const out = new Uint8Array(length + 8).fill(0xa5);
    let written: number;
    try {
      written = schema.write(dialect, value, out, 0);
    } catch (error) {
      must(error instanceof TypeError || error instanceof RangeError, "another error: " + String(error));
      return;
    }
    must(written <= length, "write goes beyond maxLength");
    must(schema.skip(dialect, out, 0, written) === written, "what was written is no value");
    schema.read(dialect, out, 0);
  }

  private textual(given: Uint8Array): void {
    const dialect = DIALECTS[0];
    const isText = isValue("text", dialect, given, 0, given.length);
    let text: string | undefined;
    try {
      text = utf8.decode(given);
    } catch {
      // It is none.
    }
    must(isText === (text !== undefined), "isUtf8 says what TextDecoder says");
    const isJson = isValue("json", dialect, given, 0, given.length);
    must(!isJson || isText, "JSON is a text");
    if (!isText) return;
    must(readValue("text", dialect, given, 0, given.length) === text, "a text reads as TextDecoder does");
    must(Buffer.compare(writeValue("text", dialect, text), given) === 0, "a text is written as it was");
    if (!isJson) return;
    const value = readValue("json", dialect, given, 0, given.length);
    const again = writeValue("json", dialect, value);
    must(isValue("json", dialect, again, 0, again.length), "what JSON is written is JSON");
    must(sameText(readValue("json", dialect, again, 0, again.length), value), "JSON reads as it was");
  }
}

function sameText(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export const schemas: Target = new Schemas();
