import type { BroadcastHandler } from "./broadcasts.js";
import type { Codec } from "./codec.js";
import type { Config } from "./config.js";
import type { IdentityType } from "./identity.js";
import type { Random } from "./random.js";
import type { Runtime } from "./runtime.js";

/** The five things that a `Swim` needs from outside, and what it may have. */
export interface SwimOptions<T> {
  /** Who we are. No two members may ever have the same identity at once. */
  identity: T;
  /** What kind of identity that is; all members of a cluster have the same. */
  identityType: IdentityType<T>;
  /** The wire format; all members of a cluster have the same. */
  codec: Codec;
  config: Config;
  runtime: Runtime<T>;
  /** 32 random bits a call, of a generator seeded differently on every device. */
  random: Random;
  /** What to do with custom broadcasts; without it any that arrive are an error of their datagram. */
  broadcastHandler?: BroadcastHandler<T>;
  /**
   * Bytes kept free before each datagram in the send buffer, beside `maxPacketSize`, for a layer below that puts
   * something before it; 0 when left out, 1024 at most.
   */
  headroom?: number;
  /** The same behind each datagram. */
  tailroom?: number;
}

/** The most that `headroom` and `tailroom` may be, in bytes. */
const MAX_ROOM = 1024;

/** @throws TypeError that names the option that is missing or wrong. */
export function checkOptions(options: SwimOptions<unknown>): void {
  if (options === null || typeof options !== "object")
    throw new TypeError("Swim: expected an object of options");
  if (options.identityType === undefined)
    throw new TypeError("Swim: identityType is missing, e.g. renewableAddr");
  if (options.codec === undefined) throw new TypeError("Swim: codec is missing, e.g. bincode");
  if (typeof options.random !== "function")
    throw new TypeError("Swim: random must be a function giving 32 bits");
  const runtime = options.runtime;
  if (runtime === null || typeof runtime !== "object") throw new TypeError("Swim: runtime is missing");
  if (typeof runtime.now !== "function") throw new TypeError("Swim: runtime.now must be a function");
  if (typeof runtime.sendTo !== "function") throw new TypeError("Swim: runtime.sendTo must be a function");
  if (typeof runtime.submitAfter !== "function")
    throw new TypeError("Swim: runtime.submitAfter must be a function");
  const handler = options.broadcastHandler;
  if (
    handler !== undefined &&
    typeof handler.receiveItem !== "function" &&
    typeof handler.receiveItemAt !== "function"
  ) {
    throw new TypeError("Swim: broadcastHandler needs receiveItem");
  }
  checkSpare("headroom", options.headroom);
  checkSpare("tailroom", options.tailroom);
}

function checkSpare(name: string, bytes: number | undefined): void {
  if (bytes === undefined || (Number.isInteger(bytes) && bytes >= 0 && bytes <= MAX_ROOM)) return;
  throw new RangeError("Swim: " + name + " must be a whole number of bytes from 0 to " + MAX_ROOM);
}

/**
 * @param maxLength bytes of the longest identity of the type
 * @param ownLength bytes of our own
 * @throws RangeError when a datagram cannot hold the longest header, or never an update beside one of a Gossip
 */
export function checkRoom(codec: Codec, maxLength: number, ownLength: number, config: Config): void {
  const longest = Math.min(maxLength, config.maxIdentityLength);
  const header = codec.maxHeaderLength(longest);
  // A Gossip names two identities, the longest header three. What carries an update about us carries some.
  const gossip = header - 3 * longest + 2 * ownLength + 2 + codec.maxMemberLength(ownLength);
  const needed = Math.max(header, gossip);
  if (needed <= config.maxPacketSize) return;
  throw new RangeError(
    "config.maxPacketSize: a header and one update can take " +
      needed +
      " bytes with these identities, got " +
      config.maxPacketSize,
  );
}

/** @throws RangeError when an identity that the program names, or that is known already, is longer than the settings allow. */
export function checkIdentityLength(length: number, config: Config): void {
  if (length <= config.maxIdentityLength) return;
  throw new RangeError(
    "config.maxIdentityLength: at most " +
      config.maxIdentityLength +
      " bytes, but an identity takes " +
      length,
  );
}
