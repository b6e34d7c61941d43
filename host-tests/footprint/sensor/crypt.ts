/** The SDK's module `crypt`, in native code. The example is measured without keys, so nothing asks for it. */
export class BlockCipher {
  constructor() {
    throw new Error("no cipher is expected here");
  }
}
