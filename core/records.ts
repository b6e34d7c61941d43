// What members published, in one array of bytes: for each record and each piece of news an entry.
import { copyBytes } from "./schema.js";

// An entry: the slot of its owner in two bytes, when it was published with the marks in four, how many bytes follow in two,
// all with the low byte first; then the version as it stands on the wire, and the bytes that were published.
const TIME = 2;
const SIZE = 6;
/** Where in an entry the version stands. */
export const VERSION = 8;

// Marks, in the upper bits of the time.
/** The version of what is not kept: news. */
export const NEWS = 0x80000000;
/** A record whose bytes found no room. */
export const HEARD_ONLY = 0x40000000;
/** An earlier life of the owner published it. */
export const OF_EARLIER_LIFE = 0x20000000;
const TIME_MASK = 0x1fffffff;
const TURN = TIME_MASK + 1;

/** Milliseconds of a unit of the time. Its 29 bits go round in four years. */
export const UNIT_MS = 256;

/** A time as entries have it; before the clock began, too, by up to four years. */
export function unitsOf(ms: number): number {
  // A turn later, which the mask takes away: some C libraries of devices round -2097152.1 down to -2097155.
  return Math.floor(ms / UNIT_MS + TURN) & TIME_MASK;
}

/** How many units ago that was; 0 when it is yet to come, by up to a year. */
export function unitsSince(time: number, nowMs: number): number {
  const units = (Math.floor(nowMs / UNIT_MS) - time) & TIME_MASK;
  return units < 0x18000000 ? units : 0;
}
/** The owner of what we published ourselves: no slot. */
export const OURS = 0xffff;

/** Bytes that the array grows by at least. */
const GROWTH = 64;

/** The entries, one behind the other in no order. `at` below is where an entry begins. */
export class Records {
  bytes = new Uint8Array(0);
  /** Where the last entry ends. */
  end = 0;
  /** Records that are kept, ours excepted, and how many bytes their entries take. */
  numKept = 0;
  keptBytes = 0;

  /** Where the record of a member, or its news, begins; -1 when there is none. */
  find(slot: number, isNews: boolean): number {
    const bytes = this.bytes;
    const low = slot & 255;
    const high = slot >> 8;
    for (let at = 0; at < this.end; at += VERSION + (bytes[at + SIZE] | (bytes[at + SIZE + 1] << 8)))
      if (bytes[at] === low && bytes[at + 1] === high && bytes[at + TIME + 3] >= 128 === isNews) return at;
    return -1;
  }

  /** Where the next entry begins. */
  next(at: number): number {
    return at + VERSION + (this.bytes[at + SIZE] | (this.bytes[at + SIZE + 1] << 8));
  }

  slot(at: number): number {
    return this.bytes[at] | (this.bytes[at + 1] << 8);
  }

  isMarked(at: number, mark: number): boolean {
    return (this.bytes[at + TIME + 3] & (mark >>> 24)) !== 0;
  }

  /** When it was published, in units. */
  time(at: number): number {
    const bytes = this.bytes;
    const low = bytes[at + TIME] | (bytes[at + TIME + 1] << 8) | (bytes[at + TIME + 2] << 16);
    return (low | (bytes[at + TIME + 3] << 24)) & TIME_MASK;
  }

  /** Notes that a member's record and its news are of an earlier life. */
  age(slot: number): void {
    for (let at = 0; at < this.end; at = this.next(at))
      if (this.slot(at) === slot) this.bytes[at + TIME + 3] |= OF_EARLIER_LIFE >>> 24;
  }

  /**
   * Puts an entry in the place of the one at `old`, -1 for none: its version is `from[version..versionEnd]`, its value
   * `from[value..end]`. Allocates when there is no room for it.
   */
  put(
    old: number,
    slot: number,
    marks: number,
    time: number,
    from: Uint8Array,
    version: number,
    versionEnd: number,
    value: number,
    end: number,
  ): void {
    const size = versionEnd - version + end - value;
    let at = old;
    if (at < 0 || this.next(at) - at !== VERSION + size) {
      if (at >= 0) this.remove(at);
      at = this.end;
      this.grow(VERSION + size);
      this.end += VERSION + size;
    } else this.count(at, -1);
    const bytes = this.bytes;
    bytes[at] = slot;
    bytes[at + 1] = slot >> 8;
    const word = time | marks;
    for (let i = 0; i < 4; i++) bytes[at + TIME + i] = word >>> (8 * i);
    bytes[at + SIZE] = size;
    bytes[at + SIZE + 1] = size >> 8;
    const next = copyBytes(from, version, versionEnd - version, bytes, at + VERSION);
    copyBytes(from, value, end - value, bytes, next);
    this.count(at, 1);
  }

  remove(at: number): void {
    this.count(at, -1);
    const next = this.next(at);
    this.bytes.copyWithin(at, next, this.end);
    this.end -= next - at;
  }

  /** Removes all of a member. */
  forget(slot: number): void {
    for (let at = 0; at < this.end;) {
      if (this.slot(at) === slot) this.remove(at);
      else at = this.next(at);
    }
  }

  private count(at: number, one: number): void {
    if (this.slot(at) === OURS || this.isMarked(at, NEWS | HEARD_ONLY)) return;
    this.numKept += one;
    this.keptBytes += one * (this.next(at) - at);
  }

  private grow(size: number): void {
    if (this.end + size <= this.bytes.length) return;
    const larger = new Uint8Array(this.end + Math.max(size, GROWTH, this.end >> 3));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}
