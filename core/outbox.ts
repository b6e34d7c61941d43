import { Header, IdentityRef, MessageKind, State } from "./codec.js";
import { INVALID } from "./dialect.js";
import type { Config } from "./config.js";
import type { Knowledge } from "./knowledge.js";
import { headerValue } from "./message.js";
import { Metric } from "./metrics.js";
import { NONE } from "./order.js";
import type { SwimOptions } from "./options.js";
import { fillPassing } from "./passing.js";
import { remake } from "./table.js";
import type { Walk } from "./walk.js";
import { areStrange } from "./strangers.js";

/** Bytes of a count of updates, and of the length before a custom broadcast. */
const COUNT_LENGTH = 2;

/** A Feed names strangers too, unless it names so many members that we have heard. */
const HEARD_FOR_FEED = 16;
/** Answers to our Announces that are waited for, at most. */
const MOST_FEEDS = 8;

/** All updates, however often they may still be sent: see `Outbox.heldBack`. */
export const ALL = 255;

/** How many bytes the datagram that is sent needs at most, with the room before it and behind it. */
export function sendSize<T>(config: Config, options: SwimOptions<T>): number {
  return (options.headroom ?? 0) + config.maxPacketSize + (options.tailroom ?? 0);
}

/** Builds datagrams in the table's buffer and hands them to the runtime. It keeps nothing between two of them. */
export class Outbox<T> {
  /** Updates that may be sent more often than this are for our successor first, and stay behind in other datagrams. */
  heldBack = ALL;
  /** Where the next byte goes while a datagram is built. */
  at = 0;
  /** How many Announces of ours were not answered by a Feed yet. */
  feedsDue = 0;
  private readonly header: Header<T>;
  /** Points at the member that a datagram goes to. */
  readonly member: IdentityRef<T>;
  /** Points at the member that a PingReq is about. */
  readonly subject: IdentityRef<T>;
  /** Where the longest datagram ends, while one is built. */
  end = 0;
  private readonly headroom: number;
  private readonly tailroom: number;
  readonly knowledge: Knowledge<T>;

  constructor(knowledge: Knowledge<T>, options: SwimOptions<T>) {
    const self = knowledge.self;
    const members = knowledge.members;
    this.knowledge = knowledge;
    this.member = new IdentityRef<T>(members);
    this.subject = new IdentityRef<T>(members);
    this.header = new Header<T>(self.ref, self.ref, self.ref);
    this.headroom = options.headroom ?? 0;
    this.tailroom = options.tailroom ?? 0;
    this.followConfig();
  }

  /** Takes note of new limits. */
  followConfig(): void {
    const config = this.knowledge.env.config;
    const members = this.knowledge.members;
    const sendSize = this.headroom + config.maxPacketSize + this.tailroom;
    if (sendSize !== members.datagram.length) remake(members, 0, 0, 0, sendSize);
    const holdsBack =
      config.gossipToSuccessor && config.periodicGossip !== null && config.maxTransmissions >= 3;
    this.heldBack = holdsBack ? config.maxTransmissions - 1 : ALL;
  }

  /** The longest custom broadcast, in bytes, that every datagram can carry, whoever it goes to and asks for. */
  get maxBroadcastLength(): number {
    const knowledge = this.knowledge;
    const codec = knowledge.members.codec;
    const used = codec.maxHeaderLength(knowledge.members.ownSize) + 2 * COUNT_LENGTH;
    return this.knowledge.env.config.maxPacketSize - used;
  }

  /** The longest that a Gossip can carry to any member we know, and so the longest worth passing on. */
  get longestBroadcast(): number {
    const knowledge = this.knowledge;
    const codec = knowledge.members.codec;
    const self = knowledge.self;
    const members = knowledge.members;
    const longest = knowledge.members.ownSize;
    // A Gossip has two of the three identities that the longest header has.
    const used = codec.maxHeaderLength(longest) - 3 * longest + self.ref.length + members.longestIdentity;
    return this.knowledge.env.config.maxPacketSize - used - 2 * COUNT_LENGTH;
  }

  /** Sends a message to a member, as `send`. */
  sendToMember(
    kind: MessageKind,
    probeNumber: number,
    slot: number,
    subject: IdentityRef<T>,
    most: number,
  ): void {
    this.knowledge.members.refer(slot, this.member);
    this.send(kind, probeNumber, this.member, subject, most);
  }

  /**
   * Sends a message with what it may carry: updates that may be sent at most `most` times more, and custom broadcasts.
   * `subject` counts only for indirect-probe messages.
   */
  send(
    kind: MessageKind,
    probeNumber: number,
    to: IdentityRef<T>,
    subject: IdentityRef<T>,
    most: number,
  ): void {
    this.begin(kind, probeNumber, to, subject);
    if (kind === MessageKind.Announce && this.feedsDue < MOST_FEEDS) this.feedsDue++;
    if (kind !== MessageKind.Announce && kind !== MessageKind.TurnUndead) {
      const knowledge = this.knowledge;
      const at = this.at;
      if (at + COUNT_LENGTH < this.end) {
        const bytes = knowledge.members.bytes;
        this.at = at + COUNT_LENGTH;
        let count = 0;
        if (knowledge.members.order.numSuspect > 0 && knowledge.env.config.tellSuspects)
          count = this.fillForSuspect(to, most);
        else if (
          knowledge.updates.length > 0 ||
          knowledge.farewells.length > 0 ||
          knowledge.passing !== undefined
        )
          count = this.fillUpdates(most);
        bytes[at] = count >> 8;
        bytes[at + 1] = count;
      }
      if (knowledge.broadcasts.length > 0 || knowledge.env.keeper !== undefined) this.addBroadcasts(to);
    }
    this.finish(to);
  }

  /** Tells `to` that we hold it Down, and who has its address instead, if not NONE: the slot `holder`. */
  sendTurnUndead(to: IdentityRef<T>, holder: number): void {
    this.begin(MessageKind.TurnUndead, 0, to, to);
    const countAt = this.at;
    this.at += COUNT_LENGTH;
    const end = holder === NONE ? INVALID : this.knowledge.members.copyMember(holder, this.at, this.end);
    this.putCount(countAt, 1);
    this.at = end === INVALID ? countAt : end;
    this.finish(to);
  }

  /**
   * Sends a Feed with the active members that `walk` comes to, without `to`, as many as fit. The walk goes by slot, or
   * by position in `Order`; one that did not fit is next again. By position, those that we have heard come first where we
   * were only told of most.
   */
  sendFeed(to: IdentityRef<T>, walk: Walk, isBySlot: boolean): void {
    const members = this.knowledge.members;
    const order = members.order;
    this.begin(MessageKind.Feed, 0, to, to);
    // A header of two identities leaves room for a count, since one of three fits.
    const countAt = this.at;
    this.at += COUNT_LENGTH;
    const destination = members.find(to);
    const env = this.knowledge.env;
    const isHeardFirst = !isBySlot && env.config.preferHeard && areStrange(members);
    let count = 0;
    for (let turn = isHeardFirst ? 0 : 1; turn < 2; turn++) {
      for (let next = walk.next(); next >= 0; next = walk.next()) {
        const slot = isBySlot ? next : order.activeAt(next);
        if (slot === destination || !order.isActive(slot)) continue;
        if (isHeardFirst && members.wasHeard(slot) !== (turn === 0)) continue;
        const end = members.copyMember(slot, this.at, this.end);
        if (end === INVALID) {
          // It goes into the next Feed of a list, unless it is too long for any.
          if (count > 0) walk.undo();
          turn = 2;
          break;
        }
        this.at = end;
        count++;
      }
      if (turn === 0 && count >= HEARD_FOR_FEED) break;
      if (turn === 0) walk.start(order.numActive, env.random);
    }
    this.putCount(countAt, count);
    this.addBroadcasts(to);
    this.finish(to);
  }

  /** Tells a member that was away of random Down members, as many as fit: it may take some of them for active. */
  sendDown(to: IdentityRef<T>, walk: Walk): void {
    const knowledge = this.knowledge;
    const members = knowledge.members;
    const order = members.order;
    this.begin(MessageKind.Gossip, 0, to, to);
    const countAt = this.at;
    this.at += COUNT_LENGTH;
    let count = 0;
    walk.start(order.numDown, knowledge.env.random);
    for (let next = walk.next(); next >= 0; next = walk.next()) {
      const end = members.copyMember(order.downAt(next), this.at, this.end);
      if (end === INVALID) continue;
      this.at = end;
      count++;
    }
    this.putCount(countAt, count);
    this.finish(to);
  }

  /** Sends a member the custom broadcasts and nothing else, when the handler wants it to have them; returns whether. */
  sendBroadcasts(slot: number): boolean {
    const member = this.member;
    const knowledge = this.knowledge;
    knowledge.members.refer(slot, member);
    if (!this.wantsBroadcasts(member)) return false;
    this.begin(MessageKind.Broadcast, 0, member, member);
    this.at = knowledge.broadcasts.fill(knowledge.members.bytes, this.at, this.end);
    this.finish(member);
    return true;
  }

  /** Begins a datagram of custom broadcasts alone, which go from here on; `finish` sends it. Returns `at`. */
  beginItems(to: IdentityRef<T>): number {
    this.begin(MessageKind.Broadcast, 0, to, to);
    return this.at;
  }

  private begin(kind: MessageKind, probeNumber: number, to: IdentityRef<T>, subject: IdentityRef<T>): void {
    const header = this.header;
    const members = this.knowledge.members;
    const start = members.datagram.byteOffset + this.headroom;
    header.kind = kind;
    header.probeNumber = probeNumber;
    header.sourceIncarnation = this.knowledge.self.incarnation;
    header.destination = to;
    header.subject = subject;
    this.end = start + this.knowledge.env.config.maxPacketSize;
    this.at = members.codec.writeHeader(header, members.bytes, start);
  }

  /** Sends what was built, up to `at`. */
  finish(to: IdentityRef<T>): void {
    const header = this.header;
    const members = this.knowledge.members;
    const headroom = this.headroom;
    const end = this.at - members.datagram.byteOffset;
    const metrics = this.knowledge.env.metrics;
    const runtime = this.knowledge.env.runtime;
    metrics[Metric.SentPing + header.kind]++;
    metrics[Metric.BytesSent] += end - headroom;
    runtime.sendTo(to, members.datagram, headroom, end);
    if (runtime.dataSent) runtime.dataSent(headerValue(header));
  }

  private putCount(at: number, count: number): void {
    const bytes = this.knowledge.members.bytes;
    bytes[at] = count >> 8;
    bytes[at + 1] = count & 255;
  }

  /** As `fillUpdates`, but begins with the suspicion of whom it goes to, which then does not stand there twice. */
  private fillForSuspect(to: IdentityRef<T>, most: number): number {
    const updates = this.knowledge.updates;
    const told = this.tellSuspect(to);
    if (told === NONE) return this.fillUpdates(most);
    let queued = this.knowledge.members.remaining(told);
    if (queued > most) queued = 0;
    if (queued > 0) updates.remove(told);
    const count = this.fillUpdates(most);
    if (queued > 1) updates.add(told, queued - 1);
    return count + 1;
  }

  /** Writes the suspicion of whom it goes to, so that it can refute; returns its slot, or NONE when there was none to write. */
  private tellSuspect(to: IdentityRef<T>): number {
    const knowledge = this.knowledge;
    const members = knowledge.members;
    const slot = members.find(to);
    if (slot === NONE || members.state(slot) !== State.Suspect || !members.isIdentity(slot, to)) return NONE;
    const end = members.copyMember(slot, this.at, this.end);
    if (end === INVALID) return NONE;
    this.at = end;
    knowledge.env.metrics[Metric.UpdatesSent]++;
    return slot;
  }

  /** Our own farewells go before all else. Returns how many updates were written. */
  private fillUpdates(most: number): number {
    const farewells = this.knowledge.farewells;
    const updates = this.knowledge.updates;
    const passing = this.knowledge.passing;
    const members = this.knowledge.members;
    let count = 0;
    if (farewells.length > 0) count = farewells.fill(members.codec, members.bytes, this, this.end);
    if (updates.length > 0) count += updates.fill(this, this.end, most);
    // News is for our successor first.
    if (passing !== undefined)
      count += fillPassing(
        passing,
        members.bytes,
        this,
        this.end,
        this.knowledge.owesSuccessor && most !== ALL ? 1 : ALL,
      );
    this.knowledge.env.metrics[Metric.UpdatesSent] += count;
    return count;
  }

  private addBroadcasts(to: IdentityRef<T>): void {
    const broadcasts = this.knowledge.broadcasts;
    const keeper = this.knowledge.env.keeper;
    if (broadcasts.length > 0 && this.wantsBroadcasts(to))
      this.at = broadcasts.fill(this.knowledge.members.bytes, this.at, this.end);
    if (keeper !== undefined) this.at = keeper.addItems(to, this.knowledge.members.bytes, this.at, this.end);
  }

  /** Whether the handler wants custom broadcasts to go to this member. */
  private wantsBroadcasts(to: IdentityRef<T>): boolean {
    const handler = this.knowledge.env.handler;
    if (handler === undefined || handler.shouldAddBroadcastData === undefined) return true;
    return handler.shouldAddBroadcastData(to.value);
  }
}
