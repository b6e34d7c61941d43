// What the values of 32 members cost a node: RAM, and the work that they make.
import type { Engine } from "../xs/build.js";
import { measure, type OperationCost } from "../xs/measure.js";
import { kept, round, start, STEADY_SIZE, type RestCost } from "./measurement.js";

export const NUM_RECORDS = 32;
const SECONDS = 120;

/** Bytes of RAM that a node of 32 members takes more when it keeps the records of all, of 20 bytes each. */
export interface ValuesMemory {
  /** Of devices with a clock, whose bump is a date. */
  recordsBytes: number;
  /** Of devices without, whose bump is small. */
  recordsOfSmallBumpBytes: number;
}

interface Run {
  run: string;
  records?: number;
  compareMs?: number;
  runs?: number;
  /** Whether it makes something, which then is in the budget. */
  makes?: boolean;
}

const RUNS = 100;

/** Each is run once by `s`, a `ValuedSubject`. */
const runs = {
  answerPingOfNone: { run: "s.answerPing(run)", records: 0 },
  answerPing: { run: "s.answerPing(run)" },
  hearKnownRecord: { run: "s.hearKnownRecord(run)" },
  hearNewRecord: { run: "s.hearNewRecord()", makes: true },
  compare: { run: "s.compare(run)" },
  compareAnew: { run: "s.compareAnew(run)" },
  probeCycleWithDigest: { run: "s.probeCycle()", compareMs: 1 },
  writeList: { run: "s.writeList()" },
  hearList: { run: "s.hearList()", makes: true },
} satisfies Record<string, Run>;

export type ValuesOperation = keyof typeof runs | "second";
export const valuesOperations = [...Object.keys(runs), "second"] as ValuesOperation[];
export const makesSomething = (name: ValuesOperation): boolean =>
  name === "second" || ((runs[name] as Run).makes ?? false);

function figures({ slots, chunkBytes, computrons, instructions }: OperationCost): RestCost {
  return {
    slots: round(slots),
    chunkBytes: round(chunkBytes),
    computrons: Math.round(computrons),
    instructions: Math.round(instructions),
  };
}

/** Costs of the operations, the last of them a second of a cluster of 50 at rest. */
export async function measureValues(
  engine: Engine,
  script: string,
): Promise<Record<ValuesOperation, RestCost>> {
  const worker = await start(engine, script);
  const costs = {} as Record<ValuesOperation, RestCost>;
  try {
    for (const [name, operation] of Object.entries<Run>(runs)) {
      const { run, records = NUM_RECORDS, compareMs = 5000 } = operation;
      const setup = `const s = new subject.ValuedSubject(${records}, ${compareMs}, ${RUNS * 2}); s.check("${name === "answerPingOfNone" ? "answerPing" : name}")`;
      costs[name as ValuesOperation] = figures(
        await measure(worker, { setup, run, runs: RUNS, warmUpRuns: 40 }),
      );
    }
    const setup = `const s = new subject.SteadySubject(${STEADY_SIZE}, ${NUM_RECORDS}); s.check(${SECONDS})`;
    costs.second = figures(await measure(worker, { setup, run: "s.second()", runs: SECONDS }));
    return costs;
  } finally {
    await worker.close();
  }
}

export async function measureValuesMemory(script: string): Promise<ValuesMemory> {
  const worker = await start("ia32", script);
  try {
    await worker.load("const holder = { kept: null, shared: null }; 0");
    const node = (records: number, bump: string): Promise<number> =>
      kept(worker, `subject.make.device(${NUM_RECORDS}, ${NUM_RECORDS * 4}, ${records}, ${bump})`);
    const none = await node(0, "undefined");
    return {
      recordsBytes: (await node(NUM_RECORDS, "undefined")) - none,
      recordsOfSmallBumpBytes: (await node(NUM_RECORDS, "3")) - none,
    };
  } finally {
    await worker.close();
  }
}
