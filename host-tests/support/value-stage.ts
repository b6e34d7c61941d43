// Nodes that publish values on a fake network, and somebody who speaks in the name of one of them. Engine-free.
import { bincode, lan, postcard, renewableV4, type Config, type Renewable } from "../../core/index.js";
import {
  FakeNetwork,
  type Host,
  type SwimNodeInstance,
  type SwimNodeOptions,
  type ValueFormat,
} from "../../platform/fake/index.js";
import { equal, hex } from "./assert.js";
import { publication } from "./publication.js";
import { encode, nameOf, type DialectName } from "./wire.js";

export const PORT = 7000;
const CODECS = { bincode, postcard };

// What may stand behind the bytes of an item: docs/WIRE.md, "Repair".
export const NEWS = 1;
export const COPY = 2;
export const DIGEST = 3;
export const LIST = 4;
export const WANT = 5;
export const MORE = 6;

/** A node whose values are texts, unless a test says otherwise. */
export type ValueNode = SwimNodeInstance<Renewable, unknown>;
export type ValueOptions = Partial<SwimNodeOptions<Renewable, string, ValueFormat>>;

/** The first version of a life. */
export function first(life: number): bigint {
  return BigInt(life) << 20n;
}

/** A message to the node on a host, in hex: of version 0, with no bytes, and this behind them. */
export function message(host: number, mark: number, octets: number[] = [], dialect?: DialectName): string {
  return publication(host, 0n, "", dialect) + hex([mark, ...octets]);
}

/** A copy of a record that was published so many seconds ago. */
export function copyOf(host: number, version: bigint, text: string, seconds = 0): string {
  return publication(host, version, text) + hex([COPY, seconds & 255, (seconds >> 8) & 255, seconds >> 16]);
}

/** Nodes on hosts 10.0.0.1 and so on, and what they heard. */
export class ValueStage {
  readonly network: FakeNetwork;
  /** What was heard, as `"2 hears 1: warm"`. */
  readonly heard: string[] = [];
  readonly nodes: ValueNode[] = [];
  readonly dialect: DialectName;
  private readonly config: Config;

  constructor(config: Partial<Config> = {}, dialect: DialectName = "bincode", seed = 4) {
    this.network = new FakeNetwork({ seed });
    this.dialect = dialect;
    this.config = Object.freeze({ ...lan(8), ...config });
  }

  host(number: number): Host {
    return this.network.host("10.0.0." + number);
  }

  /** Starts a node on a host. It joins by the first, or the first by the second when it is started once more. */
  start(number: number, options: ValueOptions = {}): ValueNode {
    const seed = number === 1 ? 2 : 1;
    const node = new (this.host(number).SwimNode)<Renewable, string, ValueFormat>({
      port: PORT,
      seeds: this.nodes.length === 0 ? [] : ["10.0.0." + seed + ":" + PORT],
      codec: CODECS[this.dialect],
      config: this.config,
      identityType: renewableV4,
      value: "text",
      onValue: (value, member) => this.note(number, member.addr, value),
      onBroadcast: (bytes, from) => this.note(number, from, String.fromCharCode(...Array.from(bytes))),
      ...options,
    });
    this.nodes[number - 1] = node;
    return node;
  }

  private note(number: number, from: string, value: unknown): void {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    this.heard.push(number + " hears " + from.split(":")[0].split(".")[3] + ": " + text);
  }

  /** Starts nodes on the hosts 1 to `count`, and waits until all know all. */
  cluster(count: number, options: ValueOptions = {}): ValueNode[] {
    for (let number = 1; number <= count; number++) this.start(number, options);
    this.untilJoined();
    return this.nodes;
  }

  untilJoined(nodes = this.nodes, limitMs = 60_000): void {
    const isJoined = (node: ValueNode): boolean => node.swim.numMembers === nodes.length - 1;
    this.network.runUntil(() => nodes.every(isJoined), limitMs);
  }

  /** Publishes, and lets all hear it. Forgets what was heard before. */
  publish(node: ValueNode, value: unknown, ms = 3000): void {
    this.heard.length = 0;
    equal(node.publish(value), true, "was queued");
    this.network.advance(ms);
  }

  /** What the nodes show of the member on a host, in the order of the nodes. */
  shown(number: number, nodes = this.nodes): unknown[] {
    return nodes.map((node) => node.value("10.0.0." + number + ":" + PORT));
  }

  /** One of the nodes, or whoever is to be believed to be one, hands items in hex to another, in one datagram. */
  forge(from: ValueNode | string, to: ValueNode, ...broadcasts: string[]): void {
    const source = typeof from === "string" ? from : nameOf(from.identity as { addr: string; bump: number });
    const incarnation = typeof from === "string" ? 0 : from.swim.incarnation;
    const name = nameOf(to.identity as { addr: string; bump: number });
    const header = { from: source, incarnation, to: name, kind: "Gossip", updates: [] } as const;
    const bytes = encode({ ...header, updates: [], broadcasts }, this.dialect);
    this.host(99).send(PORT, to.identity.addr.split(":")[0], PORT, bytes, 0, bytes.length);
    this.network.advance(2);
  }

  /** Lets nothing get from one host to another, or everything again. */
  cut(from: number, to: number, loss: 0 | 1): void {
    this.network.setLink(this.host(from), this.host(to), { loss });
  }

  /** Lets nothing get to a host, or everything again. */
  deafen(number: number, loss: 0 | 1): void {
    for (let other = 1; other <= this.nodes.length; other++)
      if (other !== number) this.cut(other, number, loss);
  }

  /** The sum of a counter of all nodes. */
  sum(metric: number, nodes = this.nodes): number {
    return nodes.reduce((sum, node) => sum + node.swim.metrics[metric], 0);
  }
}
