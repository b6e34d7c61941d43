import type { Cluster } from "./cluster.js";
import { MessageKind, State, type Header } from "./codec.js";
import { Deadline } from "./deadlines.js";
import { overrides } from "./member.js";
import { Metric } from "./metrics.js";
import { NONE } from "./order.js";
import type { Random } from "./random.js";

/** Members that are compared for the next probe, when it goes to the silent first. */
const CANDIDATES = 16;

/**
 * One probe of so many goes to our successor. Fewer, and more deaths are found by chance alone; more, and the round
 * takes longer in which we meet everybody, those among them who wrongly hold us Down.
 */
const SUCCESSOR_EVERY = 4;

/** The failure detector (SWIM section 3.1 and 4.2): probes, answers to probes, and suspicions that run out. */
export class Detector<T> {
  private readonly cluster: Cluster<T>;
  private readonly random: Random;

  constructor(cluster: Cluster<T>, random: Random) {
    this.cluster = cluster;
    this.random = random;
  }

  /** Ends the running probe, suspecting a member that did not answer, and pings the next one. */
  probeNext(nowMs: number): void {
    const { probe, members, outbox, deadlines, config, metrics } = this.cluster;
    if (!probe.isComplete) {
      metrics[Metric.IncompleteProbeCycles]++;
      probe.clear();
    }
    const failed = probe.takeFailed();
    if (failed !== NONE) this.suspect(failed, nowMs);
    deadlines.set(Deadline.Probe, nowMs + config.probePeriodMs);
    const slot = this.nextTarget();
    if (slot === NONE) return;
    metrics[Metric.Probes]++;
    probe.start(slot, members.incarnation(slot));
    deadlines.set(Deadline.IndirectProbe, nowMs + config.probeRttMs);
    outbox.toMember(slot);
    outbox.send(MessageKind.Ping, probe.number);
  }

  /** Whom to probe: our successor, when it has its turn and is not suspected already; else the next of the round. */
  private nextTarget(): number {
    const { probe, members, config, spreader } = this.cluster;
    if (config.probeSuccessor && probe.number % SUCCESSOR_EVERY === 0) {
      const successor = spreader.ring.successor;
      if (successor !== NONE && members.state(successor) === State.Alive) return successor;
    }
    return members.order.nextToProbe(config.probeSilentFirst ? CANDIDATES : 1);
  }

  /** Suspects a member that answered neither us nor our helpers, at the incarnation it was probed with. */
  private suspect(slot: number, nowMs: number): void {
    const { probe, members, metrics, runtime, config } = this.cluster;
    metrics[Metric.ProbeFailures]++;
    if (runtime.probeFailed) runtime.probeFailed(probe.number, members.value(slot));
    const incarnation = probe.incarnation;
    if (overrides(State.Suspect, incarnation, members.state(slot), members.incarnation(slot))) {
      metrics[Metric.Suspicions]++;
      members.change(slot, incarnation, State.Suspect);
      this.cluster.changed(slot, true);
    }
    // Others may have suspected it before us: it is up to us as well to declare it Down.
    if (members.state(slot) !== State.Suspect || members.incarnation(slot) !== incarnation) return;
    if (members.order.hasDeadline(slot)) return;
    members.order.setDeadline(slot, nowMs + config.suspectToDownAfterMs, false);
  }

  /** Asks others to ping a member that has not answered in time. */
  probeIndirectly(nowMs: number): void {
    const { probe, members, outbox, deadlines, config, walk } = this.cluster;
    const order = members.order;
    deadlines.set(Deadline.IndirectProbe, Infinity);
    probe.reachedIndirectStage = true;
    if (probe.succeeded || probe.target === NONE || !members.isActive(probe.target)) return;
    // When we come late to this stage, the answers still get the time that is theirs.
    deadlines.set(Deadline.Probe, nowMs + config.probePeriodMs - config.probeRttMs);
    walk.start(order.numActive, this.random);
    for (let i = 0; i < config.numIndirectProbes;) {
      const position = walk.next();
      if (position < 0) return;
      const helper = order.activeAt(position);
      if (helper === probe.target) continue;
      probe.expectIndirectAck(helper);
      outbox.toMember(helper);
      members.refer(probe.target, outbox.header.subject);
      outbox.send(MessageKind.PingReq, probe.number);
      i++;
    }
  }

  /** Declares the suspect Down whose time to refute is over. */
  expireSuspicion(): void {
    const { members, outbox, config, metrics } = this.cluster;
    const slot = members.order.activeAt(0);
    metrics[Metric.Expirations]++;
    members.change(slot, members.incarnation(slot), State.Down);
    this.cluster.changed(slot, true);
    this.cluster.notifyActivity(slot, true);
    this.cluster.adjustConnection();
    if (!config.notifyDownMembers) return;
    outbox.toMember(slot);
    outbox.send(MessageKind.TurnUndead, 0);
  }

  /**
   * Does what the message asks for. `sender` is its slot, or NONE when the table had no room for it. Returns
   * false, having done nothing, for an indirect-probe message that names ourselves.
   */
  react(header: Header<T>, sender: number): boolean {
    const { probe, metrics } = this.cluster;
    switch (header.kind) {
      case MessageKind.Ping:
        this.answer(header, MessageKind.Ack);
        return true;
      case MessageKind.Ack:
        if (!probe.receiveAck(sender, header.probeNumber)) metrics[Metric.UnexpectedAcks]++;
        return true;
      case MessageKind.PingReq:
        return this.relay(header, MessageKind.IndirectPing, true);
      case MessageKind.IndirectPing:
        return this.relay(header, MessageKind.IndirectAck, false);
      case MessageKind.IndirectAck:
        return this.relay(header, MessageKind.ForwardedAck, true);
      case MessageKind.ForwardedAck:
        if (this.cluster.self.is(header.subject)) return false;
        if (!probe.receiveIndirectAck(sender, header.probeNumber)) metrics[Metric.UnexpectedAcks]++;
        return true;
      case MessageKind.Announce:
        this.answer(header, MessageKind.Feed);
        return true;
      case MessageKind.TurnUndead:
        // An update in the same datagram may have had us renewed already.
        if (this.cluster.self.is(header.destination)) this.cluster.learnOfOurDeath();
        return true;
      case MessageKind.Feed:
        this.cluster.spreader.heardFeed();
        return true;
      default:
        return true;
    }
  }

  private answer(header: Header<T>, kind: MessageKind): void {
    this.cluster.outbox.to(header.source);
    this.cluster.outbox.send(kind, header.probeNumber);
  }

  /**
   * Passes an indirect probe on: to the member it names, naming the sender (`onward`), or back to the sender,
   * naming the same member.
   */
  private relay(header: Header<T>, kind: MessageKind, onward: boolean): boolean {
    if (this.cluster.self.is(header.subject)) return false;
    const to = onward ? header.subject : header.source;
    const named = onward ? header.source : header.subject;
    const outbox = this.cluster.outbox;
    outbox.to(to);
    outbox.header.subject.set(named.bytes, named.at, named.length);
    outbox.send(kind, header.probeNumber);
    return true;
  }
}
