import { half, word } from "./words.js";

/** Words of 32 bits a sender. */
const ROW = 4;
/** Of the last word: that the sender has answered a question of ours. */
const PROVEN = 1 << 31;
/** The numbers before the highest of a sender that are remembered, one bit each. */
const WINDOW = 31;
/** The same of a sender that is not proven, in whose row the number of its arrival stands, too. */
const UNPROVEN_WINDOW = 15;
/** Senders that there is room for at first. */
const FIRST_ROWS = 4;

/**
 * Remembers which datagrams came, so that none is taken twice: for each sender the highest of its numbers, and which of the 31
 * before it came. A number is `boot * 2^24 + sequence`. 16 bytes a sender, in the order of the senders:
 *
 * ```
 * device, its first four bytes | device, the other two | boot >> 8 | boot & 255, sequence | proven, window
 * ```
 *
 * The last word of a sender that is not proven is `arrival << 15 | window` with a window of 15.
 */
export class Replays {
  /** How many senders there are rows for at most. */
  private readonly limit: number;
  private rows = new Int32Array(FIRST_ROWS * ROW);
  private count = 0;
  private arrivals = 0;
  /** The row of the last sender that was asked about; below 0 where it has none, as `find` says. */
  private asked = -1;
  /** The row of the last sender that was noted; -1 for none. */
  private last = -1;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** How many senders are remembered. */
  get size(): number {
    return this.count;
  }

  /** Whether the twelve bytes at a place, `device boot sequence`, came before or are too old to say. */
  isKnown(bytes: Uint8Array, at: number): boolean {
    const row = (this.asked = this.find(word(bytes, at), half(bytes, at + 4)));
    if (row < 0) return false;
    const { rows } = this;
    const behind =
      numberIn(rows[row + 1], rows[row + 2]) - numberIn(half(bytes, at + 6), word(bytes, at + 8));
    if (behind <= 0) return behind === 0;
    const seen = rows[row + 3];
    return behind > (seen < 0 ? WINDOW : UNPROVEN_WINDOW) || ((seen >> (behind - 1)) & 1) !== 0;
  }

  /** Notes that they came, in a datagram that is known to be true. `isKnown` was just asked about them, and answered false. */
  note(bytes: Uint8Array, at: number): void {
    const high = half(bytes, at + 6);
    const low = word(bytes, at + 8);
    const isNew = this.asked < 0;
    this.last = isNew ? this.insert(word(bytes, at), half(bytes, at + 4), high, low) : this.asked;
    if (!isNew) this.update(this.last, high, low);
  }

  /** The sender of the last datagram that was noted answered a question of ours: it is there, and not recorded. */
  prove(): void {
    const { rows, last } = this;
    // Of what lies behind its shorter window, all counts as come.
    if (last >= 0 && rows[last + 3] >= 0) rows[last + 3] = PROVEN | 0x7fff8000 | (rows[last + 3] & 0x7fff);
  }

  private update(row: number, high: number, low: number): void {
    const { rows } = this;
    const ahead = numberIn(high, low) - numberIn(rows[row + 1], rows[row + 2]);
    const bits = rows[row + 3];
    const mask = bits < 0 ? 0x7fffffff : 0x7fff;
    let seen = bits & mask;
    if (ahead > 0) {
      seen = ahead > WINDOW ? 0 : ((seen << ahead) | (1 << (ahead - 1))) & mask;
      rows[row + 1] = (rows[row + 1] & -0x10000) | high;
      rows[row + 2] = low;
    } else seen |= 1 << (-ahead - 1);
    rows[row + 3] = (bits & ~mask) | seen;
  }

  /** A datagram came of which it is not known who sealed it, if anybody did. */
  noteNobody(): void {
    this.last = -1;
  }

  /** Returns the place of a sender's row, and when there is none -1 less the place where it belongs. */
  private find(first: number, second: number): number {
    const { rows } = this;
    let from = 0;
    let to = this.count;
    while (from < to) {
      const middle = (from + to) >> 1;
      const at = middle * ROW;
      const other = rows[at];
      if (other === first && rows[at + 1] >>> 16 === second) return at;
      if (other < first || (other === first && rows[at + 1] >>> 16 < second)) from = middle + 1;
      else to = middle;
    }
    return -1 - from * ROW;
  }

  private insert(first: number, second: number, high: number, low: number): number {
    if (this.count >= this.limit) this.forgetOne();
    if ((this.count + 1) * ROW > this.rows.length) {
      const rows = new Int32Array(Math.min(this.limit, this.count * 2) * ROW);
      rows.set(this.rows);
      this.rows = rows;
    }
    const { rows } = this;
    const row = -1 - this.find(first, second);
    rows.copyWithin(row + ROW, row, this.count * ROW);
    rows[row] = first;
    rows[row + 1] = (second << 16) | high;
    rows[row + 2] = low;
    rows[row + 3] = (this.arrivals++ & 0xffff) << UNPROVEN_WINDOW;
    this.count++;
    return row;
  }

  /** Forgets the oldest of the senders that are not proven. When all are proven, they must prove themselves anew. */
  private forgetOne(): void {
    const { rows, arrivals } = this;
    let oldest = -1;
    let most = -1;
    for (let row = 0; row < this.count * ROW; row += ROW) {
      const age = (arrivals - (rows[row + 3] >> UNPROVEN_WINDOW)) & 0xffff;
      if (rows[row + 3] < 0 || age <= most) continue;
      oldest = row;
      most = age;
    }
    if (oldest < 0) {
      for (let row = 0; row < this.count * ROW; row += ROW)
        rows[row + 3] = ((arrivals & 0xffff) << UNPROVEN_WINDOW) | (rows[row + 3] & 0x7fff);
      oldest = (arrivals % this.count) * ROW;
    }
    rows.copyWithin(oldest, oldest + ROW, this.count * ROW);
    this.count--;
  }
}

/** The number that two words of a row hold. */
function numberIn(second: number, third: number): number {
  return (second & 0xffff) * 4294967296 + (third >>> 0);
}
