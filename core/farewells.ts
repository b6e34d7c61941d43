import type { Codec } from "./codec.js";
import { State } from "./codec.js";
import { INVALID } from "./dialect.js";

/** The most identities of ours that are declared Down at once; of more the most-sent is dropped. */
const MOST = 4;

interface Farewell {
  /** The identity in canonical bytes. */
  readonly bytes: Uint8Array;
  /** Where its address stands in them. */
  readonly addressStart: number;
  readonly addressEnd: number;
  /** How often it is still to be sent. */
  remaining: number;
}

/**
 * The identities that we gave up and declare Down. They go before all other updates, because nobody but us can tell
 * them, and they are no members: a full table must not keep us from leaving politely.
 */
export class Farewells {
  private readonly entries: Farewell[] = [];

  /** How many are still to be sent. */
  get length(): number {
    return this.entries.length;
  }

  /** Queues an identity to be declared Down `transmissions` times, in the place of an earlier one at its address. */
  add(
    bytes: Uint8Array,
    length: number,
    addressStart: number,
    addressEnd: number,
    transmissions: number,
  ): void {
    const entries = this.entries;
    for (let i = entries.length - 1; i >= 0; i--) {
      const entry = entries[i];
      const size = addressEnd - addressStart;
      if (size !== entry.addressEnd - entry.addressStart) continue;
      if (areEqual(entry.bytes, entry.addressStart, bytes, addressStart, size)) this.removeAt(i);
    }
    if (entries.length >= MOST) this.removeAt(0);
    entries.push({ bytes: bytes.slice(0, length), addressStart, addressEnd, remaining: transmissions });
  }

  /** Drops the farewell of the identity `bytes[at..at + length]`, if there is one. */
  remove(bytes: Uint8Array, at: number, length: number): void {
    for (let i = this.entries.length - 1; i >= 0; i--) {
      const entry = this.entries[i];
      if (entry.bytes.length === length && areEqual(entry.bytes, 0, bytes, at, length)) this.removeAt(i);
    }
  }

  /** Writes those that fit before `end`, each counts as sent once; returns how many. `cursor.at` goes behind them. */
  fill(codec: Codec, out: Uint8Array, cursor: { at: number }, end: number): number {
    let written = 0;
    for (let i = this.entries.length - 1; i >= 0; i--) {
      const entry = this.entries[i];
      const { bytes } = entry;
      const at = codec.writeMember(out, cursor.at, end, bytes, 0, bytes.length, 0, State.Down);
      if (at === INVALID) continue;
      cursor.at = at;
      written++;
      entry.remaining--;
      if (entry.remaining === 0) this.removeAt(i);
    }
    return written;
  }

  private removeAt(index: number): void {
    const entries = this.entries;
    for (let i = index + 1; i < entries.length; i++) entries[i - 1] = entries[i];
    entries.length--;
  }
}

function areEqual(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[aAt + i] !== b[bAt + i]) return false;
  return true;
}
