import { compareLittleEndian, INVALID, lax, type Dialect } from "./dialect.js";

/**
 * The integers of postcard 1: LEB128 varints, which have seven bits in each byte, the least significant first
 * (postcard wire specification, "varint").
 */
export const postcardDialect: Dialect = /* @__PURE__ */ Object.freeze({
  name: "postcard",

  maxUintLength(bits: number): number {
    return bits === 16 ? 3 : bits === 32 ? 5 : 10;
  },

  skipUint(bytes: Uint8Array, at: number, end: number, bits: number): number {
    const first = bytes[at];
    if (at < end && first < 0x80) return at + 1;
    const longest = bits === 16 ? 3 : bits === 32 ? 5 : 10;
    const lastByteMax = bits === 16 ? 3 : bits === 32 ? 15 : 1;
    for (let i = 0; i < longest && at + i < end; i++) {
      const byte = bytes[at + i];
      if (byte >= 0x80) continue;
      if (i === longest - 1 && byte > lastByteMax) return INVALID;
      return byte === 0 ? lax(at + i + 1) : at + i + 1;
    }
    return INVALID;
  },

  uintEnd(bytes: Uint8Array, at: number): number {
    while (bytes[at] >= 0x80) at++;
    return at + 1;
  },

  readUint(bytes: Uint8Array, at: number): number {
    let byte = bytes[at];
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    let scale = 128;
    do {
      byte = bytes[++at];
      value += (byte & 0x7f) * scale;
      scale *= 128;
    } while (byte >= 0x80);
    return value;
  },

  readBigUint(bytes: Uint8Array, at: number): bigint {
    let value = 0n;
    let shift = 0n;
    for (;;) {
      const byte = bytes[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
      shift += 7n;
    }
  },

  writeUint(value: number, out: Uint8Array, at: number): number {
    while (value >= 128) {
      out[at++] = (value % 128) | 0x80;
      value = Math.floor(value / 128);
    }
    out[at++] = value;
    return at;
  },

  writeBigUint(value: bigint, out: Uint8Array, at: number): number {
    while (value >= 128n) {
      out[at++] = Number(value & 127n) | 0x80;
      value >>= 7n;
    }
    out[at++] = Number(value);
    return at;
  },

  uintLength(value: number): number {
    let length = 1;
    while (value >= 128) {
      value = Math.floor(value / 128);
      length++;
    }
    return length;
  },

  compareUint(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number): number {
    const aLength = postcardDialect.uintEnd(a, aAt) - aAt;
    const bLength = postcardDialect.uintEnd(b, bAt) - bAt;
    if (aLength !== bLength) return aLength - bLength;
    return compareLittleEndian(a, aAt, b, bAt, aLength);
  },
});
