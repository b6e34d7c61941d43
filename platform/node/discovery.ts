import { createSocket, type Socket } from "node:dgram";
import { networkInterfaces } from "node:os";
import type { Bonjour, Browser, Service } from "bonjour-service";
import type { DiscoverySetup } from "../host/discovery-setup.js";
import type { DiscoveryDriver } from "../shared/discovery.js";
import {
  broadcastAddress,
  isWildcard,
  nearInterfaces,
  type Interfaces,
  type NamedAddress,
} from "./addresses.js";

/** The type of our services in DNS-SD (RFC 6763): `_xswim._udp`. */
const TYPE = "xswim";
/** How many services are looked at. */
const MOST_SERVICES = 64;
/** Where beacons go on a machine without a network: to its other programs. */
const LOOPBACK_BROADCAST = "127.255.255.255";

/** What a service says of its node, in its TXT record. */
interface Txt {
  readonly v?: unknown;
  readonly cluster?: unknown;
  readonly codec?: unknown;
}

/** Looks for other nodes by multicast DNS, which `bonjour-service` speaks, and by broadcasts. */
export class NodeDiscoveryDriver implements DiscoveryDriver {
  ask: (() => void) | undefined;
  private readonly setup: DiscoverySetup;
  /** The address that the node is bound to; undefined for all. */
  private readonly bound: string | undefined;
  private readonly interfaces: Interfaces;
  /** Asks, and gets the answers. */
  private readonly asking: Socket;
  /** Hears the questions of others, together with all programs of this machine that do. */
  private readonly listening: Socket;
  private timeout: NodeJS.Timeout | undefined;
  private bonjour: Bonjour | undefined;
  /** The name of our own service. */
  private name = "";
  private browser: Browser | undefined;
  private isClosed = false;

  constructor(setup: DiscoverySetup, bound: string | undefined, interfaces: Interfaces = networkInterfaces) {
    this.setup = setup;
    this.bound = bound === undefined || isWildcard(bound) ? undefined : bound;
    this.interfaces = interfaces;
    this.asking = this.open(0);
    this.listening = this.open(setup.beaconPort);
    if (!setup.mdns) return;
    this.ask = () => this.askByDns();
    this.advertise().catch((error: unknown) => this.failed(error));
  }

  arm(ms: number): void {
    clearTimeout(this.timeout);
    if (!this.isClosed) this.timeout = setTimeout(() => this.setup.wake(), ms).unref();
  }

  broadcast(bytes: Uint8Array, start: number, end: number): void {
    const addresses = this.near()
      .map(broadcastAddress)
      .filter((address) => address !== undefined);
    if (addresses.length === 0) addresses.push(LOOPBACK_BROADCAST);
    for (const address of addresses) this.send(address, this.setup.beaconPort, bytes.slice(start, end));
  }

  answer(address: string, port: number, bytes: Uint8Array, start: number, end: number): void {
    this.send(address, port, bytes.slice(start, end));
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    clearTimeout(this.timeout);
    this.asking.close();
    this.listening.close();
    this.browser?.stop();
    const { bonjour } = this;
    try {
      // It says goodbye first.
      bonjour?.unpublishAll(() => bonjour.destroy());
    } catch {
      // The system does not tell the addresses that the goodbye has.
      bonjour?.destroy();
    }
  }

  /** Opens a socket whose datagrams are heard; port 0 is any that is free. */
  private open(port: number): Socket {
    const socket = createSocket({ type: "udp4", reuseAddr: port !== 0 });
    socket.on("message", (bytes, { address, port: from }) => {
      if (!this.isClosed) this.setup.heard(bytes, address, from);
    });
    socket.on("error", (error) => this.failed(error));
    socket.bind(port, () => {
      if (!this.isClosed) socket.setBroadcast(true);
    });
    socket.unref();
    return socket;
  }

  /** The addresses of this machine by which others may reach the node. */
  private near(): NamedAddress[] {
    const { bound } = this;
    const interfaces = this.interfaces();
    if (bound === undefined) return nearInterfaces(interfaces, this.setup.interface);
    return Object.keys(interfaces)
      .flatMap((name) => nearInterfaces(interfaces, name))
      .filter(({ address }) => address === bound);
  }

  private send(address: string, port: number, bytes: Uint8Array): void {
    this.asking.send(bytes, port, address, (error) => {
      if (error !== null) this.failed(error);
    });
  }

  private async advertise(): Promise<void> {
    const { setup } = this;
    const { Bonjour: Dns } = await import("bonjour-service").catch(() => {
      throw new Error("for multicast DNS, install the package bonjour-service; beacons need nothing");
    });
    if (this.isClosed) return;
    const all = this.near();
    // Where there is one network, it needs no default route. Of several, the system chooses, unless the user did.
    const isChosen = setup.interface !== undefined || this.bound !== undefined || all.length === 1;
    const near = isChosen ? all[0] : undefined;
    // The options are those of the package `multicast-dns`, which its types do not know. Bound to its address alone, the socket
    // would get no multicast.
    const options = (near === undefined ? {} : { interface: near.address, bind: "0.0.0.0" }) as object;
    this.bonjour = new Dns(options, (error: unknown) => this.failed(error));
    this.guardUpdates(this.bonjour);
    const name = "xswim-" + Math.floor(Math.random() * 2 ** 32).toString(16);
    this.name = name;
    const txt = { v: "1", cluster: setup.cluster, codec: setup.codec };
    // The names are random, so that nobody needs to be asked whether they are taken.
    const host = name + ".local";
    this.bonjour.publish({ name, host, type: TYPE, protocol: "udp", port: setup.port, txt, probe: false });
    this.browser = this.bonjour.find({ type: TYPE, protocol: "udp" }, (service) => this.found(service));
  }

  /**
   * Of several networks, `multicast-dns` looks at the interfaces every 5 s, in a timer of its own. The system may refuse to tell them,
   * as when all descriptors are in use, and what that throws would end the process.
   */
  private guardUpdates(bonjour: Bonjour): void {
    const mdns = (bonjour as unknown as { server?: { mdns?: { update?(): void } } }).server?.mdns;
    const update = mdns?.update;
    // A version that does it otherwise.
    if (mdns === undefined || update === undefined) return;
    mdns.update = () => {
      try {
        update();
      } catch (error) {
        this.failed(error);
      }
    };
  }

  private askByDns(): void {
    this.browser?.update();
    // Those that were found before are not told of again.
    for (const service of this.browser?.services.slice(0, MOST_SERVICES) ?? []) this.found(service);
  }

  private found({ name, txt, port, referer, addresses }: Service): void {
    // Of several networks, ours may come from an address that is not the one of the node.
    if (this.isClosed || name === this.name) return;
    const { v, cluster = "", codec } = (txt ?? {}) as Txt;
    if (v !== "1" || cluster !== this.setup.cluster || codec !== this.setup.codec) return;
    const address =
      referer?.family === "IPv4" ? referer.address : addresses?.find((each) => !each.includes(":"));
    if (address !== undefined && port >= 1 && port <= 65535) this.setup.take(address, port);
  }

  private failed(error: unknown): void {
    if (!this.isClosed) this.setup.failed(error);
  }
}
