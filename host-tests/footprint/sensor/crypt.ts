import type { XsHost } from "../../xs/host.js";

declare const host: XsHost;

/** The SDK's module `crypt`: a cipher in native code. */
export class BlockCipher {
  private readonly cipher: ReturnType<XsHost["aes"]>;

  constructor(_name: string, key: ArrayBuffer) {
    this.cipher = host.aes(key);
  }

  encrypt(block: ArrayBuffer, result: ArrayBuffer): void {
    this.cipher.encrypt(block, result);
  }
}
