/**
 * `SwimNode` with the options `keys`, `sendWith` and `sealing`, and what seals the datagrams of a bare core. It takes the cipher
 * of the Moddable SDK, which is native code.
 * @module xswim/sealed
 */
import { fillUnique } from "xswim/unique-bytes";
import { BlockCcm, Blocks } from "../../shared/ccm.js";
import type { AnyNodeOptions, SealedNode } from "../../shared/options.js";
import { makeNodeSeal } from "../../shared/node-seal.js";
import { Seal as SharedSeal, type SealOptions, type SealPrimitives } from "../../shared/seal.js";
import {
  SwimNode as PlainNode,
  type AddressOf,
  type Renewable,
  type SwimNodeOptions,
  type SwimOptions,
} from "../index.js";
import type { ValueFormat } from "../../shared/value-format.js";
import { makeCipher } from "./cipher.js";

export { bincode, lan, renewableAddr, serdeCodec, simple, SwimError, wan, wifi } from "../index.js";
export { SEAL_HEADROOM, SEAL_OVERHEAD, SEAL_TAILROOM } from "../../shared/seal.js";
export type { Sealing, SealOptions } from "../../shared/seal.js";
export { SealMetric } from "../../shared/seal-metrics.js";
export type { ClusterKey } from "../../shared/cluster-keys.js";
export type { Store } from "../../shared/bump.js";

/** The native cipher, with one set of blocks to work in for all keys of a node. */
class DevicePrimitives implements SealPrimitives {
  private readonly blocks = new Blocks();
  private readonly told: SealedNode | SealOptions;

  /** @param told is told what the store throws */
  constructor(told: SealedNode | SealOptions) {
    this.told = told;
  }

  makeCcm(secret: Uint8Array): BlockCcm {
    return new BlockCcm(makeCipher(secret), this.blocks);
  }
  fillUnique(bytes: Uint8Array, isKept: boolean): boolean {
    return fillUnique(bytes, isKept);
  }

  failed(error: unknown): void {
    const { told } = this;
    if ("failed" in told) told.failed(error);
    else told.onError?.(error);
  }
}

function makeSeal<T, A>(
  node: SealedNode,
  options: AnyNodeOptions<T, A>,
  swimOptions: SwimOptions<T>,
): SharedSeal {
  return makeNodeSeal(options, swimOptions, new DevicePrimitives(node));
}

/** The `SwimNode` of `xswim/xs`, which seals its datagrams where it is given `keys`. */
export class SwimNode<T = Renewable, A = AddressOf<T>, F extends ValueFormat = "bytes"> extends PlainNode<
  T,
  A,
  F
> {
  /**
   * Opens the socket soon after it returned, and then joins by the seeds.
   * @throws as that of `xswim/xs`, TypeError or RangeError for wrong keys, and Error when there are keys, no `store`, and no
   *   hardware generator of random numbers. In these cases no socket was opened.
   */
  constructor(options: SwimNodeOptions<T, A, F>) {
    super(options, makeSeal);
  }
}

/** The `Seal` of a device, for a program around a bare core. A `SwimNode` that is given `keys` has one. */
export class Seal extends SharedSeal {
  /** @throws TypeError or RangeError that names the wrong option */
  constructor(options: SealOptions) {
    super(options, new DevicePrimitives(options));
  }
}
