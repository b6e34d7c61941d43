import { createCipheriv, type Cipher } from "node:crypto";
import type { BlockCipher } from "../../platform/shared/ccm.js";

/** AES of `node:crypto`, a block at a time, as a device has it. */
export class NodeCipher implements BlockCipher {
  private readonly cipher: Cipher;

  constructor(secret: Uint8Array) {
    this.cipher = createCipheriv("aes-128-ecb", secret, null).setAutoPadding(false);
  }

  encrypt(block: ArrayBuffer, result: ArrayBuffer): void {
    new Uint8Array(result).set(this.cipher.update(new Uint8Array(block)));
  }
}
