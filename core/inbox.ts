import { Header, IdentityRef, MemberRecord, MessageKind, State } from "./codec.js";
import { INVALID } from "./dialect.js";
import type { Knowledge } from "./knowledge.js";
import { COPIES_NATIVELY } from "./native.js";
import { OURSELVES } from "./self.js";
import { Status } from "./status.js";
import { STATE } from "./table.js";

// Words of a slot: see `Table.words`.
const WORDS = 8;
const HEAD = 2;

/**
 * Checks a datagram from its first byte to its last before any of it counts, and remembers where its parts are:
 * after `check` said Ok, reading the updates and broadcasts cannot fail.
 *
 * On XS it looks at a copy, where the datagram is built that we send: in the table's buffer identities are compared by
 * words, and copied natively. The copy holds until we send something. What is needed then, the sender and the subject,
 * points at the table or at the datagram as it was given.
 */
export class Inbox<T> {
  readonly header: Header<T>;
  readonly update: MemberRecord<T>;
  /** Updates in the datagram. */
  numUpdates = 0;
  /** How far behind the given datagram's places those in the copy are; 0 when there is none. */
  shift = 0;
  /** Where in the copy the first one stands that may change what we know: the others need no second look. */
  updatesAt = 0;
  /** Where in the copy the first custom broadcast stands. */
  broadcastsAt = 0;
  /** Whether the sender is Alive at just that incarnation, as far as we know. */
  isSenderAsKnown = false;
  private readonly knowledge: Knowledge<T>;

  /** `subject` will point at the one of a datagram: a reference that nobody needs while a datagram is taken in. */
  constructor(knowledge: Knowledge<T>, subject: IdentityRef<T>) {
    this.knowledge = knowledge;
    const self = knowledge.self;
    const members = knowledge.members;
    this.header = new Header<T>(new IdentityRef<T>(members), new IdentityRef<T>(self), subject);
    this.update = new MemberRecord(members);
  }

  /** Why the datagram `bytes[start..end]` is refused, or Ok. Changes nothing but this object. */
  check(bytes: Uint8Array, start: number, end: number): Status {
    const header = this.header;
    const knowledge = this.knowledge;
    const members = knowledge.members;
    const codec = members.codec;
    const given = bytes;
    this.shift = 0;
    if (COPIES_NATIVELY && bytes.length <= members.datagram.length) {
      const shift = members.datagram.byteOffset;
      this.shift = shift;
      bytes = members.bytes;
      bytes.set(given, shift);
      start += shift;
      end += shift;
    }
    const body = codec.readHeader(header, bytes, start, end);
    if (body === INVALID) return Status.Decode;
    const source = header.source;
    const sight = source.sight;
    // Nobody active has our address.
    const state = sight >= 0 ? members.words[sight * WORDS + HEAD] & STATE : State.Down;
    if (state === State.Down && knowledge.self.hasAddressOf(source)) return Status.DataFromOurselves;
    const room = end - body;
    const kind = header.kind;
    if (room === 1 || (kind === MessageKind.Announce && room > 0)) return Status.MalformedPacket;
    const destination: IdentityRef<T> = header.destination;
    if (destination.sight !== OURSELVES && !knowledge.self.is(destination))
      if (kind !== MessageKind.Announce || !knowledge.self.hasAddressOf(destination)) return Status.NotForUs;
    // Longer than those that our datagrams have room for.
    const longest = knowledge.env.config.maxIdentityLength;
    if (sight < 0 && source.length > longest) return Status.Decode;
    let isSenderAsKnown = state === State.Alive;
    if (isSenderAsKnown) {
      const tail = members.rowsAt + sight * members.rowSize + source.length;
      isSenderAsKnown = codec.readIncarnation(members.bytes, tail) === header.sourceIncarnation;
    }
    this.isSenderAsKnown = isSenderAsKnown;
    if (!isSenderAsKnown) this.restore(source, given, bytes);
    if (kind >= MessageKind.PingReq && kind < MessageKind.Announce) {
      this.restore(header.subject, given, bytes);
      if (header.subject.sight < 0 && header.subject.length > longest) return Status.Decode;
    }

    this.numUpdates = 0;
    this.updatesAt = body;
    this.broadcastsAt = body;
    if (room >= 2 && kind !== MessageKind.Broadcast) {
      this.numUpdates = (bytes[body] << 8) | bytes[body + 1];
      this.updatesAt = body + 2;
      this.broadcastsAt = body + 2;
      if (this.numUpdates > 0 && !this.checkUpdates(bytes, body + 2, end)) return Status.Decode;
    }
    return this.broadcastsAt === end || areBroadcasts(bytes, this.broadcastsAt, end)
      ? Status.Ok
      : Status.MalformedPacket;
  }

  /** Finds which of the updates, which begin at `at`, may be news, and where they end; false when one does not decode. */
  private checkUpdates(bytes: Uint8Array, at: number, end: number): boolean {
    const members = this.knowledge.members;
    const codec = members.codec;
    const update = this.update;
    const identity = update.identity;
    identity.at = at;
    let left = members.passKnown(identity, bytes, end, this.numUpdates);
    at = identity.at;
    // A sender who is new may take the place of somebody that an update is about, and a Feed may vouch for whom we know.
    if (this.header.source.sight >= 0 && this.header.kind !== MessageKind.Feed) this.updatesAt = at;
    for (; left > 0; left--) {
      at = identity.decode(bytes, at, end);
      if (at === INVALID) return false;
      at = codec.readTail(update, bytes, at, end);
      if (at === INVALID) return false;
    }
    this.broadcastsAt = at;
    return true;
  }

  /** Points `ref` at what it points at in `given`, if that is in the copy, `bytes`. */
  restore(ref: IdentityRef<T>, given: Uint8Array, bytes: Uint8Array): void {
    if (ref.bytes !== bytes) return;
    ref.bytes = given;
    ref.at -= this.shift;
  }
}

function areBroadcasts(bytes: Uint8Array, at: number, end: number): boolean {
  while (at < end) {
    if (end - at < 3) return false;
    const length = (bytes[at] << 8) | bytes[at + 1];
    at += 2 + length;
    if (length === 0 || at > end) return false;
  }
  return true;
}
