import Timer from "timer";
import type { Random } from "../../../core/index.js";
import type { Discovery, DiscoveryDriver } from "../../shared/discovery.js";
import { ASLEEP, CLOSED, LEFT, READY } from "../../shared/swim-node.js";
import { openUdp, type UdpSocket } from "../udp.js";
import { DnsSd, type DnsSdProvider } from "./dns-sd.js";
import type { InnerNode } from "./inner-node.js";
import { Names } from "./names.js";

/** Reaches all that are near: a device does not know the mask of its network. */
const BROADCAST = "255.255.255.255";
/** How soon it is looked again whether the node has opened its socket, or is awake. */
const SOON_MS = 250;
/** The longest wait that the timer is set to; `Discovery` sets a shorter one. */
const LONGEST_WAIT_MS = 3_600_000;

/** What a device needs to look for others. */
export interface DiscoverySettings {
  readonly cluster: string;
  readonly beaconPort: number;
  readonly dnssd: DnsSdProvider | undefined;
  readonly seeds: readonly string[] | undefined;
  readonly random: Random;
}

/**
 * One UDP socket and one timer of the Moddable SDK. The device has the port of beacons for itself, so it asks from there, too, and
 * one socket takes the questions of others and the answers.
 */
export class XsDiscoveryDriver<T> implements DiscoveryDriver {
  ask: (() => void) | undefined = undefined;
  private readonly node: InnerNode<T>;
  private readonly settings: DiscoverySettings;
  private discovery: Discovery<T> | undefined = undefined;
  private timer: Timer | undefined = undefined;
  private socket: UdpSocket | undefined = undefined;
  private dns: DnsSd | undefined = undefined;
  private readonly names: Names<T> | undefined = undefined;
  /** What the timer and the socket call. */
  private readonly callback: (argument?: unknown) => void;
  private hasToldOpening = false;
  private hasToldSending = false;
  private hasTriedDns = false;

  constructor(node: InnerNode<T>, settings: DiscoverySettings) {
    this.node = node;
    this.settings = settings;
    if (settings.seeds !== undefined) this.names = new Names(node, settings.seeds);
    this.callback = (argument) => this.onEvent(argument); // eslint-disable-line no-restricted-syntax -- made once
  }

  start(discovery: Discovery<T>): void {
    this.discovery = discovery;
    this.timer = Timer.repeat(this.callback, 1);
  }

  arm(ms: number): void {
    // First and repeat must be equal: the simulator starts a second timer otherwise.
    if (this.timer !== undefined) Timer.schedule(this.timer, ms, ms);
  }

  broadcast(bytes: Uint8Array, start: number, end: number): void {
    this.answer(BROADCAST, this.settings.beaconPort, bytes, start, end);
  }

  /** Tells only the first error: a simulator that cannot broadcast would tell it with every beacon. */
  answer(address: string, port: number, bytes: Uint8Array, start: number, end: number): void {
    const { socket } = this;
    if (socket === undefined) return;
    try {
      socket.write(bytes.slice(start, end), address, port);
    } catch (error) {
      if (!this.hasToldSending) this.failed("a beacon could not be sent", error);
      this.hasToldSending = true;
    }
  }

  close(): void {
    this.discovery = undefined;
    if (this.timer !== undefined) Timer.clear(this.timer);
    this.timer = undefined;
    this.closeDns();
    if (this.names !== undefined) this.names.close();
    if (this.socket !== undefined) this.socket.close();
    this.socket = undefined;
  }

  /** The socket gives the number of datagrams that wait; the timer gives itself. What leaves this would end the machine. */
  private onEvent(argument: unknown): void {
    try {
      if (typeof argument === "number") this.onReadable(argument);
      else this.onTimer();
    } catch (error) {
      this.node.threw(error);
    }
  }

  private onTimer(): void {
    const { discovery, node } = this;
    if (discovery === undefined) return;
    this.arm(LONGEST_WAIT_MS);
    if (node.is(CLOSED | LEFT)) discovery.close();
    else if (!node.is(READY) || node.is(ASLEEP)) this.arm(SOON_MS);
    else {
      if (this.socket === undefined) this.open();
      this.followDns();
      if (this.names !== undefined) this.names.wake(node.now());
      try {
        discovery.wake();
      } catch (error) {
        // A callback of the user's threw, before the next wait was set.
        this.arm(SOON_MS);
        throw error;
      }
    }
  }

  private open(): void {
    const { beaconPort } = this.settings;
    try {
      this.socket = openUdp(beaconPort, this.callback);
    } catch (error) {
      const what = "UDP port " + beaconPort + " could not be opened and is tried again";
      if (!this.hasToldOpening) this.failed(what, error);
      this.hasToldOpening = true;
    }
  }

  /** Reads as many datagrams as wait now, and no more, because a flood must not keep the timers from running. */
  private onReadable(count: number): void {
    for (let left = count; left > 0; left--) {
      const { discovery, node, socket } = this;
      if (discovery === undefined || socket === undefined) return;
      const packet = socket.read();
      if (packet === undefined) return;
      if (!node.is(CLOSED | LEFT | ASLEEP))
        discovery.heard(new Uint8Array(packet), 0, packet.byteLength, packet.address, packet.port);
    }
  }

  /** Uses multicast DNS while what the node sends is open to all. */
  private followDns(): void {
    const { node, settings } = this;
    const { seal } = node;
    const isOpen = seal === undefined || seal.sealing === "off" || seal.sealing === "accept";
    if (this.dns !== undefined) {
      if (isOpen) this.dns.rest(node.now());
      else this.closeDns();
    } else if (isOpen && settings.dnssd !== undefined && !this.hasTriedDns) this.openDns(settings.dnssd);
  }

  private openDns(provider: DnsSdProvider): void {
    const { node } = this;
    this.hasTriedDns = true;
    try {
      const dns = new DnsSd(provider, {
        port: node.options.port,
        cluster: this.settings.cluster,
        codec: node.codec.dialect.name,
        random: this.settings.random,
        // eslint-disable-next-line no-restricted-syntax -- made once
        take: (address, port) => {
          if (this.discovery !== undefined) this.discovery.take(address, port);
        },
      });
      this.dns = dns;
      this.ask = () => dns.ask(node.now()); // eslint-disable-line no-restricted-syntax -- made once
    } catch (error) {
      this.failed("there is no multicast DNS", error);
    }
  }

  private closeDns(): void {
    const { dns } = this;
    this.dns = undefined;
    this.ask = undefined;
    this.hasTriedDns = false;
    if (dns !== undefined) dns.close();
  }

  private failed(what: string, error: unknown): void {
    this.node.failed(new Error("discover: " + what + ": " + String(error)));
  }
}
