import { Broadcasts } from "./broadcasts.js";
import { IdentityRef, State } from "./codec.js";
import type { Env } from "./env.js";
import { Farewells } from "./farewells.js";
import { isPromise, overdueMs, withoutPromise } from "./promise.js";
import { MAX_INCARNATION, overrides } from "./member.js";
import { Members } from "./members.js";
import { Metric } from "./metrics.js";
import type { SwimOptions } from "./options.js";
import { NONE } from "./order.js";
import { makePassing, pass } from "./passing.js";
import { Probe } from "./probe.js";
import { Ring } from "./ring.js";
import { Self } from "./self.js";
import { anyStranger } from "./strangers.js";
import { tellChange } from "./telling.js";
import { Updates } from "./updates.js";

// What `learn` found, the more urgent the larger: of all findings of a datagram the largest counts.
/** The member that somebody spoke of found no room. */
export const REFUSED = -1;
/** Nothing that asks us to act. */
export const NOTHING = 0;
/** Somebody suspects us, which any datagram of ours refutes. */
export const REFUTE = 1;
/** We were declared Down, which cannot be refuted. */
export const DEAD = 2;

/** One in so many places of a full table is for members that we were only told of. */
const STRANGERS = 4;

// What `hear` gives beside the slots of members.
/** The sender found no room in the table; it may be talked to. */
export const UNLISTED = NONE;
/** The sender is Down, or a newer identity has its address. */
export const INACTIVE = -1;

/**
 * What we know: members, ourselves, and what is still to be spread. It sends nothing: what somebody says changes it, and
 * the finding says what should be done about that.
 *
 * State is whole whenever a notification is called, so one that throws loses only what comes after it.
 */
export class Knowledge<T> {
  readonly env: Env<T>;
  readonly self: Self<T>;
  readonly members: Members<T>;
  readonly updates: Updates;
  readonly broadcasts: Broadcasts;
  readonly farewells = new Farewells();
  /** The probe that runs, here because it must hear of every slot whose identity changes or goes. */
  readonly probe = new Probe();
  readonly ring: Ring<T>;
  /** What is said of members that found no room; see passing.ts. */
  passing: Uint8Array | undefined = undefined;
  /** How often a member became active. */
  numJoined = 0;
  /** The slot of the member that we heard from last, or NONE; it may be active no more. */
  lastHeard = NONE;
  /** The slot of who sent the datagram that came last, or NONE: it found no room, or the program spoke last. */
  lastSender = NONE;
  /** Whether a suspicion ended in a death since `Connection` looked last. */
  hasDied = false;
  /** Whether there may be news that our successor has not heard from us. */
  owesSuccessor = false;
  /** Whether our successor may have just started, and know only those that the answer to its Announce named. */
  successorIsNew = false;

  /** The table's buffer has `sendSize` bytes for the datagram that is sent. */
  constructor(env: Env<T>, options: SwimOptions<T>, maxIdentityLength: number, sendSize: number) {
    const { identityType: type, codec } = options;
    const config = env.config;
    this.env = env;
    this.broadcasts = new Broadcasts(env.metrics);
    const bytes = new Uint8Array(maxIdentityLength);
    const length = type.schema.write(codec.dialect, options.identity, bytes, 0);
    this.members = new Members(
      type,
      codec,
      config.initialMembers,
      config.maxMembers,
      env.random,
      env.nowMs,
      length,
      maxIdentityLength,
      sendSize,
      (config.maxTransmissions + 1) * 2,
    );
    this.self = new Self(this.members, bytes, length);
    this.updates = new Updates(this.members);
    this.ring = new Ring(this.members, this.self);
  }

  /** The clock, from which the members' deadlines are never too far away for 32 bits. */
  readClock(): number {
    const nowMs = this.env.readClock();
    this.members.order.rebase(nowMs);
    return nowMs;
  }

  /** The canonical bytes of a value, in `ref` when it is one that this gave before. Allocates. */
  encode(
    identity: T,
    ref = new IdentityRef<T>(this.members, new Uint8Array(this.members.ownSize)),
  ): IdentityRef<T> {
    const schema = this.members.schema;
    const dialect = this.members.dialect;
    ref.set(ref.bytes, 0, schema.write(dialect, identity, ref.bytes, 0));
    return ref;
  }

  /** Takes in that somebody spoke of whom that was not known, at its own incarnation. Returns its slot, `UNLISTED` or `INACTIVE`. */
  hear(ref: IdentityRef<T>, incarnation: number): number {
    const members = this.members;
    const slot = members.find(ref);
    if (slot === NONE) return this.enter(ref, incarnation, State.Alive, true, true);
    if (members.isIdentity(slot, ref)) {
      this.amend(slot, incarnation, State.Alive, true);
      return members.isActive(slot) ? slot : INACTIVE;
    }
    if (members.wins(slot, ref)) return INACTIVE;
    return this.supplant(slot, ref, incarnation, State.Alive, true) ? slot : UNLISTED;
  }

  /** Notes that an active member has sent us a datagram itself. */
  noteHeard(slot: number): void {
    this.members.noteHeard(slot);
    if (this.ring.joined(slot)) this.owesSuccessor = true;
  }

  /**
   * Takes in what somebody says of any member, ourselves included, as far as it is news. `doBroadcast` tells whether to
   * spread it. Returns what we should do about it.
   */
  learn(ref: IdentityRef<T>, incarnation: number, state: State, doBroadcast: boolean): number {
    const { members, self } = this;
    // Most of what we hear is of a known identity, which is never our own.
    const slot = members.find(ref);
    if (slot !== NONE && members.isIdentity(slot, ref)) {
      this.amend(slot, incarnation, state, doBroadcast);
      if (state !== State.Down) this.repeatDown(slot);
      return NOTHING;
    }
    if (self.hasAddressOf(ref)) {
      if (self.is(ref)) return this.learnOfSelf(incarnation, state);
      // Somebody we were, or who was here before us: whatever is said of it, it is not here any more.
      incarnation = 0;
      state = State.Down;
    }
    if (slot === NONE)
      return this.enter(ref, incarnation, state, doBroadcast, false) === NONE ? REFUSED : NOTHING;
    if (!members.wins(slot, ref)) this.supplant(slot, ref, incarnation, state, doBroadcast);
    return NOTHING;
  }

  /** Has the update `bytes[start..end]` passed on, whose member found no room. */
  passOn(bytes: Uint8Array, start: number, end: number): void {
    if (this.passing === undefined) this.passing = makePassing(this.members.rowSize);
    pass(this.passing, bytes, start, end, this.env.nowMs);
    this.owesSuccessor = true;
  }

  /** Somebody takes this member for active. */
  hearOfActive(ref: IdentityRef<T>): void {
    const slot = this.members.find(ref);
    if (slot !== NONE && this.members.isIdentity(slot, ref)) this.repeatDown(slot);
  }

  /** Tells of a Down member once more, because somebody called it active. */
  private repeatDown(slot: number): void {
    if (!this.env.config.repeatDown || this.members.isActive(slot) || this.members.remaining(slot) > 0)
      return;
    this.updates.add(slot, 1);
  }

  private learnOfSelf(incarnation: number, state: State): number {
    if (state === State.Alive) return NOTHING;
    const self = this.self;
    const isSpent = self.incarnation === MAX_INCARNATION || incarnation === MAX_INCARNATION;
    if (state === State.Down || isSpent) return DEAD;
    if (incarnation >= self.incarnation) {
      self.incarnation = incarnation + 1;
      this.env.metrics[Metric.Refutations]++;
    }
    return REFUTE;
  }

  /** Makes a member Suspect at the incarnation at which it did not answer; false when it is no news. */
  suspect(slot: number, incarnation: number): boolean {
    const members = this.members;
    if (!overrides(State.Suspect, incarnation, members.state(slot), members.incarnation(slot))) return false;
    members.change(slot, incarnation, State.Suspect);
    this.spread(slot, true);
    return true;
  }

  /** Declares an active member Down, at the time that the clock was read last: it must have been in this call. */
  declareDown(slot: number, doBroadcast: boolean): void {
    const members = this.members;
    const forgetMs = this.env.nowMs + this.env.config.removeDownAfterMs;
    this.hasDied = true;
    members.change(slot, withoutPromise(members.incarnation(slot)), State.Down);
    this.settle(slot, State.Suspect, doBroadcast, forgetMs);
  }

  /** Does what is due for the Down member that is first to be forgotten. One that is asleep is overdue, and Down, from now on. */
  endOf(slot: number, nowMs: number): void {
    const { members } = this;
    const { runtime } = this.env;
    if (!members.isAsleep(slot)) return this.forget(slot);
    members.change(slot, 0, State.Down);
    members.order.setDeadline(slot, nowMs + this.env.config.removeDownAfterMs, true);
    if (runtime.memberOverdue) runtime.memberOverdue(members.value(slot));
  }

  /** Forgets a Down member. */
  forget(slot: number): void {
    this.release(slot);
    this.members.remove(slot);
  }

  /** Tells all who keep something of a slot that it is to be free. */
  private release(slot: number): void {
    if (slot === this.lastSender) this.lastSender = NONE;
    if (this.env.keeper !== undefined) this.env.keeper.forgotten(slot);
    this.probe.forget(slot);
    this.updates.remove(slot);
  }

  private amend(slot: number, incarnation: number, state: State, doBroadcast: boolean): void {
    const members = this.members;
    if (!overrides(state, incarnation, members.state(slot), members.incarnation(slot))) return;
    const forgetMs = this.forgetMs(incarnation, state);
    const before = members.state(slot);
    if (state === State.Down && before === State.Suspect && !isPromise(incarnation)) this.hasDied = true;
    members.change(slot, incarnation, state);
    this.settle(slot, before, doBroadcast, forgetMs);
  }

  /** Enters a member whose address is new, and who speaks itself or is told of. Returns its slot, or NONE when it found no room. */
  private enter(
    ref: IdentityRef<T>,
    incarnation: number,
    state: State,
    doBroadcast: boolean,
    speaks: boolean,
  ): number {
    const members = this.members;
    if (ref.length > this.env.config.maxIdentityLength || !this.makeRoom(ref, state, speaks)) {
      this.refuse(ref, state);
      return NONE;
    }
    const forgetMs = this.forgetMs(incarnation, state);
    const slot = members.insert(ref, incarnation, state);
    ref.sight = slot;
    this.settle(slot, State.Down, doBroadcast, forgetMs);
    return slot;
  }

  /** Puts a newer identity in the place of the one that holds its address; false when it is refused. */
  private supplant(
    slot: number,
    ref: IdentityRef<T>,
    incarnation: number,
    state: State,
    doBroadcast: boolean,
  ): boolean {
    const { members, env } = this;
    if (ref.length > env.config.maxIdentityLength) {
      this.refuse(ref, state);
      return false;
    }
    const runtime = env.runtime;
    const was = members.state(slot);
    const wasAsleep = members.isAsleep(slot);
    const former = runtime.rename ? members.value(slot) : undefined;
    const forgetMs = this.forgetMs(incarnation, state);
    this.probe.forget(slot);
    if (slot === this.ring.successor) this.successorIsNew = true;
    // Of this life we were only told.
    if (members.wasHeard(slot)) this.ring.left(slot);
    members.replace(slot, ref, incarnation, state);
    if (env.keeper !== undefined) env.keeper.renamed(slot);
    ref.sight = slot;
    // It is awake for a short time, in which not all need to ask whether it is there.
    if (wasAsleep && members.state(slot) === State.Alive) members.order.passOver(slot, env.nowMs);
    this.record(slot, was, doBroadcast, forgetMs);
    try {
      if (runtime.rename) runtime.rename(former as T, members.value(slot));
    } finally {
      // A suspicion was of the life before.
      const before = was === State.Suspect && state !== State.Down ? State.Alive : was;
      tellChange(this, slot, before);
    }
    return true;
  }

  /**
   * Finds room for a member that is new, if need be by forgetting others. With `preferHeard`, who speaks itself takes the place
   * of somebody that we were only told of; and so do others, when those fill a quarter of the table. Our successor has a place.
   */
  private makeRoom(ref: IdentityRef<T>, state: State, speaks: boolean): boolean {
    const { members } = this;
    const { order } = members;
    let excess = members.length + 1 - members.maxMembers;
    if (excess <= 0) return true;
    if (state === State.Down) return false;
    let mayGo = 0;
    let kept = NONE;
    if (this.env.config.preferHeard) {
      const numStrangers = order.numActive - order.numHeard;
      const isNext = this.ring.wants(ref, speaks);
      if (speaks || isNext || numStrangers * STRANGERS >= members.maxMembers) mayGo = numStrangers;
      if (isNext && speaks && excess === 1 && order.numDown + mayGo === 0) {
        this.evict(this.ring.heardSuccessor);
        return true;
      }
      if (mayGo > 1 && (speaks || !isNext)) {
        kept = this.ring.successor;
        if (!members.wasHeard(kept)) mayGo--;
      }
    }
    if (excess > order.numDown + mayGo) return false;
    for (; excess > 0; excess--) {
      let down = 0;
      while (mayGo <= 0 && down < order.numDown - 1 && members.isAsleep(order.downAt(down))) down++;
      this.evict(mayGo-- > 0 ? anyStranger(members, this.env.random, kept) : order.downAt(down));
    }
    return true;
  }

  /** Forgets a member to make room, and tells nobody but the program, unless that takes it for Down. */
  private evict(slot: number): void {
    const members = this.members;
    const runtime = this.env.runtime;
    const isActive = members.isActive(slot);
    const isMissed = runtime.memberDown !== undefined && (isActive || members.isAsleep(slot));
    const value = isMissed ? members.value(slot) : undefined;
    this.env.metrics[Metric.EvictedMembers]++;
    this.release(slot);
    if (isActive) {
      this.ring.left(slot);
      members.dismiss(slot);
    } else members.remove(slot);
    if (isMissed && runtime.memberDown) runtime.memberDown(value as T);
  }

  /** Counts a member that finds no room, and notifies of it unless it is Down, since nobody misses it then. */
  private refuse(ref: IdentityRef<T>, state: State): void {
    const { metrics, runtime } = this.env;
    metrics[Metric.RefusedMembers]++;
    if (runtime.memberRefused && state !== State.Down) runtime.memberRefused(ref.value);
  }

  /** When a member that has this state from now on is to be forgotten, or overdue. */
  private forgetMs(incarnation: number, state: State): number {
    if (state !== State.Down) return Infinity;
    const waitMs = isPromise(incarnation) ? overdueMs(incarnation) : this.env.config.removeDownAfterMs;
    return this.readClock() + waitMs;
  }

  /** Follows a member's new state with all that depends on it, and notifies. One that is new here was Down before. */
  private settle(slot: number, before: State, doBroadcast: boolean, forgetMs: number): void {
    this.record(slot, before, doBroadcast, forgetMs);
    tellChange(this, slot, before);
  }

  private record(slot: number, before: State, doBroadcast: boolean, forgetMs: number): void {
    const members = this.members;
    const wasActive = before !== State.Down;
    const isActive = members.isActive(slot);
    this.spread(slot, doBroadcast);
    if (isActive !== wasActive && this.env.keeper !== undefined) this.env.keeper.stateChanged();
    if (isActive && !wasActive) {
      this.numJoined++;
      if (this.ring.joined(slot)) this.owesSuccessor = this.successorIsNew = true;
    }
    if (isActive) return;
    if (wasActive) this.ring.left(slot);
    members.order.setDeadline(slot, forgetMs, true);
    // The echo of a farewell of ours, which the table spreads from now on: once is enough.
    if (doBroadcast && this.farewells.length > 0)
      this.farewells.remove(members.bytes, members.identityAt(slot), members.identityLength(slot));
  }

  /**
   * Queues a member's new state. An older update of it must not stay in the queue, because an update is the member's
   * state when it is sent.
   */
  private spread(slot: number, doBroadcast: boolean): void {
    if (!doBroadcast) return this.updates.remove(slot);
    this.updates.add(slot, this.env.config.maxTransmissions);
    this.owesSuccessor = true;
  }
}
