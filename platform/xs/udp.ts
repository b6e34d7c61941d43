import UDP from "embedded:io/socket/udp";

/** A datagram as the socket returns it. */
export interface Packet extends ArrayBuffer {
  readonly address: string;
  readonly port: number;
}

/**
 * Moddable's UDP socket. `@moddable/typings` does not say that there is `close`, and that `read` may return
 * undefined.
 */
export interface UdpSocket {
  /** The next datagram in a buffer of its own; undefined when none waits. */
  read(): Packet | undefined;
  /** Sends the whole view to a dotted address. Throws when the network stack refuses. */
  write(data: Uint8Array, address: string, port: number): void;
  /** Closes the socket; `read` and `write` throw afterwards. A second call does nothing. */
  close(): void;
}

interface UdpConstructor {
  new (options: { port: number; onReadable(count: number): void }): UdpSocket;
}

/**
 * Binds a port on all interfaces.
 * @param onReadable is told how many datagrams wait
 * @throws Error when the port is taken or memory is short
 */
export function openUdp(port: number, onReadable: (count: number) => void): UdpSocket {
  return new (UDP as unknown as UdpConstructor)({ port, onReadable });
}
