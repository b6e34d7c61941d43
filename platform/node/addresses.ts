import { isIP, isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";

/** The network interfaces of a machine, by name. `networkInterfaces` of `node:os` gives them. */
export type Interfaces = () => Readonly<Record<string, readonly InterfaceAddress[] | undefined>>;

/** One address of a network interface. */
export interface InterfaceAddress {
  readonly address: string;
  readonly netmask: string;
  readonly family: string;
  /** Whether only this machine can be reached there. */
  readonly internal: boolean;
}

/** Whether an IP address, as text without brackets, is an IPv6 one. */
export function isIpv6(address: string): boolean {
  return address.includes(":");
}

/** Whether an IPv6 address is valid on its own link only. */
export function isLinkLocal(address: string): boolean {
  return /^fe[89ab]/i.test(address);
}

/** The local address to bind. @throws TypeError when it is not an IP address. */
export function checkBindAddress(address: string | undefined): string {
  if (address === undefined) return "0.0.0.0";
  if (typeof address === "string" && isIP(address) !== 0) {
    // Others could not be told the zone, and without it the address means another machine on every network.
    if (!isLinkLocal(address)) return address;
    throw new TypeError(
      "SwimNode: address must not be link-local, got " + address + "; write one that others can reach, or ::",
    );
  }
  throw new TypeError(
    "SwimNode: address must be an IP address such as 127.0.0.1 or ::1, got " + String(address),
  );
}

/** Whether it stands for every address of the machine: `0.0.0.0`, `::`. */
export function isWildcard(address: string): boolean {
  return /^[0:]*$|^0+(\.0+){3}$/.test(address);
}

/** Names of interfaces that lead to containers, virtual machines and private networks over another one. */
const VIRTUAL =
  /^(docker|br-|veth|virbr|vmnet|vboxnet|podman|cni|flannel|cali|lxc|lxd|tun|tap|wg|utun|ppp|tailscale|zt)/;

/** An address of a network interface, with the name of that. */
export interface NamedAddress extends InterfaceAddress {
  readonly name: string;
}

/**
 * The addresses of the interfaces that lead to other machines, those to containers, virtual machines and VPNs last. Of all
 * interfaces only the one that `name` names, if one is named, whatever it leads to.
 */
function outerAddresses(interfaces: ReturnType<Interfaces>, name?: string): NamedAddress[] {
  const all = Object.entries(interfaces).flatMap(([each, infos]) =>
    (infos ?? []).map((info) => ({ ...info, name: each })),
  );
  if (name !== undefined) return all.filter((each) => each.name === name);
  const outer = all.filter(({ internal }) => !internal);
  const isVirtual = (each: NamedAddress): boolean => VIRTUAL.test(each.name);
  return [...outer.filter((each) => !isVirtual(each)), ...outer.filter(isVirtual)];
}

/** The IPv4 addresses of the interfaces at which other members may be near: not those to containers and VPNs, unless it is named. */
export function nearInterfaces(interfaces: ReturnType<Interfaces>, name?: string): NamedAddress[] {
  return outerAddresses(interfaces, name).filter(
    (each) => each.family === "IPv4" && (name !== undefined || !VIRTUAL.test(each.name)),
  );
}

/** The address that reaches all hosts of the network of an IPv4 address; undefined where there is none (RFC 3021). */
export function broadcastAddress({ address, netmask }: InterfaceAddress): string | undefined {
  const hostBits = ~bitsOf(netmask);
  if (hostBits >>> 0 < 3) return undefined;
  const bits = bitsOf(address) | hostBits;
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join(".");
}

/**
 * Returns the address at which others can reach this machine. That is the bound address. When all addresses are
 * bound, it is the first IPv4 address that is not loopback, else the first such IPv6 address that is not link-local,
 * else loopback. Addresses of containers, virtual machines and VPNs come last.
 * @param name the only interface to look at
 */
export function defaultAdvertise(
  bound: string | undefined,
  interfaces: ReturnType<Interfaces> = networkInterfaces(),
  name?: string,
): string {
  if (bound !== undefined && !isWildcard(bound)) return bound;
  const outer = outerAddresses(interfaces, name);
  const ipv4 = outer.find((info) => info.family === "IPv4");
  if (ipv4 !== undefined) return ipv4.address;
  if (bound === undefined || !isIpv6(bound)) return "127.0.0.1";
  const ipv6 = outer.find((info) => info.family === "IPv6" && !isLinkLocal(info.address));
  return ipv6 === undefined ? "::1" : ipv6.address;
}

/**
 * Says for people why `defaultAdvertise` found this address, and whether others may not reach it: because only this machine can,
 * or only its containers and virtual machines, or because nobody gave the machine an address.
 */
export function whyAdvertised(
  bound: string | undefined,
  found: string,
  interfaces: ReturnType<Interfaces> = networkInterfaces(),
): { why: string; isUnreachable: boolean } {
  if (bound !== undefined && !isWildcard(bound))
    return { why: "the address that it is bound to", isUnreachable: false };
  const holder = outerAddresses(interfaces).find(({ address }) => address === found);
  if (holder === undefined) return { why: "no network has another address", isUnreachable: true };
  const isUnreachable = VIRTUAL.test(holder.name) || found.startsWith("169.254.");
  return { why: "the first address of this machine, at " + holder.name, isUnreachable };
}

/** Whether it is the address that reaches all hosts of a network that this machine is in, such as `192.168.1.255`. */
export function isDirectedBroadcast(
  address: string,
  interfaces: ReturnType<Interfaces> = networkInterfaces(),
): boolean {
  const ipv4 = address.replace(/^::ffff:/i, "");
  if (!isIPv4(ipv4)) return false;
  const infos = Object.values(interfaces).flatMap((each) => each ?? []);
  return infos.some(({ address: own, netmask, family }) => {
    if (family !== "IPv4") return false;
    const hostBits = ~bitsOf(netmask);
    // A network of one or two hosts has none (RFC 3021).
    return hostBits >>> 0 >= 3 && (bitsOf(own) | hostBits) === bitsOf(ipv4);
  });
}

/** The 32 bits of a dotted address. */
function bitsOf(address: string): number {
  return address.split(".").reduce((bits, octet) => (bits << 8) | Number(octet), 0);
}
