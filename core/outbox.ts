import { Broadcasts } from "./broadcasts.js";
import type { Cluster } from "./cluster.js";
import { Header, IdentityRef, MessageKind, State, type Codec } from "./codec.js";
import type { Config } from "./config.js";
import { INVALID } from "./dialect.js";
import { Metric } from "./metrics.js";
import { headerValue } from "./message.js";
import type { Random } from "./random.js";
import type { SwimOptions } from "./options.js";
import { Updates } from "./updates.js";
import type { Walk } from "./walk.js";

/** Builds datagrams in the one send buffer and hands them to the runtime. */
export class Outbox<T> {
  readonly updates: Updates;
  readonly broadcasts = new Broadcasts();
  /** The header being built. Who sends fills in `destination` and, where it has one, `subject`. */
  readonly header: Header<T>;
  /** Updates that may be sent more often than this stay behind: they are for our successor first. */
  mostRemaining = 255;
  /** The slots that the Feed being built goes through; a random choice when there is none. */
  private list: Walk | undefined = undefined;
  /** The room before a datagram, the longest datagram, and the room behind it. */
  private buffer: Uint8Array;
  private readonly headroom: number;
  private readonly tailroom: number;
  /** Where the longest datagram ends. */
  private end = 0;
  /** Where the next byte of the datagram goes; `Updates.fill` moves it. */
  at = 0;
  private readonly cluster: Cluster<T>;
  private readonly codec: Codec;
  private readonly random: Random;

  constructor(cluster: Cluster<T>, options: SwimOptions<T>, config: Config) {
    this.cluster = cluster;
    this.codec = options.codec;
    this.random = options.random;
    this.updates = new Updates(cluster.members, config.maxTransmissions);
    this.header = new Header(cluster.members, cluster.self.bytes);
    this.headroom = options.headroom ?? 0;
    this.tailroom = options.tailroom ?? 0;
    this.buffer = new Uint8Array(0);
    this.setConfig(config);
  }

  /** Takes note of new limits. */
  setConfig(config: Config): void {
    this.end = this.headroom + config.maxPacketSize;
    const size = this.end + this.tailroom;
    if (size !== this.buffer.length) this.buffer = new Uint8Array(size);
    this.updates.setMaxTransmissions(config.maxTransmissions);
    const holdsBack =
      config.gossipToSuccessor && config.periodicGossip !== null && config.maxTransmissions >= 3;
    this.mostRemaining = holdsBack ? config.maxTransmissions - 1 : 255;
  }

  /** The longest custom broadcast that a datagram can carry, in bytes. */
  get maxBroadcastLength(): number {
    return this.end - this.headroom - this.codec.maxHeaderLength(this.cluster.self.bytes.length) - 4;
  }

  /** The canonical bytes of a value, in `ref` when it is one that `encode` gave before. Allocates. */
  encode(identity: T, ref = this.makeRef()): IdentityRef<T> {
    const { schema, dialect } = this.cluster.members;
    ref.set(ref.bytes, 0, schema.write(dialect, identity, ref.bytes, 0));
    return ref;
  }

  private makeRef(): IdentityRef<T> {
    return new IdentityRef(this.cluster.members, new Uint8Array(this.cluster.self.bytes.length));
  }

  /** Sends a Feed to `header.destination` with the members that `list` comes to next, as many as fit. */
  sendList(list: Walk): void {
    this.list = list;
    this.send(MessageKind.Feed, 0);
    this.list = undefined;
  }

  /** Points the header's destination at an identity. */
  to(ref: IdentityRef<T>): void {
    this.header.destination.set(ref.bytes, ref.at, ref.length);
  }

  /** Points the header's destination at a member. */
  toMember(slot: number): void {
    this.cluster.members.refer(slot, this.header.destination);
  }

  /** Whether there is anything to spread. */
  get hasNews(): boolean {
    return this.updates.length > 0 || this.broadcasts.length > 0 || this.cluster.self.farewellRemaining > 0;
  }

  /** Sends a message to `header.destination`, with what it may carry. */
  send(kind: MessageKind, probeNumber: number): void {
    const header = this.header;
    const buffer = this.buffer;
    header.kind = kind;
    header.probeNumber = probeNumber;
    header.source.set(this.cluster.self.bytes, 0, this.cluster.self.length);
    header.sourceIncarnation = this.cluster.self.incarnation;
    const start = this.headroom;
    this.at = this.codec.writeHeader(header, buffer, start);
    const isLight = kind === MessageKind.Announce || kind === MessageKind.TurnUndead;
    if (!isLight && kind !== MessageKind.Broadcast && this.at + 2 < this.end) this.piggyback(kind);
    if (!isLight && this.broadcasts.length > 0 && this.wantsBroadcasts()) {
      this.at = this.broadcasts.fill(buffer, this.at, this.end);
    }
    this.cluster.metrics[Metric.SentPing + kind]++;
    this.cluster.metrics[Metric.BytesSent] += this.at - start;
    this.cluster.runtime.sendTo(header.destination, buffer, start, this.at);
    if (this.cluster.runtime.dataSent) this.cluster.runtime.dataSent(headerValue(header));
  }

  private piggyback(kind: MessageKind): void {
    const tallyAt = this.at;
    this.at += 2;
    const count = kind === MessageKind.Feed ? this.fillFeed() : this.fillUpdates();
    this.buffer[tallyAt] = count >> 8;
    this.buffer[tallyAt + 1] = count & 255;
    if (kind !== MessageKind.Feed) this.cluster.metrics[Metric.UpdatesSent] += count;
  }

  /** Our own farewell goes before all else: nobody but us can tell it. */
  private fillUpdates(): number {
    const self = this.cluster.self;
    let count = 0;
    if (self.farewellRemaining > 0 && self.farewell !== undefined) {
      const at = this.codec.writeMember(
        this.buffer,
        this.at,
        this.end,
        self.farewell,
        0,
        self.farewellLength,
        0,
        State.Down,
      );
      if (at !== INVALID) {
        this.at = at;
        self.farewellRemaining--;
        count = 1;
      }
    }
    if (this.updates.length === 0) return count;
    return count + this.updates.fill(this.codec, this.buffer, this, this.end, this.mostRemaining);
  }

  /** As many active members as fit, by chance, without the one we send to. */
  private fillFeed(): number {
    const members = this.cluster.members;
    const destination = members.find(this.header.destination);
    let count = 0;
    const list = this.list;
    const walk = list ?? this.cluster.walk;
    if (list === undefined) walk.start(members.order.numActive, this.random);
    for (let next = walk.next(); next >= 0; next = walk.next()) {
      const slot = list === undefined ? members.order.activeAt(next) : next;
      if (slot === destination || !members.order.isActive(slot)) continue;
      const at = this.codec.writeMember(
        this.buffer,
        this.at,
        this.end,
        members.rows,
        members.identityAt(slot),
        members.identityLength(slot),
        members.incarnation(slot),
        members.state(slot),
      );
      if (at === INVALID) {
        // It goes into the next Feed of a list, unless it is too long for any.
        if (count > 0) walk.undo();
        break;
      }
      this.at = at;
      count++;
    }
    return count;
  }

  /** Whether the handler wants broadcasts to go to `header.destination`. */
  wantsBroadcasts(): boolean {
    const handler = this.cluster.handler;
    if (handler === undefined || handler.shouldAddBroadcastData === undefined) return true;
    return handler.shouldAddBroadcastData(this.header.destination.value);
  }
}
