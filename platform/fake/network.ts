import { canonicalAddress } from "./addresses.js";
import { checkFunction, got, wrongNumber } from "./checks.js";
import { Clock } from "./clock.js";
import { Cut } from "./cut.js";
import { BROADCAST, MDNS } from "./discovery.js";
import { Datagram } from "./datagram.js";
import { describeNetwork } from "./describe.js";
import { guardFaults, PERFECT, takeFaults, type LinkFaults } from "./faults.js";
import { Host } from "./host.js";
import type { Machine, Medium } from "./machine.js";
import { seededRandom } from "./random.js";
import { countFate, TrafficCounts, type DatagramEvent, type Fate, type Traffic } from "./traffic.js";

/** The options of a `FakeNetwork`: the seed, and the faults of all links. */
export interface FakeNetworkOptions extends Partial<LinkFaults> {
  /** The seed of all random choices, a whole number; 1 when left out. The same seed gives the same run. */
  seed?: number;
}

/**
 * A network in one process, on a virtual clock. Nothing happens until you call `advance`, `runUntil` or `clock.step`,
 * and every run with the same seed is the same. A datagram is never delivered inside the call that sends it.
 */
export class FakeNetwork implements Medium {
  /** The virtual clock. */
  readonly clock = new Clock(() => this.describe());
  private readonly names = new Map<string, string>();
  /** Whether datagrams to the broadcast address reach all hosts; set it to false for a network that filters them. */
  passesBroadcast = true;
  /** Whether multicast reaches all hosts; set it to false for an access point that filters it, as many do. */
  passesMulticast = true;
  /** Counts of datagrams and bytes. */
  readonly counts = {
    /** Datagrams that hosts have sent. */
    sent: 0,
    /** Datagrams that did not arrive: by chance, because of a partition, or because nobody received them. */
    lost: 0,
    /** Datagrams that arrived; one that was duplicated counts twice. */
    delivered: 0,
    /** Bytes of the datagrams that hosts have sent. */
    bytes: 0,
  };
  /** The network's generator of 32 random bits a call. */
  readonly random: () => number;
  private readonly hosts = new Map<string, Host>();
  private readonly everywhere: LinkFaults = { ...PERFECT };
  private readonly guarded: LinkFaults;
  /** What was set for single links, by sender and receiver; the rest of each is inherited from `everywhere`. */
  private readonly links = new Map<Machine, Map<Machine, LinkFaults>>();
  private readonly cuts = new Set<Cut>();
  private counted: TrafficCounts<Machine> | undefined = undefined;
  private tap: ((event: DatagramEvent) => void) | undefined = undefined;

  /** @throws TypeError or RangeError that names the wrong option, and for an unknown one the most similar name */
  constructor(options: FakeNetworkOptions = {}) {
    takeFaults("FakeNetwork", options, this.everywhere, ["seed"]);
    const { seed = 1 } = options;
    if (!Number.isSafeInteger(seed)) throw wrongNumber("FakeNetwork: seed must be a whole number", seed);
    this.random = seededRandom(seed);
    this.guarded = guardFaults("FakeNetwork.faults", this.everywhere);
  }

  /**
   * The faults of all links except for those that `setLink` set. Assign to change them: `network.faults.loss = 0.1`.
   * An assignment is checked like the options, and throws the same errors.
   */
  get faults(): LinkFaults {
    return this.guarded;
  }

  /**
   * Called for each datagram when its fate is known: when it arrives, before the program that gets it is called, or when
   * it is lost. A datagram that is duplicated has two fates. Undefined, as at first, for nothing. What the function throws
   * comes out of `advance`.
   * @throws TypeError when you assign what is neither a function nor undefined
   */
  get onDatagram(): ((event: DatagramEvent) => void) | undefined {
    return this.tap;
  }

  /** Takes another function, or undefined for none. */
  set onDatagram(tap: ((event: DatagramEvent) => void) | undefined) {
    if (tap !== undefined) checkFunction("FakeNetwork.onDatagram", tap);
    this.tap = tap;
  }

  /** Milliseconds since the network was made. */
  get nowMs(): number {
    return this.clock.nowMs;
  }

  /**
   * Returns the host with this IP address, and makes it when it is not there yet.
   * @throws TypeError or RangeError when `address` is not the IP address of one machine
   */
  host(address: string): Host {
    const known = this.hosts.get(address);
    if (known !== undefined) return known;
    const canonical = canonicalAddress("host", address);
    let host = this.hosts.get(canonical);
    if (host === undefined) {
      host = new Host(this, canonical);
      this.hosts.set(canonical, host);
    }
    return host;
  }

  /**
   * Gives a host a name, such as `lamp.local`, by which seeds are looked up; with `undefined` nobody has it any more.
   * @throws TypeError when `name` is no text
   */
  setName(name: string, host: Host | string | undefined): void {
    if (typeof name !== "string" || name === "")
      throw new TypeError("FakeNetwork.setName: expected a name such as lamp.local");
    const address = typeof host === "string" ? host : host?.address;
    if (address === undefined) this.names.delete(name);
    else this.names.set(name, address);
  }

  /** @internal */
  addressOf(name: string): string | undefined {
    return this.names.get(name);
  }

  /**
   * Lets `ms` milliseconds pass. Do not call it inside a callback.
   * @throws what `Clock.advance` throws
   */
  advance(ms: number): void {
    this.clock.advance(ms);
  }

  /**
   * Lets time pass until `condition` returns true, but no more than `limitMs` milliseconds: ten minutes when it is
   * left out. `condition` is called after everything that happens. Returns how many milliseconds passed. Do not call
   * it inside a callback.
   * @throws Error when the condition does not hold by then, or when nothing is planned any more. Its message ends with
   *   what `describe` returns. Otherwise what `Clock.runUntil` throws
   */
  runUntil(condition: () => boolean, limitMs?: number): number {
    return this.clock.runUntil(condition, limitMs);
  }

  /**
   * As `advance`, for programs with promises: `await network.advanceAsync(1000)`. Between what happens, everything runs
   * that waits for a promise which is settled already, and so also what awaits a timer of its host. What awaits a file, a
   * socket or a timer of Node is not waited for.
   * @throws what `advance` throws, by the promise that is returned
   */
  advanceAsync(ms: number): Promise<void> {
    return this.clock.advanceAsync(ms);
  }

  /**
   * As `runUntil`, for programs with promises, as `advanceAsync` is. The condition may return a promise, too.
   * @throws what `runUntil` throws, by the promise that is returned
   */
  runUntilAsync(condition: () => boolean | Promise<boolean>, limitMs?: number): Promise<number> {
    return this.clock.runUntilAsync(condition, limitMs);
  }

  /**
   * Sets the faults of the datagrams from one host to another, and replaces those that were set before for this
   * direction. A fault that you leave out is that of `faults`, also when that changes later. You may pass hosts or
   * their addresses.
   * @throws TypeError or RangeError that says what is wrong; then nothing has changed
   */
  setLink(from: Host | string, to: Host | string, faults: Partial<LinkFaults>): void {
    const sender = this.member("setLink", "from", from);
    const receiver = this.member("setLink", "to", to);
    const link = Object.create(this.everywhere) as LinkFaults;
    takeFaults("setLink", faults, link);
    let links = this.links.get(sender);
    if (links === undefined) {
      links = new Map();
      this.links.set(sender, links);
    }
    links.set(receiver, link);
  }

  /**
   * Takes back what `setLink` set for this direction: `faults` hold there again.
   * @throws TypeError or RangeError when an argument is not a host of this network
   */
  resetLink(from: Host | string, to: Host | string): void {
    const sender = this.member("resetLink", "from", from);
    const receiver = this.member("resetLink", "to", to);
    this.links.get(sender)?.delete(receiver);
  }

  /** Takes back everything that `setLink` set: `faults` hold on all links again. Partitions stay. */
  resetLinks(): void {
    this.links.clear();
  }

  /** Counts what goes over each link, from now on and from zero. `traffic` tells the counts. */
  countTraffic(): void {
    this.counted = new TrafficCounts();
  }

  /**
   * Returns what went from one host to another since `countTraffic` was called. Leave out `to`, or pass undefined for one
   * of them, for all hosts: `traffic(one)` is all that `one` sent, and `traffic(undefined, one)` what was sent to it. The
   * result does not change later.
   * @throws TypeError or RangeError when an argument is not a host of this network, Error before `countTraffic` was called
   */
  traffic(from?: Host | string, to?: Host | string): Traffic {
    const sender = from === undefined ? undefined : this.member("traffic", "from", from);
    const receiver = to === undefined ? undefined : this.member("traffic", "to", to);
    if (this.counted === undefined)
      throw new Error(
        "traffic: nothing was counted; call network.countTraffic() where counting should begin",
      );
    return this.counted.sum(sender, receiver);
  }

  /**
   * Returns a text of several lines that says how things stand: the virtual time, the faults, and of each host whether
   * it runs or is cut off, with its nodes and the members that each of them knows, by state.
   */
  describe(): string {
    return describeNetwork(this.nowMs, this.everywhere, this.hosts.values(), (from, to) =>
      this.isCut(from, to),
    );
  }

  /**
   * Cuts hosts off from each other: no datagram gets from `from` to `to` and, unless `oneWay` is true, none gets
   * back. Call the returned function to end that. You may pass hosts or their addresses.
   * @throws TypeError or RangeError that says what is wrong; then nothing has changed
   */
  partition(from: readonly (Host | string)[], to: readonly (Host | string)[], oneWay = false): () => void {
    if (typeof oneWay !== "boolean")
      throw new TypeError("partition: oneWay must be true or false" + got(oneWay));
    const cut = new Cut(this.group("from", from), this.group("to", to), oneWay);
    this.cuts.add(cut);
    return () => this.cuts.delete(cut);
  }

  /** @internal For hosts: moves one to another address. Returns that address as identities contain it. */
  move(machine: Machine, address: string): string {
    const canonical = canonicalAddress("changeAddress", address);
    const host = this.hosts.get(machine.address) as Host;
    const holder = this.hosts.get(canonical);
    if (holder !== undefined && holder !== host) {
      throw new RangeError(
        "changeAddress: " +
          canonical +
          " is the address of another host; choose another, or move that one first",
      );
    }
    this.hosts.delete(machine.address);
    this.hosts.set(canonical, host);
    return canonical;
  }

  /** @internal For hosts: sends a copy of `data[start..end]`. */
  send(
    from: Machine,
    fromPort: number,
    address: string,
    port: number,
    data: Uint8Array,
    start: number,
    end: number,
  ): void {
    const { counts, counted } = this;
    counts.sent++;
    counts.bytes += end - start;
    if (address === BROADCAST || address === MDNS)
      return this.sendToAll(from, fromPort, address, port, data.slice(start, end));
    const to = this.hosts.get(address);
    const traffic = counted?.link(from, to);
    if (traffic !== undefined) {
      traffic.datagrams++;
      traffic.bytes += end - start;
    }
    const datagram = new Datagram(this, from, fromPort, to, address, port, data.slice(start, end));
    if (to === undefined) return this.settle(datagram, "nobody");
    if (this.isCut(from, to)) return this.settle(datagram, "partition");
    const faults = this.links.get(from)?.get(to) ?? this.everywhere;
    if (this.chance(faults.loss)) return this.settle(datagram, "loss");
    const isDoubled = this.chance(faults.duplication);
    const copy = isDoubled ? datagram.copy() : undefined;
    if (isDoubled && traffic !== undefined) traffic.duplicated++;
    this.plan(datagram, faults, traffic);
    if (copy !== undefined) this.plan(copy, faults, traffic);
  }

  /** A broadcast or multicast: to each host a copy of its own, unless this network passes none on. */
  private sendToAll(from: Machine, fromPort: number, address: string, port: number, bytes: Uint8Array): void {
    if (!(address === BROADCAST ? this.passesBroadcast : this.passesMulticast)) return;
    for (const to of this.hosts.values()) {
      if (to === from || this.isCut(from, to)) continue;
      const faults = this.links.get(from)?.get(to) ?? this.everywhere;
      if (this.chance(faults.loss)) continue;
      const copy = new Datagram(this, from, fromPort, to, to.address, port, bytes.slice());
      this.plan(copy, faults, this.counted?.link(from, to));
    }
  }

  /** @internal For datagrams: what became of one. */
  settle(datagram: Datagram, fate: Fate): void {
    if (fate === "delivered") this.counts.delivered++;
    else this.counts.lost++;
    if (this.counted !== undefined) countFate(this.counted.link(datagram.from, datagram.to), fate);
    if (this.tap !== undefined) this.tap(datagram.event(fate));
  }

  /** Sends one copy on its way. */
  private plan(datagram: Datagram, faults: LinkFaults, traffic: Traffic | undefined): void {
    if (this.chance(faults.corruption)) {
      this.corrupt(datagram.bytes);
      datagram.isCorrupted = true;
      if (traffic !== undefined) traffic.corrupted++;
    }
    let delayMs = faults.latencyMs + faults.jitterMs * this.fraction();
    if (this.chance(faults.reordering)) delayMs += faults.reorderMs * this.fraction();
    this.clock.plan(delayMs, datagram);
  }

  /** Returns the host that an argument stands for. */
  private member(method: string, argument: string, given: unknown): Host {
    if (given instanceof Host) {
      if (given.network === this) return given;
      throw new RangeError(method + ": " + argument + " is a host of another network");
    }
    const host = typeof given === "string" ? this.hosts.get(given) : undefined;
    if (host !== undefined) return host;
    let address: string;
    try {
      address = canonicalAddress(method, given);
    } catch {
      const text = " must be a host of this network, or its address such as 10.0.0.1";
      throw new TypeError(method + ": " + argument + text + got(given));
    }
    const canonical = this.hosts.get(address);
    if (canonical !== undefined) return canonical;
    throw new RangeError(
      method +
        ": there is no host " +
        address +
        "; make it first: network.host(" +
        JSON.stringify(given) +
        ")",
    );
  }

  private group(argument: string, given: unknown): Host[] {
    if (Array.isArray(given))
      return given.map((one, index) => this.member("partition", argument + "[" + index + "]", one));
    throw new TypeError("partition: " + argument + " must be an array of hosts or addresses" + got(given));
  }

  private isCut(from: Machine, to: Machine): boolean {
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
