// The failure detector (SWIM section 3.1 and 4.2): which member to probe, and which to suspect. Its state is
// `Knowledge.probe` and the suspects in `Order`. These functions say what to do, and send nothing.
import { State } from "./codec.js";
import { DEAF_AT_MOST } from "./connection.js";
import type { Knowledge } from "./knowledge.js";
import { Metric } from "./metrics.js";
import { NONE } from "./order.js";
import { areStrange } from "./strangers.js";
import { DIRECT, INDIRECT } from "./probe.js";

/** Members that are compared for the next probe, when it goes to the silent first. */
const CANDIDATES = 16;

/**
 * One probe in this many goes to our successor. With fewer such probes, more deaths are found by chance alone. With
 * more, a round through all members takes longer, and so does meeting a member that wrongly holds us Down.
 */
const SUCCESSOR_EVERY = 4;

/** Probe periods for which a member must have been silent to be probed when it is not its turn. */
const LEAST_TURNS = 8;

/**
 * Ends the running probe, and suspects the member that answered neither us nor our helpers. When nobody answered at all, it
 * is we who do not hear.
 */
export function judgeProbe<T>(knowledge: Knowledge<T>, nowMs: number): void {
  const probe = knowledge.probe;
  const metrics = knowledge.env.metrics;
  const runtime = knowledge.env.runtime;
  // It never came to its indirect stage.
  if (probe.target !== NONE && probe.stage === DIRECT) {
    metrics[Metric.IncompleteProbeCycles]++;
    probe.clear();
  }
  const config = knowledge.env.config;
  const hears = probe.succeeded || probe.stage > INDIRECT;
  const slot = probe.takeFailed();
  if (slot === NONE) return;
  metrics[Metric.ProbeFailures]++;
  if (config.holdWhenDeaf && !hears && probe.numHelpers > 0) {
    metrics[Metric.HeldProbes]++;
    probe.deafMs += config.probePeriodMs;
    if (probe.deafMs <= DEAF_AT_MOST * config.suspectToDownAfterMs) {
      knowledge.members.order.delaySuspicions(config.probePeriodMs);
      return;
    }
  }
  const members = knowledge.members;
  const wasAlive = members.state(slot) === State.Alive;
  const isNews = knowledge.suspect(slot, probe.incarnation);
  if (isNews) metrics[Metric.Suspicions]++;
  // A suspect gets its deadline, unless it has one. Others may have suspected it before us: we declare it Down as well.
  const isOurs = members.incarnation(slot) === probe.incarnation;
  if (members.state(slot) === State.Suspect && isOurs && !members.order.hasDeadline(slot))
    members.order.setDeadline(slot, nowMs + config.suspectToDownAfterMs, false);
  if (runtime.probeFailed)
    runtime.probeFailed(probe.number, members.value(slot), probe.numHelpers, probe.numAnswered);
  if (runtime.memberSuspected && isNews && wasAlive)
    runtime.memberSuspected(members.value(slot), knowledge.self.ref.value);
}

/** Begins the next probe. Returns the slot to ping, or NONE when nobody is active. */
export function startProbe<T>(knowledge: Knowledge<T>, nowMs: number): number {
  const slot = nextTarget(knowledge, nowMs);
  if (slot === NONE) return NONE;
  knowledge.env.metrics[Metric.Probes]++;
  knowledge.probe.start(slot, knowledge.members.incarnation(slot), nowMs);
  return slot;
}

/**
 * Our successor, when it has its turn and is not suspected already. Else, every second time, the suspect that we are to declare
 * Down next, since it may not have heard of our suspicion, or we not of its answer. Else the next of the round.
 */
function nextTarget<T>(knowledge: Knowledge<T>, nowMs: number): number {
  const members = knowledge.members;
  const config = knowledge.env.config;
  if (config.probeSuccessor && knowledge.probe.number % SUCCESSOR_EVERY === 0) {
    const ring = knowledge.ring;
    const heard = config.preferHeard ? ring.heardSuccessor : NONE;
    const successor = heard === NONE ? ring.successor : heard;
    if (successor !== NONE && members.state(successor) === State.Alive) return successor;
  }
  const order = members.order;
  if (config.tellSuspects && knowledge.probe.number % 2 === 1 && order.firstSuspicionMs !== Infinity)
    return order.activeAt(0);
  if (config.preferHeard && areStrange(members) && knowledge.probe.number % 2 === 1) {
    // No sooner than its turn among those that we have heard would come.
    const turns = Math.max(LEAST_TURNS, order.numHeard);
    const silent = order.longestSilent(nowMs - turns * config.probePeriodMs);
    if (silent !== NONE) return silent;
  }
  return order.nextToProbe(config.probeSilentFirst ? CANDIDATES : 1);
}

/** Comes to the indirect stage. Returns the member to have pinged by others, or NONE when it answered or went. */
export function startIndirectStage<T>(knowledge: Knowledge<T>): number {
  const probe = knowledge.probe;
  probe.stage = INDIRECT;
  if (probe.succeeded || probe.target === NONE || !knowledge.members.isActive(probe.target)) return NONE;
  return probe.target;
}
