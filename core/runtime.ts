import type { IdentityRef } from "./codec.js";
import type { HeaderValue } from "./message.js";

/**
 * The core's way to the world. foca: `Runtime`, `Notification`. All methods run inside a call of the core and
 * must not call it back (that throws `SwimError` `Busy`); state is whole whenever one runs. A notification that
 * is not there costs nothing.
 *
 * A method should not throw. What it throws leaves the call of `Swim` that was going on; state is whole, what was still
 * to be done of that call is lost as a datagram is lost, and the next call asks for the wake-up again. That call still
 * notes whether we are connected and asks for the wake-up before it ends; when one of these throws as well, the later
 * error is the one that leaves it.
 */
export interface Runtime<T> {
  /** Milliseconds of a clock that never goes back. Need not be whole, nor start at any given time. */
  now(): number;
  /**
   * Sends the datagram `data[start..end]` to a member; lost datagrams are no concern. Neither `to` nor `data` may be
   * kept, because both are used again for the next datagram. The bytes before `start` (`SwimOptions.headroom` of them)
   * and from `end` on (`tailroom` at least) may be overwritten, so that a layer can wrap the datagram where it stands.
   */
  sendTo(to: IdentityRef<T>, data: Uint8Array, start: number, end: number): void;
  /**
   * Calls `handleTimer` once, `ms` milliseconds from now, in the place of what was asked for before. May be
   * called with 0. Too early, too late and more than once does no harm.
   */
  submitAfter(ms: number): void;
  /** A member became active. */
  memberUp?(identity: T): void;
  /** An active member was declared Down, or left. */
  memberDown?(identity: T): void;
  /** A newer identity took the place of a known one with the same address. */
  rename?(before: T, after: T): void;
  /** We know an active member: probing starts. */
  active?(): void;
  /** The last active member is gone. */
  idle?(): void;
  /** We were declared Down, or left: only `changeIdentity` or `reuseDownIdentity` brings us back. */
  defunct?(): void;
  /** We were declared Down and came back as `identity`. */
  rejoin?(identity: T): void;
  /** A member that was learned of found no room: `maxMembers` active ones are known. */
  memberRefused?(identity: T): void;
  /** A datagram was found whole and addressed to us; called before it takes effect. */
  dataReceived?(header: HeaderValue<T>): void;
  /** A datagram was handed to `sendTo`. */
  dataSent?(header: HeaderValue<T>): void;
  /** A probe ended without an answer. */
  probeFailed?(probeNumber: number, identity: T): void;
}
