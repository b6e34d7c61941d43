import { MessageKind } from "./codec.js";
import type { Config } from "./config.js";
import type { Members } from "./members.js";
import { NONE } from "./order.js";
import type { Outbox } from "./outbox.js";
import type { Random } from "./random.js";
import { Ring } from "./ring.js";
import type { Self } from "./self.js";
import { Walk } from "./walk.js";

/** Turns without news after which a rush of joins is over: a list sent sooner would lack who joins last. */
const QUIET_TURNS = 5;
/** Turns without news after which no list is to be expected any more. */
const PATIENT_TURNS = 10;

/** Chooses to whom a message goes that is not an answer. */
export class Spreader<T> {
  readonly ring: Ring<T>;
  /** Whether there may be news that our successor has not heard from us. */
  owesSuccessor = false;
  /** Whether members became active since we were last sent a list. */
  private lacksList = false;
  /** Whether a rush of joins is over in which we may have missed somebody. */
  private wantsList = false;
  /** Members that became active since we last sent a list. */
  private newcomers = 0;
  private readonly self: Self<T>;
  private readonly members: Members<T>;
  private readonly outbox: Outbox<T>;
  private readonly random: Random;
  private readonly walk: Walk;
  /** Turns of the periodic gossip since there was news last. */
  private quietTurns = 0;
  /** How far the list is sent. */
  private readonly list = new Walk();

  constructor(self: Self<T>, members: Members<T>, outbox: Outbox<T>, random: Random, walk: Walk) {
    this.self = self;
    this.members = members;
    this.outbox = outbox;
    this.random = random;
    this.walk = walk;
    this.ring = new Ring(members, self);
  }

  /** A member became active. */
  joined(slot: number): void {
    this.newcomers++;
    this.lacksList = true;
    if (this.ring.joined(slot)) this.owesSuccessor = true;
  }

  /** A Feed came in. In the rush itself it answers our own Announce, and tells of nobody who came later. */
  heardFeed(): void {
    if (this.quietTurns > 0) this.lacksList = false;
  }

  /** Sends `kind` to at most `wanted` random active members, each once. */
  sendToActive(kind: MessageKind, wanted: number): void {
    this.sendToOthers(kind, wanted, NONE);
  }

  /** Sends `kind` to at most `wanted` random active members but one, each once. */
  private sendToOthers(kind: MessageKind, wanted: number, without: number): void {
    const order = this.members.order;
    this.walk.start(order.numActive, this.random);
    for (let i = 0; i < wanted;) {
      const position = this.walk.next();
      if (position < 0) return;
      const slot = order.activeAt(position);
      if (slot === without) continue;
      this.outbox.toMember(slot);
      this.outbox.send(kind, 0);
      i++;
    }
  }

  /** Sends news, if there is any, to `wanted` active members: to our successor first, when it may not know. */
  gossipPeriodically(wanted: number, config: Config): void {
    if (!this.outbox.hasNews) {
      this.quietTurns++;
      if (config.listToSuccessor) {
        this.sendList();
        this.askForList();
      }
      return;
    }
    this.quietTurns = 0;
    const successor = config.gossipToSuccessor && this.owesSuccessor ? this.ring.successor : NONE;
    if (successor === NONE) return this.sendToActive(MessageKind.Gossip, wanted);
    const mostRemaining = this.outbox.mostRemaining;
    this.outbox.mostRemaining = 255;
    this.outbox.toMember(successor);
    this.outbox.send(MessageKind.Gossip, 0);
    this.outbox.mostRemaining = mostRemaining;
    this.owesSuccessor =
      this.outbox.updates.hasUnsent(config.maxTransmissions) ||
      this.outbox.broadcasts.hasUnsent(config.maxTransmissions);
    this.sendToOthers(MessageKind.Gossip, wanted - 1, successor);
  }

  /** Sends our successor the list of all active members, a datagram at a time, after many have joined. */
  private sendList(): void {
    const numActive = this.members.order.numActive;
    if (this.list.isDone) {
      if (this.newcomers < 4 || this.newcomers * 4 < numActive || this.quietTurns < QUIET_TURNS) return;
      this.newcomers = 0;
      this.wantsList = true;
      // By slot: their order changes between one datagram and the next.
      this.list.start(this.members.capacity, this.random);
    }
    const successor = this.ring.successor;
    if (successor === NONE) return;
    this.outbox.toMember(successor);
    this.outbox.sendList(this.list);
  }

  /** Asks a random member whom it knows, when a rush is over and nobody sent us a list: our predecessor may be of another kind. */
  private askForList(): void {
    if (!this.wantsList || this.quietTurns < PATIENT_TURNS) return;
    this.wantsList = false;
    if (this.lacksList) this.sendToActive(MessageKind.Announce, 1);
  }

  /** Announces to at most `wanted` random Down members, each once; never to who had our address. */
  announceToDown(wanted: number): void {
    const order = this.members.order;
    const destination = this.outbox.header.destination;
    this.walk.start(order.numDown, this.random);
    for (let i = 0; i < wanted;) {
      const position = this.walk.next();
      if (position < 0) return;
      this.outbox.toMember(order.downAt(position));
      if (this.self.hasAddressOf(destination)) continue;
      this.outbox.send(MessageKind.Announce, 0);
      i++;
    }
  }

  /** Sends the custom broadcasts alone to random active members that want them, while there are any. */
  broadcast(wanted: number): void {
    const order = this.members.order;
    this.walk.start(order.numActive, this.random);
    for (let i = 0; i < wanted && this.outbox.broadcasts.length > 0;) {
      const position = this.walk.next();
      if (position < 0) return;
      this.outbox.toMember(order.activeAt(position));
      if (!this.outbox.wantsBroadcasts()) continue;
      this.outbox.send(MessageKind.Broadcast, 0);
      i++;
    }
  }
}
