/**
 * Finds other members nearby on Moddable XS, with no address typed: by beacons, which are broadcasts, and by the SDK's multicast
 * DNS where the program hands it over.
 * @module xswim/discover
 */
import Net from "net";
import { refuseUnknown } from "../../../core/checks.js";
import { checkCluster } from "../../shared/beacon.js";
import { Discovery } from "../../shared/discovery.js";
import type { ValueFormat } from "../../shared/value-format.js";
import type { SwimNode } from "../index.js";
import { deviceRandom } from "../random.js";
import type { DnsSdProvider } from "./dns-sd.js";
import { XsDiscoveryDriver } from "./driver.js";
import type { InnerNode } from "./inner-node.js";
import { checkSeeds } from "./names.js";

export type { DnsSdProvider } from "./dns-sd.js";

/** The UDP port of beacons, unless another one is given. */
const BEACON_PORT = 7945;

/** How a device looks for others. */
export interface DiscoverOptions {
  /**
   * The name of the cluster: at most 32 letters, digits, dots, hyphens and underscores; the same on all members. Without it, the
   * clusters that have no name are one.
   */
  cluster?: string;
  /** The UDP port of beacons, 7945 when left out; the same on all members. */
  beaconPort?: number;
  /**
   * The SDK's multicast DNS, `device.network.dnssd` or `{ io: DNSSD, socket: { io: UDP } }`, for an app that includes
   * `$(MODDABLE)/modules/io/dnssd/manifest.json`; beacons alone when left out. A node with `keys` that seals what it sends does not
   * use it, because it tells everybody who is there.
   */
  dnssd?: DnsSdProvider;
  /**
   * Names of hosts that are called while the node is alone, such as `lamp.local:7946`. Each is looked up by the SDK's `Net.resolve`
   * at each try. Give addresses to the node's own `seeds`.
   */
  seeds?: readonly string[];
  /**
   * Nobody was found for ten seconds: either nobody is there, or the network passes on neither multicast nor broadcasts.
   * @param otherCluster the name of another cluster that is near; undefined when there is none
   */
  onNobodyFound?(otherCluster: string | undefined): void;
}

/** What looks for others. */
export interface NodeDiscovery {
  /** Those that were found while the node was alone last, such as `192.168.1.10:7946`; at most eight. */
  readonly found: readonly string[];
  /** Stops looking for others, and answers none that look. It is closed by itself when the node leaves or is closed. */
  close(): void;
}

/**
 * Lets a node look for others whenever it is alone, and answer those that look for it. It starts a moment after this returned, with
 * one UDP socket and one timer. What the socket throws goes to the node's `onError`, each kind once.
 * @throws TypeError or RangeError that names the wrong option; then nothing was opened
 */
export function discover<T, A, F extends ValueFormat>(
  node: SwimNode<T, A, F>,
  options: DiscoverOptions = {},
): NodeDiscovery {
  checkOptions(options);
  const inner = node as unknown as InnerNode<T>;
  const { swim, seal, type, codec } = inner;
  if (swim === undefined) throw new TypeError("discover: expected a SwimNode");
  if (type.at === undefined)
    throw new TypeError("discover needs an identityType that makes an identity from an address");
  const { cluster = "", beaconPort = BEACON_PORT, dnssd, seeds, onNobodyFound } = options;
  const { port } = inner.options;
  const seed = String(inner.bump) + "," + String(Net.get("IP")) + "," + port + "," + String(Net.get("MAC"));
  const random = inner.options.random ?? deviceRandom(seed, 1);
  const driver = new XsDiscoveryDriver<T>(inner, { cluster, beaconPort, dnssd, seeds, random });
  const { name } = codec.dialect;
  const discovery = new Discovery<T>(
    {
      swim,
      seal,
      type,
      port,
      codec: name,
      cluster,
      random,
      now: () => inner.now(), // eslint-disable-line no-restricted-syntax -- made once
      failed: (error) => inner.failed(error), // eslint-disable-line no-restricted-syntax -- made once
      // eslint-disable-next-line no-restricted-syntax -- made once
      nobodyFound: (other) => {
        if (onNobodyFound !== undefined) onNobodyFound(other);
      },
    },
    driver,
  );
  driver.start(discovery);
  return discovery;
}

function checkOptions(options: DiscoverOptions): void {
  if (options === null || typeof options !== "object")
    throw new TypeError("discover: expected an object of options");
  refuseUnknown("discover", options, ["cluster", "beaconPort", "dnssd", "seeds", "onNobodyFound"]);
  const { cluster, beaconPort, dnssd, onNobodyFound } = options;
  if (cluster !== undefined) checkCluster("discover: cluster", cluster);
  if (beaconPort !== undefined && !(Number.isInteger(beaconPort) && beaconPort >= 1 && beaconPort <= 65535))
    throw new RangeError("discover: beaconPort must be from 1 to 65535");
  if (dnssd !== undefined && (typeof dnssd?.io !== "function" || typeof dnssd.socket?.io !== "function"))
    throw new TypeError("discover: dnssd must be { io: DNSSD, socket: { io: UDP } }");
  if (options.seeds !== undefined) checkSeeds(options.seeds);
  if (onNobodyFound !== undefined && typeof onNobodyFound !== "function")
    throw new TypeError("discover: onNobodyFound must be a function");
}
