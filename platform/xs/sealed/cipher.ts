import { BlockCipher } from "crypt";

declare module "crypt" {
  /** A block cipher in native code, which the SDK's typings leave out. With `result` it makes nothing. */
  class BlockCipher {
    constructor(cipher: "AES", key: ArrayBuffer);
    /** Encrypts the first 16 bytes of a buffer into another. */
    encrypt(data: ArrayBuffer, result: ArrayBuffer): ArrayBuffer;
  }
}

/** Makes AES-128 under a key of 16 bytes, which stand alone in their buffer. */
export function makeCipher(secret: Uint8Array): BlockCipher {
  return new BlockCipher("AES", secret.buffer as ArrayBuffer);
}
