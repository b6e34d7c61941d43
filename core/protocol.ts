import { MessageKind, type Header, type IdentityRef } from "./codec.js";
import type { PeriodicParams } from "./config.js";
import { Connection } from "./connection.js";
import { Deadline, Deadlines } from "./deadlines.js";
import { judgeProbe, startIndirectStage, startProbe } from "./detector.js";
import type { Env } from "./env.js";
import type { Inbox } from "./inbox.js";
import { DEAD, INACTIVE, Knowledge, NOTHING, REFUSED, REFUTE, UNLISTED } from "./knowledge.js";
import { die, rejoin, sayFarewell } from "./lives.js";
import { headerValue } from "./message.js";
import { Metric } from "./metrics.js";
import type { SwimOptions } from "./options.js";
import { NONE } from "./order.js";
import { ALL, Outbox, sendSize } from "./outbox.js";
import { Spreader } from "./spreader.js";
import { Status } from "./status.js";
import { areStrange } from "./strangers.js";

/**
 * Does what a datagram or a deadline asks for: the one place where what the parts found becomes datagrams. The parts
 * below say what they found, and only the outbox, the spreader, and this send.
 */
export class Protocol<T> {
  readonly knowledge: Knowledge<T>;
  readonly connection: Connection<T>;
  readonly outbox: Outbox<T>;
  readonly spreader: Spreader<T>;

  constructor(env: Env<T>, options: SwimOptions<T>, maxIdentityLength: number) {
    this.knowledge = new Knowledge(env, options, maxIdentityLength, sendSize(env.config, options));
    const deadlines = new Deadlines(env.metrics.buffer, this.knowledge.members.order);
    this.connection = new Connection(this.knowledge, deadlines);
    this.outbox = new Outbox(this.knowledge, options);
    this.spreader = new Spreader(this.outbox);
    if (env.keeper !== undefined) env.keeper.attach(this);
  }

  /** Takes in the datagram `bytes[..end]` that `inbox` found whole and meant for us. */
  receive(inbox: Inbox<T>, bytes: Uint8Array, end: number): Status {
    const knowledge = this.knowledge;
    const env = knowledge.env;
    const members = knowledge.members;
    const connection = this.connection;
    const header = inbox.header;
    const source = header.source;
    const shift = inbox.shift;
    // Another buffer is the table's when it has grown.
    const copy = shift === 0 ? bytes : members.bytes;
    env.metrics[Metric.ReceivedPing + header.kind]++;
    if (env.runtime.dataReceived) env.runtime.dataReceived(headerValue(header));

    const isBackFromNap =
      header.kind === MessageKind.Announce && !inbox.isSenderAsKnown && members.isSleeper(source);
    const sender = inbox.isSenderAsKnown ? source.sight : knowledge.hear(source, header.sourceIncarnation);
    if (sender === INACTIVE) {
      this.answerInactive(header);
      return Status.InactiveSender;
    }
    knowledge.probe.deafMs = 0;
    knowledge.lastSender = sender;
    if (sender !== UNLISTED) {
      knowledge.lastHeard = sender;
      if (env.config.probeSilentFirst) members.order.passOver(sender, env.nowMs);
      if (!members.wasHeard(sender)) knowledge.noteHeard(sender);
    }

    let found = NOTHING;
    let vouches = false;
    if (header.kind === MessageKind.Feed && this.outbox.feedsDue > 0) {
      this.outbox.feedsDue--;
      vouches = env.config.preferHeard && areStrange(members);
    }
    if (inbox.updatesAt < inbox.broadcastsAt) {
      inbox.restore(source, bytes, copy);
      found = this.receiveUpdates(inbox, copy, end + shift, vouches);
    } else if (inbox.isSenderAsKnown) {
      // What the table holds of the sender is copied into an answer quicker.
      source.bytes = members.bytes;
      source.at = members.rowsAt + sender * members.rowSize;
    }
    if (inbox.numUpdates > 0) env.metrics[Metric.UpdatesReceived] += inbox.numUpdates;
    const isConnected = connection.follow();
    const at = inbox.broadcastsAt - shift;
    const status = at < end ? this.receiveBroadcasts(inbox, bytes, at, end) : Status.Ok;
    if (!isConnected) return status;
    if (header.kind === MessageKind.Ping) {
      const outbox = this.outbox;
      outbox.send(MessageKind.Ack, header.probeNumber, source, source, outbox.heldBack);
      return status;
    }
    if (!this.answer(header, sender, found)) return Status.IndirectForOurselves;
    if (isBackFromNap) this.outbox.sendDown(source, this.spreader.walk);
    return status;
  }

  /**
   * Takes in the updates of the datagram, and acts on them. Returns what they said of us. Where we were only told of most
   * members, those in a Feed that we asked for (`vouches`) count as heard: whom we asked lists those that it heard.
   */
  private receiveUpdates(inbox: Inbox<T>, bytes: Uint8Array, end: number, vouches: boolean): number {
    const knowledge = this.knowledge;
    const members = knowledge.members;
    const isNews = inbox.header.kind !== MessageKind.Feed && knowledge.env.config.gossipToSuccessor;
    let found = NOTHING;
    const update = inbox.update;
    let at = inbox.updatesAt;
    while (at < inbox.broadcastsAt) {
      const start = at;
      at = knowledge.members.codec.readMember(update, bytes, at, end);
      const finding = knowledge.learn(update.identity, update.incarnation, update.state, true);
      if (finding > found) found = finding;
      else if (finding === REFUSED && isNews) knowledge.passOn(bytes, start, at);
      if (!vouches) continue;
      const slot = members.find(update.identity);
      if (slot !== NONE && members.isActive(slot) && !members.wasHeard(slot)) knowledge.noteHeard(slot);
    }
    if (found !== NOTHING) this.act(found);
    return found;
  }

  private receiveBroadcasts(inbox: Inbox<T>, bytes: Uint8Array, at: number, end: number): Status {
    while (at < end) {
      const start = at + 2;
      at = start + ((bytes[at] << 8) | bytes[at + 1]);
      try {
        this.offerBroadcast(bytes, start, at, inbox.header.source);
      } catch {
        return Status.CustomBroadcast;
      }
    }
    return Status.Ok;
  }

  /**
   * Hands a broadcast to the handler and queues it when it is news; returns whether it is queued. May throw what the
   * handler throws; nothing was queued then.
   */
  offerBroadcast(bytes: Uint8Array, start: number, end: number, sender: IdentityRef<T> | undefined): boolean {
    const handler = this.knowledge.env.handler;
    const config = this.knowledge.env.config;
    const broadcasts = this.knowledge.broadcasts;
    if (handler === undefined) throw new TypeError("addBroadcast: no broadcastHandler was given to Swim");
    const key = handler.receiveItemAt
      ? handler.receiveItemAt(bytes, start, end, sender)
      : // eslint-disable-next-line no-restricted-syntax -- news, or its repetition; receiveItemAt makes no object
        handler.receiveItem(bytes.subarray(start, end), sender === undefined ? undefined : sender.value);
    if (key === null || key === undefined) return false;
    const maxTransmissions = config.maxTransmissions;
    const maxBroadcasts = config.maxBroadcasts;
    const maxBroadcastBytes = config.maxBroadcastBytes;
    const most = end - start > this.outbox.longestBroadcast ? 0 : maxBroadcastBytes;
    broadcasts.add(key, bytes, start, end, maxTransmissions, maxBroadcasts, most);
    this.knowledge.owesSuccessor = true;
    return maxBroadcasts > 0 && end - start <= most;
  }

  /** Acts on what was found about ourselves, once for all that was said of us. */
  act(found: number): void {
    if (found === DEAD) die(this.connection, this.spreader);
    else if (found === REFUTE) {
      // Somebody has missed that we are gone. Else any datagram of ours refutes it, since each has our incarnation.
      if (this.connection.isDefunct) sayFarewell(this.knowledge, 0);
      this.spreader.gossip();
    }
  }

  /**
   * Does what a message other than a Ping asks for. `sender` is its slot, or UNLISTED, and `found` what its updates said of us. Returns
   * false, having done nothing, for an indirect-probe message that names ourselves.
   */
  private answer(header: Header<T>, sender: number, found: number): boolean {
    const outbox = this.outbox;
    const knowledge = this.knowledge;
    const kind = header.kind;
    const source = header.source;
    const subject = header.subject;
    const probeNumber = header.probeNumber;
    if (kind === MessageKind.Ack) {
      this.receiveAck(sender, probeNumber);
    } else if (kind < MessageKind.Announce) {
      if (knowledge.self.is(subject)) return false;
      // From who asks to the one that is asked about, back to the helper, and back to who asked.
      if (kind === MessageKind.PingReq) {
        outbox.send(MessageKind.IndirectPing, probeNumber, subject, source, outbox.heldBack);
        knowledge.hearOfActive(subject);
      } else if (kind === MessageKind.IndirectPing)
        outbox.send(MessageKind.IndirectAck, probeNumber, source, subject, outbox.heldBack);
      else if (kind === MessageKind.IndirectAck)
        outbox.send(MessageKind.ForwardedAck, probeNumber, subject, source, outbox.heldBack);
      else this.expectAck(knowledge.probe.receiveIndirectAck(sender, probeNumber));
    } else if (kind === MessageKind.Announce) {
      const walk = this.spreader.walk;
      walk.start(knowledge.members.order.numActive, knowledge.env.random);
      outbox.sendFeed(source, walk, false);
    } else if (kind === MessageKind.Feed) {
      // In the rush itself it answers our own Announce, and tells of nobody who came later.
      if (this.spreader.quietTurns > 0) this.spreader.joinedAtFeed = knowledge.numJoined;
    } else if (kind === MessageKind.TurnUndead) {
      // An update in the same datagram may have told of the same death.
      if (found !== DEAD) die(this.connection, this.spreader);
    }
    return true;
  }

  /** Takes the Ack of a member, and how long it took. */
  private receiveAck(sender: number, probeNumber: number): void {
    const knowledge = this.knowledge;
    const env = knowledge.env;
    const probe = knowledge.probe;
    const wasAnswered = probe.succeeded;
    const isTimed = env.config.fitRtt || env.runtime.probeAnswered !== undefined;
    const nowMs = isTimed ? env.readClock() : 0;
    this.expectAck(probe.receiveAck(sender, probeNumber));
    if (!isTimed || wasAnswered || !probe.succeeded) return;
    const rttMs = nowMs - probe.pingedMs;
    probe.noteRtt(rttMs);
    if (env.runtime.probeAnswered) env.runtime.probeAnswered(knowledge.members.value(sender), rttMs);
  }

  /** Counts an Ack that belongs to no running probe. */
  private expectAck(isExpected: boolean): void {
    if (!isExpected) this.knowledge.env.metrics[Metric.UnexpectedAcks]++;
  }

  /** Answers a sender that we hold Down, or whose address a newer identity has, and tells it which. */
  private answerInactive(header: Header<T>): void {
    const source = header.source;
    const members = this.knowledge.members;
    const slot = members.find(source);
    const holder = slot !== NONE && !members.isIdentity(slot, source) ? slot : NONE;
    const isTurnUndead = header.kind === MessageKind.TurnUndead;
    // Two that hold each other Down and cannot renew would otherwise tell each other so for ever.
    const wasDefunct = this.connection.isDefunct;
    if (isTurnUndead) die(this.connection, this.spreader);
    if (!this.knowledge.env.config.notifyDownMembers || (isTurnUndead && wasDefunct)) return;
    this.outbox.sendTurnUndead(source, holder);
  }

  /** Announces at once to some who are Down and some who are active: the network is back, or another. */
  networkChanged(): void {
    const connection = this.connection;
    const spreader = this.spreader;
    if (connection.isDefunct) return;
    const nowMs = this.knowledge.readClock();
    const wanted = this.knowledge.env.config.numIndirectProbes;
    connection.seekSoon(nowMs);
    spreader.announceToDown(wanted);
    spreader.announce(wanted);
  }

  /** Ends a call: follows what a broken call left behind, and asks for the wake-up when the next deadline moved. */
  catchUp(): void {
    try {
      if (this.connection.isBehind) this.connection.follow();
    } finally {
      this.connection.deadlines.next();
      this.askToWake();
    }
  }

  /** Asks the runtime to wake us at the deadline that was found last, unless it was asked to. */
  private askToWake(): void {
    const deadlines = this.connection.deadlines;
    const runtime = this.knowledge.env.runtime;
    const nextMs = deadlines.nextMs;
    if (nextMs !== deadlines.wakeMs && nextMs !== Infinity) {
      runtime.submitAfter(Math.max(0, nextMs - runtime.now()));
      deadlines.wakeMs = nextMs;
    }
    // Not when the clock kept us from following: the next call tries again.
    if (!this.connection.isBehind) this.knowledge.members.order.hasNewDeadline = false;
  }

  /** Does all that is due, the oldest first. */
  tick(): void {
    const deadlines = this.connection.deadlines;
    // The next wake-up must be asked for.
    this.knowledge.members.order.hasNewDeadline = true;
    deadlines.wakeMs = Infinity;
    const nowMs = this.knowledge.readClock();
    const config = this.knowledge.env.config;
    const lateMs = nowMs - deadlines.nextMs;
    const isLate = config.noticeLateness && lateMs > config.probeRttMs / 2;
    if (isLate) {
      this.knowledge.env.metrics[Metric.Stalls]++;
      // An Ack that waits to be read took no longer for that.
      this.knowledge.probe.pingedMs += lateMs;
      deadlines.standStill(lateMs, nowMs, config.probeRttMs / 2, 2 * config.probePeriodMs);
    }
    while (deadlines.nextMs <= nowMs) {
      this.run(deadlines.first, nowMs, isLate);
      deadlines.next();
    }
    this.askToWake();
  }

  /** Does what came due, and plans it anew where it repeats. */
  private run(due: number, nowMs: number, isLate: boolean): void {
    const deadlines = this.connection.deadlines;
    const spreader = this.spreader;
    const config = this.knowledge.env.config;
    if (due === Deadline.IndirectProbe) this.probeIndirectly(nowMs);
    else if (due === Deadline.Probe) {
      deadlines.set(due, Infinity);
      if (this.connection.isConnected) this.probeNext(nowMs);
      else this.connection.follow();
    } else if (due === Deadline.SuspectToDown) this.expireSuspicion();
    else if (due === Deadline.RemoveDown) this.endDown(nowMs, isLate);
    else if (due === Deadline.Rejoin) {
      deadlines.set(due, Infinity);
      rejoin(this.connection, this.spreader, nowMs);
      this.connection.follow();
    } else if (due === Deadline.PeriodicAnnounce) {
      const task = this.repeat(due, config.periodicAnnounce, nowMs);
      if (task !== null) spreader.announce(task.numMembers);
      this.connection.announceSoon(nowMs);
    } else if (due === Deadline.PeriodicGossip) {
      const task = this.repeat(due, config.periodicGossip, nowMs);
      if (task !== null) spreader.gossipPeriodically(task.numMembers);
      const keeper = this.knowledge.env.keeper;
      if (keeper !== undefined && keeper.isAsking) spreader.ask(keeper);
    } else {
      const task = config.periodicAnnounceToDownMembers;
      this.connection.planForDown(task, nowMs);
      if (task !== null) spreader.announceToDown(task.numMembers);
    }
  }

  /** Does what is due for the Down member that is first to be forgotten, or that slept longer than it promised. */
  private endDown(nowMs: number, isLate: boolean): void {
    const knowledge = this.knowledge;
    const members = knowledge.members;
    const slot = members.order.downAt(0);
    // Who was away itself, or stalled, may not have heard who is back.
    if ((this.connection.isAway || isLate) && members.isAsleep(slot))
      members.order.setDeadline(slot, nowMs + knowledge.env.config.suspectToDownAfterMs, true);
    else knowledge.endOf(slot, nowMs);
  }

  /** Plans the next turn of a periodic task, which `setConfig` may have turned off since this one was planned. */
  private repeat(due: number, task: PeriodicParams | null, nowMs: number): PeriodicParams | null {
    this.connection.deadlines.set(due, task === null ? Infinity : nowMs + task.frequencyMs);
    return task;
  }

  /** Ends the running probe and pings the next member. */
  private probeNext(nowMs: number): void {
    const deadlines = this.connection.deadlines;
    const outbox = this.outbox;
    const knowledge = this.knowledge;
    const config = this.knowledge.env.config;
    deadlines.set(Deadline.Probe, nowMs + config.probePeriodMs);
    judgeProbe(knowledge, nowMs);
    const slot = startProbe(knowledge, nowMs);
    if (slot === NONE) return;
    deadlines.set(Deadline.IndirectProbe, nowMs + this.answerMs());
    outbox.sendToMember(MessageKind.Ping, knowledge.probe.number, slot, knowledge.self.ref, outbox.heldBack);
  }

  /** Asks others to ping a member that has not answered in time. */
  private probeIndirectly(nowMs: number): void {
    const deadlines = this.connection.deadlines;
    const spreader = this.spreader;
    const config = this.knowledge.env.config;
    deadlines.set(Deadline.IndirectProbe, Infinity);
    const target = startIndirectStage(this.knowledge);
    if (target === NONE) return;
    // When we come late to this stage, the answers still get the time that is theirs.
    const answerMs = this.answerMs();
    const leftMs = config.probePeriodMs - config.probeRttMs;
    deadlines.set(
      Deadline.Probe,
      nowMs + (answerMs > config.probeRttMs ? Math.max(leftMs, answerMs) : leftMs),
    );
    spreader.askHelpers(target);
  }

  /** How many milliseconds a member gets for its Ack before others are asked. */
  private answerMs(): number {
    const config = this.knowledge.env.config;
    if (!config.fitRtt) return config.probeRttMs;
    return this.knowledge.probe.expectedRttMs(config.probeRttMs, config.probePeriodMs);
  }

  /** Declares the suspect Down whose time to refute is over. */
  private expireSuspicion(): void {
    const knowledge = this.knowledge;
    const outbox = this.outbox;
    const env = this.knowledge.env;
    const slot = knowledge.members.order.activeAt(0);
    env.metrics[Metric.Expirations]++;
    knowledge.declareDown(slot, true);
    this.connection.follow();
    if (env.config.notifyDownMembers)
      outbox.sendToMember(MessageKind.TurnUndead, 0, slot, knowledge.self.ref, ALL);
  }
}
