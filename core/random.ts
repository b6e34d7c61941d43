/** Gives 32 random bits as a number, signed or not. Seed it differently on every device. */
export type Random = () => number;

/** An integer from 0 to `limit` - 1, each as likely; `limit` is at most 2^21 or so. */
export function uniform(random: Random, limit: number): number {
  return Math.floor(((random() >>> 0) / 4294967296) * limit);
}
