import { type Endpoint, type IdentityRef, type IdentityType } from "../../core/index.js";
import { parseIpv6 } from "../../core/ip.js";

/** The endpoint of members whose address cannot belong to a single host. Nothing is sent there. */
export const NOWHERE: Endpoint = /* @__PURE__ */ Object.freeze({ address: "", port: 0 });

/** How many endpoints are remembered, a power of two: the probed member and three helpers. 88 bytes each on XS. */
const SIZE = 4;

/**
 * The endpoints of the members that the node sends to most, so that it need not write an address as text for every
 * datagram. There is one place for each hash, and a later member replaces an earlier one.
 */
export class Endpoints<T> {
  /** By place, as far as they are known. */
  private readonly endpoints: (Endpoint | undefined)[] = [];
  /** The identity of each place, in as many bytes as the longest takes that was met. */
  private keys: Uint8Array | undefined = undefined;

  /**
   * Returns where to send datagrams for this identity of that type: `NOWHERE` when no single host can be there, undefined
   * when the type does not say. Throws what the type's rule throws.
   */
  find(type: IdentityType<T>, ref: IdentityRef<T>): Endpoint | undefined {
    let hash = 0;
    for (let i = 0; i < ref.length; i++) hash = (hash * 31 + ref.bytes[ref.at + i]) & 0xffff;
    const place = hash & (SIZE - 1);
    const known = this.endpoints[place];
    // No identity is the prefix of another, so it need not be known where the one of this place ends.
    const { keys } = this;
    if (known !== undefined && keys !== undefined && ref.equals(keys, keyAt(keys, place), ref.length))
      return known;
    const endpoint = build(type, ref);
    if (endpoint !== undefined) this.keep(place, ref, endpoint);
    return endpoint;
  }

  private keep(place: number, ref: IdentityRef<T>, endpoint: Endpoint): void {
    let { keys } = this;
    if (keys === undefined || SIZE * ref.length > keys.length) {
      keys = new Uint8Array(SIZE * ref.length);
      this.keys = keys;
      this.endpoints.length = 0;
    }
    const key = keyAt(keys, place);
    for (let i = 0; i < ref.length; i++) keys[key + i] = ref.bytes[ref.at + i];
    this.endpoints[place] = endpoint;
  }
}

/** Where the identity of a place begins. */
function keyAt(keys: Uint8Array, place: number): number {
  return (place * keys.length) / SIZE;
}

function build<T>(type: IdentityType<T>, ref: IdentityRef<T>): Endpoint | undefined {
  const { dialect } = ref.form;
  const fast = type.endpointAt?.(dialect, ref.bytes, ref.at);
  if (fast !== undefined) {
    const start = type.addressStart(dialect, ref.bytes, ref.at);
    const length = type.addressEnd(dialect, ref.bytes, start) - start;
    return isHost(fast, length >= 16) ? fast : NOWHERE;
  }
  const found = type.endpoint(ref.value);
  return found === undefined || isHost(found, found.address.indexOf(":") >= 0) ? found : NOWHERE;
}

/**
 * Whether a single host can be there. None can be at port 0, nor at 0.0.0.0/8 (RFC 1122 section 3.2.1.3), 224.0.0.0/4
 * and `ff00::/8` (multicast), 255.255.255.255 or `::`. A network's broadcast address cannot be recognised without its
 * mask.
 */
function isHost(endpoint: Endpoint, isV6: boolean): boolean {
  const { address, port } = endpoint;
  if (port === 0) return false;
  const octets = isV6 ? new Uint8Array(16) : undefined;
  // A method of a text costs 3 heap slots on XS, and `parseFloat` none. It stops at the second dot.
  if (octets === undefined) return isIpv4Host(Math.floor(parseFloat(address)), address === "255.255.255.255");
  // The platform judges a text that is not an IP address, such as `fe80::1%eth0`.
  if (!parseIpv6(address, octets, 0)) return true;
  let zeros = 0;
  while (octets[zeros] === 0) zeros++;
  if (zeros === 16) return false;
  // An IPv4 address in an IPv6 one (RFC 4291 section 2.5.5.2).
  if (zeros !== 10 || octets[10] !== 255 || octets[11] !== 255) return octets[0] !== 255;
  const isBroadcast = (octets[12] & octets[13] & octets[14] & octets[15]) === 255;
  return isIpv4Host(octets[12], isBroadcast);
}

/** @param first its first octet; NaN for a name, which the platform is to judge */
function isIpv4Host(first: number, isBroadcast: boolean): boolean {
  return !(first === 0 || (first >= 224 && first <= 239) || isBroadcast);
}
