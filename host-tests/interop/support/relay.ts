import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";

export const PING = 0;
export const INDIRECT_PING = 3;

/** The datagrams that came for a member, by message and by the port of who sent them. */
export interface Tally {
  kind: number;
  fromPort: number;
}

/** Stands before a member at the address that others use, and passes everything on but Pings. */
export class Relay {
  /** What came, in order. */
  readonly came: Tally[] = [];
  private readonly socket: Socket = createSocket("udp4");

  /** Opens it at `port`, for a member bound to `memberPort`. */
  async open(port: number, memberPort: number): Promise<void> {
    this.socket.on("message", (bytes, { port: fromPort }) => {
      const kind = messageKind(bytes);
      this.came.push({ kind, fromPort });
      if (kind !== PING) this.socket.send(bytes, memberPort, "127.0.0.1");
    });
    this.socket.bind(port, "127.0.0.1");
    await once(this.socket, "listening");
  }

  /** How many datagrams with that message came from that port. */
  count(kind: number, fromPort: number): number {
    return this.came.filter((one) => one.kind === kind && one.fromPort === fromPort).length;
  }

  close(): void {
    this.socket.close();
  }
}

/** The message of a datagram in bincode: after source, incarnation and destination. */
function messageKind(bytes: Uint8Array): number {
  const afterSource = skipIdentity(bytes, 0);
  return bytes[skipIdentity(bytes, skipUint(bytes, afterSource))];
}

/** `{ addr: SocketAddr, bump: u64 }`: variant, octets, port, bump. */
function skipIdentity(bytes: Uint8Array, at: number): number {
  return skipUint(bytes, skipUint(bytes, at + 1 + (bytes[at] === 0 ? 4 : 16)));
}

function skipUint(bytes: Uint8Array, at: number): number {
  const sizes: Record<number, number> = { 251: 3, 252: 5, 253: 9 };
  return at + (sizes[bytes[at]] ?? 1);
}
