import { bincodeDialect } from "./bincode.js";
import { INVALID, past, type Dialect } from "./dialect.js";
import { postcardDialect } from "./postcard.js";
import { COPIES_NATIVELY } from "./native.js";
import { areEqual, copyBytes, type Schema } from "./schema.js";

/** What a datagram asks for. The values are the variant indexes on the wire. foca: `Message`. */
export const MessageKind = /* @__PURE__ */ Object.freeze({
  /** Asks whether the receiver is alive. */
  Ping: 0,
  /** Answers a Ping. */
  Ack: 1,
  /** Asks the receiver, a helper, to ping a third member. */
  PingReq: 2,
  /** The helper's ping to that member. */
  IndirectPing: 3,
  /** The member's answer to the helper. */
  IndirectAck: 4,
  /** Passes that answer on to the member that started the probe. */
  ForwardedAck: 5,
  /** Asks the receiver for a Feed, to join the cluster. */
  Announce: 6,
  /** Answers an Announce with a list of active members. */
  Feed: 7,
  /** Carries updates and custom broadcasts, and asks for nothing. */
  Gossip: 8,
  /** Carries custom broadcasts only. */
  Broadcast: 9,
  /** Tells the receiver that it was declared Down. */
  TurnUndead: 10,
});
/** One of the values of `MessageKind`. */
export type MessageKind = (typeof MessageKind)[keyof typeof MessageKind];
/** By kind. A text, since the table of names would take 40 bytes of flash for each beside its place here. */
export const MESSAGE_NAMES = /* @__PURE__ */ Object.freeze(
  "Ping Ack PingReq IndirectPing IndirectAck ForwardedAck Announce Feed Gossip Broadcast TurnUndead".split(
    " ",
  ),
) as readonly (keyof typeof MessageKind)[];

/** How a member is seen. The values are the variant indexes on the wire. foca: `State`. */
export const State = /* @__PURE__ */ Object.freeze({
  /** The member is active. */
  Alive: 0,
  /** The member did not answer a probe. It still counts as active, and can refute the suspicion. */
  Suspect: 1,
  /** The member did not refute a suspicion in time, or left. */
  Down: 2,
});
/** One of the values of `State`. */
export type State = (typeof State)[keyof typeof State];
/** By state; see `MESSAGE_NAMES`. */
export const STATE_NAMES = /* @__PURE__ */ Object.freeze(
  "Alive Suspect Down".split(" "),
) as readonly (keyof typeof State)[];

/** How identities are encoded in bytes, and optionally a way to recognise known ones without decoding them. */
export interface IdentityForm<T> {
  /** The fields of an identity. */
  readonly schema: Schema<T>;
  /** How its integers are written. */
  readonly dialect: Dialect;
  /**
   * Recognises a known identity that begins at `at` and ends at `end` or before, points `ref` at it, and returns the
   * position after it; otherwise `INVALID`. `ref.sight` says what was found. The bytes are not checked yet, so a sight
   * below 0 holds only if they prove to be canonical.
   */
  recognise?(ref: IdentityRef<unknown>, bytes: Uint8Array, at: number, end: number): number;
}

/** The `IdentityRef.sight` of an identity that was not looked up. */
export const UNSOUGHT = -1;

/** The form of an identity that came with longer integers than needed. It has room for the shortest form. */
class LongForm<T> implements IdentityForm<T> {
  readonly schema: Schema<T>;
  readonly dialect: Dialect;
  readonly shortest: Uint8Array;
  private readonly form: IdentityForm<T>;

  constructor(form: IdentityForm<T>) {
    this.schema = form.schema;
    this.dialect = form.dialect;
    this.shortest = new Uint8Array(form.schema.maxLength(form.dialect));
    this.form = form;
  }

  recognise(ref: IdentityRef<unknown>, bytes: Uint8Array, at: number, end: number): number {
    return this.form.recognise === undefined ? INVALID : this.form.recognise(ref, bytes, at, end);
  }
}

/**
 * An identity as encoded bytes in some buffer. One that the core passes to you is valid only until your method
 * returns: read its `value`, or copy the bytes.
 */
export class IdentityRef<T> {
  /** How the identity is encoded. */
  form: IdentityForm<T>;
  /** The buffer that holds the encoded identity. */
  bytes: Uint8Array;
  /** Where in `bytes` the identity begins. */
  at = 0;
  /** How many bytes it takes. */
  length = 0;
  /**
   * What `IdentityForm.recognise` found out, for the core's own use. 0 or more: the slot of the member with this
   * identity, or `OURSELVES`. -1: nothing was looked up. Below: `-2 - slot` of a member that has the address under
   * another identity, or of `NONE`.
   */
  sight = UNSOUGHT;

  /**
   * Makes a reference that still has to be pointed at an identity, with `set` or `read`. Until then `bytes` is what is given
   * here, if anything: a buffer that is named too early is kept for nothing.
   */
  constructor(form: IdentityForm<T>, bytes?: Uint8Array) {
    this.form = form;
    this.bytes = bytes as Uint8Array;
  }

  /** The identity as a value. Each access builds a new one. */
  get value(): T {
    return this.form.schema.read(this.form.dialect, this.bytes, this.at);
  }

  /** Points this reference at canonical bytes. */
  set(bytes: Uint8Array, at: number, length: number): void {
    this.bytes = bytes;
    this.at = at;
    this.length = length;
    this.sight = UNSOUGHT;
  }

  /** Points this reference at the identity at `at`. Returns the position after it, or `INVALID` when it does not decode. */
  read(bytes: Uint8Array, at: number, end: number): number {
    const form = this.form;
    if (form.recognise !== undefined) {
      const known = form.recognise(this, bytes, at, end);
      if (known !== INVALID) return known;
    } else this.sight = UNSOUGHT;
    return this.decode(bytes, at, end);
  }

  /** As `read`, of an identity that was not recognised; what `recognise` found out stays noted. */
  decode(bytes: Uint8Array, at: number, end: number): number {
    const form = this.form;
    const next = form.schema.skip(form.dialect, bytes, at, end);
    if (next >= 0) {
      // Not `set`, which would forget what `recognise` found.
      this.bytes = bytes;
      this.at = at;
      this.length = next - at;
      return next;
    }
    if (next === INVALID) return INVALID;
    // We point at its shortest form, in a buffer that is made once.
    const long = form instanceof LongForm ? form : new LongForm(form);
    this.form = long;
    this.set(long.shortest, 0, long.schema.copy(long.dialect, bytes, at, long.shortest, 0));
    return past(next);
  }

  /** Whether the canonical bytes at `at` are the same identity. */
  equals(bytes: Uint8Array, at: number, length: number): boolean {
    return length === this.length && areEqual(bytes, at, this.bytes, this.at, length);
  }
}

/** The header of a datagram, taken apart. `makeHeader` makes one. foca: `Header`. */
export class Header<T> {
  /** The sender. */
  source: IdentityRef<T>;
  /** The member that the datagram is addressed to. */
  destination: IdentityRef<T>;
  /** The target or origin of an indirect-probe message. Other messages leave an older value here. */
  subject: IdentityRef<T>;
  /** The incarnation of the sender, 0 to 65535. */
  sourceIncarnation = 0;
  /** What the datagram asks for. */
  kind: MessageKind = MessageKind.Ping;
  /** The number of the probe, 0 to 255, of the six probe messages. Other messages leave an older value here. */
  probeNumber = 0;

  /** Makes a header from three references, which may still point nowhere. */
  constructor(source: IdentityRef<T>, destination: IdentityRef<T>, subject: IdentityRef<T>) {
    this.source = source;
    this.destination = destination;
    this.subject = subject;
  }
}

/** Makes an empty header, for programs that read or write headers with a `Codec` and without a `Swim`. */
export function makeHeader<T>(form: IdentityForm<T>): Header<T> {
  return new Header<T>(new IdentityRef<T>(form), new IdentityRef<T>(form), new IdentityRef<T>(form));
}

/** A member as a datagram carries it. foca: `Member`. */
export class MemberRecord<T> {
  /** The member's identity. */
  readonly identity: IdentityRef<T>;
  /** The member's incarnation, 0 to 65535. */
  incarnation = 0;
  /** How the sender sees the member. */
  state: State = State.Alive;

  /** Makes an empty record, for `Codec.readMember` to fill. */
  constructor(form: IdentityForm<T>) {
    this.identity = new IdentityRef(form);
  }
}

/**
 * The layout of headers and members. `postcard` and `bincode` are foca's codecs. Your own codec must read back what it
 * writes, must find the end of a member from its bytes alone, and must write identities in its `dialect`. A member begins
 * with its identity; what follows, its tail, depends on the incarnation and the state alone.
 */
export interface Codec {
  /** How integers are written. */
  readonly dialect: Dialect;
  /** Returns how many bytes a header can take when identities take at most `identityLength` bytes. */
  maxHeaderLength(identityLength: number): number;
  /** Returns how many bytes a member can take when identities take at most `identityLength` bytes. */
  maxMemberLength(identityLength: number): number;
  /** Reads the header at `at` into `header`. Returns the position after it, or `INVALID` when it does not decode. */
  readHeader<T>(header: Header<T>, bytes: Uint8Array, at: number, end: number): number;
  /** Writes a header at `at`, where there must be room for it. Returns the position after it. */
  writeHeader<T>(header: Header<T>, out: Uint8Array, at: number): number;
  /** Reads the member at `at` into `member`. Returns the position after it, or `INVALID` when it does not decode. */
  readMember<T>(member: MemberRecord<T>, bytes: Uint8Array, at: number, end: number): number;
  /** Does what `readMember` does behind the identity, which ends at `at`. */
  readTail<T>(member: MemberRecord<T>, bytes: Uint8Array, at: number, end: number): number;
  /**
   * Writes a member at `at` in `out` if it ends at `end` or before. Returns the position after it, or `INVALID` when
   * it does not fit; then nothing was written.
   */
  writeMember(
    out: Uint8Array,
    at: number,
    end: number,
    bytes: Uint8Array,
    identityAt: number,
    identityLength: number,
    incarnation: number,
    state: State,
  ): number;
  /** Returns where a member that `writeMember` wrote ends; its identity ends at `at`. */
  tailEnd(bytes: Uint8Array, at: number): number;
  /** Reads the incarnation of a member that `writeMember` wrote; its identity ends at `at`. */
  readIncarnation(bytes: Uint8Array, at: number): number;
}

/** Integers below this are one byte, the integer itself, in every dialect of foca's codecs. */
const ONE_BYTE = 128;

/** foca's layout over a dialect: struct fields in order, enums by variant index. */
class SerdeCodec implements Codec {
  readonly dialect: Dialect;

  constructor(dialect: Dialect) {
    this.dialect = dialect;
  }

  maxHeaderLength(identityLength: number): number {
    return 3 * identityLength + this.dialect.maxUintLength(16) + 2;
  }

  maxMemberLength(identityLength: number): number {
    return identityLength + this.dialect.maxUintLength(16) + 1;
  }

  readHeader<T>(header: Header<T>, bytes: Uint8Array, at: number, end: number): number {
    const dialect = this.dialect;
    const source = header.source;
    const destination = header.destination;
    // As `IdentityRef.read`, written out for the identities that every datagram has: a call takes thirty steps on XS.
    let form = source.form;
    let next = form.recognise === undefined ? INVALID : form.recognise(source, bytes, at, end);
    at = next === INVALID ? source.decode(bytes, at, end) : next;
    if (at === INVALID) return INVALID;
    let first = bytes[at];
    if (at < end && first < ONE_BYTE) {
      header.sourceIncarnation = first;
      at++;
    } else {
      next = dialect.skipUint(bytes, at, end, 16);
      if (next === INVALID) return INVALID;
      header.sourceIncarnation = dialect.readUint(bytes, at);
      at = past(next);
    }
    form = destination.form;
    next = form.recognise === undefined ? INVALID : form.recognise(destination, bytes, at, end);
    at = next === INVALID ? destination.decode(bytes, at, end) : next;
    if (at === INVALID) return INVALID;
    first = bytes[at];
    if (at < end && first < ONE_BYTE) at++;
    else {
      next = dialect.skipUint(bytes, at, end, 32);
      if (next === INVALID) return INVALID;
      first = dialect.readUint(bytes, at);
      at = past(next);
    }
    if (first > MessageKind.TurnUndead) return INVALID;
    header.kind = first as MessageKind;
    if (first >= MessageKind.Announce) return at;
    if (first >= MessageKind.PingReq) {
      at = header.subject.read(bytes, at, end);
      if (at === INVALID) return INVALID;
    }
    if (at >= end) return INVALID;
    header.probeNumber = bytes[at];
    return at + 1;
  }

  writeHeader<T>(header: Header<T>, out: Uint8Array, at: number): number {
    const source = header.source;
    const destination = header.destination;
    const incarnation = header.sourceIncarnation;
    const kind = header.kind;
    // As `copyBytes`, written out for the identities that every datagram has: a call takes thirty steps and more on XS.
    if (COPIES_NATIVELY && source.bytes === out) {
      out.copyWithin(at, source.at, source.at + source.length);
      at += source.length;
    } else at = copyBytes(source.bytes, source.at, source.length, out, at);
    if (incarnation < ONE_BYTE) out[at++] = incarnation;
    else at = this.dialect.writeUint(incarnation, out, at);
    if (COPIES_NATIVELY && destination.bytes === out) {
      out.copyWithin(at, destination.at, destination.at + destination.length);
      at += destination.length;
    } else at = copyBytes(destination.bytes, destination.at, destination.length, out, at);
    out[at++] = kind;
    if (kind >= MessageKind.Announce) return at;
    const subject = header.subject;
    if (kind >= MessageKind.PingReq) at = copyBytes(subject.bytes, subject.at, subject.length, out, at);
    out[at] = header.probeNumber;
    return at + 1;
  }

  readMember<T>(member: MemberRecord<T>, bytes: Uint8Array, at: number, end: number): number {
    at = member.identity.read(bytes, at, end);
    return at === INVALID ? INVALID : this.readTail(member, bytes, at, end);
  }

  readTail<T>(member: MemberRecord<T>, bytes: Uint8Array, at: number, end: number): number {
    if (at + 2 <= end && bytes[at] < ONE_BYTE && bytes[at + 1] <= State.Down) {
      member.incarnation = bytes[at];
      member.state = bytes[at + 1] as State;
      return at + 2;
    }
    const dialect = this.dialect;
    let next = dialect.skipUint(bytes, at, end, 16);
    if (next === INVALID) return INVALID;
    member.incarnation = dialect.readUint(bytes, at);
    at = past(next);
    next = dialect.skipUint(bytes, at, end, 32);
    const state = dialect.readUint(bytes, at);
    if (next === INVALID || state > State.Down) return INVALID;
    member.state = state as State;
    return past(next);
  }

  writeMember(
    out: Uint8Array,
    at: number,
    end: number,
    bytes: Uint8Array,
    identityAt: number,
    identityLength: number,
    incarnation: number,
    state: State,
  ): number {
    const small = incarnation < ONE_BYTE;
    if (at + identityLength + (small ? 1 : this.dialect.uintLength(incarnation)) + 1 > end) return INVALID;
    at = copyBytes(bytes, identityAt, identityLength, out, at);
    if (small) out[at++] = incarnation;
    else at = this.dialect.writeUint(incarnation, out, at);
    out[at] = state;
    return at + 1;
  }

  tailEnd(bytes: Uint8Array, at: number): number {
    return bytes[at] < ONE_BYTE ? at + 2 : this.dialect.uintEnd(bytes, at) + 1;
  }

  readIncarnation(bytes: Uint8Array, at: number): number {
    const incarnation = bytes[at];
    return incarnation < ONE_BYTE ? incarnation : this.dialect.readUint(bytes, at);
  }
}

/** Makes a codec with foca's layout from your own dialect. */
export function serdeCodec(dialect: Dialect): Codec {
  return Object.freeze(new SerdeCodec(dialect));
}

/** The codec postcard, like foca's `PostcardCodec`. */
export const postcard: Codec = /* @__PURE__ */ serdeCodec(postcardDialect);
/** The codec bincode in its `standard()` configuration, like the `BincodeCodec` that foca's example agent uses. */
export const bincode: Codec = /* @__PURE__ */ serdeCodec(bincodeDialect);
