import { Clock, type Happening } from "./clock.js";
import { Host } from "./host.js";
import { seededRandom } from "./random.js";

/** How datagrams fare. All of it may be changed while the network runs, and set apart for single links. */
export interface LinkFaults {
  /** The least delay, in milliseconds. */
  latencyMs: number;
  /** What chance adds to the delay at most, in milliseconds; with it, datagrams overtake each other. */
  jitterMs: number;
  /** The part of the datagrams that is lost, 0 to 1. */
  loss: number;
  /** The part that arrives twice, 0 to 1; the second copy is delayed on its own. */
  duplication: number;
  /** The part that is held back by up to `reorderMs`, 0 to 1. */
  reordering: number;
  reorderMs: number;
  /** The part of which one to four bits are turned over, 0 to 1. */
  corruption: number;
}

/** What a network is made with. */
export interface FakeNetworkOptions extends Partial<LinkFaults> {
  /** Everything that chance decides follows from it; 1 when left out. */
  seed?: number;
}

const PERFECT: LinkFaults = Object.freeze({
  latencyMs: 1,
  jitterMs: 0,
  loss: 0,
  duplication: 0,
  reordering: 0,
  reorderMs: 50,
  corruption: 0,
});

/**
 * A network in one process, on a virtual clock: nothing happens until `advance`, `runUntil` or `step` is called,
 * and then everything follows from the seed. It never delivers inside a send.
 */
export class FakeNetwork {
  readonly clock = new Clock();
  /** How datagrams fare on links that have no faults of their own. */
  readonly faults: LinkFaults;
  /** Datagrams sent, lost (by chance, a partition, or for want of a receiver), and delivered; bytes sent. */
  readonly counts = { sent: 0, lost: 0, delivered: 0, bytes: 0 };
  readonly random: () => number;
  private readonly hosts = new Map<string, Host>();
  private readonly links = new Map<string, LinkFaults>();
  private readonly cuts = new Set<Cut>();

  constructor(options: FakeNetworkOptions = {}) {
    const { seed = 1, ...faults } = options;
    this.random = seededRandom(seed);
    this.faults = { ...PERFECT, ...faults };
  }

  /** Milliseconds since the network was made. */
  get nowMs(): number {
    return this.clock.nowMs;
  }

  /** The host with this IP address; made when it is not there yet. */
  host(address: string): Host {
    let host = this.hosts.get(address);
    if (host === undefined) {
      host = new Host(this, address);
      this.hosts.set(address, host);
    }
    return host;
  }

  /** Lets `ms` milliseconds pass. */
  advance(ms: number): void {
    this.clock.advance(ms);
  }

  /**
   * Lets time pass until `condition` holds, looking after every happening; at most `limitMs`. Returns how many
   * milliseconds that took. @throws Error when it does not hold by then.
   */
  runUntil(condition: () => boolean, limitMs: number): number {
    const startMs = this.nowMs;
    while (!condition()) {
      if (this.clock.nextMs > startMs + limitMs) {
        throw new Error("runUntil: the condition does not hold after " + limitMs + " virtual milliseconds");
      }
      this.clock.step();
    }
    return this.nowMs - startMs;
  }

  /** Gives the datagrams from one host to another faults of their own; what is left out is as everywhere. */
  setLink(from: Host, to: Host, faults: Partial<LinkFaults>): void {
    this.links.set(from.address + ">" + to.address, { ...this.faults, ...faults });
  }

  /**
   * Cuts hosts off from each other until the returned function is called: nothing gets from `from` to `to` and,
   * unless `oneWay`, back.
   */
  partition(from: readonly Host[], to: readonly Host[], oneWay = false): () => void {
    const cut = new Cut(new Set(from), new Set(to), oneWay);
    this.cuts.add(cut);
    return () => this.cuts.delete(cut);
  }

  /** Sends copies of `data`. For hosts. */
  send(from: Host, fromPort: number, address: string, port: number, data: Uint8Array): void {
    this.counts.sent++;
    this.counts.bytes += data.length;
    const to = this.hosts.get(address);
    if (to === undefined || this.isCut(from, to)) {
      this.counts.lost++;
      return;
    }
    const faults = this.links.get(from.address + ">" + address) ?? this.faults;
    if (this.chance(faults.loss)) {
      this.counts.lost++;
      return;
    }
    const copies = this.chance(faults.duplication) ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      const bytes = data.slice();
      if (this.chance(faults.corruption)) this.corrupt(bytes);
      let delayMs = faults.latencyMs + faults.jitterMs * this.fraction();
      if (this.chance(faults.reordering)) delayMs += faults.reorderMs * this.fraction();
      this.clock.plan(delayMs, new Delivery(this, to, port, bytes, from.address, fromPort));
    }
  }

  private isCut(from: Host, to: Host): boolean {
    for (const cut of this.cuts) if (cut.parts(from, to)) return true;
    return false;
  }

  private fraction(): number {
    return (this.random() >>> 0) / 4294967296;
  }

  private chance(part: number): boolean {
    return part > 0 && this.fraction() < part;
  }

  private corrupt(bytes: Uint8Array): void {
    const flips = 1 + (this.random() & 3);
    for (let i = 0; i < flips; i++) bytes[(this.random() >>> 0) % bytes.length] ^= 1 << (this.random() & 7);
  }
}

class Cut {
  private readonly from: Set<Host>;
  private readonly to: Set<Host>;
  private readonly oneWay: boolean;
  constructor(from: Set<Host>, to: Set<Host>, oneWay: boolean) {
    this.from = from;
    this.to = to;
    this.oneWay = oneWay;
  }
  parts(from: Host, to: Host): boolean {
    return (
      (this.from.has(from) && this.to.has(to)) || (!this.oneWay && this.from.has(to) && this.to.has(from))
    );
  }
}

/** A datagram on its way. */
class Delivery implements Happening {
  private readonly network: FakeNetwork;
  private readonly to: Host;
  private readonly port: number;
  private readonly bytes: Uint8Array;
  private readonly fromAddress: string;
  private readonly fromPort: number;
  constructor(
    network: FakeNetwork,
    to: Host,
    port: number,
    bytes: Uint8Array,
    fromAddress: string,
    fromPort: number,
  ) {
    this.network = network;
    this.to = to;
    this.port = port;
    this.bytes = bytes;
    this.fromAddress = fromAddress;
    this.fromPort = fromPort;
  }
  run(): void {
    const counts = this.network.counts;
    if (this.to.deliver(this.port, this.bytes, this.fromAddress, this.fromPort)) counts.delivered++;
    else counts.lost++;
  }
}
