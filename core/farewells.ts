import { State, type Codec } from "./codec.js";
import { INVALID } from "./dialect.js";
import { areEqual } from "./schema.js";

/** How many earlier identities of this node are declared Down at once. When there are more, the oldest is dropped. */
const MOST = 4;

interface Farewell {
  /** The identity in canonical bytes. */
  readonly bytes: Uint8Array;
  /** Where its address stands in them. */
  readonly addressStart: number;
  readonly addressEnd: number;
  /** 0, or the promise to be back; see promise.ts. */
  readonly incarnation: number;
  /** How often it is still to be sent. */
  remaining: number;
}

/**
 * The identities that we gave up and declare Down. They go before all other updates, because nobody but us can tell
 * them, and they are no members: a full table must not keep us from leaving politely.
 */
export class Farewells {
  /** The oldest first; made when first needed. */
  private entries: Farewell[] | undefined = undefined;

  /** How many are still to be sent. */
  get length(): number {
    return this.entries === undefined ? 0 : this.entries.length;
  }

  /**
   * Queues the identity `bytes[at..at + length]` to be declared Down `transmissions` times, in the place of an earlier one
   * at its address, which stands from `addressStart` to `addressEnd` in it. `incarnation` is 0, or a promise to be back.
   */
  add(
    bytes: Uint8Array,
    at: number,
    length: number,
    addressStart: number,
    addressEnd: number,
    transmissions: number,
    incarnation: number,
  ): void {
    if (this.entries === undefined) this.entries = [];
    const entries = this.entries;
    const size = addressEnd - addressStart;
    for (let i = entries.length - 1; i >= 0; i--) {
      const entry = entries[i];
      if (size !== entry.addressEnd - entry.addressStart) continue;
      if (areEqual(entry.bytes, entry.addressStart, bytes, at + addressStart, size)) entries.splice(i, 1);
    }
    if (entries.length >= MOST) entries.shift();
    const copy = bytes.slice(at, at + length);
    entries.push({ bytes: copy, addressStart, addressEnd, incarnation, remaining: transmissions });
  }

  /** Drops the farewell of the identity `bytes[at..at + length]`, if there is one. */
  remove(bytes: Uint8Array, at: number, length: number): void {
    const entries = this.entries;
    if (entries === undefined) return;
    for (let i = entries.length - 1; i >= 0; i--) {
      const entry = entries[i];
      if (entry.bytes.length === length && areEqual(entry.bytes, 0, bytes, at, length)) entries.splice(i, 1);
    }
  }

  /** Writes those that fit before `end`, each counts as sent once; returns how many. `cursor.at` goes behind them. */
  fill(codec: Codec, out: Uint8Array, cursor: { at: number }, end: number): number {
    const entries = this.entries;
    if (entries === undefined) return 0;
    let written = 0;
    for (let i = entries.length - 1; i >= 0; i--) {
      const entry = entries[i];
      const bytes = entry.bytes;
      const at = codec.writeMember(
        out,
        cursor.at,
        end,
        bytes,
        0,
        bytes.length,
        entry.incarnation,
        State.Down,
      );
      if (at === INVALID) continue;
      cursor.at = at;
      written++;
      entry.remaining--;
      if (entry.remaining === 0) entries.splice(i, 1);
    }
    return written;
  }
}
