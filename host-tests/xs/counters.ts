// What a machine counts, in the order of host/counters.h.

export interface Counters {
  /** Heap slots in use, garbage included until a collection. */
  slotsInUse: number;
  /** Chunk bytes in use, headers and padding included, garbage too until a collection. */
  chunkBytesInUse: number;
  /** Since the machine was made, whatever was collected meanwhile: slots, chunks, and the chunks' bytes. */
  slotsAllocated: number;
  chunksAllocated: number;
  chunkBytesAllocated: number;
  /** Collections that an allocation caused. */
  collections: number;
  /**
   * Bytecode of the scripts compiled, without the names of their properties. On `x64` a name is referred to by 4 bytes, on
   * the other engines, as on a microcontroller, by 2.
   */
  bytecodeBytes: number;
  /** Steps of the interpreter; 0 on `rv32`, which is built without metering, as on a device. */
  computrons: number;
  /** Instructions of the processor since reset; 0 on `x64` and `ia32`. */
  instructions: number;
}

/** The names, in order. */
export const counterNames = [
  "slotsInUse",
  "chunkBytesInUse",
  "slotsAllocated",
  "chunksAllocated",
  "chunkBytesAllocated",
  "collections",
  "bytecodeBytes",
  "computrons",
  "instructions",
] as const satisfies readonly (keyof Counters)[];

/** Reads the numbers in their order, from the `from`th. */
export function countersOf(numbers: readonly number[], from = 0): Counters {
  const entries = counterNames.map((name, index) => [name, numbers[from + index] ?? NaN]);
  return Object.fromEntries(entries) as unknown as Counters;
}

/** What each counter rose by. */
export function difference(before: Counters, after: Counters): Counters {
  return countersOf(counterNames.map((name) => after[name] - before[name]));
}
