/**
 * Returns 32 random bits as a number, signed or unsigned. Seed the generator differently on every device, so that
 * they do not all make the same choices.
 */
export type Random = () => number;

/** An integer from 0 to `limit` - 1, each as likely; `limit` is at most 2^21 or so. */
export function uniform(random: Random, limit: number): number {
  return Math.floor(((random() >>> 0) / 4294967296) * limit);
}
