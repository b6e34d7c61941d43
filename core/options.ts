import type { BroadcastHandler } from "./broadcasts.js";
import { about, refuseUnknown } from "./checks.js";
import type { Codec } from "./codec.js";
import type { Config } from "./config.js";
import { checkIdentityType, type IdentityType } from "./identity.js";
import type { Keeper } from "./keeper.js";
import type { Random } from "./random.js";
import type { Runtime } from "./runtime.js";

/** What a `Swim` is made from. `SwimNode` fills this in for you. */
export interface SwimOptions<T> {
  /** The identity of this node. No two members may have the same identity at the same time. */
  identity: T;
  /** The type of the identities, such as `renewableAddr`. All members of a cluster must use the same type. */
  identityType: IdentityType<T>;
  /** The wire format: `bincode`, `postcard` or your own. All members of a cluster must use the same codec. */
  codec: Codec;
  /** The settings, as `lan(n)`, `wan(n)` or `simple()` make them. All members should have the same. */
  config: Config;
  /** Your methods that the core calls to send, to be woken, and to tell what happened. */
  runtime: Runtime<T>;
  /** Returns 32 random bits at each call, from a generator that is seeded differently on every device. */
  random: Random;
  /**
   * Decides what happens to custom broadcasts. Without a handler, a datagram that carries one ends with
   * `Status.CustomBroadcast`.
   */
  broadcastHandler?: BroadcastHandler<T>;
  /** @internal For `SwimNode`: takes the place of `broadcastHandler`. */
  keeper?: Keeper<T>;
  /**
   * Bytes that the send buffer keeps free before each datagram, so that a layer below can put a header there in
   * place; 0 when left out, 1024 at most. They come on top of `maxPacketSize`.
   */
  headroom?: number;
  /** Bytes that the send buffer keeps free behind each datagram; 0 when left out, 1024 at most. */
  tailroom?: number;
}

/** The most that `headroom` and `tailroom` may be, in bytes. */
const MAX_ROOM = 1024;

/** The names of `SwimOptions`. */
const OPTIONS = "identity identityType codec config runtime random broadcastHandler keeper headroom tailroom";
/** The names of `Runtime`'s methods. The first three must be there. */
const METHODS =
  "now sendTo submitAfter memberUp memberDown memberLeft memberSuspected memberRefuted memberNap memberOverdue rename active idle defunct rejoin memberRefused dataReceived dataSent probeFailed probeAnswered";
const NUM_REQUIRED = 3;

/** @throws TypeError or RangeError that names the option that is missing, wrong or unknown. */
export function checkOptions(options: SwimOptions<unknown>): void {
  if (options === null || typeof options !== "object")
    throw new TypeError("Swim: expected an object of options");
  refuseUnknown("Swim", options, OPTIONS.split(" "));
  if (typeof options.identityType?.schema?.maxLength !== "function")
    throw new TypeError("Swim: identityType must be an identity type such as renewableAddr");
  if (typeof options.codec?.readHeader !== "function")
    throw new TypeError("Swim: codec must be the codec bincode or postcard itself, not its name");
  checkIdentity(options);
  checkRandom(options.random);
  checkRuntime(options.runtime);
  const handler = options.broadcastHandler;
  if (
    handler !== undefined &&
    typeof handler?.receiveItem !== "function" &&
    typeof handler?.receiveItemAt !== "function"
  ) {
    throw new TypeError("Swim: broadcastHandler must be an object with receiveItem");
  }
  checkSpare("headroom", options.headroom);
  checkSpare("tailroom", options.tailroom);
}

function checkIdentity(options: SwimOptions<unknown>): void {
  const type = options.identityType;
  const dialect = options.codec.dialect;
  const out = new Uint8Array(checkIdentityType(type, dialect));
  try {
    type.schema.write(dialect, options.identity, out, 0);
  } catch (error) {
    throw about("Swim: identity: ", error);
  }
}

/**
 * Takes a number as a sample. `Math.random` and the like are told by a fraction below 1, which holds none of 32 bits;
 * since a generator of numbers up to 2^32 gives such a one in four billion calls, a second sample is then taken.
 */
function checkRandom(random: Random): void {
  if (typeof random === "function" && (isBits(random()) || isBits(random()))) return;
  throw new TypeError(
    "Swim: random must be a function that gives 32 random bits, as () => Math.random() * 2 ** 32",
  );
}

function isBits(sample: unknown): boolean {
  return typeof sample === "number" && (sample >= 1 || sample <= 0);
}

function checkRuntime(runtime: object): void {
  if (runtime === null || typeof runtime !== "object")
    throw new TypeError("Swim: runtime must be an object with now, sendTo and submitAfter");
  const names = METHODS.split(" ");
  for (let i = 0; i < names.length; i++) {
    const method = (runtime as Record<string, unknown>)[names[i]];
    if (typeof method === "function" || (method === undefined && i >= NUM_REQUIRED)) continue;
    throw new TypeError("Swim: runtime." + names[i] + " must be a function");
  }
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

/**
 * @throws RangeError when an identity that the program names, or that is known already, is longer than the settings
 * allow.
 */
export function checkIdentityLength(length: number, config: Config): void {
  if (length <= config.maxIdentityLength) return;
  throw new RangeError(
    "config.maxIdentityLength: at most " +
      config.maxIdentityLength +
      " bytes, but an identity takes " +
      length,
  );
}
