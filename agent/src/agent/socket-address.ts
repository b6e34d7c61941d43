import { isIP } from "node:net";
import { parseEndpoint } from "xswim";

/** Whether it is an IP address without a zone and a port from 1 to 65535, such as `127.0.0.1:8080` or `[::1]:8080`. */
export function isSocketAddress(text: string): boolean {
  try {
    const { address, port } = parseEndpoint(text);
    return port > 0 && isIP(address) === (text.startsWith("[") ? 6 : 4) && !address.includes("%");
  } catch {
    return false;
  }
}
