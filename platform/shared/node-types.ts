import type { Member, Renewable, Swim } from "../../core/index.js";
import type { AddressOf, SwimNodeOptions } from "./options.js";

/** A running node, as every platform has it. Device code that names this type takes the nodes of all platforms. */
export interface SwimNodeInstance<T = Renewable> {
  /** The core, for what is not here: metrics, `applyMany`, `setConfig` and the like. */
  readonly swim: Swim<T>;
  /** Our identity now. */
  readonly identity: T;
  /** How often the socket failed. */
  readonly socketErrors: number;
  /** Datagrams that were not sent, because no single host can be at the address that somebody named. */
  readonly refusedEndpoints: number;
  /** How often a callback of yours threw and that was survived. */
  readonly callbackErrors: number;
  /** The active members, without ourselves: a copy. */
  members(): Member<T>[];
  /** Publishes `bytes` as our value; see `SwimNode.broadcast`. Returns whether it was queued. */
  broadcast(bytes: Uint8Array): boolean;
  /** Tells the cluster that we leave, and stops joining. */
  leave(): void;
  /** Takes another IP address, as when the network gave the device a new one. */
  changeAddress(advertise: string): void;
  /** Closes the socket and the timer, at once and for good. */
  close(): void;
}

/**
 * The class `SwimNode` of any platform, and that of a host of the fake network: what device code is handed, so that it
 * runs on all of them.
 */
export interface SwimNodeConstructor {
  new <T = Renewable, A = AddressOf<T>>(options: SwimNodeOptions<T, A>): SwimNodeInstance<T>;
}
