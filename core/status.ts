/**
 * What `Swim.handleData` made of one datagram. Network input never throws: it ends in one of these small
 * integers, each counted in `Swim.metrics`. The comment says what became of the state.
 */
export const Status = /* @__PURE__ */ Object.freeze({
  /** Taken in whole. */
  Ok: 0,
  /** Well formed but addressed to another identity; nothing changed. */
  NotForUs: 1,
  /**
   * The sender is known to be Down, or lost its address to a newer identity. Its updates and broadcasts were
   * ignored; a TurnUndead among these messages still counted against us.
   */
  InactiveSender: 2,
  /** Longer than `maxReceiveSize`; nothing changed. */
  DataTooBig: 3,
  /**
   * The header or an update does not decode, or the header names an identity longer than `maxIdentityLength`; nothing
   * changed.
   */
  Decode: 4,
  /** The source is our own identity, or has our address; nothing changed. */
  DataFromOurselves: 5,
  /** A stray byte, an Announce with a body, or a broken custom broadcast length; nothing changed. */
  MalformedPacket: 6,
  /**
   * The broadcast handler threw, or there is none. The sender, the updates and the broadcasts before this one
   * were applied and the message was answered; this broadcast and those after it were dropped.
   */
  CustomBroadcast: 7,
  /** An indirect-probe message that names ourselves. The sender and the updates were applied; no answer. */
  IndirectForOurselves: 8,
});
export type Status = (typeof Status)[keyof typeof Status];

const STATUS_NAMES: readonly string[] = /* @__PURE__ */ Object.freeze(Object.keys(Status));

/** The name of a status, for people: `statusName(4)` is `"Decode"`. */
export function statusName(status: Status): string {
  return STATUS_NAMES[status] ?? "Unknown";
}

/**
 * - `NotUndead`: `reuseDownIdentity` on a node that is not defunct.
 * - `SameIdentity`: `changeIdentity` to the identity it has.
 * - `InvalidConfig`: `setConfig` with a change that needs a new instance.
 * - `DataTooBig`: a broadcast that no datagram can carry.
 * - `Busy`: a call from inside a notification, `sendTo` or a broadcast handler.
 */
export type SwimErrorCode = "NotUndead" | "SameIdentity" | "InvalidConfig" | "DataTooBig" | "Busy";

/** Misuse by the program. Thrown before anything has changed; `code` is for programs, `message` for people. */
export class SwimError extends Error {
  readonly code: SwimErrorCode;

  constructor(code: SwimErrorCode, message: string) {
    super(message);
    // Assigning to it fails on XS when Error.prototype lies in flash.
    Object.defineProperty(this, "name", { value: "SwimError" });
    this.code = code;
  }
}
