import { compareLittleEndian, INVALID, lax, type Dialect } from "./dialect.js";

// The first byte tells the form (bincode specification, "Varint encoding"): up to 250 is the value itself.
const U16 = 251;
const U32 = 252;
const U64 = 253;

/**
 * The integers of bincode 2 in its `standard()` configuration: one byte below 251, and above that a marker and 2, 4
 * or 8 little-endian bytes.
 */
export const bincodeDialect: Dialect = /* @__PURE__ */ Object.freeze({
  name: "bincode",

  maxUintLength(bits: number): number {
    return 1 + bits / 8;
  },

  skipUint(bytes: Uint8Array, at: number, end: number, bits: number): number {
    if (at >= end) return INVALID;
    const first = bytes[at];
    if (first < U16) return at + 1;
    if (first === U16) {
      if (at + 3 > end) return INVALID;
      return bytes[at + 2] !== 0 || bytes[at + 1] >= U16 ? at + 3 : lax(at + 3);
    }
    if (first === U32 && at + 5 <= end && bytes[at + 4] !== 0 && bits > 16) return at + 5;
    const length = first === U32 ? 4 : first === U64 ? 8 : 0;
    if (length === 0 || length * 8 > bits || at + 1 + length > end) return INVALID;
    // The shortest form has a byte other than 0 in its upper half.
    for (let i = at + length; i > at + (length >> 1); i--) if (bytes[i] !== 0) return at + 1 + length;
    return lax(at + 1 + length);
  },

  uintEnd(bytes: Uint8Array, at: number): number {
    const first = bytes[at];
    return first < U16 ? at + 1 : first === U16 ? at + 3 : first === U32 ? at + 5 : at + 9;
  },

  readUint(bytes: Uint8Array, at: number): number {
    const first = bytes[at];
    if (first < U16) return first;
    let value = 0;
    for (let i = formLength(first); i > 0; i--) value = value * 256 + bytes[at + i];
    return value;
  },

  readBigUint(bytes: Uint8Array, at: number): bigint {
    const first = bytes[at];
    if (first < U16) return BigInt(first);
    let value = 0n;
    for (let i = formLength(first); i > 0; i--) value = (value << 8n) | BigInt(bytes[at + i]);
    return value;
  },

  writeUint(value: number, out: Uint8Array, at: number): number {
    if (value < U16) {
      out[at] = value;
      return at + 1;
    }
    const form = value < 0x10000 ? U16 : value < 0x100000000 ? U32 : U64;
    out[at++] = form;
    const end = at + formLength(form);
    while (at < end) {
      out[at++] = value % 256;
      value = Math.floor(value / 256);
    }
    return at;
  },

  writeBigUint(value: bigint, out: Uint8Array, at: number): number {
    if (value <= 0xffffffffn) return bincodeDialect.writeUint(Number(value), out, at);
    out[at++] = U64;
    for (let i = 0; i < 8; i++) {
      out[at++] = Number(value & 255n);
      value >>= 8n;
    }
    return at;
  },

  uintLength(value: number): number {
    return value < U16 ? 1 : value < 0x10000 ? 3 : value < 0x100000000 ? 5 : 9;
  },

  compareUint(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number): number {
    const aFirst = a[aAt];
    const bFirst = b[bAt];
    if (aFirst !== bFirst || aFirst < U16) return aFirst - bFirst;
    return compareLittleEndian(a, aAt + 1, b, bAt + 1, formLength(aFirst));
  },
});

function formLength(marker: number): number {
  return marker === U16 ? 2 : marker === U32 ? 4 : marker === U64 ? 8 : 0;
}
