// AES-128-CCM as RFC 3610 says it, a byte at a time and with all that is needed made anew: what the fast ways are checked
// against.
import type { BlockCipher } from "../../platform/shared/ccm.js";

const BLOCK_BYTES = 16;
const TAG_BYTES = 8;

function encrypted(cipher: BlockCipher, block: readonly number[]): number[] {
  const result = new ArrayBuffer(BLOCK_BYTES);
  cipher.encrypt(Uint8Array.from(block).buffer, result);
  return Array.from(new Uint8Array(result));
}

/** The bytes, with zeros up to a multiple of 16. */
function padded(bytes: readonly number[]): number[] {
  const zeros = (BLOCK_BYTES - (bytes.length % BLOCK_BYTES)) % BLOCK_BYTES;
  return bytes.concat(new Array<number>(zeros).fill(0));
}

/** Section 2.2, before the tag is encrypted. */
function macOf(
  cipher: BlockCipher,
  nonce: readonly number[],
  data: readonly number[],
  text: readonly number[],
): number[] {
  const flags = (data.length > 0 ? 64 : 0) + 8 * ((TAG_BYTES - 2) / 2) + 1;
  let blocks = [flags, ...nonce, text.length >> 8, text.length & 0xff];
  if (data.length > 0) blocks = blocks.concat(padded([data.length >> 8, data.length & 0xff, ...data]));
  blocks = blocks.concat(padded(text));
  let mac = new Array<number>(BLOCK_BYTES).fill(0);
  for (let at = 0; at < blocks.length; at += BLOCK_BYTES) {
    const before = mac;
    mac = encrypted(
      cipher,
      before.map((byte, i) => byte ^ blocks[at + i]),
    );
  }
  return mac.slice(0, TAG_BYTES);
}

/** Section 2.3: block number `i` of the keystream. */
function streamBlock(cipher: BlockCipher, nonce: readonly number[], i: number): number[] {
  return encrypted(cipher, [1, ...nonce, i >> 8, i & 0xff]);
}

/** The encrypted text, and the tag. */
export function sealedByTwin(
  cipher: BlockCipher,
  nonce: readonly number[],
  data: readonly number[],
  text: readonly number[],
): number[] {
  let stream: number[] = [];
  for (let i = 1; stream.length < text.length; i++) stream = stream.concat(streamBlock(cipher, nonce, i));
  const cover = streamBlock(cipher, nonce, 0);
  const tag = macOf(cipher, nonce, data, text).map((byte, i) => byte ^ cover[i]);
  return text.map((byte, i) => byte ^ stream[i]).concat(tag);
}
