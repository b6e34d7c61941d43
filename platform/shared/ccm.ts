/**
 * AES-128-CCM with a tag of 8 bytes (RFC 3610, M = 8 and L = 2) under one key, in place. `nonceAt` says where the 13
 * bytes of the nonce stand; under one key, no two calls of `seal` may have the same. The associated data, which is
 * authenticated and not encrypted, is `bytes[dataAt..start]`, 0 to 14 bytes. The text is `bytes[start..end]`, at most
 * 65,535 bytes. The caller has seen to it that all of this and the tag are within `bytes`.
 */
export interface Ccm {
  /** Encrypts the text in place and writes the tag to `bytes[end..end + 8]`. */
  seal(bytes: Uint8Array, nonceAt: number, dataAt: number, start: number, end: number): void;
  /**
   * Decrypts the text in place.
   * @param restores whether a text whose tag is wrong becomes what it was, which is so unless this is false; without it
   * a refusal takes six tenths of the time, and the text is rubbish
   * @returns whether the tag in `bytes[end..end + 8]` is right
   */
  open(
    bytes: Uint8Array,
    nonceAt: number,
    dataAt: number,
    start: number,
    end: number,
    restores?: boolean,
  ): boolean;
}

/** AES-128 under one key, as a platform gives it: Moddable's `BlockCipher` is one. */
export interface BlockCipher {
  /** Encrypts a block of 16 bytes. Both buffers hold 16 bytes, and may be the same. */
  encrypt(block: ArrayBuffer, result: ArrayBuffer): unknown;
}

/** Bytes of a tag, which is what M says. */
export const TAG_BYTES = 8;
export const BLOCK_BYTES = 16;
export const NONCE_BYTES = 13;
/** In a block of 16, its length takes the other two. */
export const MAX_DATA_BYTES = 14;

// The first byte of a block (RFC 3610, sections 2.2 and 2.3): L - 1; in the first block of the MAC also 8 times
// (M - 2) / 2, and 64 where there is associated data.
export const COUNTER_FLAGS = 1;
export const MAC_FLAGS = 0x19;
export const DATA_FLAG = 0x40;

// What becomes of the text.
const SEALING = 0;
const OPENING = 1;
/** It becomes what it was before it was opened. */
const RESTORING = 2;

/** What a `BlockCcm` works in: 16 bytes each, and what reads them as words. */
export class Blocks {
  readonly counterBlock = new ArrayBuffer(BLOCK_BYTES);
  readonly streamBlock = new ArrayBuffer(BLOCK_BYTES);
  readonly macBlock = new ArrayBuffer(BLOCK_BYTES);
  /** What is encrypted to make the next part of the keystream: A_i of section 2.3, with i in the upper 16 bits. */
  readonly counter = new Int32Array(this.counterBlock);
  /** The keystream S_i, and in its place the text that it made. */
  readonly stream = new Int32Array(this.streamBlock);
  readonly streamBytes = new Uint8Array(this.streamBlock);
  /** The MAC so far, X_i of section 2.2, and at the end the tag. */
  readonly mac = new Int32Array(this.macBlock);
  readonly tag = new Uint8Array(this.macBlock, 0, TAG_BYTES);
}

/**
 * CCM over a block cipher, without an allocation. A datagram stands at any offset, so there is no view of its words:
 * four bytes at a time are put together as one, which takes half of the steps of XS that single bytes take, and the
 * engine copies a whole block to where it belongs.
 */
export class BlockCcm implements Ccm {
  private readonly cipher: BlockCipher;
  private readonly blocks: Blocks;

  /** @param blocks may be those of other keys: what is in them matters during a call only */
  constructor(cipher: BlockCipher, blocks: Blocks = new Blocks()) {
    this.cipher = cipher;
    this.blocks = blocks;
  }

  seal(bytes: Uint8Array, nonceAt: number, dataAt: number, start: number, end: number): void {
    this.begin(bytes, nonceAt, dataAt, start, end);
    this.pass(bytes, start, end, SEALING);
    bytes.set(this.blocks.tag, end);
  }

  open(
    bytes: Uint8Array,
    nonceAt: number,
    dataAt: number,
    start: number,
    end: number,
    restores = true,
  ): boolean {
    this.begin(bytes, nonceAt, dataAt, start, end);
    this.pass(bytes, start, end, OPENING);
    const mac = this.blocks.mac;
    // One comparison of all bits: how long it takes tells nothing of where the first wrong one is.
    if (((mac[0] ^ word(bytes, end)) | (mac[1] ^ word(bytes, end + 4))) === 0) return true;
    if (restores) this.pass(bytes, start, end, RESTORING);
    return false;
  }

  /** Makes the counter block, and the MAC of all that stands before the text. */
  private begin(bytes: Uint8Array, nonceAt: number, dataAt: number, start: number, end: number): void {
    const cipher = this.cipher;
    const { counter, mac, macBlock } = this.blocks;
    const a = COUNTER_FLAGS | (bytes[nonceAt] << 8) | (bytes[nonceAt + 1] << 16) | (bytes[nonceAt + 2] << 24);
    const b = word(bytes, nonceAt + 3);
    const c = word(bytes, nonceAt + 7);
    const d = bytes[nonceAt + 11] | (bytes[nonceAt + 12] << 8);
    const dataBytes = start - dataAt;
    counter[0] = a;
    mac[0] = a ^ COUNTER_FLAGS ^ MAC_FLAGS ^ (dataBytes > 0 ? DATA_FLAG : 0);
    counter[1] = mac[1] = b;
    counter[2] = mac[2] = c;
    counter[3] = d;
    mac[3] = d | ((end - start) << 24) | (((end - start) << 8) & 0xff0000);
    cipher.encrypt(macBlock, macBlock);
    if (dataBytes <= 0) return;
    if (dataBytes === NONCE_BYTES && dataAt === nonceAt) {
      // The block is the counter block a byte later, with the length in its first two bytes.
      mac[0] ^= (a << 8) ^ ((COUNTER_FLAGS ^ NONCE_BYTES) << 8);
      mac[1] ^= (b << 8) | (a >>> 24);
      mac[2] ^= (c << 8) | (b >>> 24);
      mac[3] ^= (d << 8) | (c >>> 24);
    } else {
      if (dataBytes > MAX_DATA_BYTES) throw new RangeError("xswim: associated data is 14 bytes at most");
      mac[0] ^= dataBytes << 8;
      for (let i = 0; i < dataBytes; i++) mac[(i + 2) >> 2] ^= bytes[dataAt + i] << (((i + 2) & 3) << 3);
    }
    cipher.encrypt(macBlock, macBlock);
  }

  /** Puts the keystream over the text. Adds the text to the MAC, and makes the tag of that, unless it is restored. */
  private pass(bytes: Uint8Array, start: number, end: number, direction: number): void {
    const cipher = this.cipher;
    const { counter, stream, streamBytes, mac, counterBlock, streamBlock, macBlock } = this.blocks;
    const isSealing = direction === SEALING;
    const first = counter[3];
    for (let at = start, number = 1; at < end; at += BLOCK_BYTES, number++) {
      counter[3] = first | (number << 24) | ((number << 8) & 0xff0000);
      cipher.encrypt(counterBlock, streamBlock);
      const isWhole = at + BLOCK_BYTES <= end;
      const words = isWhole ? 4 : (end - at) >> 2;
      let from = at;
      let i = 0;
      for (; i < words; i++, from += 4) {
        const before =
          bytes[from] | (bytes[from + 1] << 8) | (bytes[from + 2] << 16) | (bytes[from + 3] << 24);
        const after = (stream[i] ^= before);
        mac[i] ^= isSealing ? before : after;
        if (isWhole) continue;
        bytes[from] = after;
        bytes[from + 1] = after >> 8;
        bytes[from + 2] = after >> 16;
        bytes[from + 3] = after >> 24;
      }
      if (isWhole) bytes.set(streamBytes, at);
      else
        for (let shift = 0; from < end; from++, shift += 8) {
          const before = bytes[from];
          const after = (before ^ (stream[i] >> shift)) & 0xff;
          bytes[from] = after;
          mac[i] ^= (isSealing ? before : after) << shift;
        }
      if (direction !== RESTORING) cipher.encrypt(macBlock, macBlock);
    }
    counter[3] = first;
    if (direction === RESTORING) return;
    cipher.encrypt(counterBlock, streamBlock);
    mac[0] ^= stream[0];
    mac[1] ^= stream[1];
  }
}

function word(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}
