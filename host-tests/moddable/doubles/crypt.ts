// The part of the SDK's module `crypt` that is used: it takes buffers, and no views of them.
import { createCipheriv } from "node:crypto";

export class BlockCipher {
  readonly #key: Buffer;

  constructor(cipher: string, key: ArrayBuffer) {
    if (cipher !== "AES" || !(key instanceof ArrayBuffer) || key.byteLength !== 16)
      throw new Error("bad key size");
    this.#key = Buffer.from(key.slice(0));
  }

  encrypt(data: ArrayBuffer, result: ArrayBuffer): ArrayBuffer {
    if (!(data instanceof ArrayBuffer && result instanceof ArrayBuffer))
      throw new TypeError("no ArrayBuffer");
    const aes = createCipheriv("aes-128-ecb", this.#key, null).setAutoPadding(false);
    new Uint8Array(result).set(aes.update(new Uint8Array(data, 0, 16)));
    return result;
  }
}
