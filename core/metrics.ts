/**
 * Names of the counters in `Swim.metrics`, a `Uint32Array` indexed by these values; every counter wraps at 2^32.
 * The received and sent counters are eleven in a row each, in the order of `MessageKind`; the status counters
 * are in the order of `Status`.
 */
export const Metric = /* @__PURE__ */ Object.freeze({
  /** Datagrams sent, by message: `SentPing + MessageKind.Feed` counts the Feeds. */
  SentPing: 0,
  /** Datagrams taken in or from an inactive sender, by message. */
  ReceivedPing: 11,
  /** Datagrams handled, by the status they ended with. */
  StatusOk: 22,
  /** Bytes of the datagrams handed to `sendTo`. */
  BytesSent: 31,
  /** Bytes of the datagrams handed to `handleData`. */
  BytesReceived: 32,
  /** Probe cycles started. */
  Probes: 33,
  /** Probe cycles that ended without an Ack or ForwardedAck. */
  ProbeFailures: 34,
  /** Acks that came for no running probe: late, repeated, or from another member. */
  UnexpectedAcks: 35,
  /** Members that we were first to make Suspect. */
  Suspicions: 36,
  /** Members that we declared Down because a suspicion ran out. */
  Expirations: 37,
  /** Suspicions of ourselves that we refuted with a higher incarnation. */
  Refutations: 38,
  /** Times our identity was replaced by its renewal. */
  Rejoins: 39,
  /** Members learned of that found no room in the table. */
  RefusedMembers: 40,
  /** Down members forgotten early to make room. */
  EvictedMembers: 41,
  /** Custom broadcasts dropped, before they were sent often enough, to make room. */
  DroppedBroadcasts: 42,
  /** Probe cycles whose indirect stage never ran: the clock or the wake-ups are broken. */
  IncompleteProbeCycles: 43,
  /** Updates written into datagrams. */
  UpdatesSent: 44,
  /** Updates read from datagrams and taken in or found stale. */
  UpdatesReceived: 45,
});

export const METRIC_COUNT = 46;

/** The counters as a plain object, by name; the per-message and per-status ones as arrays. Allocates. */
export function namedMetrics(metrics: Uint32Array): Record<string, number | number[]> {
  const named: Record<string, number | number[]> = {
    sent: Array.from(metrics.slice(Metric.SentPing, Metric.SentPing + 11)),
    received: Array.from(metrics.slice(Metric.ReceivedPing, Metric.ReceivedPing + 11)),
    status: Array.from(metrics.slice(Metric.StatusOk, Metric.StatusOk + 9)),
  };
  const names = Object.keys(Metric) as (keyof typeof Metric)[];
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    if (Metric[name] < Metric.BytesSent) continue;
    named[name.charAt(0).toLowerCase() + name.slice(1)] = metrics[Metric[name]];
  }
  return named;
}
