const LEFT = 0x85ebca6b;
const RIGHT = 0xc2b2ae35;

/** A hash of 64 bits in two halves, which is fed numbers. Two things with one hash are taken for the same. */
export class Hash {
  left = 0;
  right = 0;

  start(): this {
    this.left = 0x2545f491;
    this.right = 0x27d4eb2f;
    return this;
  }

  /** Takes in 32 bits. */
  add(value: number): void {
    this.left = Math.imul((this.left ^ value) + 0x6d2b79f5, LEFT);
    this.left ^= this.left >>> 15;
    this.right = Math.imul(((this.right << 13) | (this.right >>> 19)) ^ value, RIGHT);
    this.right ^= this.right >>> 16;
  }

  /** Takes in any number, fractions and infinities too. */
  addNumber(value: number): void {
    if ((value | 0) === value) return this.add(value);
    numbers[0] = value;
    this.add(1);
    this.add(halves[0]);
    this.add(halves[1]);
  }

  finish(): this {
    this.left = mix(this.left ^ Math.imul(this.right, 0x9e3779b1));
    this.right = mix(this.right + this.left);
    return this;
  }
}

const numbers = new Float64Array(1);
const halves = new Int32Array(numbers.buffer);

function mix(value: number): number {
  value = Math.imul(value ^ (value >>> 16), LEFT);
  value = Math.imul(value ^ (value >>> 13), RIGHT);
  return value ^ (value >>> 16);
}

/** Hashes that were seen: open addressing in flat arrays, 8 bytes an entry, which double when two thirds are used. */
export class SeenHashes {
  size = 0;
  private entries: Int32Array;
  private mask: number;

  constructor(room = 1 << 16) {
    this.entries = new Int32Array(room * 2);
    this.mask = room - 1;
  }

  /** Notes a hash; returns whether it is new. */
  add(left: number, right: number): boolean {
    // A pair of zeros marks what is free.
    if (left === 0 && right === 0) right = 1;
    if (!this.put(left, right)) return false;
    this.size++;
    if (this.size * 3 > (this.mask + 1) * 2) this.grow();
    return true;
  }

  private put(left: number, right: number): boolean {
    const { entries, mask } = this;
    let at = (left & mask) * 2;
    while (entries[at] !== 0 || entries[at + 1] !== 0) {
      if (entries[at] === left && entries[at + 1] === right) return false;
      at = (at + 2) & (mask * 2 + 1);
    }
    entries[at] = left;
    entries[at + 1] = right;
    return true;
  }

  private grow(): void {
    const { entries } = this;
    this.entries = new Int32Array(entries.length * 2);
    this.mask = entries.length - 1;
    for (let at = 0; at < entries.length; at += 2)
      if (entries[at] !== 0 || entries[at + 1] !== 0) this.put(entries[at], entries[at + 1]);
  }
}
