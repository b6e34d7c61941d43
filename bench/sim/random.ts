import { seededRandom } from "../../platform/fake/random.js";

/** What chance decides in a run: every generator follows from the seed and what it is for. */
export class Chance {
  private readonly bits: () => number;

  constructor(seed: number, purpose = 0) {
    this.bits = seededRandom(mix(seed, purpose));
  }

  /** From 0 to below 1. */
  fraction(): number {
    return (this.bits() >>> 0) / 4294967296;
  }

  /** From 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  /** From `low` to below `high`. */
  between(low: number, high: number): number {
    return low + (high - low) * this.fraction();
  }

  /** Exponentially distributed, with the given mean. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.fraction());
  }

  /** True with the given probability; takes no number from the generator for 0. */
  is(probability: number): boolean {
    return probability > 0 && this.fraction() < probability;
  }

  /** `count` different numbers from 0 to `limit` - 1. */
  sample(limit: number, count: number): number[] {
    const numbers = Array.from({ length: limit }, (_, i) => i);
    for (let i = 0; i < count; i++) {
      const j = i + this.below(limit - i);
      [numbers[i], numbers[j]] = [numbers[j], numbers[i]];
    }
    return numbers.slice(0, count);
  }
}

/** Two numbers as one of 32 bits, such that neighbours have nothing in common. */
export function mix(a: number, b: number): number {
  return seededRandom(seededRandom(a)() ^ Math.imul(b + 1, 0x9e3779b1))();
}
