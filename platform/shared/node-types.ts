import type { LeanSwim, Renewable } from "../../core/index.js";
import type { ClusterKey } from "./cluster-keys.js";
import type { AddressOf, SwimNodeOptions } from "./options.js";
import type { Seal, Sealing } from "./seal.js";
import type { ValueFormat, ValueOf } from "./value-format.js";

/** A member as a node shows it. */
export interface NodeMember<T, V = Uint8Array> {
  /** The member's identity. */
  identity: T;
  /** A number from 0 to 65535 that only the member itself raises, to refute a suspicion; 0 while it takes a nap. */
  incarnation: number;
  /** How the member is seen: `"Alive"`, `"Suspect"`, or `"Asleep"` while it takes a nap (see `SwimNode.nap`). */
  state: "Alive" | "Suspect" | "Asleep";
  /** What it published last; not there when nothing is known of that. */
  value?: V | undefined;
  /** How many milliseconds ago that was, to a second. */
  valueAgeMs?: number;
}

/** A running node on any platform. Code that declares this type works with the nodes of all platforms. */
export interface SwimNodeInstance<T = Renewable, V = Uint8Array> {
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
  members(): NodeMember<T, V>[];
  /**
   * Publishes this node's value, which takes the place of the one before. Every member keeps it for as long as it knows this
   * node, and calls `onValue` once. Who joins later, or misses it, is sent it by another member. Each member has one value; when
   * you publish more often than the network bears, the newest is sent, and `Metric.ReplacedBroadcasts` counts the others.
   * Returns whether the value was queued; it is false after `leave` and `close`.
   * @throws TypeError or RangeError when it is not a value of the format `value`, SwimError `DataTooBig` when no datagram has
   *   room for it; then nothing has changed.
   */
  publish(value: V): boolean;
  /**
   * Returns what a member published last, or this node itself; undefined when nothing is kept. A value is kept until its member
   * is forgotten, so you get it while the member is Suspect, asleep or Down, too.
   * @param member an identity of the member, or its address such as `192.168.1.10:7946`
   * @throws TypeError or RangeError when that is neither
   */
  value(member: T | string): V | undefined;
  /** Returns how many milliseconds ago that was published, to a second; NaN when nothing is kept. @throws as `value` does. */
  valueAgeMs(member: T | string): number;
  /**
   * Sends news that nobody keeps: the `onBroadcast` of all current members gets `bytes` once. A member that joins later does
   * not get it, lost datagrams can leave a member out, and the next news replaces what was not sent yet. Use `publish` for
   * what should be known. With a `broadcastHandler`, the handler is given `bytes` as they are. Returns whether they were
   * queued; it is false after `leave` and `close`.
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
  new <T = Renewable, A = AddressOf<T>, F extends ValueFormat = "bytes">(
    options: SwimNodeOptions<T, A, F>,
  ): SwimNodeInstance<T, ValueOf<F>>;
}
