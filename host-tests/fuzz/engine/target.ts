import type { Dice } from "./dice.js";

/** What one execution is given: records, each of its own meaning to the target. */
export type Input = readonly Uint8Array[];

/** Something that is fuzzed. */
export interface Target {
  readonly name: string;
  /** What it is, for people. */
  readonly about: string;
  /** The folders and files whose coverage is reported. */
  readonly covers: readonly string[];
  /** The most records of an input, and the most bytes of a record. */
  readonly maxRecords: number;
  readonly maxLength: number;
  /** What fuzzing begins with when there is no corpus. */
  seeds(): Input[];
  /** Byte strings that are put into records. */
  readonly dictionary?: readonly Uint8Array[];
  /** Changes a record in a way that a mutation of bytes does not find; returns undefined when it has none for it. */
  mutate?(record: Uint8Array, index: number, dice: Dice, input: Input): Uint8Array | undefined;
  /** Makes one more record for an input. */
  make?(dice: Dice, input: Input): Uint8Array;
  /** Runs one input from the same state as all others. @throws what an oracle finds, and what the code throws */
  run(input: Input): void | Promise<void>;
  /** Counters of its own, for the report. */
  readonly tally?: Record<string, number>;
}

/** What an oracle throws. */
export class Broken extends Error {
  constructor(what: string) {
    super("broken: " + what);
  }
}

/** @throws Broken when it does not hold */
export function must(holds: boolean, what: string): void {
  if (!holds) throw new Broken(what);
}
