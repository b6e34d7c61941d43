import type { Config, SwimOptions } from "../../core/index.js";
import type { AnyNodeOptions } from "./options.js";
import {
  Seal,
  SEAL_HEADROOM,
  SEAL_OVERHEAD,
  SEAL_TAILROOM,
  type SealOptions,
  type SealPrimitives,
} from "./seal.js";

/**
 * Makes the seal of a node, and room for it in the options of the core: a sealed datagram has at most `maxPacketSize` bytes.
 * @throws TypeError or RangeError that names the wrong option, Error when there is neither a store nor a source of random bytes
 */
export function makeNodeSeal<T, A>(
  options: AnyNodeOptions<T, A>,
  swimOptions: SwimOptions<T>,
  primitives: SealPrimitives,
): Seal {
  const given = swimOptions.config;
  const config: Config = Object.assign({}, given, { maxPacketSize: given.maxPacketSize - SEAL_OVERHEAD });
  swimOptions.config = config;
  swimOptions.headroom = SEAL_HEADROOM;
  swimOptions.tailroom = SEAL_TAILROOM;
  const sealOptions: SealOptions = {
    keys: options.keys ?? [],
    // What is wrong with the settings the core says.
    maxSenders: config.maxMembers >= 1 ? Math.min(65535, Math.floor(config.maxMembers)) : 1,
  };
  if (options.sendWith !== undefined) sealOptions.sendWith = options.sendWith;
  if (options.sealing !== undefined) sealOptions.sealing = options.sealing;
  if (options.store !== undefined) sealOptions.store = options.store;
  return new Seal(sealOptions, primitives);
}
