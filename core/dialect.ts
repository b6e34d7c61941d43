/**
 * How a serde format writes integers. Everything else (field order, tags, lengths) is the same in postcard and
 * bincode, so a dialect is all that tells them apart. Implementations hold no state. A value below 128 must be written
 * as that one byte, which is what most integers of a datagram are and what its readers look for first.
 *
 * A position that a `skip…` function returns has three meanings, so that one walk over a datagram also finds
 * what is not in its shortest form: `>= 0` the position after a canonical value; `INVALID` (-1) no value there;
 * `<= -2` a valid value in a longer form than needed, whose end is `past(result)`.
 */
export interface Dialect {
  readonly name: string;
  /** Longest form of an unsigned integer of `bits` (16, 32 or 64) bits, in bytes. */
  maxUintLength(bits: number): number;
  /** Walks one unsigned integer of `bits` bits that must end before `end`. */
  skipUint(bytes: Uint8Array, at: number, end: number, bits: number): number;
  /** Reads an unsigned integer that `skipUint` found valid. Exact up to 2^53 - 1. */
  readUint(bytes: Uint8Array, at: number): number;
  /** Reads a 64-bit unsigned integer exactly. Allocates. */
  readBigUint(bytes: Uint8Array, at: number): bigint;
  /** Writes `value` (0 to 2^53 - 1) in its shortest form; returns the position after it. */
  writeUint(value: number, out: Uint8Array, at: number): number;
  /** Writes a 64-bit unsigned integer in its shortest form. Allocates. */
  writeBigUint(value: bigint, out: Uint8Array, at: number): number;
  /** Bytes that `writeUint(value)` writes. */
  uintLength(value: number): number;
  /** Orders two canonical unsigned integers by value: negative, 0 or positive. */
  compareUint(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number): number;
}

/** What a `skip…` function returns when there is no valid value. */
export const INVALID = -1;

/** Marks the end of a value that is valid but not in its shortest form. */
export function lax(end: number): number {
  return -end - 2;
}

/** The position after a value that a `skip…` function found valid, canonical or not. */
export function past(skipped: number): number {
  return skipped < 0 ? -skipped - 2 : skipped;
}

/** Orders two byte strings of equal length as little-endian numbers. */
export function compareLittleEndian(
  a: Uint8Array,
  aAt: number,
  b: Uint8Array,
  bAt: number,
  length: number,
): number {
  for (let i = length - 1; i >= 0; i--) {
    const difference = a[aAt + i] - b[bAt + i];
    if (difference !== 0) return difference;
  }
  return 0;
}
