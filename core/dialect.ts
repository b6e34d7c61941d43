/**
 * How a serde format writes integers. This is the only difference between postcard and bincode: the order of fields,
 * the tags and the lengths are the same in both. A dialect holds no state. It must write a value below 128 as that
 * one byte, because the readers look for single bytes first.
 *
 * The result of a `skip…` function has three meanings:
 * - 0 or more: the position after a canonical value, which is one in its shortest form.
 * - `INVALID` (-1): there is no valid value.
 * - -2 or less: there is a valid value in a longer form than needed; `past(result)` is the position after it.
 */
export interface Dialect {
  /** The name, for people to read. */
  readonly name: string;
  /** Returns how many bytes an unsigned integer of `bits` (16, 32 or 64) bits can take, in any form. */
  maxUintLength(bits: number): number;
  /** Returns the position after an unsigned integer of `bits` bits, which must not reach beyond `end`. */
  skipUint(bytes: Uint8Array, at: number, end: number, bits: number): number;
  /**
   * Returns the position after an unsigned integer that is valid. Of other bytes, some position: what it is used for is
   * checked afterwards.
   */
  uintEnd(bytes: Uint8Array, at: number): number;
  /** Reads an unsigned integer that `skipUint` found valid. The result is exact up to 2^53 - 1. */
  readUint(bytes: Uint8Array, at: number): number;
  /** Reads a 64-bit unsigned integer exactly. Allocates memory. */
  readBigUint(bytes: Uint8Array, at: number): bigint;
  /** Writes `value` (0 to 2^53 - 1) in its shortest form, and returns the position after it. */
  writeUint(value: number, out: Uint8Array, at: number): number;
  /** Writes a 64-bit unsigned integer in its shortest form, and returns the position after it. Allocates memory. */
  writeBigUint(value: bigint, out: Uint8Array, at: number): number;
  /** Returns how many bytes `writeUint(value)` writes. */
  uintLength(value: number): number;
  /** Compares two canonical unsigned integers: the result is negative, 0 or positive, as for `Array.sort`. */
  compareUint(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number): number;
}

/** The result of a `skip…` function when there is no valid value. */
export const INVALID = -1;

/**
 * Returns the result of a `skip…` function for a value that ends at `end`, and is valid but not in its shortest form.
 */
export function lax(end: number): number {
  return -end - 2;
}

/** Returns the position after a value that a `skip…` function found valid, canonical or not. */
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
