import { Metric } from "xswim";
import type { AgentNode, ClusterView } from "./cluster-view.js";
import { iso, round } from "./seen-member.js";

const MOST_SECONDS = 600;

/** What was sent or received. */
export interface Amount {
  datagrams: number;
  bytes: number;
}

/** One second of an agent. */
export interface Second {
  at: string;
  sent: Amount;
  received: Amount;
  members: number;
  suspects: number;
  rttMs: number | null;
}

/** What the agent sent and received in each of the last ten minutes' seconds. */
export class Traffic {
  readonly seconds: Second[] = [];
  private readonly node: AgentNode;
  private readonly view: ClusterView;
  private before: Uint32Array;

  constructor(node: AgentNode, view: ClusterView) {
    this.node = node;
    this.view = view;
    this.before = node.swim.metrics.slice();
  }

  /** A second is over. */
  tick(): Second {
    const { swim, rttMs } = this.node;
    const { metrics } = swim;
    const grown = (first: number, count = 1): number => {
      let sum = 0;
      // A counter wraps to 0 at 2^32.
      for (let i = first; i < first + count; i++) sum += (metrics[i] - this.before[i]) >>> 0;
      return sum;
    };
    const second: Second = {
      at: iso(Date.now()),
      sent: {
        datagrams: grown(Metric.SentPing, Metric.ReceivedPing - Metric.SentPing),
        bytes: grown(Metric.BytesSent),
      },
      received: {
        datagrams: grown(Metric.StatusOk, Metric.BytesSent - Metric.StatusOk),
        bytes: grown(Metric.BytesReceived),
      },
      members: swim.numMembers,
      suspects: this.view.count("Suspect"),
      rttMs: rttMs >= 0 ? round(rttMs) : null,
    };
    this.before = metrics.slice();
    this.seconds.push(second);
    if (this.seconds.length > MOST_SECONDS) this.seconds.shift();
    return second;
  }
}
