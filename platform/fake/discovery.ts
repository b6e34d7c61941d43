import type { DiscoverySetup } from "../host/discovery-setup.js";
import type { DiscoveryDriver } from "../shared/discovery.js";
import type { Machine } from "./machine.js";
import type { FakeTimer } from "./timer.js";

/** Reaches all hosts. */
export const BROADCAST = "255.255.255.255";
/** Reaches all hosts that listen to multicast DNS (RFC 6762). */
export const MDNS = "224.0.0.251";
const MDNS_PORT = 5353;
/** After how long a host answers a question by multicast DNS (RFC 6762 section 6), and how long it then says nothing again. */
const ANSWER_MS = 20;
const ANSWER_JITTER_MS = 100;
const SILENT_MS = 1000;

/**
 * Looks for others on the fake network. Multicast DNS is played by two short texts, with the delays of RFC 6762 and one answer a
 * second at most: the question, and an answer that all hear.
 */
export class FakeDiscoveryDriver implements DiscoveryDriver {
  ask: (() => void) | undefined;
  private readonly host: Machine;
  private readonly setup: DiscoverySetup;
  private readonly timer: FakeTimer;
  private readonly answerTimer: FakeTimer;
  private readonly askPort: number;
  private readonly ports: number[] = [];
  private readonly random: () => number;
  private answeredMs = -Infinity;

  constructor(host: Machine, setup: DiscoverySetup) {
    this.host = host;
    this.setup = setup;
    this.random = host.makeRandom();
    this.timer = host.makeTimer(() => setup.wake());
    this.answerTimer = host.makeTimer(() => this.answerByDns());
    this.askPort = this.bindFree(49_152, (bytes, address, port) => setup.heard(bytes, address, port));
    this.bind(setup.beaconPort, (bytes, address, port) => setup.heard(bytes, address, port));
    if (!setup.mdns) return;
    this.bind(MDNS_PORT, (bytes, address) => this.heardDns(bytes, address));
    this.ask = () => this.sendDns("? " + this.name);
    // It says that it is there (RFC 6762 section 8.3).
    this.answerTimer.set(0);
  }

  arm(ms: number): void {
    this.timer.set(ms);
  }

  broadcast(bytes: Uint8Array, start: number, end: number): void {
    this.host.send(this.askPort, BROADCAST, this.setup.beaconPort, bytes, start, end);
  }

  answer(address: string, port: number, bytes: Uint8Array, start: number, end: number): void {
    this.host.send(this.askPort, address, port, bytes, start, end);
  }

  close(): void {
    for (const port of this.ports) this.host.unbind(port);
    this.host.dropTimer(this.timer);
    this.host.dropTimer(this.answerTimer);
  }

  private heardDns(bytes: Uint8Array, address: string): void {
    const text = new TextDecoder().decode(bytes);
    if (text === "? " + this.name && this.host.now() - this.answeredMs >= SILENT_MS)
      this.answerTimer.set(ANSWER_MS + ((this.random() >>> 0) / 0x100000000) * ANSWER_JITTER_MS);
    const [, port, name] = /^!(\d+) (.*)$/.exec(text) ?? [];
    if (port !== undefined && name === this.name) this.setup.take(address, Number(port));
  }

  private answerByDns(): void {
    if (this.host.now() - this.answeredMs < SILENT_MS) return;
    this.answeredMs = this.host.now();
    this.sendDns("!" + this.setup.port + " " + this.name);
  }

  /** What a TXT record would say. */
  private get name(): string {
    return this.setup.codec + " " + this.setup.cluster;
  }

  private sendDns(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.host.send(MDNS_PORT, MDNS, MDNS_PORT, bytes, 0, bytes.length);
  }

  /** Listens, unless another node of this host does. */
  private bind(port: number, heard: (bytes: Uint8Array, address: string, from: number) => void): boolean {
    try {
      this.host.bind(port, heard);
    } catch {
      return false;
    }
    this.ports.push(port);
    return true;
  }

  private bindFree(first: number, heard: (bytes: Uint8Array, address: string, from: number) => void): number {
    let port = first;
    while (!this.bind(port, heard) && port < 65_535) port++;
    return port;
  }
}
