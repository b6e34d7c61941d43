import { MessageKind, STATE_NAMES, type IdentityRef } from "./codec.js";
import { about } from "./checks.js";
import { checkConfig, checkConfigChange, type Config } from "./config.js";
import { Env } from "./env.js";
import { checkIdentityType } from "./identity.js";
import { Inbox } from "./inbox.js";
import { checkMember, type Member } from "./member.js";
import { NOTHING } from "./knowledge.js";
import { Metric } from "./metrics.js";
import { NONE } from "./order.js";
import { checkOptions, checkIdentityLength, checkRoom, type SwimOptions } from "./options.js";
import { ALL } from "./outbox.js";
import { Protocol } from "./protocol.js";
import { Status, SwimError } from "./status.js";

/**
 * A member of a cluster: SWIM with infection-style spreading and suspicion, over any transport. It does nothing of
 * itself: hand it datagrams (`handleData`) and time (`handleTimer`), and it calls the runtime. foca: `Foca`.
 *
 * No method may be called from inside a runtime method or a broadcast handler: it throws `SwimError` `Busy`.
 */
export class Swim<T> {
  private readonly protocol: Protocol<T>;
  private readonly inbox: Inbox<T>;
  private isBusy = false;

  /** @throws TypeError or RangeError that says which option is wrong. */
  constructor(options: SwimOptions<T>) {
    checkOptions(options);
    const config = checkConfig(options.config);
    const maxLength = checkIdentityType(options.identityType, options.codec.dialect);
    this.protocol = new Protocol(new Env(options, config, maxLength), options, maxLength);
    const self = this.protocol.knowledge.self;
    checkIdentityLength(self.length, config);
    checkRoom(options.codec, maxLength, self.length, config);
    this.inbox = new Inbox(this.protocol.knowledge);
  }

  /** Counters, by `Metric`. Live: copy what you want to compare. */
  get metrics(): Uint32Array {
    return this.protocol.knowledge.env.metrics;
  }

  /** Our identity now; it changes with `changeIdentity` and when we rejoin. */
  get identity(): T {
    return this.protocol.knowledge.self.identity;
  }

  /** Our incarnation: how often we had to refute a suspicion since we took this identity. */
  get incarnation(): number {
    return this.protocol.knowledge.self.incarnation;
  }

  /** The settings in force. */
  get config(): Config {
    return this.protocol.knowledge.env.config;
  }

  /** How many active members we know, without ourselves. */
  get numMembers(): number {
    return this.protocol.knowledge.members.order.numActive;
  }

  /** Whether we know an active member and are not held Down. */
  get isConnected(): boolean {
    return this.protocol.connection.isConnected;
  }

  /** Whether we were declared Down, or left, and have not come back. foca: `ConnectionState::Undead`. */
  get isDefunct(): boolean {
    return this.protocol.connection.isDefunct;
  }

  /** How many updates are queued. foca: `updates_backlog`. */
  get updatesBacklog(): number {
    const updates = this.protocol.knowledge.updates;
    const farewells = this.protocol.knowledge.farewells;
    return updates.length + farewells.length;
  }

  /** How many custom broadcasts are queued. foca: `custom_broadcast_backlog`. */
  get customBroadcastBacklog(): number {
    return this.protocol.knowledge.broadcasts.length;
  }

  /** The longest custom broadcast, in bytes, that a datagram of `maxPacketSize` can carry. */
  get maxBroadcastLength(): number {
    return this.protocol.outbox.maxBroadcastLength;
  }

  /** The active members, without ourselves, in no order: a copy. foca: `iter_members`. */
  members(): Member<T>[] {
    const order = this.protocol.knowledge.members.order;
    const members: Member<T>[] = [];
    for (let i = 0; i < order.numActive; i++) members.push(this.memberAt(order.activeAt(i)));
    return members;
  }

  /**
   * All that is known, the Down too: a copy, to be saved and given to `applyMany` after a restart, or to another
   * node. foca: `iter_membership_state`.
   */
  membershipState(): Member<T>[] {
    const order = this.protocol.knowledge.members.order;
    const members = this.members();
    for (let i = 0; i < order.numDown; i++) members.push(this.memberAt(order.downAt(i)));
    return members;
  }

  /** Whether we are at the address of `identity`. @throws TypeError or RangeError when it is none. */
  isSelf(identity: T): boolean {
    const knowledge = this.protocol.knowledge;
    return knowledge.self.hasAddressOf(knowledge.encode(identity));
  }

  /** Whether we are, or an active member is, at the address of `identity`. @throws TypeError or RangeError when it is none. */
  knows(identity: T): boolean {
    const knowledge = this.protocol.knowledge;
    const self = knowledge.self;
    const members = knowledge.members;
    const ref = knowledge.encode(identity);
    if (self.hasAddressOf(ref)) return true;
    const slot = members.find(ref);
    return slot !== NONE && members.isActive(slot);
  }

  /** What is known of whoever is at the address of `identity`, the Down too: a copy, or undefined. For handlers too. */
  find(identity: T): Member<T> | undefined {
    const { knowledge } = this.protocol;
    const slot = knowledge.members.find(knowledge.encode(identity));
    return slot === NONE ? undefined : this.memberAt(slot);
  }

  /**
   * Calls `visit` with one active member after another, without a copy of them all. `visit` must not call this
   * object; when it returns false the visit ends.
   */
  forEachMember(visit: (member: Member<T>) => unknown): void {
    this.enter("forEachMember");
    try {
      const order = this.protocol.knowledge.members.order;
      for (let i = 0; i < order.numActive; i++) if (visit(this.memberAt(order.activeAt(i))) === false) return;
    } finally {
      this.isBusy = false;
    }
  }

  /**
   * Asks `destination` to let us in; it answers with a Feed of active members.
   * @throws TypeError or RangeError when it is no identity of our type; nothing was sent.
   */
  announce(destination: T): void {
    this.enter("announce");
    try {
      const outbox = this.protocol.outbox;
      const to = this.encode("announce: ", destination);
      checkIdentityLength(to.length, this.config);
      outbox.send(MessageKind.Announce, 0, to, to, ALL);
    } finally {
      this.leave();
    }
  }

  /** Sends news, or at least a sign of life, to `numIndirectProbes` random active members now. */
  gossip(): void {
    this.enter("gossip");
    try {
      this.protocol.spreader.gossip();
    } finally {
      this.leave();
    }
  }

  /**
   * Sends the queued custom broadcasts, and nothing else, to up to `numIndirectProbes` random active members for
   * which the handler wants them. Does nothing when none are queued.
   */
  broadcast(): void {
    this.enter("broadcast");
    try {
      this.protocol.spreader.broadcast();
    } finally {
      this.leave();
    }
  }

  /** Tells the cluster that we are leaving; we are defunct then, and still hear. foca: `leave_cluster`. */
  leaveCluster(): void {
    this.enter("leaveCluster");
    try {
      this.protocol.leave();
    } finally {
      this.leave();
    }
  }

  /**
   * Offers data to the broadcast handler and queues it when that answers with a key. Returns whether it is queued: it is
   * not when the handler says that it is no news, nor when `maxBroadcasts` or `maxBroadcastBytes` have no room for it.
   * @throws TypeError when `data` is no Uint8Array, RangeError when it is empty, SwimError `DataTooBig` when no
   *   datagram can carry it, and what the handler throws; nothing was queued.
   */
  addBroadcast(data: Uint8Array): boolean {
    if (!(data instanceof Uint8Array)) throw new TypeError("addBroadcast: expected a Uint8Array");
    if (data.length === 0) throw new RangeError("addBroadcast: there must be at least one byte");
    if (data.length > this.maxBroadcastLength) {
      throw new SwimError(
        "DataTooBig",
        "addBroadcast: at most " + this.maxBroadcastLength + " bytes, got " + data.length,
      );
    }
    this.enter("addBroadcast");
    try {
      return this.protocol.offerBroadcast(data, 0, data.length, undefined);
    } finally {
      this.leave();
    }
  }

  /**
   * Takes in what came from the network: `bytes[start..end]`, all of `bytes` when they are left out. Never throws for
   * what is in it. Nothing of `bytes` is kept or changed. foca: `handle_data`.
   * @throws TypeError when `bytes` is no Uint8Array, RangeError when it has no such part.
   */
  handleData(bytes: Uint8Array, start = 0, end = bytes?.length): Status {
    if (!(bytes instanceof Uint8Array)) throw new TypeError("handleData: expected a Uint8Array");
    if (!(
      Number.isInteger(start) &&
      Number.isInteger(end) &&
      start >= 0 &&
      start <= end &&
      end <= bytes.length
    )) {
      const got = String(start) + " and " + String(end);
      throw new RangeError("handleData: expected a start and an end within " + bytes.length + ", got " + got);
    }
    this.enter("handleData");
    let status: Status = Status.Ok;
    const metrics = this.protocol.knowledge.env.metrics;
    const config = this.protocol.knowledge.env.config;
    try {
      metrics[Metric.BytesReceived] += end - start;
      status = end - start > config.maxReceiveSize ? Status.DataTooBig : this.inbox.check(bytes, start, end);
      if (status === Status.Ok) status = this.protocol.receive(this.inbox, bytes, end);
      metrics[Metric.StatusOk + status]++;
    } finally {
      this.leave();
    }
    return status;
  }

  /**
   * Does what is due. To be called when the time given to `Runtime.submitAfter` is over; too early, too late and
   * more than once does no harm. foca: `handle_timer`.
   */
  handleTimer(): void {
    this.enter("handleTimer");
    try {
      this.protocol.tick();
    } finally {
      this.leave();
    }
  }

  /**
   * Becomes another identity: the previous one is declared Down, and the cluster is told. Whether we were let in
   * again shows in the `active` notification.
   * @throws SwimError `SameIdentity`, TypeError or RangeError; nothing has changed.
   */
  changeIdentity(identity: T): void {
    this.enter("changeIdentity");
    try {
      const knowledge = this.protocol.knowledge;
      const env = this.protocol.knowledge.env;
      const ref = this.encode("changeIdentity: ", identity);
      checkIdentityLength(ref.length, env.config);
      if (knowledge.self.is(ref)) {
        throw new SwimError("SameIdentity", "changeIdentity: this is the identity already");
      }
      this.protocol.changeIdentity(ref);
    } finally {
      this.leave();
    }
  }

  /**
   * Lets a defunct node join again under the identity it had. The others must have forgotten it first
   * (`removeDownAfterMs`); call `announce` then.
   * @throws SwimError `NotUndead` when we are not defunct.
   */
  reuseDownIdentity(): void {
    this.enter("reuseDownIdentity");
    try {
      if (!this.isDefunct) throw new SwimError("NotUndead", "reuseDownIdentity: this node is not defunct");
      this.protocol.reuseIdentity();
    } finally {
      this.leave();
    }
  }

  /**
   * Puts other settings in force.
   * @throws TypeError or RangeError for a bad setting, SwimError `InvalidConfig` when `probePeriodMs` or
   *   `probeRttMs` differ or a periodic task would be turned on; nothing has changed.
   */
  setConfig(config: Config): void {
    this.enter("setConfig");
    try {
      const checked = checkConfig(config);
      checkConfigChange(this.config, checked);
      const self = this.protocol.knowledge.self;
      const members = this.protocol.knowledge.members;
      checkRoom(this.protocol.knowledge.env.codec, self.bytes.length, self.length, checked);
      checkIdentityLength(Math.max(self.length, members.longestIdentity), checked);
      this.protocol.knowledge.env.config = checked;
      this.protocol.setConfig();
    } finally {
      this.leave();
    }
  }

  /**
   * Takes in members from elsewhere: a saved `membershipState`, another node's, or a list of well-known ones.
   * `doBroadcast` tells whether what is new should be spread.
   * @throws TypeError or RangeError when one of them is no member; none was taken in.
   */
  applyMany(members: Iterable<Member<T>>, doBroadcast: boolean): void {
    const list = Array.isArray(members) ? (members as Member<T>[]) : Array.from(members);
    this.enter("applyMany");
    try {
      const knowledge = this.protocol.knowledge;
      const connection = this.protocol.connection;
      let ref: IdentityRef<T> | undefined;
      let found = NOTHING;
      for (let i = 0; i < list.length; i++) {
        try {
          checkMember(list[i]);
          ref = knowledge.encode(list[i].identity, ref);
        } catch (error) {
          throw about("applyMany: members[" + i + "]: ", error);
        }
      }
      for (let i = 0; i < list.length; i++) {
        ref = knowledge.encode(list[i].identity, ref);
        const finding = knowledge.learn(ref, list[i].incarnation, checkMember(list[i]), doBroadcast);
        if (finding > found) found = finding;
      }
      this.protocol.act(found);
      connection.follow();
    } finally {
      this.leave();
    }
  }

  private memberAt(slot: number): Member<T> {
    const members = this.protocol.knowledge.members;
    return {
      identity: members.value(slot),
      incarnation: members.incarnation(slot),
      state: STATE_NAMES[members.state(slot)],
    };
  }

  /** The canonical bytes of an identity that the program gave to the method that `where` names. */
  private encode(where: string, identity: T): IdentityRef<T> {
    try {
      return this.protocol.knowledge.encode(identity);
    } catch (error) {
      throw about(where, error);
    }
  }

  private enter(method: string): void {
    if (this.isBusy) {
      throw new SwimError(
        "Busy",
        method + ": called from inside a runtime method or handler; call it afterwards",
      );
    }
    this.isBusy = true;
  }

  /**
   * Ends a call: asks the runtime for another wake-up when the next deadline moved. What is thrown here leaves the
   * wake-up to be asked for by the next call.
   */
  private leave(): void {
    try {
      const deadlines = this.protocol.connection.deadlines;
      const env = this.protocol.knowledge.env;
      if (!deadlines.mayNeedWake) return;
      const wakeMs = deadlines.nextWakeMs();
      if (wakeMs !== Infinity) env.runtime.submitAfter(Math.max(0, wakeMs - env.runtime.now()));
      deadlines.wakesAt(wakeMs);
    } finally {
      this.isBusy = false;
    }
  }
}
