// What an operation costs inside a machine: exact counts, no clock.
import { type Counters, counterNames, countersOf, difference } from "./counters.js";
import type { XsWorker } from "./engine.js";

/** What one run of an operation costs, on average over the runs. */
export interface OperationCost {
  slots: number;
  chunks: number;
  chunkBytes: number;
  /** 0 on `rv32`, which is built without metering, as on a device. */
  computrons: number;
  /** RISC-V instructions; 0 on the engines that are Linux processes. */
  instructions: number;
}

/** Memory in use after a collection. */
export interface LiveMemory {
  slots: number;
  chunkBytes: number;
  /** Slots at their size on this engine, and chunks. */
  bytes: number;
}

export interface Operation {
  /** Statements that run once, before. What they declare, `run` sees. */
  setup?: string;
  /** Statements to measure. */
  run: string;
  /** How often they run while they are measured. */
  runs?: number;
  /** How often they run first, uncounted, so that what grows once has grown. */
  warmUpRuns?: number;
}

/** Runs an operation in a loop, and again an empty loop, and gives the difference for one turn. */
export async function measure(worker: XsWorker, operation: Operation): Promise<OperationCost> {
  const { setup = "", run, runs = 1000, warmUpRuns = 2 } = operation;
  const { text } = await worker.evaluate(`(() => {
    "use strict";
    ${setup}
    const before = new Float64Array(${counterNames.length});
    const after = new Float64Array(${counterNames.length});
    function busy(runs) {
      host.sample(before.buffer);
      for (let run = 0; run < runs; run++) { ${run} }
      host.sample(after.buffer);
    }
    function idle(runs) {
      host.sample(before.buffer);
      for (let run = 0; run < runs; run++) { }
      host.sample(after.buffer);
    }
    busy(${warmUpRuns});
    idle(${warmUpRuns});
    host.gc();
    busy(${runs});
    const results = [Array.from(before), Array.from(after)];
    host.gc();
    idle(${runs});
    results.push(Array.from(before), Array.from(after));
    return JSON.stringify(results);
  })()`);
  const samples = (JSON.parse(text) as number[][]).map((numbers) => countersOf(numbers));
  const [busyBefore, busyAfter, idleBefore, idleAfter] = samples as [Counters, Counters, Counters, Counters];
  const spent = difference(difference(idleBefore, idleAfter), difference(busyBefore, busyAfter));
  return {
    slots: spent.slotsAllocated / runs,
    chunks: spent.chunksAllocated / runs,
    chunkBytes: spent.chunkBytesAllocated / runs,
    computrons: spent.computrons / runs,
    instructions: spent.instructions / runs,
  };
}

/** Collects what is garbage and says what remains. Take it before and after to learn what a thing keeps. */
export async function liveMemory(worker: XsWorker): Promise<LiveMemory> {
  const { text } = await worker.evaluate(`(() => {
    const sample = new Float64Array(${counterNames.length});
    host.gc();
    host.sample(sample.buffer);
    return sample[0] + " " + sample[1] + " " + host.slotSize;
  })()`);
  const [slots = NaN, chunkBytes = NaN, slotSize = NaN] = text.split(" ").map(Number);
  return { slots, chunkBytes, bytes: slots * slotSize + chunkBytes };
}

/**
 * Makes the machine as small as a device: what it holds now stays (on a device the built-in objects and preloaded code
 * are in flash), and beyond that it may hold `bytes`. It then collects when it is full, and aborts with "memory full"
 * when that does not help.
 */
export async function limitHeap(worker: XsWorker, bytes: number): Promise<void> {
  const live = await liveMemory(worker);
  await worker.evaluate(`host.limit(${live.bytes + bytes})`);
}
