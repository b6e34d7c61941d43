// Three nodes, plain or sealed, somebody outside of the cluster who attacks it, and a bystander who is made to suffer for it.
// Engine-free.
import { lan, renewableV4, type Config } from "../../core/index.js";
import {
  FakeNetwork,
  type Host,
  type SwimNodeInstance,
  type SwimNodeOptions,
} from "../../platform/fake/index.js";
import { SealMetric } from "../../platform/shared/seal-metrics.js";
import { equal } from "./assert.js";
import { encode, nameOf, type Datagram } from "./wire.js";

const PORT = 7000;
const KEY = { id: 3, secret: "000102030405060708090a0b0c0d0e0f" };
const CONFIG: Config = Object.freeze({ ...lan(4), maxMembers: 12, removeDownAfterMs: 10_000 });
const OUTSIDER = 99;
/** A host on which nothing of the cluster runs. */
export const BYSTANDER = 66;

/** A datagram that somebody on the way wrote down. */
export interface Recorded {
  from: number;
  to: number;
  bytes: Uint8Array;
}

export class Siege {
  readonly network = new FakeNetwork({ seed: 5 });
  /** By number; the node 1 is at 10.0.0.1. */
  readonly nodes: SwimNodeInstance[] = [];
  /** What the nodes told since the attack began: `"2 down 1.1"`, `"1 rejoins as 1.2"`, `"2 hears 1: abc"`. */
  told: string[] = [];
  /** Bytes of the datagrams that the bystander was sent. */
  bystanderBytes = 0;
  /** Bytes that the outsider sent. */
  strikeBytes = 0;
  strikes = 0;
  /** All that went from node to node, once it is recorded. */
  recorded: Recorded[] = [];
  readonly isSealed: boolean;

  constructor(isSealed: boolean) {
    this.isSealed = isSealed;
    this.host(BYSTANDER).bind(PORT, (bytes) => void (this.bystanderBytes += bytes.length));
    this.record();
  }

  /** Three nodes that know each other, to which nothing has been done yet. */
  static of(isSealed: boolean): Siege {
    const siege = new Siege(isSealed);
    for (const number of [1, 2, 3]) siege.start(number, number === 3 ? 2 : 1);
    siege.network.runUntil(() => siege.all.every((node) => node.swim.numMembers === 2), 10_000);
    siege.network.advance(3000);
    siege.told = [];
    return siege;
  }

  host(number: number): Host {
    return this.network.host("10.0.0." + number);
  }

  start(number: number, seed: number, options: Partial<SwimNodeOptions> = {}): SwimNodeInstance {
    const tell = (what: string): void => void this.told.push(number + " " + what);
    const node = new (this.host(number).SwimNode)({
      port: PORT,
      config: CONFIG,
      identityType: renewableV4,
      seeds: ["10.0.0." + seed + ":" + PORT],
      onMemberUp: (identity) => tell("up " + nameOf(identity)),
      onMemberDown: (identity) => tell("down " + nameOf(identity)),
      onRename: (_before, after) => tell("renamed " + nameOf(after)),
      onRejoin: (identity) => tell("rejoins as " + nameOf(identity)),
      onValue: (bytes, { addr }) =>
        tell("hears " + addr.split(":")[0].split(".")[3] + ": " + String.fromCharCode(...Array.from(bytes))),
      onError: (error) => tell("fails: " + String(error)),
      ...(this.isSealed ? { keys: [KEY] } : {}),
      ...options,
    });
    this.nodes[number] = node;
    return node;
  }

  /** The outsider sends a datagram that it made up, and to a sealed cluster also in frames that look sealed. */
  strike(to: number, made: Pick<Datagram, "from" | "to" | "kind"> & Partial<Datagram>): void {
    const plain = encode({ incarnation: 0, updates: [], broadcasts: [], ...made });
    this.strikes++;
    this.strikeBytes += plain.length;
    this.send(to, plain);
    if (!this.isSealed) return;
    this.send(to, framed(KEY.id, this.strikes, plain));
    this.send(to, framed(KEY.id + 1, this.strikes, plain));
  }

  /** The outsider sends bytes. */
  send(to: number, bytes: Uint8Array): void {
    this.host(OUTSIDER).send(PORT, "10.0.0." + to, PORT, bytes, 0, bytes.length);
  }

  /** Sends datagrams again that were recorded: to whom they were for, or to somebody else. */
  replay(recorded: readonly Recorded[], to?: number): void {
    for (const one of recorded) this.send(to ?? one.to, one.bytes);
    this.network.advance(1);
  }

  /** The nodes, in order. */
  get all(): SwimNodeInstance[] {
    return this.nodes.slice(1);
  }

  /** A counter of seals over all nodes. */
  count(metric: number): number {
    return this.all.reduce((sum, node) => sum + (node.seal?.metrics[metric] ?? 0), 0);
  }

  /** How many datagrams all nodes were to take in and refused, by the core. */
  get refusedByCores(): number {
    return this.all.reduce(
      (sum, node) => sum + node.swim.metrics.slice(23, 31).reduce((a, b) => a + b, 0),
      0,
    );
  }

  /** Whom a node holds active. */
  holds(number: number): string[] {
    return this.nodes[number]
      .members()
      .map(({ identity }) => nameOf(identity))
      .sort();
  }

  /** Nothing came of what the outsider sent: it was counted, by what it looked like, and that is all. */
  isUnharmed(): void {
    equal(this.told, []);
    equal(
      [this.holds(1), this.holds(2), this.holds(3)],
      [
        ["2.1", "3.1"],
        ["1.1", "3.1"],
        ["1.1", "2.1"],
      ],
    );
    equal(
      this.all.map((node) => node.swim.incarnation),
      [0, 0, 0],
    );
    equal(this.bystanderBytes, 0, "bytes that the bystander was sent");
    const { RefusedPlain, Forged, UnknownKey, Reflected, Replayed, TakenPlain } = SealMetric;
    equal(
      [RefusedPlain, Forged, UnknownKey].map((metric) => this.count(metric)),
      [this.strikes, this.strikes, this.strikes],
    );
    equal(
      [Reflected, Replayed, TakenPlain].map((metric) => this.count(metric)),
      [0, 0, 0],
    );
    equal(this.refusedByCores, 0, "refused by the cores");
  }

  private record(): void {
    const { network } = this;
    const { send } = network;
    network.send = (from, fromPort, address, port, data, start, end) => {
      const sender = Number(from.address.split(".")[3]);
      const to = Number(address.split(".")[3]);
      if (sender !== OUTSIDER) this.recorded.push({ from: sender, to, bytes: data.slice(start, end) });
      send.call(network, from, fromPort, address, port, data, start, end);
    };
  }
}

/** Bytes in the frame of a sealed datagram, with a tag that is none: what somebody can do who has no key. */
function framed(keyId: number, nonce: number, text: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(text.length + 21);
  bytes[0] = 0xe0 | keyId;
  bytes[6] = nonce;
  bytes.set(text, 13);
  return bytes;
}
