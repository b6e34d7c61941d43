import type { Renewable, Swim } from "../../core/index.js";
import { refuseUnknown } from "../../core/checks.js";
import { checkCluster } from "../shared/beacon.js";
import type { SwimNodeInstance } from "../shared/node-types.js";
import type { AddressOf, SwimNodeOptions } from "../shared/options.js";
import type { RefusalReason } from "./refusals.js";
import type { Trouble } from "./troubles.js";
import type { ValueFormat, ValueOf } from "../shared/value-format.js";

/** How a node looks for others. */
export interface DiscoverOptions {
  /** The UDP port of beacons, 7945 when left out; the same on all members. */
  beaconPort?: number;
  /** Whether to use multicast DNS; true when left out. */
  mdns?: boolean;
  /** The name of the network interface to look at, such as `eth0`; all that lead to other machines when left out. */
  interface?: string;
}

/** The UDP port of beacons. */
export const BEACON_PORT = 7945;

/** The options of `SwimNode` on Node and on the fake network: those of every platform, and these. */
export interface HostNodeOptions<
  T = Renewable,
  A = AddressOf<T>,
  F extends ValueFormat = "bytes",
> extends SwimNodeOptions<T, A, F> {
  /**
   * Finds other members nearby while the node is alone, and answers those that look for it: by multicast DNS
   * (`_xswim._udp`), and when nobody is found by a beacon, a broadcast. With `keys`, only by sealed beacons, which nobody else
   * can read or answer.
   */
  discover?: boolean | DiscoverOptions;
  /** The name of the cluster to be found: at most 32 letters, digits, dots, hyphens and underscores. */
  cluster?: string;
  /**
   * Something keeps the node from getting on: its seeds are silent, datagrams come that it cannot read, or the others are told
   * an address at which they cannot reach it. Each kind is told again after half a minute at the soonest, and ever more seldom.
   */
  onTrouble?(trouble: Trouble): void;
  /**
   * A datagram was refused; of more than 20 in a second the others are only counted in `swim.metrics` and `seal.metrics`.
   * @param from where it came from, such as `192.168.1.10:7946`
   */
  onRefusedDatagram?(reason: RefusalReason, from: string): void;
}

/** The names of the callbacks. */
export const HOST_CALLBACKS = "onTrouble onRefusedDatagram";
/** The names of the others. */
export const HOST_OPTIONS = "discover cluster";

/** @throws TypeError or RangeError that names the wrong option */
export function checkDiscover<T, A, F extends ValueFormat>(options: HostNodeOptions<T, A, F>): void {
  const { discover, cluster, identityType } = options;
  if (cluster !== undefined) checkCluster("SwimNode: cluster", cluster);
  if (discover === undefined || typeof discover === "boolean") {
    if (discover !== true && cluster !== undefined)
      throw new TypeError("SwimNode: cluster is for discover; give discover: true, too");
  } else if (discover === null || typeof discover !== "object")
    throw new TypeError("SwimNode: discover must be true, false or an object such as { mdns: false }");
  else checkDiscoverOptions(discover);
  if (discover && identityType !== undefined && identityType.at === undefined)
    throw new TypeError("SwimNode: discover needs an identityType that makes an identity from an address");
}

function checkDiscoverOptions(discover: DiscoverOptions): void {
  refuseUnknown("SwimNode: discover", discover, ["beaconPort", "mdns", "interface"]);
  const { beaconPort, mdns, interface: name } = discover;
  if (beaconPort !== undefined && !(Number.isInteger(beaconPort) && beaconPort >= 1 && beaconPort <= 65535))
    throw new RangeError("SwimNode: discover.beaconPort must be from 1 to 65535");
  if (mdns !== undefined && typeof mdns !== "boolean")
    throw new TypeError("SwimNode: discover.mdns must be true or false");
  if (name !== undefined && (typeof name !== "string" || name === ""))
    throw new TypeError("SwimNode: discover.interface must be the name of a network interface, such as eth0");
}

/** The address that the others are told, and why it is that one. */
export interface Advertised {
  /** Such as `192.168.1.10:7946`. */
  readonly address: string;
  /** For people to read, such as `the first address of this machine, at eth0`. */
  readonly why: string;
}

/** A running node on Node or on the fake network, with what a device's node does not have. */
export interface HostNodeInstance<T = Renewable, V = Uint8Array> extends SwimNodeInstance<T, V> {
  /** The core, with `applyMany` and `setConfig`. */
  readonly swim: Swim<T>;
  /** The address that the others are told, and why it is that one. */
  readonly advertised: Advertised;
  /** Those that were found nearby when the node looked last, such as `192.168.1.10:7946`; at most eight. */
  readonly found: readonly string[];
  /**
   * Pings a member beside the probes. Resolves with after how many milliseconds the answer came, or with undefined when none
   * came in time, or the node was closed. Its answer counts as `Metric.UnexpectedAcks`.
   * @param member an identity of a member, or its address such as `192.168.1.10:7946`
   * @param options `via`: another member, which is asked to ping it for this node; `timeoutMs`: how long to wait for the
   *   answer, 2000 when left out
   * @throws TypeError or RangeError when there is no such member, for another `timeoutMs` than 1 to 60,000, and when 16 pings
   *   wait already; then nothing was sent.
   */
  ping(
    member: T | string,
    options?: { via?: T | string | undefined; timeoutMs?: number },
  ): Promise<number | undefined>;
}

/** The class `SwimNode` of Node or of a host on the fake network. */
export interface HostNodeConstructor {
  /** Opens a node. */
  new <T = Renewable, A = AddressOf<T>, F extends ValueFormat = "bytes">(
    options: HostNodeOptions<T, A, F>,
  ): HostNodeInstance<T, ValueOf<F>>;
}
