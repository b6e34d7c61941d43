import { randomFillSync } from "node:crypto";
import type { Random } from "../../core/index.js";

/** Random numbers fetched from the operating system at a time. */
const BATCH = 256;

/** A generator of 32 random bits a call, from the operating system's random source. */
export function systemRandom(): Random {
  const batch = new Uint32Array(BATCH);
  let next = BATCH;
  return () => {
    if (next === BATCH) {
      randomFillSync(batch);
      next = 0;
    }
    return batch[next++];
  };
}
