/**
 * The places of the counters in `Swim.metrics`, a `Uint32Array`. Every counter wraps to 0 at 2^32. `SentPing` and
 * `ReceivedPing` begin eleven counters each, in the order of `MessageKind`; `StatusOk` begins nine, in the order of
 * `Status`.
 */
export const Metric = /* @__PURE__ */ Object.freeze({
  /** Datagrams sent, one counter for each message: `metrics[Metric.SentPing + MessageKind.Feed]` counts the Feeds. */
  SentPing: 0,
  /**
   * Well-formed datagrams that were addressed to this node, one counter for each message. Those from inactive senders
   * count, too.
   */
  ReceivedPing: 11,
  /** Datagrams passed to `handleData`, one counter for each `Status` that they ended with. */
  StatusOk: 22,
  /** Bytes of the datagrams that were passed to `Runtime.sendTo`. */
  BytesSent: 31,
  /** Bytes of the datagrams that were passed to `handleData`. */
  BytesReceived: 32,
  /** Probe cycles that were started. */
  Probes: 33,
  /** Probe cycles that ended without an Ack or ForwardedAck. */
  ProbeFailures: 34,
  /** Acks that do not belong to the running probe: they came late, twice, or from another member. */
  UnexpectedAcks: 35,
  /** Members that this node made Suspect because its own probe failed. */
  Suspicions: 36,
  /** Members that this node declared Down because they did not refute a suspicion in time. */
  Expirations: 37,
  /** Suspicions of this node that it refuted by raising its incarnation. */
  Refutations: 38,
  /** How often this node was declared Down and came back under a renewed identity. */
  Rejoins: 39,
  /**
   * Members that were refused because the table was full, or because their identity is longer than
   * `maxIdentityLength`.
   */
  RefusedMembers: 40,
  /**
   * Members that were forgotten early to make room for others: Down ones, and with `preferHeard` active ones that this node
   * was only told of.
   */
  EvictedMembers: 41,
  /** Custom broadcasts that were dropped to make room, before they had been sent `maxTransmissions` times. */
  DroppedBroadcasts: 42,
  /** Probe cycles in which the helpers were never asked. Above 0, the runtime's clock or its wake-ups do not work. */
  IncompleteProbeCycles: 43,
  /** Updates that were written into datagrams. */
  UpdatesSent: 44,
  /** Updates that were read from datagrams, those that held no news included. */
  UpdatesReceived: 45,
  /**
   * Probe cycles in which neither the member nor any helper answered, so that this node takes itself for deaf
   * (`holdWhenDeaf`).
   */
  HeldProbes: 46,
  /** Wake-ups that came so late that this node must have stalled (`noticeLateness`). */
  Stalls: 47,
  /** Custom broadcasts that a newer one replaced before they were sent at all: more was published than can be sent. */
  ReplacedBroadcasts: 48,
  /** Records of others that could not be decoded, or whose version is beyond what its owner can have. */
  RefusedValues: 49,
  /** Records that this node missed, and was sent by a member that kept them. */
  RepairedValues: 50,
});

export const METRIC_COUNT = 51;

/**
 * Returns the counters as a plain object with their names, such as `probeFailures`. `sent`, `received` and `status`
 * are arrays, by message and by status. Allocates memory.
 */
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
