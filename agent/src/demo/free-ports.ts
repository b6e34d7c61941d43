import { createSocket } from "node:dgram";
import { once } from "node:events";
import { isIPv6 } from "node:net";

/** UDP ports of a local address that nobody uses now. */
export async function freePorts(count: number, host: string): Promise<number[]> {
  const sockets = Array.from({ length: count }, () =>
    createSocket(isIPv6(host) ? "udp6" : "udp4").bind(0, host),
  );
  await Promise.all(sockets.map((socket) => once(socket, "listening")));
  const ports = sockets.map((socket) => socket.address().port);
  await Promise.all(sockets.map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))));
  return ports.sort((a, b) => a - b);
}
