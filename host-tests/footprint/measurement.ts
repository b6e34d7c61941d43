// The footprint: costs of the steady state's operations, and memory, inside the engines.
import { join } from "node:path";
import { bundle } from "../xs/bundle.js";
import type { Engine } from "../xs/build.js";
import { XsWorker } from "../xs/engine.js";
import { liveMemory, measure, type OperationCost } from "../xs/measure.js";

/** Sizes of the cluster for which operations are measured, and memory. */
export const operationSizes = [16, 1024] as const;
export const memorySizes = [16, 64, 256, 1024] as const;

type PerSize = Record<string, number>;

export interface OperationFootprint {
  /** Heap slots and chunk bytes allocated by one run, the most at any size. */
  slots: number;
  chunkBytes: number;
  /** Steps of XS's interpreter, by members; null when not measured. */
  computrons: PerSize | null;
  /** RV32 instructions, by members; null when not measured. */
  instructions: PerSize | null;
}

export interface RestCost {
  slots: number;
  chunkBytes: number;
  /** 0 where it is not measured, as on the engine with the other unit. */
  computrons: number;
  instructions: number;
}

export interface Rest {
  /** What a device's whole node does in a second of a cluster of 50 at rest, the doubles of socket and timer included. */
  steady: RestCost;
  floor: RestCost;
}

export interface Ram {
  /** A device's node without members, its socket and timer apart, and without the send buffer. */
  fixedBytes: number;
  /** The core's part of that. */
  coreFixedBytes: number;
  sendBufferBytes: number;
  perMemberBytes: PerSize;
  /** A device's whole node, send buffer and full caches included, with so many members. */
  nodeBytes: PerSize;
  twinPerMemberBytes: PerSize;
}

export interface Lookups {
  ours: OperationFootprint;
  twin: OperationFootprint;
}

/** Datagrams that are refused, by what becomes of them. */
const refusals = [
  "Decode",
  "MalformedPacket",
  "NotForUs",
  "DataFromOurselves",
  "DataTooBig",
  "InactiveSender",
  // Last: room is kept afterwards, and looked at.
  "DecodeOfLongForms",
];

interface Run {
  run: string;
  setup?: string;
  runs?: number;
  /** Run by a subject of its own, which has room for so many newcomers: it is not as it was afterwards. */
  newcomers?: number;
  /** Whether it costs more among more members. */
  grows?: boolean;
}

/** The operations, and how each is run once by `s`, a `Subject`. */
const operations: Record<string, Run> = {
  probeCycle: { run: "s.probeCycle()" },
  answerPing: { run: "s.answerPing(run)" },
  gossipEmpty: { run: "s.gossip()" },
  // No more runs than the updates are sent.
  gossipWithUpdates: { setup: "s.hearNews(++incarnation)", run: "s.gossip()", runs: 50 },
  gossip20Known: { run: "s.hearKnown()", newcomers: 0 },
  gossip20New: { run: "s.hearNew()", runs: 20, newcomers: 30 * 20 },
  // 1,000 updates wait, or all members of 16.
  answerPingFullQueue: {
    setup: "s.hearNews(1, 1000)",
    run: "s.answerPing(run)",
    runs: 20,
    newcomers: 0,
    grows: true,
  },
};
for (const which of refusals) {
  // A string literal of a script that is evaluated makes a chunk each time it is met: not so a constant.
  operations["refuse" + which] = { setup: `const which = ${JSON.stringify(which)}`, run: "s.refused(which)" };
}
export const operationNames: readonly string[] = Object.keys(operations);
/** Those that cost about as much among 1,024 members as among 16. */
export const isSteady = (name: string): boolean => operations[name].grows !== true;

/** The measured modules as one script. */
export function subjectScript(): Promise<string> {
  const here = import.meta.dirname;
  const double = (name: string): string => join(here, "../moddable/doubles", name + ".ts");
  return bundle(join(here, "subjects.ts"), "subject", {
    isInlined: true,
    substitutes: {
      "../../platform/node/swim-node.js": join(here, "../../platform/xs/swim-node.ts"),
      timer: double("timer"),
      time: double("time"),
      net: double("net"),
      "embedded:io/socket/udp": double("udp"),
    },
  });
}

export async function start(engine: Engine, script: string): Promise<XsWorker> {
  const worker = await XsWorker.start(engine, { callTimeoutMs: 300_000 });
  await worker.load(script);
  return worker;
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function footprintOf(engine: Engine, costs: readonly OperationCost[]): OperationFootprint {
  const bySize = (of: (cost: OperationCost) => number): PerSize =>
    Object.fromEntries(operationSizes.map((size, index) => [size, Math.round(of(costs[index]))]));
  return {
    slots: round(Math.max(...costs.map((cost) => cost.slots))),
    chunkBytes: round(Math.max(...costs.map((cost) => cost.chunkBytes))),
    computrons: engine === "rv32" ? null : bySize((cost) => cost.computrons),
    instructions: engine === "rv32" ? bySize((cost) => cost.instructions) : null,
  };
}

/** Costs of operations on one engine, all unless `names` says which, and of a look-up in our table and in its twin. */
export async function measureOperations(
  engine: Engine,
  script: string,
  names: readonly string[] = operationNames,
): Promise<{ operations: Record<string, OperationFootprint>; lookups: Lookups }> {
  const worker = await start(engine, script);
  try {
    await worker.load(`
      const subjects = {}, tables = {};
      let incarnation = 0;
      for (const size of ${JSON.stringify(operationSizes)}) {
        subjects[size] = new subject.Subject(size);
        tables[size] = subject.tables(size);
      }
      0`);
    const results: Record<string, OperationFootprint> = {};
    for (const name of names) {
      const { run, setup = "", runs = 200, newcomers } = operations[name];
      const costs: OperationCost[] = [];
      for (const size of operationSizes) {
        const which =
          newcomers === undefined ? `subjects[${size}]` : `new subject.Subject(${size}, ${newcomers})`;
        const prepare = `const s = ${which}; ${setup}; s.check(${JSON.stringify(name)})`;
        costs.push(await measure(worker, { setup: prepare, run, runs, warmUpRuns: 8 }));
        await worker.evaluate(
          `while (subjects[${size}].swim.updatesBacklog > 0) subjects[${size}].gossip(); 0`,
        );
      }
      results[name] = footprintOf(engine, costs);
    }
    const lookup = async (which: string): Promise<OperationFootprint> => {
      const costs: OperationCost[] = [];
      for (const size of operationSizes) {
        const setup = `const t = tables[${size}].${which}; if (!t.find()) throw new Error("not found")`;
        costs.push(await measure(worker, { setup, run: "t.find()", runs: 200 }));
      }
      return footprintOf(engine, costs);
    };
    return { operations: results, lookups: { ours: await lookup("ours"), twin: await lookup("twin") } };
  } finally {
    await worker.close();
  }
}

/** Nodes of the cluster that is at rest, and the seconds that are measured. */
export const STEADY_SIZE = 50;
const STEADY_SECONDS = 120;

/** A second of a cluster at rest, and the least that answering a Ping takes in this language. */
export async function measureRest(engine: Engine, script: string): Promise<Rest> {
  const worker = await start(engine, script);
  const figures = ({ slots, chunkBytes, computrons, instructions }: OperationCost): RestCost => ({
    slots: round(slots),
    chunkBytes: round(chunkBytes),
    computrons: Math.round(computrons),
    instructions: Math.round(instructions),
  });
  try {
    const steady = await measure(worker, {
      setup: `const s = new subject.SteadySubject(${STEADY_SIZE}); s.check(${STEADY_SECONDS})`,
      run: "s.second()",
      runs: STEADY_SECONDS,
    });
    const floor = await measure(worker, {
      setup: "const f = new subject.FloorSubject(); f.check()",
      run: "f.answerPing(run)",
      runs: 200,
    });
    return { steady: figures(steady), floor: figures(floor) };
  } finally {
    await worker.close();
  }
}

/** Bytes that stay when the value of an expression is kept: after a collection, and after it ran once before. */
export async function kept(worker: XsWorker, expression: string): Promise<number> {
  const forget = "holder.kept = null; subject.make.forget(); 0";
  await worker.evaluate(`holder.kept = ${expression}; ${forget}`);
  const before = await liveMemory(worker);
  await worker.evaluate(`holder.kept = ${expression}; 0`);
  const after = await liveMemory(worker);
  await worker.evaluate(forget);
  return after.bytes - before.bytes;
}

/** Memory, on the engine with a device's sizes. */
export async function measureRam(script: string): Promise<Ram> {
  const worker = await start("ia32", script);
  try {
    await worker.load("const holder = { kept: null, shared: null }; 0");
    const core = async (members: number, held: number): Promise<number> => {
      await worker.evaluate(`holder.shared = subject.sharedBy(${members}); 0`);
      return kept(worker, `subject.make.core(${held}, holder.shared)`);
    };
    const sendBufferBytes = await kept(worker, "subject.make.sendBuffer()");
    const empty = await core(1, 0);
    const perMemberBytes: PerSize = {};
    const twinPerMemberBytes: PerSize = {};
    const nodeBytes: PerSize = {};
    const noTwin = await kept(worker, "subject.make.twin(0)");
    for (const size of memorySizes) {
      // With room for just as many as it holds: what doubling would leave free is not a member's.
      perMemberBytes[size] = round(((await core(size, size)) - empty) / size);
      twinPerMemberBytes[size] = round(((await kept(worker, `subject.make.twin(${size})`)) - noTwin) / size);
    }
    for (const size of [32, 1000])
      nodeBytes[size] = await kept(worker, `subject.make.device(${size}, ${size * 4})`);
    return {
      fixedBytes: (await kept(worker, "subject.make.device(0, 1)")) - sendBufferBytes,
      coreFixedBytes: empty - sendBufferBytes,
      sendBufferBytes,
      perMemberBytes,
      nodeBytes,
      twinPerMemberBytes,
    };
  } finally {
    await worker.close();
  }
}
