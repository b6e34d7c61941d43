import { createSocket, type Socket } from "node:dgram";
import { lookup, type LookupOneOptions } from "node:dns";
import { isIP } from "node:net";
import { performance } from "node:perf_hooks";
import type { Driver } from "../shared/options.js";
import { isDirectedBroadcast, isIpv6 } from "./addresses.js";

/** How many datagrams may wait in the operating system at once; further ones are dropped and reported. */
const MAX_IN_FLIGHT = 256;
/** The longest wait of `setTimeout`. For a longer one the node is woken early, which does no harm. */
const LONGEST_TIMEOUT_MS = 0x7fffffff;

/** The first pause before a port that could not be bound is tried again; doubled every time. */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

type Resolved = (error: NodeJS.ErrnoException | null, address: string, family: number) => void;

/** What the driver calls. */
export interface DriverEvents {
  ready(): void;
  /** The port could not be bound; it is tried again. */
  notOpened(error: unknown): void;
  receive(bytes: Uint8Array, address: string, port: number): void;
  wake(): void;
  /** The open socket failed. */
  failed(error: unknown): void;
  /** The operating system refused a datagram, because it was for the broadcast address of a network. */
  refused(): void;
}

/** One UDP socket and one timeout. */
export class DgramDriver implements Driver {
  private readonly address: string;
  private port = 0;
  private socket: Socket | undefined;
  private isOpen = false;
  private events: DriverEvents | undefined;
  private timeout: NodeJS.Timeout | undefined;
  private retry: NodeJS.Timeout | undefined;
  private pauseMs = FIRST_PAUSE_MS;
  private inFlight = 0;
  /** Buffers that no datagram waits in. */
  private readonly spare: Buffer[] = [];

  /** @param address the local IP address to bind, which also says whether the socket speaks IPv4 or IPv6. */
  constructor(address: string) {
    this.address = address;
  }

  /**
   * Binds the port, and tries again with growing pauses as long as that fails. Calls `notOpened` for each failure and
   * `ready` in the end; neither before it returns.
   */
  open(port: number, events: DriverEvents): void {
    this.port = port;
    this.events = events;
    this.bind();
  }

  now(): number {
    return performance.now();
  }

  /** Sends a copy: the operating system may take the bytes later, and the core uses its buffer again at once. */
  send(address: string, port: number, data: Uint8Array, start: number, end: number): void {
    if (this.socket === undefined) throw new Error("send: the socket is not open");
    if (this.inFlight >= MAX_IN_FLIGHT) throw new Error("send: too many datagrams wait to be sent");
    let buffer = this.spare.pop();
    if (buffer === undefined || buffer.length < data.length) buffer = Buffer.allocUnsafeSlow(data.length);
    buffer.set(data.subarray(start, end));
    const length = end - start;
    const used = buffer;
    this.socket.send(used, 0, length, port, this.reachable(address), (error) =>
      this.sent(used, address, error),
    );
    this.inFlight++;
  }

  arm(ms: number): void {
    clearTimeout(this.timeout);
    this.timeout = setTimeout(() => this.events?.wake(), Math.min(Math.ceil(ms), LONGEST_TIMEOUT_MS));
  }

  /** What was handed to `send` still leaves; nothing is called any more, and nothing keeps the process alive. */
  close(): void {
    if (this.events === undefined) return;
    this.events = undefined;
    clearTimeout(this.timeout);
    clearTimeout(this.retry);
    if (this.inFlight === 0) this.socket?.close();
  }

  private bind(): void {
    const socket = createSocket({
      type: isIpv6(this.address) ? "udp6" : "udp4",
      lookup: (host, options, done) => this.resolve(host, options, done),
    });
    socket.on("listening", () => {
      this.isOpen = true;
      this.events?.ready();
    });
    socket.on("message", (bytes, { address, port }) => this.events?.receive(bytes, address, port));
    socket.on("error", (error) => (this.isOpen ? this.events?.failed(error) : this.notOpened(error)));
    socket.bind({ port: this.port, address: this.address, exclusive: true });
    this.socket = socket;
  }

  private notOpened(error: Error): void {
    this.socket?.close();
    this.socket = undefined;
    // Node drops what was to be sent from the socket, and says so to nobody.
    this.inFlight = 0;
    if (this.events === undefined) return;
    this.retry = setTimeout(() => this.bind(), this.pauseMs);
    this.pauseMs = Math.min(LONGEST_PAUSE_MS, this.pauseMs * 2);
    this.events.notOpened(error);
  }

  /**
   * An address needs no look-up. Answered at once, a datagram leaves within `send`, and so the port is free as soon
   * as the socket is closed; but while the port is being bound, only after `open` returned.
   */
  private resolve(host: string, options: LookupOneOptions, done: Resolved): void {
    const family = isIP(host);
    if (family === 0) lookup(host, options, done);
    else if (this.isOpen) done(null, host, family);
    else process.nextTick(done, null, host, family);
  }

  private sent(buffer: Buffer, address: string, error: NodeJS.ErrnoException | null): void {
    this.inFlight--;
    this.spare.push(buffer);
    if (error?.code === "EACCES" && isDirectedBroadcast(address)) this.events?.refused();
    else if (error !== null) this.events?.failed(error);
    if (this.events === undefined && this.inFlight === 0) this.socket?.close();
  }

  /** An IPv6 socket reaches IPv4 addresses by their mapped form (RFC 4291 section 2.5.5.2). */
  private reachable(address: string): string {
    return isIpv6(this.address) && !isIpv6(address) ? "::ffff:" + address : address;
  }
}
