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
  /**
   * Returns the time of a clock that never goes back, in milliseconds from any starting point. Fractions are allowed.
   */
  now(): number;
  /**
   * Sends the datagram `data[start..end]` to the member `to`. Datagrams may get lost. Copy what you want to keep,
   * because the core uses `to` and `data` again for the next datagram. `data` is a part of a larger buffer, and another one
   * after the table of members has grown. You may overwrite the `SwimOptions.headroom`
   * bytes before `start` and the `tailroom` bytes from `end` on, so that a layer can wrap the datagram in place.
   */
  sendTo(to: IdentityRef<T>, data: Uint8Array, start: number, end: number): void;
  /**
   * Arranges that your program calls `Swim.handleTimer` once, in `ms` milliseconds (0 or more). The call replaces the
   * previous one, so a single timer is enough. A wake-up that comes too early, too late or twice does no harm.
   */
  submitAfter(ms: number): void;
  /** A member became active. */
  memberUp?(identity: T): void;
  /** An active member was declared Down, or left. */
  memberDown?(identity: T): void;
  /**
   * An active member left: it, or somebody else, said that it is Down while nobody suspected it, as far as we know. When this
   * method is not there, `memberDown` is called instead. Where datagrams that told of a suspicion were lost, a death counts as
   * leaving, too: on foca's wire a farewell has no mark of its own.
   */
  memberLeft?(identity: T): void;
  /**
   * A member is Suspect now.
   * @param by who says so: this node itself, whose probe it did not answer, or else the sender of the datagram that told of it,
   *   who may pass it on from others; undefined when the program said so, or the sender found no room in the table
   */
  memberSuspected?(identity: T, by: T | undefined): void;
  /** A member that was Suspect is Alive: it refuted the suspicion. */
  memberRefuted?(identity: T): void;
  /**
   * A member takes a nap and promised to be back within `ms` milliseconds. It is not active until then. When this method is not
   * there, `memberDown` is called instead.
   */
  memberNap?(identity: T, ms: number): void;
  /** A member that took a nap is not back half as long again after it promised to be (5 s at least): it is Down now. */
  memberOverdue?(identity: T): void;
  /** The identity `after` took the place of the older identity `before`, which has the same address. */
  rename?(before: T, after: T): void;
  /** This node knows an active member now, so it is connected: probing and the periodic tasks start. */
  active?(): void;
  /** The last active member is gone, so this node is disconnected. */
  idle?(): void;
  /**
   * This node was declared Down and could not renew its identity, or it left. Only `changeIdentity` or
   * `reuseDownIdentity` bring it back.
   */
  defunct?(): void;
  /** This node was declared Down, and came back under the renewed identity `identity`. */
  rejoin?(identity: T): void;
  /**
   * A new member was not taken in: the table is full of active members, or its identity is longer than
   * `maxIdentityLength`.
   */
  memberRefused?(identity: T): void;
  /** A well-formed datagram for this node came in. Called before the datagram takes effect. */
  dataReceived?(header: HeaderValue<T>): void;
  /** A datagram was passed to `sendTo`. */
  dataSent?(header: HeaderValue<T>): void;
  /**
   * A probe ended without any answer from the member `identity`.
   * @param helpersAsked how many members were asked to ping it for us
   * @param helpersAnswered how many of those answered our own Ping: when none did, it may be us who do not hear. They are
   *   pinged only with the setting `holdWhenDeaf`
   */
  probeFailed?(probeNumber: number, identity: T, helpersAsked: number, helpersAnswered: number): void;
  /** The member `identity` answered a probe itself, `rttMs` milliseconds after the Ping was sent. */
  probeAnswered?(identity: T, rttMs: number): void;
}
