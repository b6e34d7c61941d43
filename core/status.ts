/**
 * The result of `Swim.handleData` for one datagram. Nothing that comes from the network makes it throw: it returns one
 * of these small integers, and counts each in `Swim.metrics`. Each description says what the datagram changed.
 */
export const Status = /* @__PURE__ */ Object.freeze({
  /** All of the datagram was taken in. */
  Ok: 0,
  /** The datagram is well formed, but addressed to another identity; nothing changed. */
  NotForUs: 1,
  /**
   * The sender is held Down, or a newer identity has its address. Its updates and broadcasts were ignored. Only a
   * TurnUndead took effect: it told this node that it was declared Down.
   */
  InactiveSender: 2,
  /** The datagram is longer than `maxReceiveSize`; nothing changed. */
  DataTooBig: 3,
  /**
   * The header or an update cannot be decoded, or the header names an identity longer than `maxIdentityLength`;
   * nothing changed.
   */
  Decode: 4,
  /** The source has the identity or the address of this node; nothing changed. */
  DataFromOurselves: 5,
  /**
   * There is a single byte after the header, an Announce has a body, or the lengths of the broadcasts do not add up;
   * nothing changed.
   */
  MalformedPacket: 6,
  /**
   * The broadcast handler threw at a broadcast, or there is no handler. The sender, the updates and the broadcasts
   * before this one were applied, and the message was answered. This broadcast and those after it were dropped.
   */
  CustomBroadcast: 7,
  /**
   * An indirect-probe message names this node itself. The sender and the updates were applied, but the message was not
   * answered.
   */
  IndirectForOurselves: 8,
});
export type Status = (typeof Status)[keyof typeof Status];

const STATUS_NAMES: readonly string[] = /* @__PURE__ */ Object.freeze(Object.keys(Status));

/** Returns the name of a status, for people to read: `statusName(4)` is `"Decode"`. */
export function statusName(status: Status): string {
  return STATUS_NAMES[status] ?? "Unknown";
}

/**
 * Why a `SwimError` was thrown:
 *
 * - `NotUndead`: `reuseDownIdentity` was called on a node that is not defunct.
 * - `SameIdentity`: `changeIdentity` was called with the identity that the node has already.
 * - `InvalidConfig`: `setConfig` was called with a change that needs a new `Swim`.
 * - `DataTooBig`: a custom broadcast is too long for a datagram.
 * - `Busy`: a method was called from inside a runtime method or a broadcast handler.
 * - `Defunct`: the node left, or was declared Down, so it cannot take a nap.
 */
export type SwimErrorCode =
  "NotUndead" | "SameIdentity" | "InvalidConfig" | "DataTooBig" | "Busy" | "Defunct";

/** The program misused a `Swim`. This is thrown before anything has changed. */
export class SwimError extends Error {
  /** What was wrong, for the program to check; `message` says it to people. */
  readonly code: SwimErrorCode;

  /** Only `Swim` makes these. */
  constructor(code: SwimErrorCode, message: string) {
    super(message);
    // Assigning to it fails on XS when Error.prototype lies in flash.
    Object.defineProperty(this, "name", { value: "SwimError" });
    this.code = code;
  }
}
