// Both ways to AES-128-CCM against that of node:crypto, for all lengths that a datagram can have.
import { createCipheriv, createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { CryptoCcm } from "../../platform/node/ccm.js";
import { BlockCcm, type BlockCipher, type Ccm } from "../../platform/shared/ccm.js";

const NONCE_BYTES = 13;
const TAG_BYTES = 8;

/** So many bytes that look random and are the same in every run. */
function filled(length: number, seed: number): Buffer {
  return createHash("shake128", { outputLength: length }).update(String(seed)).digest();
}

class NodeCipher implements BlockCipher {
  private readonly cipher;

  constructor(secret: Uint8Array) {
    this.cipher = createCipheriv("aes-128-ecb", secret, null).setAutoPadding(false);
  }

  encrypt(block: ArrayBuffer, result: ArrayBuffer): void {
    new Uint8Array(result).set(this.cipher.update(new Uint8Array(block)));
  }
}

/** The text encrypted, and the tag, as `node:crypto` makes them. */
function expected(secret: Uint8Array, nonce: Uint8Array, data: Uint8Array, text: Uint8Array): Buffer {
  const cipher = createCipheriv("aes-128-ccm", secret, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(data, { plaintextLength: text.length });
  const sealed = cipher.update(text);
  cipher.final();
  return Buffer.concat([sealed, cipher.getAuthTag()]);
}

const secret = filled(16, -1);
const ways: [string, (secret: Uint8Array) => Ccm][] = [
  ["BlockCcm", (secret) => new BlockCcm(new NodeCipher(secret))],
  ["CryptoCcm", (secret) => new CryptoCcm(secret)],
];

describe.each(ways)("%s", (_name, make) => {
  const ccm = make(secret);

  test("seals-and-opens-as-node-crypto-for-all-lengths", () => {
    for (let length = 0; length <= 1400; length++) {
      const at = length % 5;
      const start = at + NONCE_BYTES;
      const end = start + length;
      const plain = filled(end + TAG_BYTES + 3, length);
      const nonce = plain.subarray(at, start);
      const sealed = Buffer.concat([
        plain.subarray(0, start),
        expected(secret, nonce, nonce, plain.subarray(start, end)),
        plain.subarray(end + TAG_BYTES),
      ]);
      const bytes = Uint8Array.from(plain);
      ccm.seal(bytes, at, at, start, end);
      expect(sealed.equals(bytes), `sealed, ${length} bytes`).toBe(true);
      expect(ccm.open(bytes, at, at, start, end)).toBe(true);
      expect(plain.subarray(0, end).equals(bytes.subarray(0, end)), `opened, ${length} bytes`).toBe(true);
      bytes.set(sealed);
      bytes[end + (length % TAG_BYTES)] ^= 1 << (length % 7);
      const wrong = Uint8Array.from(bytes);
      expect(ccm.open(bytes, at, at, start, end)).toBe(false);
      expect(Buffer.compare(bytes, wrong), `refused, ${length} bytes`).toBe(0);
    }
  });
});
