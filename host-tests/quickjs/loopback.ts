// A machine's real world: one socket on loopback, and the timers of this process.
import { createSocket, type Socket } from "node:dgram";
import type { QuickJsMachine } from "./engine.js";
import type { World } from "./port.js";

const HOST = "127.0.0.1";

async function bound(): Promise<Socket> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, HOST, resolve));
  return socket;
}

export class Loopback implements World {
  readonly address = HOST;
  readonly port: number;
  machine: QuickJsMachine | undefined;
  readonly #socket: Socket;
  readonly #timers = new Map<number, NodeJS.Timeout>();

  /** Binds a port that is free. */
  static async open(): Promise<Loopback> {
    return new Loopback(await bound());
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
    socket.on("message", (bytes) => this.machine?.call("take", bytes));
  }

  /** A port that was free a moment ago. */
  async freePort(): Promise<number> {
    const socket = await bound();
    const { port } = socket.address();
    await new Promise<void>((resolve) => socket.close(resolve));
    return port;
  }

  nowMs(): number {
    return performance.now();
  }

  after(id: number, ms: number): void {
    this.#timers.set(
      id,
      setTimeout(() => {
        this.#timers.delete(id);
        this.machine?.call("fire", id);
      }, ms),
    );
  }

  cancel(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  open(port: number): void {
    if (port !== this.port) throw new RangeError(`the socket has the port ${this.port}`);
  }

  send(bytes: Uint8Array, address: string, port: number): void {
    this.#socket.send(bytes, port, address);
  }

  /** Once the machine's node is closed, or before the machine is. */
  close(): void {
    this.machine = undefined;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#socket.removeAllListeners("message");
    try {
      this.#socket.close();
    } catch {
      // It was closed by the node.
    }
  }

  print(text: string): void {
    throw new Error(text);
  }
}
