import { createCipheriv, type Cipher } from "node:crypto";
import { type Ccm, TAG_BYTES } from "../shared/ccm.js";

const BLOCK_BYTES = 16;
const NONCE_BYTES = 13;

/**
 * AES-128-CCM over the ciphers of `node:crypto`. A cipher is made once and goes on: making one takes longer than all
 * else. So one in ECB mode turns all counter blocks of a datagram into the keystream, in one call, and one in CBC mode
 * makes the MAC. CBC goes on from the last block of the datagram before, which is taken out of the first one of the
 * next: what is left is the MAC of RFC 3610, which begins at zero.
 */
export class CryptoCcm implements Ccm {
  readonly #counter: Cipher;
  readonly #chain: Cipher;
  /** The counter blocks of a datagram. */
  #counters = Buffer.alloc(0);
  /** The blocks of the MAC. */
  #blocks = Buffer.alloc(0);
  /** What the chain's next block is added to. */
  #last = Buffer.alloc(BLOCK_BYTES);

  /** @param secret 16 bytes, which are not kept */
  constructor(secret: Uint8Array) {
    if (secret.length !== 16) throw new RangeError("a key is 16 bytes, not " + secret.length);
    this.#counter = createCipheriv("aes-128-ecb", secret, null).setAutoPadding(false);
    this.#chain = createCipheriv("aes-128-cbc", secret, Buffer.alloc(BLOCK_BYTES)).setAutoPadding(false);
  }

  seal(bytes: Uint8Array, nonceAt: number, dataAt: number, start: number, end: number): void {
    const stream = this.#keystream(bytes, nonceAt, end - start);
    const mac = this.#mac(bytes, nonceAt, dataAt, start, end);
    for (let at = start, i = BLOCK_BYTES; at < end; at++, i++) bytes[at] ^= stream[i];
    for (let i = 0; i < TAG_BYTES; i++) bytes[end + i] = mac[i] ^ stream[i];
  }

  open(bytes: Uint8Array, nonceAt: number, dataAt: number, start: number, end: number): boolean {
    const stream = this.#keystream(bytes, nonceAt, end - start);
    for (let at = start, i = BLOCK_BYTES; at < end; at++, i++) bytes[at] ^= stream[i];
    const mac = this.#mac(bytes, nonceAt, dataAt, start, end);
    let difference = 0;
    // All bytes are compared: how long it takes tells nothing of where the first wrong one is.
    for (let i = 0; i < TAG_BYTES; i++) difference |= bytes[end + i] ^ mac[i] ^ stream[i];
    if (difference === 0) return true;
    for (let at = start, i = BLOCK_BYTES; at < end; at++, i++) bytes[at] ^= stream[i];
    return false;
  }

  /** Returns S_0, S_1 … for a text of so many bytes. */
  #keystream(bytes: Uint8Array, nonceAt: number, length: number): Buffer {
    const size = (1 + Math.ceil(length / BLOCK_BYTES)) * BLOCK_BYTES;
    if (this.#counters.length < size) this.#counters = Buffer.alloc(size * 2);
    const counters = this.#counters;
    for (let at = 0, number = 0; at < size; at += BLOCK_BYTES, number++) {
      counters[at] = 1;
      for (let i = 0; i < NONCE_BYTES; i++) counters[at + 1 + i] = bytes[nonceAt + i];
      counters[at + 14] = number >> 8;
      counters[at + 15] = number;
    }
    return this.#counter.update(counters.subarray(0, size));
  }

  /** Returns the last block of the chain over the first block, the associated data, and the text. */
  #mac(bytes: Uint8Array, nonceAt: number, dataAt: number, start: number, end: number): Buffer {
    const dataBytes = start - dataAt;
    const textAt = dataBytes > 0 ? 2 * BLOCK_BYTES : BLOCK_BYTES;
    const size = textAt + Math.ceil((end - start) / BLOCK_BYTES) * BLOCK_BYTES;
    if (this.#blocks.length < size) this.#blocks = Buffer.alloc(size * 2);
    const blocks = this.#blocks;
    blocks.fill(0, 0, size);
    blocks[0] = dataBytes > 0 ? 0x59 : 0x19;
    for (let i = 0; i < NONCE_BYTES; i++) blocks[1 + i] = bytes[nonceAt + i];
    blocks[14] = (end - start) >> 8;
    blocks[15] = end - start;
    for (let i = 0; i < BLOCK_BYTES; i++) blocks[i] ^= this.#last[i];
    if (dataBytes > 0) {
      blocks[BLOCK_BYTES + 1] = dataBytes;
      for (let i = 0; i < dataBytes; i++) blocks[BLOCK_BYTES + 2 + i] = bytes[dataAt + i];
    }
    for (let at = start, i = textAt; at < end; at++, i++) blocks[i] = bytes[at];
    const made = this.#chain.update(blocks.subarray(0, size));
    this.#last = made.subarray(size - BLOCK_BYTES);
    return this.#last;
  }
}
