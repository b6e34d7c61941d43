import { createSocket, type Socket } from "node:dgram";
import { performance } from "node:perf_hooks";
import type { Driver } from "../shared/options.js";
import { isIpv6 } from "./addresses.js";

/** Datagrams that may wait in the operating system at once; what comes beyond is dropped and reported. */
const MAX_IN_FLIGHT = 256;
/** The longest wait of `setTimeout`; who waits longer is woken early, which does no harm. */
const LONGEST_TIMEOUT_MS = 0x7fffffff;

/** What the driver calls. */
export interface DriverEvents {
  ready(): void;
  receive(bytes: Uint8Array): void;
  wake(): void;
  failed(error: unknown): void;
}

/** One UDP socket and one timeout. */
export class DgramDriver implements Driver {
  private readonly address: string;
  private socket: Socket | undefined;
  private events: DriverEvents | undefined;
  private timeout: NodeJS.Timeout | undefined;
  private inFlight = 0;
  /** Buffers that no datagram waits in. */
  private readonly spare: Buffer[] = [];

  /** @param address the local IP address to bind, which also says whether the socket speaks IPv4 or IPv6. */
  constructor(address: string) {
    this.address = address;
  }

  /** Binds the port. Ends in `ready`, or in `failed` before any `ready`; never before it returns. */
  open(port: number, events: DriverEvents): void {
    this.events = events;
    const socket = createSocket({ type: isIpv6(this.address) ? "udp6" : "udp4" });
    socket.on("listening", () => this.events?.ready());
    socket.on("message", (bytes) => this.events?.receive(bytes));
    socket.on("error", (error) => this.events?.failed(error));
    socket.bind({ port, address: this.address, exclusive: true });
    this.socket = socket;
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
    this.socket.send(used, 0, length, port, this.reachable(address), (error) => this.sent(used, error));
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
    if (this.inFlight === 0) this.socket?.close();
  }

  private sent(buffer: Buffer, error: Error | null): void {
    this.inFlight--;
    this.spare.push(buffer);
    if (error !== null) this.events?.failed(error);
    if (this.events === undefined && this.inFlight === 0) this.socket?.close();
  }

  /** An IPv6 socket reaches IPv4 addresses by their mapped form (RFC 4291 section 2.5.5.2). */
  private reachable(address: string): string {
    return isIpv6(this.address) && !isIpv6(address) ? "::ffff:" + address : address;
  }
}
