import { State } from "./codec.js";
import type { Env } from "./env.js";
import type { Knowledge } from "./knowledge.js";
import { Metric } from "./metrics.js";
import { NONE } from "./order.js";

/** Members that are compared for the next probe, when it goes to the silent first. */
const CANDIDATES = 16;

/**
 * One probe of so many goes to our successor. Fewer, and more deaths are found by chance alone; more, and the round
 * takes longer in which we meet everybody, those among them who wrongly hold us Down.
 */
const SUCCESSOR_EVERY = 4;

/** The failure detector (SWIM section 3.1 and 4.2): whom to probe, and whom to suspect. */
export class Detector<T> {
  private readonly env: Env<T>;
  private readonly knowledge: Knowledge<T>;

  constructor(env: Env<T>, knowledge: Knowledge<T>) {
    this.env = env;
    this.knowledge = knowledge;
  }

  /** Ends the running probe, and suspects the member that answered neither us nor our helpers. */
  judge(nowMs: number): void {
    const { probe, members } = this.knowledge;
    const { metrics, runtime } = this.env;
    if (!probe.isComplete) {
      metrics[Metric.IncompleteProbeCycles]++;
      probe.clear();
    }
    const slot = probe.takeFailed();
    if (slot === NONE) return;
    metrics[Metric.ProbeFailures]++;
    if (this.knowledge.suspect(slot, probe.incarnation)) metrics[Metric.Suspicions]++;
    this.startSuspicion(slot, nowMs);
    if (runtime.probeFailed) runtime.probeFailed(probe.number, members.value(slot));
  }

  /** Gives a suspect its deadline, unless it has one. Others may have suspected it before us: we declare it Down as well. */
  private startSuspicion(slot: number, nowMs: number): void {
    const { probe, members } = this.knowledge;
    if (members.state(slot) !== State.Suspect || members.incarnation(slot) !== probe.incarnation) return;
    if (members.order.hasDeadline(slot)) return;
    members.order.setDeadline(slot, nowMs + this.env.config.suspectToDownAfterMs, false);
  }

  /** Begins the next probe. Returns the slot to ping, or NONE when nobody is active. */
  next(): number {
    const { probe, members } = this.knowledge;
    const slot = this.nextTarget();
    if (slot === NONE) return NONE;
    this.env.metrics[Metric.Probes]++;
    probe.start(slot, members.incarnation(slot));
    return slot;
  }

  /** Our successor, when it has its turn and is not suspected already; else the next of the round. */
  private nextTarget(): number {
    const { probe, members, ring } = this.knowledge;
    const { config } = this.env;
    if (config.probeSuccessor && probe.number % SUCCESSOR_EVERY === 0) {
      const { successor } = ring;
      if (successor !== NONE && members.state(successor) === State.Alive) return successor;
    }
    return members.order.nextToProbe(config.probeSilentFirst ? CANDIDATES : 1);
  }

  /** Comes to the indirect stage. Returns the member to have pinged by others, or NONE when it answered or went. */
  beginIndirectStage(): number {
    const { probe, members } = this.knowledge;
    probe.reachedIndirectStage = true;
    if (probe.succeeded || probe.target === NONE || !members.isActive(probe.target)) return NONE;
    return probe.target;
  }

  /** Takes an Ack of a member. */
  ack(sender: number, probeNumber: number): void {
    if (!this.knowledge.probe.receiveAck(sender, probeNumber)) this.env.metrics[Metric.UnexpectedAcks]++;
  }

  /** Takes a ForwardedAck of a helper. */
  forwardedAck(sender: number, probeNumber: number): void {
    if (!this.knowledge.probe.receiveIndirectAck(sender, probeNumber))
      this.env.metrics[Metric.UnexpectedAcks]++;
  }
}
