import type { Parameters } from "fast-check";

/** Runs of a property, the same on each machine; FUZZ_SEED and FUZZ_RUNS (a factor) look elsewhere and longer. */
export function runs<T>(numRuns: number): Parameters<T> {
  const seed = Number(process.env.FUZZ_SEED ?? 20_261_121);
  const factor = Number(process.env.FUZZ_RUNS ?? 1);
  return { seed, numRuns: Math.ceil(numRuns * factor) };
}
