import { uniform, type Random } from "./random.js";

/**
 * Visits 0 to `count` - 1 once each, from a random start with a random stride: a random sample of any size
 * without memory. Where the things that are numbered stand in random order, so are the samples.
 */
export class Walk {
  private position = 0;
  private stride = 1;
  private count = 0;
  /** How many are still to be visited. */
  left = 0;

  /** Begins a new visit. */
  start(count: number, random: Random): void {
    this.count = count;
    this.left = count;
    if (count < 2) {
      this.position = 0;
      this.stride = 1;
      return;
    }
    this.position = uniform(random, count);
    let stride = 1 + uniform(random, count - 1);
    while (commonDivisor(count, stride) !== 1) stride++;
    this.stride = stride;
  }

  /** Takes the last step back: the next number is the same again. */
  undo(): void {
    this.left++;
    this.position = (this.position - this.stride + this.count) % this.count;
  }

  /** The next number, or -1 when all were visited. */
  next(): number {
    if (this.left === 0) return -1;
    this.left--;
    this.position = (this.position + this.stride) % this.count;
    return this.position;
  }
}

function commonDivisor(a: number, b: number): number {
  while (b !== 0) {
    const rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}
