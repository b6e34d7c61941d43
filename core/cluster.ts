import type { Broadcasts, BroadcastHandler } from "./broadcasts.js";
import { MessageKind, State, type Header, type IdentityRef } from "./codec.js";
import type { Config } from "./config.js";
import { Deadline, DEADLINE_BYTES, Deadlines } from "./deadlines.js";
import { MAX_INCARNATION, overrides } from "./member.js";
import { Members } from "./members.js";
import { METRIC_COUNT, Metric } from "./metrics.js";
import { NONE } from "./order.js";
import { Outbox } from "./outbox.js";
import { Probe } from "./probe.js";
import type { Runtime } from "./runtime.js";
import { Self } from "./self.js";
import { Spreader } from "./spreader.js";
import type { Updates } from "./updates.js";
import { Walk } from "./walk.js";
import type { SwimOptions } from "./options.js";

/** Our connection: we know nobody active; we do, and probe; we were declared Down, or left. */
const DISCONNECTED = 0;
const CONNECTED = 1;
const DEFUNCT = 2;

/**
 * What we hold of the cluster and how it changes: members, ourselves, our connection, and what is to be spread.
 * `Swim` calls this in the order that a datagram or a deadline asks for; `Detector` adds the probing.
 */
export class Cluster<T> {
  readonly self: Self<T>;
  readonly members: Members<T>;
  readonly outbox: Outbox<T>;
  readonly spreader: Spreader<T>;
  readonly probe = new Probe();
  readonly deadlines: Deadlines;
  /** For all samples: no two are ever drawn at once. */
  readonly walk = new Walk();
  readonly metrics: Uint32Array;
  readonly runtime: Runtime<T>;
  config: Config;
  /** The slot of the member that `apply` was about last; NONE when it found no room. */
  appliedSlot = NONE;
  readonly handler: BroadcastHandler<T> | undefined;
  private connection = DISCONNECTED;
  private lastNowMs: number;

  constructor(options: SwimOptions<T>, config: Config, maxIdentityLength: number) {
    // One buffer for both: one of its own costs an array 56 bytes more on XS.
    const buffer = new ArrayBuffer(DEADLINE_BYTES + METRIC_COUNT * 4);
    this.deadlines = new Deadlines(buffer, 0);
    this.metrics = new Uint32Array(buffer, DEADLINE_BYTES);
    const { identityType: type, codec } = options;
    this.config = config;
    this.runtime = options.runtime;
    this.handler = options.broadcastHandler;
    this.lastNowMs = this.runtime.now();
    this.self = new Self(options.identity, type, codec.dialect, maxIdentityLength);
    this.members = new Members(
      type,
      codec.dialect,
      config.initialMembers,
      config.maxMembers,
      options.random,
      this.lastNowMs,
    );
    this.outbox = new Outbox(this, options, config);
    this.spreader = new Spreader(this.self, this.members, this.outbox, options.random, this.walk);
  }

  get updates(): Updates {
    return this.outbox.updates;
  }

  get broadcasts(): Broadcasts {
    return this.outbox.broadcasts;
  }

  get isConnected(): boolean {
    return this.connection === CONNECTED;
  }

  get isDefunct(): boolean {
    return this.connection === DEFUNCT;
  }

  /** The runtime's clock, held back when it goes backwards. */
  readClock(): number {
    const nowMs = this.runtime.now();
    if (nowMs > this.lastNowMs) this.lastNowMs = nowMs;
    this.members.order.rebase(this.lastNowMs);
    return this.lastNowMs;
  }

  /** Whether the runtime must be asked to wake us at `deadlines.wakeMs`. */
  moveWake(): boolean {
    if (!this.deadlines.isMoved && !this.members.order.isMoved) return false;
    this.deadlines.follow(this.members.order);
    return this.deadlines.moveWake();
  }

  /** What is due at `nowMs`, the oldest first. */
  nextDue(nowMs: number): number {
    this.deadlines.follow(this.members.order);
    return this.deadlines.due(nowMs);
  }

  setConfig(config: Config): void {
    this.config = config;
    this.members.maxMembers = config.maxMembers;
    this.probe.setMaxHelpers(config.numIndirectProbes);
    this.outbox.setConfig(config);
  }

  /** Takes in what somebody says of any member, ourselves included. */
  learn(ref: IdentityRef<T>, incarnation: number, state: State, doBroadcast: boolean): void {
    // Most of what we hear is of a known identity, which is never our own.
    const slot = this.members.find(ref);
    if (slot !== NONE && this.members.isIdentity(slot, ref)) {
      this.applyKnown(slot, incarnation, state, doBroadcast);
    } else if (!this.self.hasAddressOf(ref)) {
      this.applyAt(slot, ref, incarnation, state, doBroadcast);
    } else if (this.self.is(ref)) {
      this.learnOfSelf(incarnation, state);
    } else {
      // Somebody we were, or who was here before us: whatever is said of it is stale.
      this.applyAt(slot, ref, 0, State.Down, doBroadcast);
    }
  }

  /**
   * Takes in what is said of another member, as far as it is news. Returns whether that very identity may be
   * talked to: it is active, or was refused for want of room; not when a newer one holds its address.
   */
  apply(ref: IdentityRef<T>, incarnation: number, state: State, doBroadcast: boolean): boolean {
    return this.applyAt(this.members.find(ref), ref, incarnation, state, doBroadcast);
  }

  /** The same for the slot that `Members.find` just gave. */
  private applyAt(
    slot: number,
    ref: IdentityRef<T>,
    incarnation: number,
    state: State,
    doBroadcast: boolean,
  ): boolean {
    const members = this.members;
    this.appliedSlot = slot;
    if (slot === NONE) return this.enroll(ref, incarnation, state, doBroadcast);
    if (!members.isIdentity(slot, ref)) {
      if (members.wins(slot, ref)) return false;
      this.replace(slot, ref, incarnation, state, doBroadcast);
      return members.isActive(slot);
    }
    return this.applyKnown(slot, incarnation, state, doBroadcast);
  }

  /** Takes in what is said of a known identity; returns whether it is active. */
  private applyKnown(slot: number, incarnation: number, state: State, doBroadcast: boolean): boolean {
    const members = this.members;
    const wasActive = members.isActive(slot);
    if (!overrides(state, incarnation, members.state(slot), members.incarnation(slot))) return wasActive;
    members.change(slot, incarnation, state);
    this.changed(slot, doBroadcast);
    this.notifyActivity(slot, wasActive);
    return state !== State.Down;
  }

  /** Enters a member whose address is new. */
  private enroll(ref: IdentityRef<T>, incarnation: number, state: State, doBroadcast: boolean): boolean {
    const members = this.members;
    if (members.isFull && state !== State.Down && members.order.numDown > 0) {
      this.metrics[Metric.EvictedMembers]++;
      this.forget(members.order.downAt(0));
    }
    if (members.isFull) {
      this.metrics[Metric.RefusedMembers]++;
      if (this.runtime.memberRefused) this.runtime.memberRefused(ref.value);
      return state !== State.Down;
    }
    const slot = members.insert(ref, incarnation, state);
    this.appliedSlot = slot;
    this.changed(slot, doBroadcast);
    this.notifyActivity(slot, false);
    return state !== State.Down;
  }

  /** Puts a newer identity in the place of the one that holds its address. */
  private replace(
    slot: number,
    ref: IdentityRef<T>,
    incarnation: number,
    state: State,
    doBroadcast: boolean,
  ): void {
    const wasActive = this.members.isActive(slot);
    const before = this.runtime.rename ? this.members.value(slot) : undefined;
    this.probe.forget(slot);
    this.members.replace(slot, ref, incarnation, state);
    this.changed(slot, doBroadcast);
    if (this.runtime.rename) this.runtime.rename(before as T, this.members.value(slot));
    this.notifyActivity(slot, wasActive);
  }

  /** Queues a changed member for spreading; a Down one is to be forgotten in time. */
  changed(slot: number, doBroadcast: boolean): void {
    const { members, self } = this;
    if (doBroadcast) {
      this.updates.add(slot, this.config.maxTransmissions);
      this.spreader.owesSuccessor = true;
    } else {
      this.updates.remove(slot);
    }
    if (members.isActive(slot)) return;
    // The echo of our farewell, which the table spreads now: once is enough.
    if (
      doBroadcast &&
      self.isFarewell(members.rows, members.identityAt(slot), members.identityLength(slot))
    ) {
      self.farewellRemaining = 0;
    }
    members.order.setDeadline(slot, this.readClock() + this.config.removeDownAfterMs, true);
  }

  /** Notifies of a member that went up or down. */
  notifyActivity(slot: number, wasActive: boolean): void {
    const isActive = this.members.isActive(slot);
    if (isActive === wasActive) return;
    if (isActive) {
      this.spreader.joined(slot);
      if (this.runtime.memberUp) this.runtime.memberUp(this.members.value(slot));
    } else {
      this.spreader.ring.left(slot);
      if (this.runtime.memberDown) this.runtime.memberDown(this.members.value(slot));
    }
  }

  /** Notes that an active member spoke to us. The clock is as fine as our timers: that is enough here. */
  heardFrom(slot: number): void {
    this.members.order.passOver(slot, this.lastNowMs);
  }

  /** Forgets a Down member. */
  forget(slot: number): void {
    this.probe.forget(slot);
    this.updates.remove(slot);
    this.members.remove(slot);
  }

  /** Follows the number of active members with our connection. */
  adjustConnection(): void {
    const isAlone = this.members.order.numActive === 0;
    if (this.connection === DISCONNECTED && !isAlone) this.becomeConnected();
    else if (this.connection === CONNECTED && isAlone) this.disconnect(DISCONNECTED);
    if (this.connection === DISCONNECTED) this.planAnnounceToDown();
  }

  /** Plans to announce to Down members, when alone too: nobody else may be there to begin. */
  private planAnnounceToDown(): void {
    const task = this.config.periodicAnnounceToDownMembers;
    if (task === null || (this.connection === DISCONNECTED && this.members.order.numDown === 0)) return;
    if (this.deadlines.get(Deadline.PeriodicAnnounceToDown) !== Infinity) return;
    this.deadlines.set(Deadline.PeriodicAnnounceToDown, this.readClock() + task.frequencyMs);
  }

  private becomeConnected(): void {
    const config = this.config;
    const nowMs = this.readClock();
    this.connection = CONNECTED;
    this.deadlines.set(Deadline.Probe, nowMs + config.probePeriodMs);
    if (config.periodicAnnounce !== null) {
      this.deadlines.set(Deadline.PeriodicAnnounce, nowMs + config.periodicAnnounce.frequencyMs);
    }
    this.planAnnounceToDown();
    if (config.periodicGossip !== null) {
      this.deadlines.set(Deadline.PeriodicGossip, nowMs + config.periodicGossip.frequencyMs);
    }
    if (this.runtime.active) this.runtime.active();
  }

  private disconnect(connection: number): void {
    const before = this.connection;
    this.connection = connection;
    this.voidDeadlines();
    if (connection === DISCONNECTED && this.runtime.idle) this.runtime.idle();
    if (connection === DEFUNCT && before !== DEFUNCT && this.runtime.defunct) this.runtime.defunct();
  }

  /** Starts over under the identity we have: nothing is pending, and the next news connects us again. */
  reset(): void {
    this.connection = DISCONNECTED;
    this.self.incarnation = 0;
    this.voidDeadlines();
    this.planAnnounceToDown();
    // Should nobody have heard of our new identity, we must be the one to speak.
    const announce = this.config.periodicAnnounce;
    if (announce === null || this.members.order.numActive === 0) return;
    this.deadlines.set(Deadline.PeriodicAnnounce, this.readClock() + announce.frequencyMs);
  }

  private voidDeadlines(): void {
    this.probe.clear();
    this.deadlines.clear();
    this.members.order.clearSuspicions();
  }

  /** Declares ourselves Down, tells the cluster, and is defunct. */
  leave(): void {
    this.self.sayFarewell(this.config.maxTransmissions);
    this.gossip();
    this.disconnect(DEFUNCT);
  }

  /** Takes another identity; the previous one is declared Down unless it is already. */
  changeIdentity(ref: IdentityRef<T>): void {
    if (this.connection !== DEFUNCT) this.self.sayFarewell(this.config.maxTransmissions);
    this.self.become(ref.bytes, ref.length);
    this.spreader.ring.moved();
    this.reset();
    const slot = this.members.find(ref);
    // Whoever had our new address before us is not there any more.
    if (slot !== NONE && this.members.isActive(slot)) {
      this.members.change(slot, this.members.incarnation(slot), State.Down);
      this.changed(slot, false);
      this.notifyActivity(slot, true);
    }
    if (slot !== NONE && this.members.isIdentity(slot, ref)) this.forget(slot);
    this.gossip();
  }

  private learnOfSelf(incarnation: number, state: State): void {
    if (state === State.Alive) return;
    if (state === State.Down) return this.learnOfOurDeath();
    const known = this.self.incarnation;
    if (known === MAX_INCARNATION || incarnation === MAX_INCARNATION) return this.learnOfOurDeath();
    if (incarnation >= known) {
      this.self.incarnation = incarnation + 1;
      this.metrics[Metric.Refutations]++;
    }
    // Our incarnation is in every header: any datagram refutes the suspicion.
    this.gossip();
  }

  /** Down cannot be refuted: we come back under a renewed identity, or are defunct. */
  learnOfOurDeath(): void {
    // Who left hears of it once more from the others, and stays away.
    if (this.connection === DEFUNCT) return;
    const type = this.self.type;
    const renewed = type.renew(this.self.identity);
    if (renewed !== undefined) {
      const ref = this.outbox.encode(renewed);
      if (!this.self.is(ref) && type.wins(this.self.dialect, ref.bytes, ref.at, this.self.bytes, 0)) {
        this.changeIdentity(ref);
        this.metrics[Metric.Rejoins]++;
        if (this.runtime.rejoin) this.runtime.rejoin(this.self.identity);
        return;
      }
    }
    this.disconnect(DEFUNCT);
  }

  /** Answers a sender that we hold Down, or whose address a newer identity has. */
  answerInactive(header: Header<T>): void {
    const isTurnUndead = header.kind === MessageKind.TurnUndead;
    // Two that hold each other Down and cannot renew would otherwise tell each other so for ever.
    const wasDefunct = this.isDefunct;
    if (isTurnUndead) this.learnOfOurDeath();
    if (!this.config.notifyDownMembers || (isTurnUndead && wasDefunct)) return;
    this.outbox.to(header.source);
    this.outbox.send(MessageKind.TurnUndead, 0);
  }

  /** Sends a Gossip to `numIndirectProbes` random active members. */
  gossip(): void {
    const outbox = this.outbox;
    const mostRemaining = outbox.mostRemaining;
    outbox.mostRemaining = 255;
    this.spreader.sendToActive(MessageKind.Gossip, this.config.numIndirectProbes);
    outbox.mostRemaining = mostRemaining;
  }

  /** Hands a broadcast to the handler and queues it when it is news; returns whether it is. May throw. */
  offerBroadcast(bytes: Uint8Array, start: number, end: number, sender: IdentityRef<T> | undefined): boolean {
    const handler = this.handler;
    if (handler === undefined) throw new TypeError("addBroadcast: no broadcastHandler was given to Swim");
    const key = handler.receiveItemAt
      ? handler.receiveItemAt(bytes, start, end, sender)
      : // eslint-disable-next-line no-restricted-syntax -- news, or its repetition; receiveItemAt makes no object
        handler.receiveItem(bytes.subarray(start, end), sender === undefined ? undefined : sender.value);
    if (key === null || key === undefined) return false;
    const { maxTransmissions, maxBroadcasts, maxBroadcastBytes } = this.config;
    const most = end - start > this.outbox.maxBroadcastLength ? 0 : maxBroadcastBytes;
    const dropped = this.broadcasts.add(key, bytes, start, end, maxTransmissions, maxBroadcasts, most);
    this.metrics[Metric.DroppedBroadcasts] += dropped;
    this.spreader.owesSuccessor = true;
    return true;
  }
}
