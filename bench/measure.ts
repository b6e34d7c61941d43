/** What is timed: a batch of `run`, again and again; `prepare` comes before each batch and is not timed. */
export interface Operation {
  readonly name: string;
  /** Calls of `run` in a batch, enough of them to be seen by the clock. */
  readonly batchSize: number;
  prepare?(): void;
  run(index: number): void;
}

/** How long an operation is warmed up, then measured. */
export interface Budget {
  readonly warmUpMs: number;
  readonly budgetMs: number;
}

export interface Sample {
  readonly medianNs: number;
  readonly p90Ns: number;
  /** Bytes of the JavaScript heap that one operation allocates. */
  readonly allocatedBytes: number;
}

const FEWEST_BATCHES = 5;
/** Batches of which the allocated bytes are a median. */
const ALLOCATION_BATCHES = 15;

/** Times an operation that its node was just built for. */
export function measure(operation: Operation, budget: Budget): Sample {
  timeBatches(operation, budget.warmUpMs, 2);
  const allocated = allocatedBytes(operation);
  const times = timeBatches(operation, budget.budgetMs, FEWEST_BATCHES);
  return { medianNs: percentile(times, 50), p90Ns: percentile(times, 90), allocatedBytes: allocated };
}

function timeBatches(operation: Operation, budgetMs: number, fewest: number): number[] {
  const times: number[] = [];
  const end = performance.now() + budgetMs;
  while (times.length < fewest || performance.now() < end) {
    if (operation.prepare) operation.prepare();
    times.push((runBatch(operation) * 1e6) / operation.batchSize);
  }
  return times;
}

/** Runs a batch; returns the milliseconds it took. */
function runBatch(operation: Operation): number {
  const size = operation.batchSize;
  const start = performance.now();
  for (let i = 0; i < size; i++) operation.run(i);
  return performance.now() - start;
}

/**
 * Heap bytes an operation allocates: how much the heap grew over a batch, without what looking at it takes. A
 * batch in which the collector ran does not count.
 */
function allocatedBytes(operation: Operation): number {
  const growths: number[] = [];
  for (let i = 0; i < ALLOCATION_BATCHES; i++) {
    const overhead = growthOver(NOTHING, operation.batchSize);
    if (operation.prepare) operation.prepare();
    const growth = growthOver(operation, operation.batchSize) - overhead;
    if (growth >= 0) growths.push(growth);
  }
  return growths.length === 0 ? NaN : percentile(growths, 50) / operation.batchSize;
}

const NOTHING: Operation = Object.freeze({ name: "nothing", batchSize: 1, run() {} });

function growthOver(operation: Operation, count: number): number {
  collectGarbage();
  heapBytes();
  const before = heapBytes();
  for (let i = 0; i < count; i++) operation.run(i);
  return heapBytes() - before;
}

/** Bytes in use, those of typed arrays outside of the JavaScript heap included. */
export function heapBytes(): number {
  const usage = process.memoryUsage();
  return usage.heapUsed + usage.arrayBuffers;
}

/** @throws Error when node was not started with `--expose-gc`. */
export function collectGarbage(): void {
  if (typeof globalThis.gc !== "function") throw new Error("start node with --expose-gc");
  globalThis.gc();
}

/** Sorts `values` and returns the one that `percent` percent of them do not exceed. */
export function percentile(values: number[], percent: number): number {
  values.sort((a, b) => a - b);
  return values[Math.floor(((values.length - 1) * percent) / 100)];
}
