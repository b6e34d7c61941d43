import { unsafe } from "@noble/ciphers/aes.js";
import type { BlockCipher } from "../../platform/shared/ccm.js";

/** AES-128 in JavaScript, for engines that have none of their own. */
export class NobleCipher implements BlockCipher {
  private readonly keys: Uint32Array;

  constructor(secret: Uint8Array) {
    this.keys = unsafe.expandKeyLE(secret);
  }

  encrypt(block: ArrayBuffer, result: ArrayBuffer): void {
    const bytes = new Uint8Array(result);
    bytes.set(new Uint8Array(block));
    unsafe.encryptBlock(this.keys, bytes);
  }
}
