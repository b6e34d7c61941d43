import { Worker } from "node:worker_threads";
import { withDefect, type DefectName } from "./defects.js";
import { SCENARIOS } from "./scenarios.js";
import { Space, type Findings, type Limits } from "./space.js";

/** One scenario to be explored. */
export interface Task {
  readonly scenario: string;
  readonly limits: Limits;
  readonly defect?: DefectName | undefined;
}

/** Explores one scenario on this thread. */
export function exploreScenario({ scenario: name, limits, defect }: Task): Findings {
  const scenario = SCENARIOS.find((each) => each.name === name);
  if (scenario === undefined) throw new Error("explore: there is no scenario " + name);
  return withDefect(defect, (type) => new Space(scenario, type).run(limits));
}

/** Explores all tasks, on so many threads; the findings come in the order of the tasks. */
export async function explore(tasks: readonly Task[], threads: number): Promise<Findings[]> {
  const findings: Findings[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < tasks.length) {
      const at = next++;
      findings[at] = await onThread(tasks[at]);
    }
  };
  await Promise.all(Array.from({ length: threads }, work));
  return findings;
}

function onThread(task: Task): Promise<Findings> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./worker.js", import.meta.url), {
      workerData: task,
      // A few million moments and what hosts are in them.
      resourceLimits: { maxOldGenerationSizeMb: 6144 },
    });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}
