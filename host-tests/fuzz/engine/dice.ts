/** A seeded generator of random numbers, whose state can be read and set. xorshift32, of a mixed seed. */
export class Dice {
  state: number;

  constructor(seed: number) {
    this.state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 1;
    for (let i = 0; i < 8; i++) this.bits();
  }

  /** 32 random bits, as a number from 1. */
  bits(): number {
    let state = this.state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.state = state;
    return state >>> 0;
  }

  /** A whole number below `limit`, which is 1 to 2^16. */
  below(limit: number): number {
    return Math.floor((this.bits() / 0x100000000) * limit);
  }

  /** Whether one in `times` comes. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  /** One of a list that is not empty. */
  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }
}
