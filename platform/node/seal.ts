import { randomFillSync } from "node:crypto";
import { refuseUnknown } from "../../core/checks.js";
import { Seal as SharedSeal, type SealOptions, type SealPrimitives } from "../shared/seal.js";
import { CryptoCcm } from "./ccm.js";

/** OpenSSL's cipher, and the random numbers of the operating system. */
export class NodePrimitives implements SealPrimitives {
  readonly failed: (error: unknown) => void;

  /** @param failed is told what the store throws */
  constructor(failed: (error: unknown) => void = () => {}) {
    this.failed = failed;
  }

  makeCcm(secret: Uint8Array): CryptoCcm {
    return new CryptoCcm(secret);
  }

  fillUnique(bytes: Uint8Array): boolean {
    randomFillSync(bytes);
    return true;
  }
}

/** The options of a `Seal`, all of them. */
const OPTIONS = ["keys", "sendWith", "sealing", "store", "maxSenders", "onError"];

/** The `Seal` of Node, for a program around a bare core. A `SwimNode` that is given `keys` has one. */
export class Seal extends SharedSeal {
  /** @throws TypeError or RangeError that names the wrong option */
  constructor(options: SealOptions) {
    refuseUnknown("Seal", options, OPTIONS);
    super(options, new NodePrimitives(options.onError));
  }
}
