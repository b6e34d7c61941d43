import type { Random } from "../../../core/index.js";
import type { UdpSocket } from "../udp.js";

const SERVICE_TYPE = "_xswim._udp";
/** How long the answers to a question are waited for. Then what the SDK keeps of them is let go. */
const ASKING_MS = 3000;

/** A service as the SDK tells of it. */
export interface DnsSdService {
  readonly address: string;
  readonly port: number;
  readonly txt?: ReadonlyMap<string, string | undefined>;
}

interface Closable {
  close(): void;
}

/** An object of the SDK's class `embedded:network/dnssd`, as far as it is used here. */
export interface DnsSdInstance extends Closable {
  claim(options: { host: string; onReady(): void; onError(): void }): Closable;
  advertise(options: {
    serviceType: string;
    name: string;
    host: string;
    port: number;
    txt: object;
  }): Closable;
  discover(options: { serviceType: string; onFound(service: DnsSdService): void }): Closable;
}

/** A UDP socket that takes multicast, where there is one: on devices with lwIP. */
interface MulticastSocket extends UdpSocket {
  add(group: string): void;
}

/** What the SDK's class gives to the class of its socket. */
interface SocketOptions {
  readonly target: unknown;
  readonly inner: new (options: object) => MulticastSocket;
  port: number;
  onReadable(this: object, count: number): void;
}

type SdkClass<T> = new (options: never) => T;

/** The SDK's multicast DNS, and the class of the socket for it: `device.network.dnssd`. */
export interface DnsSdProvider {
  /** The class of the module `embedded:network/dnssd`. */
  readonly io: SdkClass<DnsSdInstance>;
  /** Its socket. */
  readonly socket: {
    /** The class of the module `embedded:io/socket/udp`. */
    readonly io: SdkClass<object>;
  };
}

/**
 * The socket that the SDK's class uses. That class throws for datagrams that are no DNS, which would end the machine: here it is
 * given them one by one, and what it throws is dropped.
 */
class GuardedSocket {
  readonly target: unknown;
  private readonly socket: MulticastSocket;
  private readonly onOne: (this: object, count: number) => void;

  constructor(options: SocketOptions) {
    this.target = options.target;
    this.onOne = options.onReadable;
    options.onReadable = (count) => this.onReadable(count); // eslint-disable-line no-restricted-syntax -- made once
    const Inner = options.inner;
    this.socket = new Inner(options);
  }

  read(): ArrayBuffer | undefined {
    return this.socket.read();
  }
  write(bytes: Uint8Array, address: string, port: number): void {
    this.socket.write(bytes, address, port);
  }
  add(group: string): void {
    this.socket.add(group);
  }
  close(): void {
    this.socket.close();
  }

  private onReadable(count: number): void {
    for (let left = count; left > 0; left--) {
      try {
        this.onOne.call(this, 1);
      } catch {
        // It was no DNS.
      }
    }
  }
}

/** What a node says of itself, and who is told of others. */
export interface DnsSdSetup {
  readonly port: number;
  readonly cluster: string;
  /** The name of its wire format. */
  readonly codec: string;
  readonly random: Random;
  take(address: string, port: number): void;
}

/** Advertises a node by multicast DNS, and asks for others. */
export class DnsSd {
  private readonly setup: DnsSdSetup;
  private readonly dns: DnsSdInstance;
  private browser: Closable | undefined = undefined;
  private askedMs = 0;

  /** @throws what the SDK throws, as where the socket takes no multicast */
  constructor(provider: DnsSdProvider, setup: DnsSdSetup) {
    this.setup = setup;
    const Dns = provider.io as unknown as new (options: object) => DnsSdInstance;
    const socket = Object.assign({}, provider.socket, { io: GuardedSocket, inner: provider.socket.io });
    this.dns = new Dns({ socket });
    const { cluster, codec, port } = setup;
    // A random name, which nobody else has.
    const host = "xswim-" + (setup.random() >>> 0).toString(16);
    this.dns.claim({ host, onReady() {}, onError() {} });
    // The SDK's writer (8.2.3) writes the named properties of an array; of a `Map`, which its typings ask for, it writes nothing.
    const txt = Object.assign([], { v: "1", cluster, codec });
    this.dns.advertise({ serviceType: SERVICE_TYPE, name: host, host, port, txt });
  }

  /** Asks who is there; a question that is still open is put again. */
  ask(nowMs: number): void {
    this.stopAsking();
    this.askedMs = nowMs;
    this.browser = this.dns.discover({
      serviceType: SERVICE_TYPE,
      onFound: (service) => this.found(service), // eslint-disable-line no-restricted-syntax -- made for a question
    });
  }

  /** Ends a question that had its time. */
  rest(nowMs: number): void {
    if (this.browser !== undefined && nowMs - this.askedMs >= ASKING_MS) this.stopAsking();
  }

  /** Says goodbye. */
  close(): void {
    this.stopAsking();
    this.dns.close();
  }

  private stopAsking(): void {
    if (this.browser !== undefined) this.browser.close();
    this.browser = undefined;
  }

  private found(service: DnsSdService): void {
    const { cluster, codec, take } = this.setup;
    const { address, port, txt } = service;
    if (txt === undefined || txt.get("v") !== "1" || (txt.get("cluster") ?? "") !== cluster) return;
    if (txt.get("codec") === codec && port >= 1 && port <= 65535) take(address, port);
  }
}
