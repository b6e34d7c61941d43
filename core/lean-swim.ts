import { checkBroadcast } from "./broadcasts.js";
import { MessageKind, type IdentityRef } from "./codec.js";
import { about, outside } from "./checks.js";
import { checkConfig, type Config } from "./config.js";
import { DEBUG } from "./debug.js";
import { Env } from "./env.js";
import { answerFormer } from "./former.js";
import { checkIdentityType } from "./identity.js";
import { Inbox } from "./inbox.js";
import { checkInvariants } from "./invariants.js";
import { activeMembers, allMembers, memberAt, sleepingMembers, visitHeard, visitMembers } from "./listing.js";
import type { Member, Sleeper } from "./member.js";
import { Metric } from "./metrics.js";
import { NONE } from "./order.js";
import { checkOptions, checkIdentityLength, checkRoom, type SwimOptions } from "./options.js";
import { ALL } from "./outbox.js";
import { checkNap, promiseOf } from "./promise.js";
import { changeIdentity, leave, reuseIdentity, wake } from "./lives.js";
import { Protocol } from "./protocol.js";
import { Status, SwimError } from "./status.js";

/**
 * A member of a cluster as every node needs it: SWIM with infection-style spreading and suspicion, over any transport. It starts nothing on
 * its own: you give it datagrams (`handleData`) and wake it (`handleTimer`), and it calls your runtime. foca: `Foca`.
 *
 * From inside a runtime method or a broadcast handler you may read what the node knows (`identity`, `members`, `find`
 * and so on). All methods that change or send something, and `forEachMember`, throw `SwimError` `Busy` there.
 */
export class LeanSwim<T> {
  protected readonly protocol: Protocol<T>;
  private readonly inbox: Inbox<T>;
  private isBusy = false;

  /** Starts disconnected: call `announce` to join. @throws TypeError or RangeError that names the wrong option. */
  constructor(options: SwimOptions<T>) {
    checkOptions(options);
    const config = checkConfig(options.config);
    const maxLength = checkIdentityType(options.identityType, options.codec.dialect);
    this.protocol = new Protocol(new Env(options, config), options, maxLength);
    const self = this.protocol.knowledge.self;
    checkIdentityLength(self.ref.length, config);
    checkRoom(options.codec, maxLength, self.ref.length, config);
    this.inbox = new Inbox(this.protocol.knowledge, this.protocol.outbox.subject);
  }

  /** The counters, indexed by `Metric`. The array is live: copy a value that you want to compare later. */
  get metrics(): Uint32Array {
    return this.protocol.knowledge.env.metrics;
  }

  /** The current identity of this node. It changes with `changeIdentity`, and when the node rejoins. */
  get identity(): T {
    return this.protocol.knowledge.self.ref.value;
  }

  /** The current incarnation of this node. It is 0 for a new identity, and grows when the node refutes a suspicion. */
  get incarnation(): number {
    return this.protocol.knowledge.self.incarnation;
  }

  /** The current settings, frozen. */
  get config(): Config {
    return this.protocol.knowledge.env.config;
  }

  /** How many active members (Alive or Suspect) this node knows, without itself. */
  get numMembers(): number {
    return this.protocol.knowledge.members.order.numActive;
  }

  /** Whether this node knows at least one active member and is not defunct. */
  get isConnected(): boolean {
    return this.protocol.connection.isConnected;
  }

  /** Whether this node was declared Down, or left, and has not come back. foca: `ConnectionState::Undead`. */
  get isDefunct(): boolean {
    return this.protocol.connection.isDefunct;
  }

  /**
   * The smoothed round trip time of this node's probes in milliseconds (RFC 6298), over all members; NaN until a member
   * answered one. Measured with `Config.fitRtt`, or with the notification `probeAnswered`.
   */
  get rttMs(): number {
    return this.protocol.knowledge.probe.smoothedRttMs;
  }

  /** How many updates wait to be sent. foca: `updates_backlog`. */
  get updatesBacklog(): number {
    const updates = this.protocol.knowledge.updates;
    const farewells = this.protocol.knowledge.farewells;
    return updates.length + farewells.length;
  }

  /** How many custom broadcasts wait to be sent. foca: `custom_broadcast_backlog`. */
  get customBroadcastBacklog(): number {
    return this.protocol.knowledge.broadcasts.length;
  }

  /** The length in bytes of the longest custom broadcast that fits in a datagram of `maxPacketSize`. */
  get maxBroadcastLength(): number {
    return this.protocol.outbox.maxBroadcastLength;
  }

  /** Returns a copy of the active members, without this node, in no particular order. foca: `iter_members`. */
  members(): Member<T>[] {
    return activeMembers(this.protocol.knowledge.members);
  }

  /** Returns a copy of all members, Down ones too, to save and pass to `applyMany`. foca: `iter_membership_state`. */
  membershipState(): Member<T>[] {
    return allMembers(this.protocol.knowledge.members);
  }

  /** Whether this node has the address of `identity`. @throws TypeError or RangeError when that is not a valid identity. */
  isSelf(identity: T): boolean {
    const knowledge = this.protocol.knowledge;
    return knowledge.self.hasAddressOf(knowledge.encode(identity));
  }

  /** Whether this node or an active member has the address of `identity`. @throws as `isSelf` does. */
  knows(identity: T): boolean {
    const knowledge = this.protocol.knowledge;
    const ref = knowledge.encode(identity);
    const slot = knowledge.members.find(ref);
    return knowledge.self.hasAddressOf(ref) || (slot !== NONE && knowledge.members.isActive(slot));
  }

  /** Returns a copy of the member at the address of `identity`, even a Down one, or undefined. @throws as `isSelf` does. */
  find(identity: T): Member<T> | undefined {
    const knowledge = this.protocol.knowledge;
    const slot = knowledge.members.find(knowledge.encode(identity));
    return slot === NONE ? undefined : memberAt(knowledge.members, slot);
  }

  /**
   * Calls `visit` for each active member, without a copy of the whole list, until `visit` returns false. `visit` must
   * not call methods that change or send something: they throw `SwimError` `Busy`.
   */
  forEachMember(visit: (member: Member<T>) => unknown): void {
    this.enter("forEachMember");
    try {
      visitMembers(this.protocol.knowledge.members, visit);
    } finally {
      this.isBusy = false;
    }
  }

  /** Calls `visit` for each active member that has sent this node a datagram itself, as `forEachMember` does. */
  forEachHeard(visit: (identity: T) => unknown): void {
    this.enter("forEachHeard");
    try {
      visitHeard(this.protocol.knowledge.members, visit);
    } finally {
      this.isBusy = false;
    }
  }

  /** Whether an active member with the address of `identity` has sent this node a datagram itself. @throws as `isSelf` does. */
  hasHeard(identity: T): boolean {
    const knowledge = this.protocol.knowledge;
    const slot = knowledge.members.find(knowledge.encode(identity));
    return slot !== NONE && knowledge.members.wasHeard(slot);
  }

  /**
   * Asks `destination` to let this node in. It answers with a Feed, a list of active members. Lost datagrams are not
   * sent again, so announce again while `isConnected` is false.
   * @throws TypeError or RangeError when that is not a valid identity; then nothing was sent.
   */
  announce(destination: T): void {
    this.enter("announce");
    try {
      const to = this.encode("announce: ", destination);
      checkIdentityLength(to.length, this.config);
      this.protocol.outbox.send(MessageKind.Announce, 0, to, to, ALL);
    } finally {
      this.leave();
    }
  }

  /**
   * Tells this node that the network is back after an outage, or another one: it announces to `numIndirectProbes` Down
   * and as many active members now, instead of when their turn comes. Does nothing while the node is defunct.
   */
  networkChanged(): void {
    this.enter("networkChanged");
    try {
      this.protocol.networkChanged();
    } finally {
      this.leave();
    }
  }

  /** Sends a Gossip with queued updates and broadcasts, if any, to `numIndirectProbes` random active members now. */
  gossip(): void {
    this.enter("gossip");
    try {
      this.protocol.spreader.gossip();
    } finally {
      this.leave();
    }
  }

  /**
   * Sends the queued custom broadcasts, without updates, to at most `numIndirectProbes` random active members which
   * the handler's `shouldAddBroadcastData` accepts. Does nothing when none are queued.
   */
  broadcast(): void {
    this.enter("broadcast");
    try {
      this.protocol.spreader.broadcast();
    } finally {
      this.leave();
    }
  }

  /** Tells the cluster that we leave. Afterwards this node is defunct: it does not answer probes. foca: `leave_cluster`. */
  leaveCluster(): void {
    this.enter("leaveCluster");
    try {
      leave(this.protocol.connection, this.protocol.spreader, 0);
    } finally {
      this.leave();
    }
  }

  /**
   * Tells the cluster that we leave and will be back within `ms` milliseconds, and is defunct until `wake`. To nodes of foca it
   * is a farewell. Nodes of ours are notified by `memberNap`, and by `memberOverdue` when we are not back half as long again
   * after that. Queued broadcasts go with it.
   * @param ms 1 to 74 hours; less than 4,096 count as that
   * @throws TypeError or RangeError for another `ms`, SwimError `Defunct` when we left or were declared Down; then nothing
   *   has changed.
   */
  nap(ms: number): void {
    checkNap(ms);
    this.enter("nap");
    try {
      if (this.isDefunct) throw new SwimError("Defunct", "nap: this node is defunct");
      leave(this.protocol.connection, this.protocol.spreader, promiseOf(ms));
    } finally {
      this.leave();
    }
  }

  /**
   * Comes back from a nap, or after `leaveCluster`, under a renewed identity: announces to two random members that were active
   * before, and again after growing pauses until somebody answers. `rejoin` is notified of the identity.
   * @throws SwimError `NotUndead` when this node is not defunct, or its identity cannot be renewed; then nothing has changed.
   */
  wake(): void {
    this.enter("wake");
    try {
      if (!this.isDefunct || !wake(this.protocol.connection, this.protocol.spreader))
        throw new SwimError("NotUndead", "wake: this node does not sleep, or its identity cannot be renewed");
    } finally {
      this.leave();
    }
  }

  /** Returns the members that take a nap, and are not overdue: each with how many milliseconds it promised to sleep. */
  sleepers(): Sleeper<T>[] {
    return sleepingMembers(this.protocol.knowledge.members);
  }

  /**
   * Passes `data` to the broadcast handler, and queues a copy when the handler returns a key. Returns whether it was
   * queued: not when the handler returns null, nor when `maxBroadcasts` or `maxBroadcastBytes` leave no room for it.
   * @throws TypeError when `data` is not a Uint8Array, RangeError when it is empty, SwimError `DataTooBig` when it is
   *   longer than `maxBroadcastLength`, and what the handler throws; then nothing was queued.
   */
  addBroadcast(data: Uint8Array): boolean {
    checkBroadcast(data, this.maxBroadcastLength);
    this.enter("addBroadcast");
    try {
      return this.protocol.offerBroadcast(data, 0, data.length, undefined);
    } finally {
      this.leave();
    }
  }

  /**
   * Takes in one datagram: `bytes[start..end]`, or all of `bytes`. The returned status says what became of it; no content
   * makes this method throw. You may use `bytes` again afterwards. foca: `handle_data`.
   * @throws TypeError when `bytes` is not a Uint8Array, RangeError when `start` and `end` are not within it.
   */
  handleData(bytes: Uint8Array, start = 0, end = bytes?.length): Status {
    if (!(bytes instanceof Uint8Array)) throw new TypeError("handleData: expected a Uint8Array");
    const isWhole = start === 0 && end === bytes.length;
    // `>>> 0` leaves whole numbers from 0 as they are.
    if (!isWhole && !(start >>> 0 === start && end >>> 0 === end && start <= end && end <= bytes.length))
      throw outside("handleData", bytes, start, end);
    // As `enter` and `leave`, written out where most calls are.
    if (this.isBusy) this.enter("handleData");
    this.isBusy = true;
    let status: Status = Status.DataTooBig;
    const length = end - start;
    const inbox = this.inbox;
    const protocol = this.protocol;
    const env = protocol.knowledge.env;
    const metrics = env.metrics;
    try {
      metrics[Metric.BytesReceived] += length;
      if (length <= env.config.maxReceiveSize) status = inbox.check(bytes, start, end);
      if (status === Status.Ok) status = protocol.receive(inbox, bytes, end);
      else if (status === Status.NotForUs && env.config.answerFormer)
        answerFormer(protocol.connection, protocol.outbox, inbox, bytes);
      metrics[Metric.StatusOk + status]++;
    } finally {
      if (DEBUG || protocol.knowledge.members.order.hasNewDeadline) this.leave();
      else this.isBusy = false;
    }
    return status;
  }

  /**
   * Does whatever is due now. Call it when the time that was passed to `Runtime.submitAfter` is over. A call that comes
   * too early, too late or twice does no harm. foca: `handle_timer`.
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
   * Takes another identity: declares the previous one Down, and tells the cluster both. The `active` notification
   * tells when the node is connected again.
   * @throws SwimError `SameIdentity` when the node has it already, TypeError or RangeError when it is not a valid
   *   identity; then nothing has changed.
   */
  changeIdentity(identity: T): void {
    this.enter("changeIdentity");
    try {
      const knowledge = this.protocol.knowledge;
      const env = this.protocol.knowledge.env;
      const ref = this.encode("changeIdentity: ", identity);
      checkIdentityLength(ref.length, env.config);
      if (knowledge.self.is(ref)) {
        throw new SwimError("SameIdentity", "changeIdentity: the node has this identity already");
      }
      changeIdentity(this.protocol.connection, this.protocol.spreader, ref, knowledge.readClock());
    } finally {
      this.leave();
    }
  }

  /**
   * Lets a defunct node join again under the identity that it had; call `announce` afterwards. The others must have
   * forgotten it first (after `removeDownAfterMs`).
   * @throws SwimError `NotUndead` when this node is not defunct.
   */
  reuseDownIdentity(): void {
    this.enter("reuseDownIdentity");
    try {
      if (!this.isDefunct) throw new SwimError("NotUndead", "reuseDownIdentity: this node is not defunct");
      reuseIdentity(this.protocol.connection);
    } finally {
      this.leave();
    }
  }

  /** The canonical bytes of an identity that the program gave to the method that `where` names. */
  protected encode(where: string, identity: T): IdentityRef<T> {
    try {
      return this.protocol.knowledge.encode(identity);
    } catch (error) {
      throw about(where, error);
    }
  }

  protected enter(method: string): void {
    if (this.isBusy) {
      throw new SwimError(
        "Busy",
        method + ": called from inside a runtime method or handler; call it afterwards",
      );
    }
    this.isBusy = true;
  }

  /**
   * Ends a call, also one that was broken off: follows whether anybody is active, and asks the runtime for another
   * wake-up when the next deadline moved. What is thrown here leaves both to the next call.
   */
  protected leave(): void {
    const protocol = this.protocol;
    try {
      if (protocol.knowledge.members.order.hasNewDeadline) protocol.catchUp();
    } finally {
      this.isBusy = false;
      if (DEBUG) checkInvariants(protocol);
    }
  }
}
