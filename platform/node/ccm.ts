import { createCipheriv, type Cipher } from "node:crypto";
import {
  BLOCK_BYTES,
  COUNTER_FLAGS,
  DATA_FLAG,
  MAC_FLAGS,
  MAX_DATA_BYTES,
  NONCE_BYTES,
  TAG_BYTES,
  type Ccm,
} from "../shared/ccm.js";
import { KEY_SIZE } from "../shared/cluster-keys.js";

const BLOCK_WORDS = BLOCK_BYTES / 4;

/** Blocks that a cipher is given, as many as are needed, without a new view each time. */
class Blocks {
  bytes = new Uint8Array(0);
  words = new Int32Array(0);
  #views: Uint8Array[] = [];

  /** Makes room for so many blocks. What was in them is lost when they move. */
  reserve(count: number): void {
    if (this.bytes.length >= count * BLOCK_BYTES) return;
    const buffer = new ArrayBuffer(count * 2 * BLOCK_BYTES);
    this.bytes = new Uint8Array(buffer);
    this.words = new Int32Array(buffer);
    this.#views = [];
  }

  first(count: number): Uint8Array {
    return (this.#views[count] ??= this.bytes.subarray(0, count * BLOCK_BYTES));
  }
}

/**
 * AES-128-CCM over the ciphers of `node:crypto`. To make a cipher takes longer than all else, so both are made once. One
 * in ECB mode turns the counter blocks of a datagram into its keystream, in one call. One in CBC mode makes the MAC: it
 * goes on from the last block of the datagram before, so that block is added to the next first one, and what comes out is
 * what RFC 3610 begins with.
 */
export class CryptoCcm implements Ccm {
  readonly #ecb: Cipher;
  readonly #cbc: Cipher;
  readonly #counters = new Blocks();
  readonly #chain = new Blocks();
  /** What the next block of the chain is added to: 16 bytes from `#lastAt`. */
  #last: Uint8Array = new Uint8Array(BLOCK_BYTES);
  #lastAt = 0;

  /** @param secret 16 bytes, which are not kept */
  constructor(secret: Uint8Array) {
    if (secret.length !== KEY_SIZE)
      throw new RangeError("xswim: a key is 16 bytes, and this one is " + secret.length);
    this.#ecb = createCipheriv("aes-128-ecb", secret, null).setAutoPadding(false);
    this.#cbc = createCipheriv("aes-128-cbc", secret, this.#last).setAutoPadding(false);
  }

  seal(bytes: Uint8Array, nonceAt: number, dataAt: number, start: number, end: number): void {
    check(dataAt, start);
    const stream = this.#keystream(bytes, nonceAt, end - start);
    this.#authenticate(bytes, nonceAt, dataAt, start, end);
    cover(bytes, start, end, stream);
    const mac = this.#last;
    for (let i = 0, at = this.#lastAt; i < TAG_BYTES; i++, at++) bytes[end + i] = mac[at] ^ stream[i];
  }

  open(
    bytes: Uint8Array,
    nonceAt: number,
    dataAt: number,
    start: number,
    end: number,
    restores = true,
  ): boolean {
    check(dataAt, start);
    const stream = this.#keystream(bytes, nonceAt, end - start);
    cover(bytes, start, end, stream);
    this.#authenticate(bytes, nonceAt, dataAt, start, end);
    const mac = this.#last;
    let difference = 0;
    // All bytes are compared: how long it takes tells nothing of where the first wrong one is.
    for (let i = 0, at = this.#lastAt; i < TAG_BYTES; i++, at++)
      difference |= bytes[end + i] ^ mac[at] ^ stream[i];
    if (difference === 0) return true;
    if (restores) cover(bytes, start, end, stream);
    return false;
  }

  /** Returns S_0, S_1 … for a text of so many bytes. */
  #keystream(bytes: Uint8Array, nonceAt: number, length: number): Uint8Array {
    const count = 1 + blocksOf(length);
    const counters = this.#counters;
    counters.reserve(count);
    writeNonce(counters.bytes, COUNTER_FLAGS, bytes, nonceAt, 0);
    const words = counters.words;
    const a = words[0];
    const b = words[1];
    const c = words[2];
    const d = words[3];
    for (let number = 1, at = BLOCK_WORDS; number < count; number++, at += BLOCK_WORDS) {
      words[at] = a;
      words[at + 1] = b;
      words[at + 2] = c;
      words[at + 3] = d | (number << 24) | ((number << 8) & 0xff0000);
    }
    return this.#ecb.update(counters.first(count));
  }

  /** Leaves the MAC before it is encrypted at `#last`. */
  #authenticate(bytes: Uint8Array, nonceAt: number, dataAt: number, start: number, end: number): void {
    const dataBytes = start - dataAt;
    const textAt = dataBytes > 0 ? 2 * BLOCK_BYTES : BLOCK_BYTES;
    const size = textAt + blocksOf(end - start) * BLOCK_BYTES;
    const chain = this.#chain;
    chain.reserve(size / BLOCK_BYTES);
    const block = chain.bytes;
    writeNonce(block, dataBytes > 0 ? MAC_FLAGS | DATA_FLAG : MAC_FLAGS, bytes, nonceAt, end - start);
    const last = this.#last;
    for (let i = 0, at = this.#lastAt; i < BLOCK_BYTES; i++, at++) block[i] ^= last[at];
    let to = textAt;
    if (dataBytes > 0) {
      block[BLOCK_BYTES] = 0;
      block[BLOCK_BYTES + 1] = dataBytes;
      to = BLOCK_BYTES + 2;
      for (let at = dataAt; at < start; at++) block[to++] = bytes[at];
      while (to < textAt) block[to++] = 0;
    }
    block.set(bytes.subarray(start, end), to);
    to += end - start;
    while (to < size) block[to++] = 0;
    this.#last = this.#cbc.update(chain.first(size / BLOCK_BYTES));
    this.#lastAt = size - BLOCK_BYTES;
  }
}

/** @throws RangeError before anything is changed */
function check(dataAt: number, start: number): void {
  if (start - dataAt > MAX_DATA_BYTES) throw new RangeError("xswim: associated data is 14 bytes at most");
}

/** How many blocks so many bytes take. */
function blocksOf(length: number): number {
  return (length + BLOCK_BYTES - 1) >> 4;
}

/** Writes the first block of the counters or of the MAC: flags, nonce, and a number of 16 bits. */
function writeNonce(
  block: Uint8Array,
  flags: number,
  bytes: Uint8Array,
  nonceAt: number,
  number: number,
): void {
  block[0] = flags;
  for (let i = 1, at = nonceAt; i <= NONCE_BYTES; i++, at++) block[i] = bytes[at];
  block[14] = number >> 8;
  block[15] = number;
}

/** Puts the keystream over the text, or takes it away. */
function cover(bytes: Uint8Array, start: number, end: number, stream: Uint8Array): void {
  for (let at = start, i = BLOCK_BYTES; at < end; at++, i++) bytes[at] ^= stream[i];
}
