// Headers, members and identities as bytes: cut short anywhere, in longer forms than needed, and of who is known.
import { describe, expect, test } from "vitest";
import {
  bincode,
  IdentityRef,
  makeHeader,
  MemberRecord,
  MessageKind,
  postcard,
  State,
  type Codec,
  type Header,
  type IdentityForm,
} from "../../core/codec.js";
import { string } from "../../core/compound.js";
import { INVALID, past } from "../../core/dialect.js";
import { renewableV4, type Renewable } from "../../core/identity.js";
import { Members } from "../../core/members.js";
import { NONE } from "../../core/order.js";
import { hex, unhex } from "../support/assert.js";

const ONE: Renewable = { addr: "10.0.0.1:80", bump: 5 };
const TWO: Renewable = { addr: "10.0.0.2:7000", bump: 70_000 };
const THREE: Renewable = { addr: "10.0.0.3:1", bump: 1 };
const schema = renewableV4.schema;

function point(ref: IdentityRef<Renewable>, codec: Codec, identity: Renewable): IdentityRef<Renewable> {
  const bytes = new Uint8Array(40);
  ref.set(bytes, 0, schema.write(codec.dialect, identity, bytes, 0));
  return ref;
}

function headerOf(codec: Codec, form: IdentityForm<Renewable> = { schema, dialect: codec.dialect }) {
  return makeHeader<Renewable>(form);
}

function header(codec: Codec, kind: MessageKind, incarnation: number): Uint8Array {
  const made = headerOf(codec);
  point(made.source, codec, ONE);
  point(made.destination, codec, TWO);
  point(made.subject, codec, THREE);
  made.kind = kind;
  made.sourceIncarnation = incarnation;
  made.probeNumber = 9;
  const out = new Uint8Array(100);
  return out.slice(0, codec.writeHeader(made, out, 0));
}

function member(codec: Codec, identity: Renewable, incarnation: number, state: State): Uint8Array {
  const { bytes, length } = point(new IdentityRef({ schema, dialect: codec.dialect }), codec, identity);
  const out = new Uint8Array(40);
  return out.slice(0, codec.writeMember(out, 0, 40, bytes, 0, length, incarnation, state));
}

/** Cuts `whole` short at each place: before it stands a part of it, or nothing but zeros, and what is cut off behind it. */
function eachCut(whole: Uint8Array, read: (bytes: Uint8Array, at: number, end: number) => number): void {
  const wrong: string[] = [];
  for (let from = 0; from <= whole.length; from++) {
    const before = from === whole.length ? new Uint8Array(whole.length) : whole.slice(from);
    const bytes = new Uint8Array(before.length + whole.length);
    bytes.set(before);
    bytes.set(whole, before.length);
    for (let end = before.length; end < bytes.length; end++)
      if (read(bytes, before.length, end) !== INVALID) wrong.push(`from ${from}, cut at ${end}`);
    if (read(bytes, before.length, bytes.length) !== bytes.length) wrong.push(`from ${from}, whole`);
  }
  expect(wrong).toEqual([]);
}

const INCARNATIONS = [0, 5, 127, 128, 250, 251, 256, 384, 65_535];

describe.each([bincode, postcard])("codec %#", (codec) => {
  const { dialect } = codec;

  test.each([
    [MessageKind.Ping, 5],
    [MessageKind.IndirectAck, 300],
    [MessageKind.Announce, 5],
    [MessageKind.TurnUndead, 300],
  ])("a-header-that-is-cut-short-is-invalid-whatever-stands-around-it: %#", (kind, incarnation) => {
    const read = headerOf(codec);
    eachCut(header(codec, kind, incarnation), (bytes, at, end) => codec.readHeader(read, bytes, at, end));
  });

  test("a-member-that-is-cut-short-is-invalid-whatever-stands-around-it", () => {
    const record = new MemberRecord<Renewable>({ schema, dialect });
    for (const incarnation of [5, 300])
      eachCut(member(codec, TWO, incarnation, State.Suspect), (bytes, at, end) =>
        codec.readMember(record, bytes, at, end),
      );
  });

  test("no-kind-and-no-state-is-beyond-the-last", () => {
    const bytes = header(codec, MessageKind.TurnUndead, 5);
    bytes[bytes.length - 1]++;
    expect(codec.readHeader(headerOf(codec), bytes, 0, bytes.length)).toBe(INVALID);
    for (const incarnation of [5, 300]) {
      const octets = member(codec, TWO, incarnation, State.Down);
      octets[octets.length - 1]++;
      const record = new MemberRecord<Renewable>({ schema, dialect });
      expect(codec.readMember(record, octets, 0, octets.length)).toBe(INVALID);
    }
  });

  test("of-a-member-the-end-and-the-incarnation-are-found-again", () => {
    for (const incarnation of INCARNATIONS) {
      const bytes = member(codec, TWO, incarnation, State.Suspect);
      const end = schema.skip(dialect, bytes, 0, bytes.length);
      expect(codec.readIncarnation(bytes, end)).toBe(incarnation);
      expect(codec.tailEnd(bytes, end)).toBe(bytes.length);
      expect(bytes.length - end).toBe(dialect.uintLength(incarnation) + 1);
    }
  });

  test("identities-are-the-same-only-when-they-are-as-long", () => {
    const names: IdentityForm<string> = { schema: string(20), dialect };
    const ref = new IdentityRef(names);
    ref.set(unhex("036c616d"), 0, 4);
    expect(ref.equals(unhex("aa036c616d"), 1, 4)).toBe(true);
    expect(ref.equals(unhex("aa036c616d"), 1, 3)).toBe(false);
    expect(ref.equals(unhex("aa036c6d6d"), 1, 4)).toBe(false);
  });

  test("who-is-known-is-recognised-in-a-header", () => {
    const members = new Members(renewableV4, codec, 4, 4, () => 12345, 0, 0, 0, 200);
    const slots = [ONE, TWO].map((identity) =>
      members.insert(point(new IdentityRef<Renewable>(members), codec, identity), 0, State.Alive),
    );
    const read: Header<Renewable> = headerOf(codec, members);
    const bytes = header(codec, MessageKind.PingReq, 5);
    expect(codec.readHeader(read, bytes, 0, bytes.length)).toBe(bytes.length);
    expect([read.source.sight, read.destination.sight, read.subject.sight]).toEqual([...slots, -2 - NONE]);
  });
});

describe("an identity in a longer form than needed", () => {
  /** `ONE` with its port 80 in more bytes than it takes. */
  const LONG = { bincode: "0a000001fb500005", postcard: "0a000001d08000" + "05" };

  test.each([bincode, postcard])("is-the-same-one-and-so-is-what-comes-after-it: %#", (codec) => {
    const { dialect } = codec;
    const long = unhex(LONG[dialect.name as "bincode" | "postcard"] + "aa");
    const ref = new IdentityRef<Renewable>({ schema, dialect });
    for (let i = 0; i < 2; i++) {
      expect(ref.read(long, 0, long.length)).toBe(long.length - 1);
      expect(ref.value).toEqual(ONE);
      expect(hex(ref.bytes.slice(ref.at, ref.at + ref.length))).toBe("0a0000015005");
      // Its shortest form is no part of what came.
      expect(ref.bytes).not.toBe(long);
      const next = member(codec, TWO, 0, State.Alive);
      expect(ref.read(next, 0, next.length)).toBe(next.length - 2);
      expect([ref.value, ref.bytes === next]).toEqual([TWO, true]);
      expect(ref.read(next, 0, 5)).toBe(INVALID);
    }
  });

  test.each([bincode, postcard])("leaves-those-behind-it-to-be-recognised: %#", (codec) => {
    const members = new Members(renewableV4, codec, 4, 4, () => 12345, 0, 0, 0, 200);
    const ref = new IdentityRef<Renewable>(members);
    const slot = members.insert(point(new IdentityRef<Renewable>(members), codec, ONE), 0, State.Alive);
    const long = unhex(LONG[codec.dialect.name as "bincode" | "postcard"]);
    expect(ref.read(long, 0, long.length)).toBe(long.length);
    expect(members.find(ref)).toBe(slot);
    const short = unhex("0a0000015005");
    expect([ref.read(short, 0, short.length), ref.sight]).toEqual([short.length, slot]);
  });
});

test("in-postcard-an-incarnation-a-kind-and-a-state-may-be-longer-than-needed", () => {
  const form = headerOf(postcard);
  const [one, two] = ["0a0000015005", "0a000002d83601"];
  const read = (text: string): number => postcard.readHeader(form, unhex(text), 0, text.length / 2);
  for (const [kind, name] of [
    ["00", "Ping"],
    ["8000", "Ping"],
    ["8100", "Ack"],
    ["808000", "Ping"],
    ["8a00", "TurnUndead"],
  ] as const) {
    const text = one + "8500" + two + kind + (name === "TurnUndead" ? "" : "07");
    expect(read(text), kind).toBe(text.length / 2);
    expect([form.kind, form.sourceIncarnation]).toEqual([MessageKind[name], 5]);
  }
  expect(read(one + "8500" + two + "8b00" + "07")).toBe(INVALID);
  const record = new MemberRecord<Renewable>({ schema, dialect: postcard.dialect });
  for (const [tail, incarnation, state] of [
    ["800000", 0, State.Alive],
    ["058200", 5, State.Down],
    ["85008100", 5, State.Suspect],
  ] as const) {
    const bytes = unhex(one + tail);
    expect(past(postcard.readMember(record, bytes, 0, bytes.length))).toBe(bytes.length);
    expect([record.incarnation, record.state, record.identity.value]).toEqual([incarnation, state, ONE]);
  }
});
