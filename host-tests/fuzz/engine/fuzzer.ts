import { counters, counterWords, MOST_SITES } from "./counters.js";
import { Dice } from "./dice.js";
import { Mutator } from "./mutator.js";
import type { Input, Target } from "./target.js";

/** Classes of how often a site was passed, as AFL has them, a bit each. */
const CLASSES = /* @__PURE__ */ Uint8Array.from({ length: 256 }, (_, count) => {
  if (count < 4) return count === 0 ? 0 : 1 << (count - 1);
  return count < 8 ? 8 : count < 16 ? 16 : count < 32 ? 32 : count < 128 ? 64 : 128;
});
/** How many children one input has in a row. */
const BATCH = 64;
/** Distinct failures after which fuzzing ends. */
const MOST_CRASHES = 20;
const MOST_STEPS_TO_SHRINK = 3000;

/** An input that reached something that none before it did. */
export interface Entry {
  readonly input: Input;
  readonly size: number;
  /** How often it was chosen. */
  picks: number;
}

/** An input that broke something. */
export interface Crash {
  readonly input: Input;
  readonly key: string;
  readonly stack: string;
}

/** Fuzzes a target: keeps those inputs that pass sites in a class of counts that none before them did. */
export class Fuzzer {
  readonly corpus: Entry[] = [];
  readonly crashes: Crash[] = [];
  executions = 0;
  private isLoaded = false;
  /** By site: the classes that were met. */
  readonly met = new Uint8Array(counters.length);
  private readonly isBlind: boolean;
  /** Which words of the counters are looked at: to look at all takes longer than many an execution. */
  private readonly words: Uint16Array;
  private readonly target: Target;
  private readonly dice: Dice;
  private readonly mutator: Mutator;

  /**
   * @param sites whose they are, by number: only those of files that the target covers guide it
   * @param isBlind whether what an input passes does not count, to compare
   */
  constructor(target: Target, sites: readonly { readonly file: string }[], seed: number, isBlind = false) {
    this.words = wordsOf(target, sites);
    this.isBlind = isBlind;
    this.target = target;
    this.dice = new Dice(seed);
    this.mutator = new Mutator(target, this.dice);
  }

  /** Runs inputs as they are, and keeps those that are of use. */
  async load(inputs: readonly Input[]): Promise<void> {
    for (const input of inputs) await this.try(input);
    this.isLoaded = true;
  }

  /** Runs so many mutated inputs, or until `isOver` says so, which is asked after every batch. */
  async fuzz(executions: number, isOver: () => boolean = () => false): Promise<void> {
    const { dice, mutator, corpus } = this;
    if (corpus.length === 0) {
      const why = this.crashes[0]?.stack ?? "there is none";
      throw new Error(this.target.name + ": no input to begin with is of use: " + why);
    }
    const end = this.executions + executions;
    // What is refused may throw on its way, and to note where takes longer than all the rest.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    while (this.executions < end && this.crashes.length < MOST_CRASHES && !isOver()) {
      const parent = this.pick();
      parent.picks++;
      for (let i = 0; i < BATCH && this.executions < end; i++) {
        const waiting = this.try(mutator.mutate(parent.input, corpus[dice.below(corpus.length)].input));
        // To wait for what is done already would take as long as the execution.
        if (waiting !== undefined) await waiting;
      }
    }
    Error.stackTraceLimit = stackTraceLimit;
  }

  /** The one that was chosen least of some, and of small ones rather than large ones. */
  private pick(): Entry {
    const { corpus, dice } = this;
    let best = corpus[dice.below(corpus.length)];
    for (let i = 0; i < 3; i++) {
      const other = corpus[dice.below(corpus.length)];
      if ((other.picks + 1) * (other.size + 64) < (best.picks + 1) * (best.size + 64)) best = other;
    }
    return best;
  }

  private try(input: Input): Promise<void> | undefined {
    this.executions++;
    const outcome = this.execute(input);
    if (outcome instanceof Promise) return outcome.then((error) => this.tried(input, error));
    return this.tried(input, outcome);
  }

  private tried(input: Input, error: Error | undefined): Promise<void> | undefined {
    if (error !== undefined) return this.crashed(input);
    if (this.isNew() && !(this.isBlind && this.isLoaded))
      this.corpus.push({ input, size: sizeOf(input), picks: 0 });
    return undefined;
  }

  /** Runs an input; returns what it threw. */
  private execute(input: Input): Error | undefined | Promise<Error | undefined> {
    counters.fill(0);
    try {
      const running = this.target.run(input);
      return running instanceof Promise ? running.then(() => undefined, errorOf) : undefined;
    } catch (error) {
      return errorOf(error);
    }
  }

  /** Whether the last execution met something new, which counts as met from now on. */
  private isNew(): boolean {
    const { met, words } = this;
    let isNew = false;
    for (let i = 0; i < words.length; i++) {
      const word = words[i];
      if (counterWords[word] === 0) continue;
      for (let at = word * 4; at < word * 4 + 4; at++) {
        const bit = CLASSES[counters[at]];
        if ((bit & ~met[at]) === 0) continue;
        met[at] |= bit;
        isNew = true;
      }
    }
    return isNew;
  }

  private async crashed(input: Input): Promise<void> {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 10;
    const error = await this.execute(input);
    if (error === undefined)
      throw new Error(this.target.name + ": an input fails only once: " + textOf(input));
    await this.noteCrash(input, error);
    Error.stackTraceLimit = stackTraceLimit;
  }

  private async noteCrash(input: Input, error: Error): Promise<void> {
    const key = keyOf(error);
    if (this.crashes.some((crash) => crash.key === key)) return;
    const shrunk = await this.shrink(input, async (smaller) => {
      const other = await this.execute(smaller);
      return other !== undefined && keyOf(other) === key;
    });
    const stack = (await this.execute(shrunk))?.stack ?? error.stack ?? String(error);
    this.crashes.push({ input: shrunk, key, stack });
  }

  /** The inputs that are needed for all that the corpus meets: the smallest one for each site that is passed once, or more often. */
  async minimised(): Promise<Input[]> {
    const entries = [...this.corpus].sort((a, b) => a.size - b.size);
    const met = new Uint8Array(counters.length);
    const kept: Input[] = [];
    for (const { input } of entries) {
      await this.execute(input);
      let isNew = false;
      for (const at of this.places) {
        const bits = Math.min(counters[at], 3);
        if ((bits & ~met[at]) !== 0) isNew = true;
        met[at] |= bits;
      }
      if (isNew) kept.push(input);
    }
    return kept;
  }

  /** The places of the counters that are looked at. */
  private get places(): number[] {
    return Array.from(this.words).flatMap((word) => [0, 1, 2, 3].map((byte) => word * 4 + byte));
  }

  /** A smaller input for which the same holds: without records, then without bytes. */
  private async shrink(input: Input, holds: (input: Input) => Promise<boolean>): Promise<Input> {
    let steps = 0;
    let best = input;
    const tries = async (candidate: Input): Promise<void> => {
      if (steps++ < MOST_STEPS_TO_SHRINK && (await holds(candidate))) best = candidate;
    };
    for (let i = best.length - 1; i >= 0 && best.length > 1; i--) await tries(best.toSpliced(i, 1));
    for (let i = 0; i < best.length; i++) {
      for (let length = best[i].length >> 1; length > 0; length >>= 1)
        for (let at = best[i].length - length; at >= 0; at -= length) {
          const record = best[i];
          if (at + length > record.length) continue;
          const rest = Uint8Array.from([...record.subarray(0, at), ...record.subarray(at + length)]);
          await tries(best.with(i, rest));
        }
    }
    return best;
  }
}

/** The words in which sites of the target's files are counted, and its marks. */
function wordsOf({ covers }: Target, sites: readonly { readonly file: string }[]): Uint16Array {
  const words = new Set<number>();
  sites.forEach(({ file }, i) => {
    if (covers.some((covered) => file.startsWith(covered))) words.add(i >> 2);
  });
  for (let word = MOST_SITES / 4; word < counterWords.length; word++) words.add(word);
  return Uint16Array.from(words);
}

function errorOf(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function sizeOf(input: Input): number {
  let size = 0;
  for (const record of input) size += 8 + record.length;
  return size;
}

function textOf(input: Input): string {
  return input.map((record) => Buffer.from(record).toString("hex")).join(" ");
}

/** What two failures of the same kind have in common: what is said, without numbers, and where. */
function keyOf(error: Error): string {
  const place =
    /\n\s+at .*/.exec((error.stack ?? "").replace(/\n\s+at .*(must|Broken|\(node:).*/g, ""))?.[0] ?? "";
  return (
    error.name +
    ": " +
    error.message
      .replace(/, got .*$/s, "")
      .replace(/[0-9]+/g, "#")
      .slice(0, 120) +
    place.trimEnd()
  );
}
