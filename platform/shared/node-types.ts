import type { LeanSwim, Renewable } from "../../core/index.js";
import type { ClusterKey } from "./cluster-keys.js";
import type { AddressOf, SwimNodeOptions } from "./options.js";
import type { Seal, Sealing } from "./seal.js";

/** A member as a node shows it. */
export interface NodeMember<T> {
  /** The member's identity. */
  identity: T;
  /** A number from 0 to 65535 that only the member itself raises, to refute a suspicion; 0 while it takes a nap. */
  incarnation: number;
  /** How the member is seen: `"Alive"`, `"Suspect"`, or `"Asleep"` while it takes a nap (see `SwimNode.nap`). */
  state: "Alive" | "Suspect" | "Asleep";
}

/** A running node on any platform. Code that declares this type works with the nodes of all platforms. */
export interface SwimNodeInstance<T = Renewable> {
  /**
   * The core, for everything that is not here: `metrics`, `find`, `membershipState` and so on. On Node, on the fake network
   * and in a device's full bundle it is a `Swim`, which has `applyMany` and `setConfig` too.
   */
  readonly swim: LeanSwim<T>;
  /** The current identity of this node. */
  readonly identity: T;
  /**
   * The smoothed round-trip time to the members that answer probes, in milliseconds. NaN while it is not known: it is
   * measured with the setting `fitRtt`, or with the option `onRoundTrip`.
   */
  readonly rttMs: number;
  /** What seals and opens this node's datagrams, where it was given `keys`; for its counters `metrics`. */
  readonly seal: Seal | undefined;
  /** How often the socket failed to open, send or receive, and how often the store failed. */
  readonly socketErrors: number;
  /** How many datagrams were not sent because no single host can be at the address of the member. */
  readonly refusedEndpoints: number;
  /**
   * How many exceptions from your callbacks the node caught. Only XS catches them, because there an exception would
   * end the machine.
   */
  readonly callbackErrors: number;
  /** Returns a copy of the active members, and of those that take a nap, without this node. */
  members(): NodeMember<T>[];
  /**
   * Publishes `bytes` as this node's value. The `onBroadcast` of all current members gets it once, and the next value
   * replaces it. A member that joins later does not get it, and lost datagrams can leave a member out, so publish
   * again now and then. With a `broadcastHandler`, the handler is given `bytes` as they are. Returns whether the
   * value was queued; it is false after `leave` and `close`.
   * @throws TypeError, RangeError or SwimError as `Swim.addBroadcast` does; then nothing was queued.
   */
  broadcast(bytes: Uint8Array): boolean;
  /**
   * Tells the cluster that this node leaves, and stops joining. The socket stays open until `close`, but the node
   * ignores what comes in, because an echo of its own leaving could make it come back.
   */
  leave(): void;
  /**
   * Says that this node sleeps and will be back within `ms` milliseconds: others with xswim call `onMemberNap`, and
   * `onMemberOverdue` when it is not back half as long again after that; to foca's nodes it is a farewell. What was published
   * and is not sent yet goes with it. Until `ms` are over, or `endNap` is called, the node sends nothing and ignores what
   * comes in. Then it comes back under the next number, and `onRejoin` is called.
   *
   * A device that sleeps deeply calls `close` after this. Give a node that naps the setting `quietStartMs`. Does nothing
   * after `leave` and `close`, and while the node is declared Down.
   * @param ms 1 to 74 hours; less than 4,096 are promised as that
   * @throws TypeError or RangeError for another `ms`; then nothing has changed.
   */
  nap(ms: number): void;
  /** Comes back from a nap now. Does nothing when the node does not sleep. */
  endNap(): void;
  /**
   * Takes another IP address such as `192.168.1.20`, for example when the network gave the device a new one. Does
   * nothing after `leave` and `close`, because it would bring the node back into the cluster.
   * @throws TypeError when `advertise` is not the IP address of one machine, and whatever `Swim.changeIdentity`
   *   throws. In these cases nothing has changed.
   */
  changeAddress(advertise: string): void;
  /**
   * Tells the node that the network is back after an outage, or is another one. The node then tries at once to reach
   * its seeds and the members that it knew, instead of waiting for their turn. Does nothing after `leave` and `close`.
   * @param address the IP address that this node has now; when it is another one than before, the node takes it as by
   *   `changeAddress`
   * @throws as `changeAddress` does; then nothing has changed.
   */
  networkChanged(address?: string): void;
  /**
   * Takes other keys in the place of all that the node has. To change the key of a cluster without a gap, give each node the new
   * key beside the old one, then let each send with the new one, then take the old one away.
   * @param sendWith the id of the key that seals; the first one when left out
   * @throws TypeError or RangeError that says what is wrong, Error when the node was made without `keys`; then nothing has
   *   changed.
   */
  setKeys(keys: readonly ClusterKey[], sendWith?: number): void;
  /**
   * Does something else with the keys from now on; see the option `sealing`.
   * @throws TypeError when there is no such way, Error when the node was made without `keys`; then nothing has changed.
   */
  setSealing(sealing: Sealing): void;
  /** Closes the socket and the timer at once. No callback is called afterwards. A second call does nothing. */
  close(): void;
}

/**
 * The class `SwimNode` of any platform or of a host on the fake network. Pass it to device code as a parameter, and
 * the same code runs on all of them.
 */
export interface SwimNodeConstructor {
  /** Opens a node. */
  new <T = Renewable, A = AddressOf<T>>(options: SwimNodeOptions<T, A>): SwimNodeInstance<T>;
}
