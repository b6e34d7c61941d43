import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, isIPv6, type AddressInfo } from "node:net";

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

/** The usual port of the page. */
const PAGE_PORT = 8946;

/** Where a page can be: at its usual port, or at another one when that is taken. */
export async function pageAddress(host: string): Promise<string> {
  for (const port of [PAGE_PORT, 0]) {
    const server = createServer();
    try {
      await once(server.listen(port, host), "listening");
      const { port: free } = server.address() as AddressInfo;
      await new Promise((resolve) => server.close(resolve));
      return host + ":" + free;
    } catch {
      // Taken.
    }
  }
  throw new Error("no port of " + host + " is free");
}
