// A machine's way to a UDP network: each message is a datagram with the other side's address before it, four bytes of
// IPv4 address and two of port, the most significant first.
import { type Socket, createSocket } from "node:dgram";
import type { XsWorker } from "./engine.js";

const headerBytes = 6;

/** One UDP socket on 127.0.0.1 and the machine that it serves. */
export class UdpBridge {
  readonly #socket: Socket;
  #worker: XsWorker | undefined;
  #isClosed = false;

  /** Binds the socket; `port` 0 takes a free one. */
  static async open(port = 0): Promise<UdpBridge> {
    const socket = createSocket("udp4");
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.bind(port, "127.0.0.1", resolve);
    });
    return new UdpBridge(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("error", () => undefined); // as a real network: the datagram is lost
    socket.on("message", (datagram, from) => {
      const header = Buffer.from([...from.address.split(".").map(Number), from.port >> 8, from.port & 255]);
      this.#worker?.post(Buffer.concat([header, datagram]));
    });
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** The machine's `onMessage` option. */
  readonly send = (message: Uint8Array): void => {
    const [a, b, c, d, high = 0, low = 0] = message;
    if (message.length >= headerBytes && !this.#isClosed) {
      this.#socket.send(message.subarray(headerBytes), high * 256 + low, `${a}.${b}.${c}.${d}`);
    }
  };

  /** From now on datagrams go to this machine. */
  attach(worker: XsWorker): void {
    this.#worker = worker;
  }

  /** From now on datagrams go nowhere. */
  close(): Promise<void> {
    this.#isClosed = true;
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }
}
