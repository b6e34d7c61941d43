import { Header, IdentityRef, MemberRecord, MessageKind, State } from "./codec.js";
import { INVALID } from "./dialect.js";
import type { Knowledge } from "./knowledge.js";
import { overrides } from "./member.js";
import { OURSELVES } from "./self.js";
import { Status } from "./status.js";

/**
 * Checks a datagram from its first byte to its last before any of it counts, and remembers where its parts are:
 * after `check` said Ok, reading the updates and broadcasts cannot fail.
 */
export class Inbox<T> {
  readonly header: Header<T>;
  readonly update: MemberRecord<T>;
  /** Updates in the datagram. */
  numUpdates = 0;
  /**
   * Where the first one stands; where the last one ends, when neither the sender nor an update can change what we know, so
   * that they need no second look.
   */
  updatesAt = 0;
  /** Where the first custom broadcast stands. */
  broadcastsAt = 0;
  private readonly knowledge: Knowledge<T>;

  constructor(knowledge: Knowledge<T>) {
    this.knowledge = knowledge;
    const self = knowledge.self;
    const members = knowledge.members;
    this.header = new Header<T>(
      new IdentityRef<T>(members),
      new IdentityRef<T>(self),
      new IdentityRef<T>(members),
    );
    this.update = new MemberRecord(members);
  }

  /** Why the datagram `bytes[start..end]` is refused, or Ok. Changes nothing but this object. */
  check(bytes: Uint8Array, start: number, end: number): Status {
    const header = this.header;
    const knowledge = this.knowledge;
    const members = knowledge.members;
    const codec = members.codec;
    const body = codec.readHeader(header, bytes, start, end);
    if (body === INVALID) return Status.Decode;
    // Nobody active has our address.
    const sight = header.source.sight;
    if (!(sight >= 0 && members.isActive(sight)) && knowledge.self.hasAddressOf(header.source))
      return Status.DataFromOurselves;
    const room = end - body;
    if (room === 1 || (header.kind === MessageKind.Announce && room > 0)) return Status.MalformedPacket;
    const kind = header.kind;
    if (header.destination.sight !== OURSELVES && !this.isForUs()) return Status.NotForUs;
    if (sight < 0 && this.isTooLong(header.source)) return Status.Decode;
    const hasSubject = kind >= MessageKind.PingReq && kind < MessageKind.Announce;
    if (hasSubject && this.isTooLong(header.subject)) return Status.Decode;

    this.numUpdates = 0;
    this.updatesAt = body;
    this.broadcastsAt = body;
    let hasNews = sight < 0;
    if (room >= 2 && kind !== MessageKind.Broadcast) {
      this.numUpdates = (bytes[body] << 8) | bytes[body + 1];
      this.updatesAt = body + 2;
      let at = body + 2;
      for (let i = 0; i < this.numUpdates; i++) {
        at = codec.readMember(this.update, bytes, at, end);
        if (at === INVALID) return Status.Decode;
        if (!hasNews) hasNews = this.isNews();
      }
      this.broadcastsAt = at;
      if (!hasNews) this.updatesAt = at;
    }
    return this.broadcastsAt === end || areBroadcasts(bytes, this.broadcastsAt, end)
      ? Status.Ok
      : Status.MalformedPacket;
  }

  /** Takes the update at `at` apart into `update`; returns the position after it. */
  readUpdate(bytes: Uint8Array, at: number, end: number): number {
    return this.knowledge.members.codec.readMember(this.update, bytes, at, end);
  }

  /**
   * Whether the update may change what we know, or says of a Down member that it is active. It cannot when it falls short
   * of what we know of that identity.
   */
  private isNews(): boolean {
    const update = this.update;
    const members = this.knowledge.members;
    const sight = update.identity.sight;
    if (sight < 0) return true;
    const known = members.state(sight);
    if (known === State.Down) return update.state !== State.Down;
    return overrides(update.state, update.incarnation, known, members.incarnation(sight));
  }

  /** Whether the identity is longer than those that our datagrams have room for. */
  private isTooLong(ref: IdentityRef<T>): boolean {
    return ref.sight < 0 && ref.length > this.knowledge.env.config.maxIdentityLength;
  }

  private isForUs(): boolean {
    const destination: IdentityRef<T> = this.header.destination;
    if (this.knowledge.self.is(destination)) return true;
    return this.header.kind === MessageKind.Announce && this.knowledge.self.hasAddressOf(destination);
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
