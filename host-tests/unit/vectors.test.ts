import { describe, expect, test } from "vitest";
import { IdentityRef, makeHeader, MemberRecord, MessageKind, State, type Codec } from "../../core/codec.js";
import { INVALID, past } from "../../core/dialect.js";
import { headerValue } from "../../core/message.js";
import { hex, unhex } from "../support/assert.js";
import { codecs, identityTypes, schemas, textual, vectors } from "../support/vectors.js";
import type { DialectName, HeaderVector, MemberVector } from "../support/vectors.js";

const dialects: DialectName[] = ["postcard", "bincode"];
const kinds = MessageKind as Record<string, MessageKind>;

/** A buffer with something in it, so that a byte that was left out shows. */
function dirty(length: number): Uint8Array {
  return new Uint8Array(length).fill(0xa5);
}

/** The written bytes; those behind must be as they were. */
function written(buffer: Uint8Array, end: number): string {
  expect(hex(buffer.slice(end)).replace(/a5/g, "")).toBe("");
  return hex(buffer.slice(0, end));
}

function refTo(codec: Codec, type: string, value: unknown): IdentityRef<unknown> {
  const bytes = dirty(512);
  const ref = new IdentityRef({ schema: schemas[type], dialect: codec.dialect }, bytes);
  ref.set(bytes, 0, schemas[type].write(codec.dialect, value, bytes, 0));
  return ref;
}

function writeHeader(codec: Codec, type: string, header: HeaderVector, out: Uint8Array): number {
  const built = makeHeader({ schema: schemas[type], dialect: codec.dialect });
  const point = (to: IdentityRef<unknown>, value: unknown) => {
    const ref = refTo(codec, type, value);
    to.set(ref.bytes, ref.at, ref.length);
  };
  point(built.source, header.src);
  built.sourceIncarnation = header.srcIncarnation;
  point(built.destination, header.dst);
  built.kind = kinds[header.message.type];
  built.probeNumber = header.message.probeNumber ?? 0x77;
  const subject = header.message.target ?? header.message.origin;
  if (subject !== undefined) point(built.subject, subject);
  return codec.writeHeader(built, out, 0);
}

/** The header at the front of `bytes` in the form of the vectors, and the position after it. */
function readHeader(codec: Codec, type: string, bytes: Uint8Array): [unknown, number] {
  const header = makeHeader({ schema: schemas[type], dialect: codec.dialect });
  const end = codec.readHeader(header, bytes, 0, bytes.length);
  if (end === INVALID) return [undefined, end];
  const value = headerValue(header);
  const { kind, ...rest } = value.message;
  return [
    {
      src: value.source,
      srcIncarnation: value.sourceIncarnation,
      dst: value.destination,
      message: { type: kind, ...rest },
    },
    end,
  ];
}

function writeMember(
  codec: Codec,
  type: string,
  member: MemberVector,
  out: Uint8Array,
  at: number,
  end: number,
) {
  const ref = refTo(codec, type, member.id);
  const state = State[member.state];
  return codec.writeMember(out, at, end, ref.bytes, ref.at, ref.length, member.incarnation, state);
}

describe.each(dialects)("%s, as foca writes it", (name) => {
  const codec = codecs[name];
  const dialect = codec.dialect;

  test("writes-and-reads-every-integer", () => {
    expect(vectors.integers.length).toBeGreaterThan(300);
    for (const vector of vectors.integers) {
      const schema = schemas[vector.type];
      const value = vector.type.endsWith("64") ? vector.value : Number(vector.value);
      const out = dirty(12);
      expect(written(out, schema.write(dialect, value, out, 0)), JSON.stringify(vector)).toBe(vector[name]);
      const bytes = unhex(vector[name]);
      expect(schema.skip(dialect, bytes, 0, bytes.length)).toBe(bytes.length);
      expect(String(schema.read(dialect, bytes, 0)), vector.type).toBe(vector.value);
      for (let end = 0; end < bytes.length; end++) {
        expect(schema.skip(dialect, bytes, 0, end), vector[name] + " cut at " + end).toBe(INVALID);
      }
    }
  });

  test("writes-and-reads-every-identity", () => {
    expect(vectors.identities.length).toBeGreaterThan(50);
    for (const vector of vectors.identities) {
      const schema = schemas[vector.type];
      const out = dirty(300);
      const what = JSON.stringify(vector).slice(0, 200);
      expect(written(out, schema.write(dialect, vector.value, out, 0)), what).toBe(vector[name]);
      const bytes = unhex(vector[name]);
      expect(schema.skip(dialect, bytes, 0, bytes.length), what).toBe(bytes.length);
      expect(textual(schema.read(dialect, bytes, 0)), what).toEqual(textual(vector.value));
      expect(bytes.length, what).toBeLessThanOrEqual(schema.maxLength(dialect));
      for (let end = 0; end < bytes.length; end++) {
        expect(schema.skip(dialect, bytes, 0, end), what + " cut at " + end).toBe(INVALID);
      }
    }
  });

  test("writes-and-reads-every-member", () => {
    expect(vectors.members.length).toBeGreaterThan(50);
    for (const { member, [name]: text } of vectors.members) {
      const out = dirty(80);
      expect(written(out, writeMember(codec, "renewable", member, out, 0, 80)), text).toBe(text);
      const bytes = unhex(text);
      const record = new MemberRecord({ schema: schemas.renewable, dialect: dialect });
      expect(codec.readMember(record, bytes, 0, bytes.length), text).toBe(bytes.length);
      expect(textual(record.identity.value), text).toEqual(textual(member.id));
      expect([record.incarnation, record.state], text).toEqual([member.incarnation, State[member.state]]);
    }
  });

  test("a-member-that-lacks-one-byte-of-room-leaves-nothing", () => {
    for (const { member, [name]: text } of vectors.members) {
      const out = dirty(80);
      const room = text.length / 2 - 1;
      expect(writeMember(codec, "renewable", member, out, 3, 3 + room), text).toBe(INVALID);
      expect(written(out, 0), text).toBe("");
    }
  });

  test("writes-and-reads-every-header", () => {
    expect(vectors.headers.length).toBeGreaterThan(100);
    for (const { header, [name]: text } of vectors.headers) {
      const out = dirty(200);
      expect(written(out, writeHeader(codec, "renewable", header, out)), text).toBe(text);
      const bytes = unhex(text);
      const [value, end] = readHeader(codec, "renewable", bytes);
      expect(textual(value), text).toEqual(textual(header));
      expect(end, text).toBe(bytes.length);
      expect(readHeader(codec, "renewable", bytes.slice(0, -1))[1], text).toBe(INVALID);
    }
  });

  test("writes-and-reads-every-datagram", () => {
    const datagrams = vectors.datagrams.filter((vector) => vector.dialect === name);
    expect(datagrams.length).toBeGreaterThan(40);
    for (const vector of datagrams) {
      const schema = schemas[vector.type];
      const bytes = unhex(vector.hex);
      const out = dirty(vector.maxPacketSize);
      let at = writeHeader(codec, vector.type, vector.header, out);
      const [value, body] = readHeader(codec, vector.type, bytes);
      expect(textual(value), vector.note).toEqual(textual(vector.header));
      expect(body, vector.note).toBe(at);
      if (!["Announce", "TurnUndead", "Broadcast"].includes(vector.header.message.type)) {
        out[at++] = vector.updates.length >> 8;
        out[at++] = vector.updates.length & 255;
        for (const member of vector.updates) {
          const record = new MemberRecord({ schema: schema, dialect: dialect });
          const end = codec.readMember(record, bytes, at, bytes.length);
          expect(end, vector.note).toBeGreaterThan(at);
          expect(textual(record.identity.value), vector.note).toEqual(textual(member.id));
          at = writeMember(codec, vector.type, member, out, at, out.length);
          expect(at, vector.note).toBe(end);
        }
      }
      for (const item of vector.broadcasts) {
        out[at++] = item.length / 2 / 256;
        out[at++] = (item.length / 2) & 255;
        out.set(unhex(item), at);
        at += item.length / 2;
      }
      expect(written(out, at), vector.note).toBe(vector.hex);
    }
  });

  const decoding = vectors.decoding.filter((vector) => vector.dialect === name);

  test("reads-what-no-encoder-writes-as-foca-reads-it", () => {
    let count = 0;
    for (const vector of decoding) {
      const schema = schemas[vector.type];
      if (schema === undefined) continue;
      count++;
      const bytes = unhex(vector.hex);
      const what = JSON.stringify(vector);
      const skipped = schema.skip(dialect, bytes, 0, bytes.length);
      if (vector.error !== undefined) {
        expect(skipped, what).toBe(INVALID);
        continue;
      }
      expect(skipped, what).not.toBe(INVALID);
      expect(past(skipped), what).toBe(vector.used);
      expect(textual(schema.read(dialect, bytes, 0)), what).toEqual(textual(vector.value));
      const canonical = dirty(schema.maxLength(dialect) + 4);
      const length = schema.write(dialect, schema.read(dialect, bytes, 0), canonical, 0);
      expect(skipped >= 0, what + ": canonical or not").toBe(
        hex(canonical.slice(0, length)) === hex(bytes.slice(0, vector.used)),
      );
      const copied = dirty(schema.maxLength(dialect) + 4);
      expect(written(copied, schema.copy(dialect, bytes, 0, copied, 0)), what).toBe(
        hex(canonical.slice(0, length)),
      );
    }
    expect(count).toBeGreaterThan(90);
  });

  test("reads-members-that-no-encoder-writes-as-foca-reads-them", () => {
    const members = decoding.filter((vector) => vector.type === "member<tiny>");
    expect(members.length).toBeGreaterThan(4);
    for (const vector of members) {
      const bytes = unhex(vector.hex);
      const what = JSON.stringify(vector);
      const record = new MemberRecord({ schema: schemas.tiny, dialect: dialect });
      const end = codec.readMember(record, bytes, 0, bytes.length);
      expect(end, what).toBe(vector.error === undefined ? vector.used : INVALID);
      if (vector.error !== undefined) continue;
      const value = vector.value as MemberVector;
      expect(textual(record.identity.value), what).toEqual(textual(value.id));
    }
  });

  test("reads-messages-that-no-encoder-writes-as-foca-reads-them", () => {
    const messages = decoding.filter((vector) => vector.type === "message<tiny>");
    expect(messages.length).toBeGreaterThan(4);
    const type = identityTypes.tiny;
    for (const vector of messages) {
      // Source 1.1, bump 1, incarnation 0, destination 2.2, bump 2: one byte each.
      const bytes = unhex("010101 00 020202" + vector.hex);
      const header = makeHeader({ schema: type.schema, dialect: dialect });
      const end = codec.readHeader(header, bytes, 0, bytes.length);
      const what = JSON.stringify(vector);
      expect(end, what).toBe(vector.error === undefined ? 7 + (vector.used ?? 0) : INVALID);
      if (vector.error !== undefined) continue;
      const value = vector.value as string | Record<string, unknown>;
      const kind = typeof value === "string" ? value : Object.keys(value)[0];
      expect(headerValue(header).message.kind, what).toBe(kind);
    }
  });
});
