import { MessageKind } from "./codec.js";
import type { Keeper } from "./keeper.js";
import { NONE } from "./order.js";
import { ALL, type Outbox } from "./outbox.js";
import { QUEUED } from "./passing.js";
import { uniform } from "./random.js";
import { Walk } from "./walk.js";
import { areStrange } from "./strangers.js";

/** Turns without news after which a rush of joins is over: a list sent sooner would lack who joins last. */
const QUIET_TURNS = 5;
/** Turns without news after which no list is to be expected any more. */
const PATIENT_TURNS = 10;
/** Members that must have joined for a list to be worth sending: so many, and one in so many of all. */
const RUSH = 4;

/** Members that are asked for a Feed when nobody sent a list: some name a part only. */
const ASKED_FOR_LIST = 5;

/** Members that must have been heard before the successor among them is given the news, too. */
const HEARD_FOR_RING = 16;

/** Chooses to whom a message goes that is not an answer, and sends it. */
export class Spreader<T> {
  /** For all random samples: no two are ever drawn at once. */
  readonly walk = new Walk();
  private readonly outbox: Outbox<T>;
  /** Turns of the periodic gossip since there was news last. */
  quietTurns = 0;
  /** How far the list is sent. */
  private readonly list = new Walk();
  /** `numJoined` of `Knowledge` when we last began to send a list, and when we were last sent one. */
  private joinedAtList = 0;
  joinedAtFeed = 0;
  /** Whether a rush of joins is over in which we may have missed somebody. */
  private wantsList = false;

  constructor(outbox: Outbox<T>) {
    this.outbox = outbox;
  }

  /** Sends news, or at least a sign of life, to `numIndirectProbes` random active members. */
  gossip(): void {
    this.sendToActive(MessageKind.Gossip, this.outbox.knowledge.env.config.numIndirectProbes, NONE, ALL);
  }

  /**
   * Tells three active members that we nap, first such that we have heard since we woke: others may be asleep themselves, and
   * foca's nodes do not tell who is.
   */
  sayNap(): void {
    this.sendToActive(MessageKind.Gossip, 3, NONE, ALL, true);
  }

  /** Announces to at most `wanted` random active members. */
  announce(wanted: number): void {
    this.sendToActive(MessageKind.Announce, wanted, NONE, ALL);
  }

  /**
   * Sends `kind` to at most `wanted` random active members, each once, but not to the slot `without`. Those that we have heard
   * come first where we were only told of most, or else when `isSure`.
   */
  private sendToActive(
    kind: MessageKind,
    wanted: number,
    without: number,
    most: number,
    isSure = false,
  ): void {
    const walk = this.walk;
    const outbox = this.outbox;
    const knowledge = outbox.knowledge;
    const members = knowledge.members;
    const order = members.order;
    const isHeardFirst = isSure || (knowledge.env.config.preferHeard && areStrange(members));
    for (let turn = isHeardFirst ? 0 : 1; turn < 2 && wanted > 0; turn++) {
      walk.start(order.numActive, knowledge.env.random);
      while (wanted > 0) {
        const position = walk.next();
        if (position < 0) break;
        const slot = order.activeAt(position);
        if (slot === without || (isHeardFirst && members.wasHeard(slot) !== (turn === 0))) continue;
        outbox.sendToMember(kind, 0, slot, knowledge.self.ref, most);
        wanted--;
      }
    }
  }

  /**
   * Asks `numIndirectProbes` random active members to ping the slot `target` for us, and with `holdWhenDeaf` to answer a Ping
   * themselves, from which we know whether we hear.
   */
  askHelpers(target: number): void {
    const walk = this.walk;
    const outbox = this.outbox;
    const knowledge = outbox.knowledge;
    const order = knowledge.members.order;
    const probe = knowledge.probe;
    const config = knowledge.env.config;
    const members = knowledge.members;
    const last = knowledge.lastHeard;
    // Where most are gone, chance would not find the one that can say that we hear.
    const isLastAsked = config.holdWhenDeaf && last !== NONE && last !== target && members.wasHeard(last);
    if (isLastAsked) this.askHelper(last, target);
    for (let turn = config.preferHeard ? 0 : 1; turn < 2; turn++) {
      walk.start(order.numActive, knowledge.env.random);
      while (probe.numHelpers < config.numIndirectProbes) {
        const position = walk.next();
        if (position < 0) break;
        const helper = order.activeAt(position);
        if (helper === target || (isLastAsked && helper === last)) continue;
        // Who is suspected, or whom we only know from others, may not be there to help.
        const isSure = position >= order.numSuspect && members.wasHeard(helper);
        if (!config.preferHeard || isSure === (turn === 0)) this.askHelper(helper, target);
      }
    }
  }

  private askHelper(helper: number, target: number): void {
    const outbox = this.outbox;
    const knowledge = outbox.knowledge;
    const probe = knowledge.probe;
    const subject = outbox.subject;
    probe.helpers[probe.numHelpers++] = helper;
    knowledge.members.refer(target, subject);
    outbox.sendToMember(MessageKind.PingReq, probe.number, helper, subject, outbox.heldBack);
    // After the question: when the helper knows better, the answer to this tells so.
    if (knowledge.env.config.holdWhenDeaf)
      outbox.sendToMember(MessageKind.Ping, probe.number, helper, knowledge.self.ref, outbox.heldBack);
  }

  /** Sends news, if there is any, to `wanted` active members: to our successor first, when it may not know. */
  gossipPeriodically(wanted: number): void {
    const knowledge = this.outbox.knowledge;
    const outbox = this.outbox;
    const config = knowledge.env.config;
    const passing = knowledge.passing;
    const isPassing = passing !== undefined && passing[QUEUED] > 0;
    if (
      knowledge.updates.length + knowledge.broadcasts.length + knowledge.farewells.length === 0 &&
      !isPassing
    ) {
      this.quietTurns++;
      if (!config.listToSuccessor) return;
      this.sendList();
      // A rush is over, and nobody sent us a list. That is so where our predecessor is a node of foca's, or has no room for all:
      // random members are asked whom they know.
      if (this.wantsList && this.quietTurns >= PATIENT_TURNS) {
        this.wantsList = false;
        if (knowledge.numJoined !== this.joinedAtFeed) this.announce(ASKED_FOR_LIST);
      }
      return;
    }
    this.quietTurns = 0;
    const successor = config.gossipToSuccessor && knowledge.owesSuccessor ? knowledge.ring.successor : NONE;
    if (successor !== NONE) {
      outbox.sendToMember(MessageKind.Gossip, 0, successor, knowledge.self.ref, ALL);
      // Until so many were heard, the cluster has just begun, and they are few who would get all news.
      const knowsMany = config.preferHeard && knowledge.members.order.numHeard >= HEARD_FOR_RING;
      const heard = knowsMany ? knowledge.ring.heardSuccessor : NONE;
      if (heard !== NONE && heard !== successor) {
        outbox.sendToMember(MessageKind.Gossip, 0, heard, knowledge.self.ref, ALL);
        wanted--;
      }
      knowledge.owesSuccessor =
        knowledge.updates.hasUnsent(config.maxTransmissions) ||
        knowledge.broadcasts.hasUnsent(config.maxTransmissions);
      wanted--;
    }
    this.sendToActive(MessageKind.Gossip, wanted, successor, outbox.heldBack);
  }

  /**
   * Sends our successor the list of all active members, a datagram at a time: after many have joined, and when it is new and the
   * list takes several.
   */
  private sendList(): void {
    const knowledge = this.outbox.knowledge;
    const members = knowledge.members;
    const ring = knowledge.ring;
    const numJoined = knowledge.numJoined;
    if (this.list.left === 0) {
      const newcomers = numJoined - this.joinedAtList;
      const isRush = newcomers >= RUSH && newcomers * RUSH >= members.order.numActive;
      if (!(isRush || knowledge.successorIsNew) || this.quietTurns < QUIET_TURNS) return;
      knowledge.successorIsNew = false;
      if (isRush) {
        this.joinedAtList = numJoined;
        this.wantsList = true;
      } else if (members.order.numActive * members.rowSize <= members.datagram.length) return;
      // It would not be a list of all.
      if (members.length >= members.maxMembers) return;
      // By slot, because their order changes between one datagram and the next.
      this.list.start(members.capacity, knowledge.env.random);
    }
    const successor = ring.successor;
    if (successor === NONE) return;
    members.refer(successor, this.outbox.member);
    this.outbox.sendFeed(this.outbox.member, this.list, true);
  }

  /** Announces to at most `wanted` random Down members, each once; never to who had our address. */
  announceToDown(wanted: number): void {
    const walk = this.walk;
    const outbox = this.outbox;
    const knowledge = this.outbox.knowledge;
    const members = knowledge.members;
    const self = knowledge.self;
    const order = members.order;
    const holder = members.find(self.ref);
    walk.start(order.numDown, knowledge.env.random);
    for (let i = 0; i < wanted;) {
      const position = walk.next();
      if (position < 0) return;
      const slot = order.downAt(position);
      // Who sleeps does not hear it, and comes back by itself.
      if (slot === holder || members.isAsleep(slot)) continue;
      outbox.sendToMember(MessageKind.Announce, 0, slot, self.ref, ALL);
      i++;
    }
  }

  /** Has the keeper ask a random active member. */
  ask(keeper: Keeper<T>): void {
    const outbox = this.outbox;
    const { members, env } = outbox.knowledge;
    if (members.order.numActive === 0) return;
    members.refer(members.order.activeAt(uniform(env.random, members.order.numActive)), outbox.member);
    const at = outbox.beginItems(outbox.member);
    outbox.at = keeper.addItems(outbox.member, members.bytes, at, outbox.end);
    if (outbox.at > at) outbox.finish(outbox.member);
  }

  /** Sends the custom broadcasts alone to random active members that want them, while there are any. */
  broadcast(): void {
    const walk = this.walk;
    const outbox = this.outbox;
    const knowledge = this.outbox.knowledge;
    const order = knowledge.members.order;
    walk.start(order.numActive, knowledge.env.random);
    for (let i = 0; i < knowledge.env.config.numIndirectProbes && knowledge.broadcasts.length > 0;) {
      const position = walk.next();
      if (position < 0) return;
      if (outbox.sendBroadcasts(order.activeAt(position))) i++;
    }
  }
}
