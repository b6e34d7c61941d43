import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { Writer } from "../../support/wire.js";

const PING = 0;
const ACK = 1;
const TURN_UNDEAD = 10;
/** How long an answer may take; it comes within a millisecond. */
const PATIENCE_MS = 20_000;

/** Who is meant, as an agent's events have it. */
export interface Identity {
  addr: string;
  bump: number;
}

/** Speaks with agents datagram by datagram, without being a member that looks after itself. */
export class Prober {
  private readonly socket: Socket = createSocket("udp4");
  private port = 0;
  private probeNumber = 0;
  private answered: (number: number) => void = () => undefined;

  async open(): Promise<void> {
    this.socket.bind(0, "127.0.0.1");
    await once(this.socket, "listening");
    this.port = this.socket.address().port;
    this.socket.on("message", (bytes, { port }) => this.received(bytes, port));
  }

  close(): void {
    this.socket.close();
  }

  /** Sends that many Pings, each when the one before was answered. */
  async ping(target: Identity, count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const number = (this.probeNumber = (this.probeNumber + 1) % 256);
      const answer = this.answer(number);
      this.send(target, PING, number);
      await answer;
    }
  }

  /** Tells a member that it was declared Down. */
  turnUndead(target: Identity): void {
    this.send(target, TURN_UNDEAD);
  }

  private answer(number: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error("a Ping was not answered")), PATIENCE_MS);
      this.answered = (answered) => {
        if (answered !== number) return;
        clearTimeout(limit);
        resolve();
      };
    });
  }

  private send(target: Identity, kind: number, number?: number): void {
    const writer = new Writer("bincode");
    identity(writer, "127.0.0.1:" + this.port, 1).uint(0);
    identity(writer, target.addr, target.bump).raw(kind);
    if (number !== undefined) writer.raw(number);
    this.socket.send(writer.result, Number(target.addr.split(":")[1]), "127.0.0.1");
  }

  /** Notes what was answered, and answers a Ping itself, so that nobody finds it Down. */
  private received(bytes: Uint8Array, fromPort: number): void {
    const own = skipUint(bytes, skipIdentity(bytes, 0));
    const kind = skipIdentity(bytes, own);
    if (bytes[kind] === ACK) this.answered(bytes[kind + 1]);
    if (bytes[kind] !== PING) return;
    const writer = new Writer("bincode");
    writer.raw(...bytes.subarray(own, kind)).uint(0);
    writer.raw(...bytes.subarray(0, skipIdentity(bytes, 0))).raw(ACK, bytes[kind + 1]);
    this.socket.send(writer.result, fromPort, "127.0.0.1");
  }
}

/** `{ addr: SocketAddr, bump: u64 }` of an IPv4 address. */
function identity(writer: Writer, addr: string, bump: number): Writer {
  const [ip, port] = addr.split(":");
  return writer
    .raw(0, ...ip.split(".").map(Number))
    .uint(Number(port))
    .uint(bump);
}

/** Past the variant, the octets, the port and the bump. */
function skipIdentity(bytes: Uint8Array, at: number): number {
  return skipUint(bytes, skipUint(bytes, at + 5));
}

function skipUint(bytes: Uint8Array, at: number): number {
  const sizes: Record<number, number> = { 251: 3, 252: 5, 253: 9 };
  return at + (sizes[bytes[at]] ?? 1);
}
