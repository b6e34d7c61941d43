import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from "../../core/ip.js";
import { got } from "./checks.js";

/**
 * Returns the IP address of a machine as identities write it, so that datagrams find the machine.
 * @throws TypeError when `address` is not an IP address, RangeError when a single machine cannot have it
 */
export function canonicalAddress(where: string, address: unknown): string {
  const octets = new Uint8Array(16);
  const text = typeof address === "string" ? address : "";
  const expected = where + ": expected the IP address of one machine, such as 10.0.0.1 or fd00::1";
  if (parseIpv4(text, octets, 0)) {
    if (octets[0] !== 0 && octets[0] < 224) return formatIpv4(octets, 0);
    throw new RangeError(expected + got(address));
  }
  if (text !== "" && parseIpv6(text, octets, 0)) {
    if (octets[0] !== 0xff && octets.some((octet) => octet !== 0)) return formatIpv6(octets, 0);
    throw new RangeError(expected + got(address));
  }
  const hasPort = /^([\d.]+|\[.*\]):\d+$/.test(text);
  throw new TypeError(expected + (hasPort ? ", without a port" : "") + got(address));
}
