/**
 * AES-128-CCM with a tag of 8 bytes (RFC 3610, M = 8 and L = 2) under one key, in place. `nonceAt` says where the 13
 * bytes of the nonce stand; under one key, no two calls of `seal` may have the same. The associated data, which is
 * authenticated and not encrypted, is `bytes[dataAt..start]`, 0 to 14 bytes. The text is `bytes[start..end]`, at most
 * 65,535 bytes.
 */
export interface Ccm {
  /** Encrypts the text in place and writes the tag to `bytes[end..end + 8]`. */
  seal(bytes: Uint8Array, nonceAt: number, dataAt: number, start: number, end: number): void;
  /**
   * Decrypts the text in place.
   * @returns whether the tag in `bytes[end..end + 8]` is right; when it is wrong, all bytes are as they came
   */
  open(bytes: Uint8Array, nonceAt: number, dataAt: number, start: number, end: number): boolean;
}

/** AES-128 under one key, as a platform gives it: Moddable's `BlockCipher` is one. */
export interface BlockCipher {
  /** Encrypts a block of 16 bytes. Both buffers hold 16 bytes, and may be the same. */
  encrypt(block: ArrayBuffer, result: ArrayBuffer): unknown;
}

/** Bytes of a tag, which is what M says. */
export const TAG_BYTES = 8;
const BLOCK_BYTES = 16;
const NONCE_BYTES = 13;
/** In a first block of associated data, its length takes the other two. */
const MAX_DATA_BYTES = 14;

// The first byte of a block (RFC 3610, sections 2.2 and 2.3): L - 1, and in the first block of the MAC also 8 times
// (M - 2) / 2, and 64 where there is associated data.
const COUNTER_FLAGS = 1;
const MAC_FLAGS = 0x19;
const DATA_FLAG = 0x40;

// What becomes of the text: which side of it the MAC is made of.
const SEALING = 0;
const OPENING = 1;
/** As it was before it was opened: nothing is added to the MAC. */
const RESTORING = 2;

/**
 * CCM over a block cipher. It makes nothing: what it needs are the blocks that it has from the start. The datagram
 * stands at any offset, so four bytes are put together as a number where the engine has no view of them; that takes a
 * third of the steps of XS of a byte at a time.
 */
export class BlockCcm implements Ccm {
  private readonly cipher: BlockCipher;
  /** The block whose encryption is the next part of the keystream, A_i of section 2.3; its upper 16 bits are i. */
  private readonly counter = new Int32Array(4);
  /** The keystream S_i, and in its place the text that it made. */
  private readonly stream = new Int32Array(4);
  private readonly streamBytes = new Uint8Array(this.stream.buffer);
  /** The MAC so far, X_i of section 2.2, and at the end the tag. */
  private readonly mac = new Int32Array(4);
  private readonly macBytes = new Uint8Array(this.mac.buffer);
  private readonly tag = new Uint8Array(this.mac.buffer, 0, TAG_BYTES);

  constructor(cipher: BlockCipher) {
    this.cipher = cipher;
  }

  seal(bytes: Uint8Array, nonceAt: number, dataAt: number, start: number, end: number): void {
    this.begin(bytes, nonceAt, dataAt, start, end);
    this.pass(bytes, start, end, SEALING);
    this.finish();
    bytes.set(this.tag, end);
  }

  open(bytes: Uint8Array, nonceAt: number, dataAt: number, start: number, end: number): boolean {
    this.begin(bytes, nonceAt, dataAt, start, end);
    this.pass(bytes, start, end, OPENING);
    this.finish();
    const mac = this.mac;
    // One comparison of all bits: how long it takes tells nothing of where the first wrong one is.
    if (((mac[0] ^ word(bytes, end)) | (mac[1] ^ word(bytes, end + 4))) === 0) return true;
    this.pass(bytes, start, end, RESTORING);
    return false;
  }

  /** Makes the first counter block, and the MAC of all that stands before the text. */
  private begin(bytes: Uint8Array, nonceAt: number, dataAt: number, start: number, end: number): void {
    const counter = this.counter;
    const mac = this.mac;
    const a = COUNTER_FLAGS | (bytes[nonceAt] << 8) | (bytes[nonceAt + 1] << 16) | (bytes[nonceAt + 2] << 24);
    const b = word(bytes, nonceAt + 3);
    const c = word(bytes, nonceAt + 7);
    const d = bytes[nonceAt + 11] | (bytes[nonceAt + 12] << 8);
    counter[0] = a;
    counter[1] = mac[1] = b;
    counter[2] = mac[2] = c;
    counter[3] = d;
    const length = end - start;
    mac[0] = a ^ COUNTER_FLAGS ^ MAC_FLAGS ^ (dataAt < start ? DATA_FLAG : 0);
    mac[3] = d | high(length);
    this.cipher.encrypt(mac.buffer, mac.buffer);
    if (dataAt >= start) return;
    const dataBytes = start - dataAt;
    if (dataBytes === NONCE_BYTES && dataAt === nonceAt) {
      // The block is the counter block, one byte later: two bytes of length, and the nonce.
      mac[0] ^= (a << 8) ^ ((COUNTER_FLAGS ^ NONCE_BYTES) << 8);
      mac[1] ^= (b << 8) | (a >>> 24);
      mac[2] ^= (c << 8) | (b >>> 24);
      mac[3] ^= (d << 8) | (c >>> 24);
    } else {
      if (dataBytes > MAX_DATA_BYTES) throw new RangeError("xswim: associated data takes at most 14 bytes");
      const macBytes = this.macBytes;
      macBytes[1] ^= dataBytes;
      for (let i = 0; i < dataBytes; i++) macBytes[i + 2] ^= bytes[dataAt + i];
    }
    this.cipher.encrypt(mac.buffer, mac.buffer);
  }

  /** Puts the keystream over the text, and the text into the MAC. */
  private pass(bytes: Uint8Array, start: number, end: number, direction: number): void {
    const { cipher, counter, stream, streamBytes, mac, macBytes } = this;
    const nonceEnd = counter[3] & 0xffff;
    for (let at = start, number = 1; at < end; at += BLOCK_BYTES, number++) {
      counter[3] = nonceEnd | high(number);
      cipher.encrypt(counter.buffer, stream.buffer);
      if (at + BLOCK_BYTES <= end) {
        for (let i = 0; i < 4; i++) {
          const before = word(bytes, at + i * 4);
          const after = (stream[i] ^= before);
          mac[i] ^= direction === SEALING ? before : after;
        }
        bytes.set(streamBytes, at);
      } else {
        for (let i = 0; at + i < end; i++) {
          const before = bytes[at + i];
          const after = before ^ streamBytes[i];
          bytes[at + i] = after;
          macBytes[i] ^= direction === SEALING ? before : after;
        }
      }
      if (direction !== RESTORING) cipher.encrypt(mac.buffer, mac.buffer);
    }
  }

  /** Makes the tag of the MAC. */
  private finish(): void {
    const { counter, stream, mac } = this;
    counter[3] &= 0xffff;
    this.cipher.encrypt(counter.buffer, stream.buffer);
    mac[0] ^= stream[0];
    mac[1] ^= stream[1];
  }
}

function word(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}

/** A number of 16 bits, the high byte first, as the upper half of a word. */
function high(number: number): number {
  return ((number & 0xff) << 24) | ((number & 0xff00) << 8);
}
