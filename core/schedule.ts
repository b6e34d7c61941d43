import type { Cluster } from "./cluster.js";
import { MessageKind } from "./codec.js";
import { Deadline } from "./deadlines.js";
import type { Detector } from "./detector.js";

/** Does what came due, and plans it anew where it repeats. */
export function runDeadline<T>(cluster: Cluster<T>, detector: Detector<T>, due: number, nowMs: number): void {
  const { config, deadlines } = cluster;
  if (due === Deadline.IndirectProbe) {
    detector.probeIndirectly(nowMs);
  } else if (due === Deadline.Probe) {
    detector.probeNext(nowMs);
  } else if (due === Deadline.SuspectToDown) {
    detector.expireSuspicion();
  } else if (due === Deadline.RemoveDown) {
    cluster.forget(cluster.members.order.downAt(0));
  } else {
    const task =
      due === Deadline.PeriodicAnnounce
        ? config.periodicAnnounce
        : due === Deadline.PeriodicGossip
          ? config.periodicGossip
          : config.periodicAnnounceToDownMembers;
    // setConfig may have turned the task off since it was planned.
    deadlines.set(due, task === null ? Infinity : nowMs + task.frequencyMs);
    if (task === null) return;
    if (due === Deadline.PeriodicAnnounceToDown) cluster.spreader.announceToDown(task.numMembers);
    else if (due === Deadline.PeriodicAnnounce)
      cluster.spreader.sendToActive(MessageKind.Announce, task.numMembers);
    else cluster.spreader.gossipPeriodically(task.numMembers, config);
  }
}
