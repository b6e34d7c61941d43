import { bincodeDialect } from "./bincode.js";
import { INVALID, past, type Dialect } from "./dialect.js";
import { postcardDialect } from "./postcard.js";
import { copyBytes, type Schema } from "./schema.js";

/** What a datagram asks for; the values are its variant index on the wire. foca: `Message`. */
export const MessageKind = /* @__PURE__ */ Object.freeze({
  Ping: 0,
  Ack: 1,
  PingReq: 2,
  IndirectPing: 3,
  IndirectAck: 4,
  ForwardedAck: 5,
  Announce: 6,
  Feed: 7,
  Gossip: 8,
  Broadcast: 9,
  TurnUndead: 10,
});
export type MessageKind = (typeof MessageKind)[keyof typeof MessageKind];
/** By kind. A text, since the table of names would take 40 bytes of flash for each beside its place here. */
export const MESSAGE_NAMES = /* @__PURE__ */ Object.freeze(
  "Ping Ack PingReq IndirectPing IndirectAck ForwardedAck Announce Feed Gossip Broadcast TurnUndead".split(
    " ",
  ),
) as readonly (keyof typeof MessageKind)[];

/** How a member is seen. Alive and Suspect are active. The values are the variant index on the wire. foca: `State`. */
export const State = /* @__PURE__ */ Object.freeze({ Alive: 0, Suspect: 1, Down: 2 });
export type State = (typeof State)[keyof typeof State];
/** By state; see `MESSAGE_NAMES`. */
export const STATE_NAMES = /* @__PURE__ */ Object.freeze(
  "Alive Suspect Down".split(" "),
) as readonly (keyof typeof State)[];

/** How identities stand in bytes, and perhaps which of them are known by sight. */
export interface IdentityForm<T> {
  readonly schema: Schema<T>;
  readonly dialect: Dialect;
  /**
   * Whether the identity that stands at `at` and ends by `end` is one of those known: see `IdentityRef.sight`. The bytes
   * are not checked yet: a sight below 0 holds only if they prove canonical.
   */
  recognise?(bytes: Uint8Array, at: number, end: number): number;
  /** The length in bytes of the identity that `recognise` knew, by its sight. */
  lengthOf?(sight: number): number;
}

/** `IdentityRef.sight` of an identity that nobody looked for. */
export const UNSOUGHT = -1;

/** A form that an identity in longer integers than needed was met in: with room for its shortest form. */
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

  recognise(bytes: Uint8Array, at: number, end: number): number {
    return this.form.recognise === undefined ? UNSOUGHT : this.form.recognise(bytes, at, end);
  }

  lengthOf(sight: number): number {
    return this.form.lengthOf === undefined ? 0 : this.form.lengthOf(sight);
  }
}

/** An identity in its canonical bytes, wherever they lie. Good only until the call that handed it out returns. */
export class IdentityRef<T> {
  form: IdentityForm<T>;
  bytes: Uint8Array;
  at = 0;
  length = 0;
  /**
   * What `read` found it to be: 0 and above the slot of the member that it is (or `OURSELVES`); `UNSOUGHT` when nobody
   * looked; below that `-2 - slot` of the member that has its address under another identity, or of NONE.
   */
  sight = UNSOUGHT;

  constructor(form: IdentityForm<T>, bytes: Uint8Array) {
    this.form = form;
    this.bytes = bytes;
  }

  /** The identity as a value. Builds it anew. */
  get value(): T {
    return this.form.schema.read(this.form.dialect, this.bytes, this.at);
  }

  /** Points at canonical bytes. */
  set(bytes: Uint8Array, at: number, length: number): void {
    this.bytes = bytes;
    this.at = at;
    this.length = length;
    this.sight = UNSOUGHT;
  }

  /** Points at the identity that stands at `at`; returns the position after it, or INVALID. */
  read(bytes: Uint8Array, at: number, end: number): number {
    const form = this.form;
    const sight = form.recognise === undefined ? UNSOUGHT : form.recognise(bytes, at, end);
    const next =
      sight >= 0 && form.lengthOf !== undefined
        ? at + form.lengthOf(sight)
        : form.schema.skip(form.dialect, bytes, at, end);
    if (next >= 0) {
      this.set(bytes, at, next - at);
      this.sight = sight;
      return next;
    }
    if (next === INVALID) return INVALID;
    this.shorten(bytes, at);
    return past(next);
  }

  /** Points at the shortest form of the identity at `at`, in room that is made once. */
  private shorten(bytes: Uint8Array, at: number): void {
    const form = this.form instanceof LongForm ? this.form : new LongForm(this.form);
    this.form = form;
    this.set(form.shortest, 0, form.schema.copy(form.dialect, bytes, at, form.shortest, 0));
  }

  /** Whether both are the same identity. */
  equals(bytes: Uint8Array, at: number, length: number): boolean {
    if (length !== this.length) return false;
    for (let i = 0; i < length; i++) if (bytes[at + i] !== this.bytes[this.at + i]) return false;
    return true;
  }
}

/** The head of a datagram, taken apart. foca: `Header`. */
export class Header<T> {
  source: IdentityRef<T>;
  destination: IdentityRef<T>;
  /** The target or origin of an indirect-probe message; stale for all others. */
  subject: IdentityRef<T>;
  sourceIncarnation = 0;
  kind: MessageKind = MessageKind.Ping;
  /** Of the six probe messages; stale for all others. */
  probeNumber = 0;

  constructor(source: IdentityRef<T>, destination: IdentityRef<T>, subject: IdentityRef<T>) {
    this.source = source;
    this.destination = destination;
    this.subject = subject;
  }
}

/** A header whose parts are still to be pointed at identities of that form: what reads or writes one without a `Swim` needs. */
export function makeHeader<T>(form: IdentityForm<T>): Header<T> {
  const nowhere = new Uint8Array(0);
  return new Header<T>(
    new IdentityRef<T>(form, nowhere),
    new IdentityRef<T>(form, nowhere),
    new IdentityRef<T>(form, nowhere),
  );
}

/** A member as it stands in a datagram. foca: `Member`. */
export class MemberRecord<T> {
  readonly identity: IdentityRef<T>;
  incarnation = 0;
  state: State = State.Alive;

  constructor(form: IdentityForm<T>, bytes: Uint8Array) {
    this.identity = new IdentityRef(form, bytes);
  }
}

/**
 * The layout of headers and members. `postcard` and `bincode` are foca's; a codec of one's own must read back
 * what it writes, must tell where a member ends from its bytes alone, and writes identities in `dialect`.
 */
export interface Codec {
  readonly dialect: Dialect;
  /** The longest header, in bytes, when identities take at most `identityLength` bytes. */
  maxHeaderLength(identityLength: number): number;
  /** The longest member, in bytes, when identities take at most `identityLength` bytes. */
  maxMemberLength(identityLength: number): number;
  /** Takes the header at `at` apart; returns the position after it, or INVALID. */
  readHeader<T>(header: Header<T>, bytes: Uint8Array, at: number, end: number): number;
  /** Writes a header, for which there is room, at `at`; returns the position after it. */
  writeHeader<T>(header: Header<T>, out: Uint8Array, at: number): number;
  /** Takes a member apart; returns the position after it, or INVALID. */
  readMember<T>(member: MemberRecord<T>, bytes: Uint8Array, at: number, end: number): number;
  /** Writes a member when it fits before `end`; returns the position after it, or INVALID and leaves nothing. */
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
}

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
    at = header.source.read(bytes, at, end);
    if (at === INVALID) return INVALID;
    let next = dialect.skipUint(bytes, at, end, 16);
    if (next === INVALID) return INVALID;
    header.sourceIncarnation = dialect.readUint(bytes, at);
    at = header.destination.read(bytes, past(next), end);
    if (at === INVALID) return INVALID;
    next = dialect.skipUint(bytes, at, end, 32);
    if (next === INVALID) return INVALID;
    const kind = dialect.readUint(bytes, at);
    if (kind > MessageKind.TurnUndead) return INVALID;
    header.kind = kind as MessageKind;
    at = past(next);
    if (kind >= MessageKind.Announce) return at;
    if (kind >= MessageKind.PingReq) {
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
    at = copyBytes(source.bytes, source.at, source.length, out, at);
    at = this.dialect.writeUint(header.sourceIncarnation, out, at);
    at = copyBytes(destination.bytes, destination.at, destination.length, out, at);
    out[at++] = header.kind;
    if (header.kind >= MessageKind.Announce) return at;
    if (header.kind >= MessageKind.PingReq) {
      const subject = header.subject;
      at = copyBytes(subject.bytes, subject.at, subject.length, out, at);
    }
    out[at++] = header.probeNumber;
    return at;
  }

  readMember<T>(member: MemberRecord<T>, bytes: Uint8Array, at: number, end: number): number {
    const dialect = this.dialect;
    at = member.identity.read(bytes, at, end);
    if (at === INVALID) return INVALID;
    if (at + 2 <= end && bytes[at] < 128 && bytes[at + 1] <= State.Down) {
      member.incarnation = bytes[at];
      member.state = bytes[at + 1] as State;
      return at + 2;
    }
    let next = dialect.skipUint(bytes, at, end, 16);
    if (next === INVALID) return INVALID;
    member.incarnation = dialect.readUint(bytes, at);
    at = past(next);
    next = dialect.skipUint(bytes, at, end, 32);
    if (next === INVALID) return INVALID;
    const state = dialect.readUint(bytes, at);
    if (state > State.Down) return INVALID;
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
    const small = incarnation < 128;
    if (at + identityLength + (small ? 1 : this.dialect.uintLength(incarnation)) + 1 > end) return INVALID;
    for (let i = 0; i < identityLength; i++) out[at + i] = bytes[identityAt + i];
    at += identityLength;
    if (small) out[at++] = incarnation;
    else at = this.dialect.writeUint(incarnation, out, at);
    out[at] = state;
    return at + 1;
  }
}

/** foca's layout over a dialect of one's own. */
export function serdeCodec(dialect: Dialect): Codec {
  return Object.freeze(new SerdeCodec(dialect));
}

/** foca's `PostcardCodec`. */
export const postcard: Codec = /* @__PURE__ */ serdeCodec(postcardDialect);
/** foca's `BincodeCodec` in bincode's `standard()` configuration, which foca's example agent speaks. */
export const bincode: Codec = /* @__PURE__ */ serdeCodec(bincodeDialect);
