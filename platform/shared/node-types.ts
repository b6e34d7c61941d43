import type { LeanSwim, Renewable } from "../../core/index.js";
import type { AddressOf, SwimNodeOptions } from "./options.js";

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
  /** Publishes `bytes` as this node's value; see `SwimNode.broadcast`. Returns whether it was queued. */
  broadcast(bytes: Uint8Array): boolean;
  /** Tells the cluster that this node leaves, and stops joining. */
  leave(): void;
  /** Says that this node sleeps for at most `ms` milliseconds, and sleeps; see `SwimNode.nap`. */
  nap(ms: number): void;
  /** Comes back from a nap now. */
  endNap(): void;
  /** Takes another IP address, for example when the network gave the device a new one. */
  changeAddress(advertise: string): void;
  /**
   * Tells the node that the network is back after an outage, or is another one: it tries at once to reach its seeds and
   * the members that it knew. It takes `address`, its IP address now, when that is another one than before.
   */
  networkChanged(address?: string): void;
  /** Closes the socket and the timer at once. The node cannot be opened again. */
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
