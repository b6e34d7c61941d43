import type { BroadcastHandler } from "./broadcasts.js";
import type { IdentityRef } from "./codec.js";

/**
 * A broadcast handler that keeps what belongs to members, and has more to say than what is queued. The core tells it of
 * slots. What it sends in `receiveItemAt`, it sends by the core's `Outbox`.
 */
export interface Keeper<T> extends BroadcastHandler<T> {
  /** Is given, once and before all else, the core's `Protocol`. */
  attach(protocol: object): void;
  /** We have come into the cluster, or back. */
  joined(): void;
  /** Whether a member is to be asked even though there is nothing else to send. */
  readonly isAsking: boolean;
  /** The member is about to be forgotten, and its slot to be another's. */
  forgotten(slot: number): void;
  /** Another identity has taken the member's place. */
  renamed(slot: number): void;
  /** The member became active, or is not any more. */
  stateChanged(): void;
  /** Writes items of its own behind those that are queued, into a datagram to `to`. Returns the position after them. */
  addItems(to: IdentityRef<T>, out: Uint8Array, at: number, end: number): number;
}
