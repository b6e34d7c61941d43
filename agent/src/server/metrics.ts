import { Counter, Gauge, Registry } from "prom-client";
import { bincode, MessageKind, Metric, namedMetrics, statusName, type Status } from "xswim";
import { namedSealMetrics } from "../agent/refusals.js";
import type { ClusterView } from "./cluster-view.js";
import type { Answer } from "./exchange.js";
import { AGENT_VERSION } from "./info.js";
import { Kept } from "./kept.js";
import type { RequestCounts } from "./router.js";
import type { SeenState } from "./seen-member.js";
import type { ServedAgent } from "./served-agent.js";

/** Of how many members the round trip is told, each with a label of its own. */
const MOST_LABELS = 256;
const MESSAGES: readonly string[] = Object.keys(MessageKind);
const STATES: readonly SeenState[] = ["Alive", "Suspect", "Asleep", "Down", "Left"];

type Labelled = readonly (readonly [labels: Record<string, string>, value: number])[];

/** The counters of an agent in Prometheus' text format. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly agent: ServedAgent;
  private readonly view: ClusterView;
  private readonly kept = new Kept(() => this.registry.metrics());
  /** Counters of the node, taken once for all metrics of an answer. */
  private readonly counters = new Kept(() => namedMetrics(this.agent.node.swim.metrics));

  constructor(
    agent: ServedAgent,
    view: ClusterView,
    requests: RequestCounts,
    streams: { readonly size: number },
  ) {
    this.agent = agent;
    this.view = view;
    this.addMembers();
    this.addTraffic();
    this.addCounters();
    this.addAgent(requests, streams);
  }

  async answer(): Promise<Answer> {
    const body = await this.kept.get();
    return { status: 200, type: this.registry.contentType, body };
  }

  private addMembers(): void {
    const { view } = this;
    const { node } = this.agent;
    const { counts } = view;
    const inState = (state: SeenState): number => view.count(state);
    this.gauge("xswim_members", "Members by how this agent sees them.", ["state"], () =>
      STATES.map((state) => [{ state: state.toLowerCase() }, inState(state)]),
    );
    this.gauge(
      "memberlist_node_instances",
      "Members by state, as memberlist counts them.",
      ["node_state"],
      () => [
        [{ node_state: "alive" }, inState("Alive") + 1],
        [{ node_state: "suspect" }, inState("Suspect")],
        [{ node_state: "dead" }, inState("Down")],
        [{ node_state: "left" }, inState("Left") + inState("Asleep")],
      ],
    );
    this.counter(
      "memberlist_msg_alive",
      "Members that became Alive, or refuted.",
      () => counts.up + counts.refuted,
    );
    this.counter("memberlist_msg_suspect", "Members that became Suspect.", () => counts.suspected);
    this.counter(
      "memberlist_msg_dead",
      "Members that became Down, or left.",
      () => counts.down + counts.left,
    );
    this.counter("serf_member_join", "Members that became Alive.", () => counts.up);
    this.counter("serf_member_failed", "Members that became Down.", () => counts.down);
    this.counter("serf_member_left", "Members that left by themselves.", () => counts.left);
    this.counter(
      "serf_member_flap",
      "Members that were Down and came back within a minute.",
      () => counts.flapped,
    );
    this.counter("xswim_refuted_total", "Suspicions of others that they refuted.", () => counts.refuted);
    this.gauge("xswim_rtt_seconds", "Smoothed round-trip time of the probes.", [], () =>
      node.rttMs >= 0 ? [[{}, node.rttMs / 1000]] : [],
    );
    this.gauge(
      "xswim_member_rtt_seconds",
      "Round-trip time of the last probe of a member.",
      ["member"],
      () => {
        const found: [Record<string, string>, number][] = [];
        view.forEachPresent(({ addr, rttMs }) => {
          if (rttMs !== undefined && found.length < MOST_LABELS) found.push([{ member: addr }, rttMs / 1000]);
        });
        return found;
      },
    );
  }

  private addTraffic(): void {
    const list = (name: string): number[] => this.counters.get()[name] as number[];
    const one = (name: string): number => this.counters.get()[name] as number;
    const messages = (name: string): Labelled =>
      list(name).map((count, kind) => [{ message: MESSAGES[kind] }, count]);
    this.counter("memberlist_udp_sent", "Bytes sent.", () => one("bytesSent"));
    this.counter("memberlist_udp_received", "Bytes received.", () => one("bytesReceived"));
    this.labelledCounter("xswim_sent_total", "Datagrams sent, by message.", ["message"], () =>
      messages("sent"),
    );
    this.labelledCounter("xswim_received_total", "Datagrams for this node, by message.", ["message"], () =>
      messages("received"),
    );
    this.labelledCounter(
      "xswim_datagrams_total",
      "Datagrams that came, by what became of them.",
      ["status"],
      () => list("status").map((count, status) => [{ status: statusName(status as Status) }, count]),
    );
    this.gauge("xswim_queue_length", "What waits to be sent.", ["queue"], () => {
      const { updatesBacklog, customBroadcastBacklog } = this.agent.node.swim;
      return [
        [{ queue: "updates" }, updatesBacklog],
        [{ queue: "broadcasts" }, customBroadcastBacklog],
      ];
    });
  }

  private addCounters(): void {
    for (const [name, place] of Object.entries(Metric)) {
      if (place < Metric.BytesSent) continue;
      const key = name.charAt(0).toLowerCase() + name.slice(1);
      const help = "The counter " + name + " of the library.";
      this.counter("xswim_" + snake(name) + "_total", help, () => this.counters.get()[key] as number);
    }
    const { seal } = this.agent.node;
    if (seal === undefined) return;
    for (const key of Object.keys(namedSealMetrics(seal))) {
      const help = "The counter " + key + " of sealed datagrams.";
      this.counter("xswim_seal_" + snake(key) + "_total", help, () => namedSealMetrics(seal)[key]);
    }
  }

  private addAgent(requests: RequestCounts, streams: { readonly size: number }): void {
    const { agent } = this;
    const { node } = agent;
    const codec = agent.settings.codec === bincode ? "bincode" : "postcard";
    const labels = { version: AGENT_VERSION, codec, config: agent.settings.configName };
    this.gauge("xswim_info", "What the agent is.", Object.keys(labels), () => [[labels, 1]]);
    this.gauge("xswim_connected", "Whether the agent knows another member.", [], () => [
      [{}, node.swim.isConnected ? 1 : 0],
    ]);
    this.gauge("xswim_incarnation", "The agent's own incarnation.", [], () => [[{}, node.swim.incarnation]]);
    this.gauge("xswim_streams", "Streams of events that are open.", [], () => [[{}, streams.size]]);
    this.counter("xswim_socket_errors_total", "Failures of the socket.", () => node.socketErrors);
    this.labelledCounter("xswim_requests_total", "Requests, by what became of them.", ["result"], () =>
      Object.entries(requests).map(([result, count]) => [{ result }, count as number]),
    );
    this.gauge("process_resident_memory_bytes", "Memory of the process.", [], () => [
      [{}, process.memoryUsage.rss()],
    ]);
    this.gauge("process_start_time_seconds", "When the process began, in seconds since 1970.", [], () => [
      [{}, Math.floor(performance.timeOrigin / 1000)],
    ]);
    this.counter("process_cpu_seconds_total", "Time of processors that the process took.", () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    });
  }

  private counter(name: string, help: string, value: () => number): void {
    this.labelledCounter(name, help, [], () => [[{}, value()]]);
  }

  private labelledCounter(name: string, help: string, labelNames: string[], values: () => Labelled): void {
    new Counter({
      name,
      help,
      labelNames,
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [labels, value] of values()) this.inc(labels, value);
      },
    });
  }

  private gauge(name: string, help: string, labelNames: string[], values: () => Labelled): void {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [labels, value] of values()) this.set(labels, value);
      },
    });
  }
}

/** `BytesSent` as `bytes_sent`. */
function snake(name: string): string {
  return name.replace(/(?<!^)([A-Z])/g, "_$1").toLowerCase();
}
