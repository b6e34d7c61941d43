import { parentPort, Worker, workerData } from "node:worker_threads";
import { runSeed, type Outcome } from "./run-seed.js";
import type { Settings } from "./settings.js";

/** What a worker tells: how far a seed is, or what came of it. */
type Message = { seed: number; virtualMs: number } | { outcome: Outcome };

/** Told how far a seed is, and when it is done. */
export interface PoolProgress {
  at(seed: number, virtualMs: number): void;
  done(outcome: Outcome): void;
}

/** Least milliseconds of real time between two notes of progress. */
const PROGRESS_EVERY_MS = 200;

/** Runs the seeds from `first` on, on so many threads; the outcomes come in the order of the seeds. */
export async function runSeeds(
  settings: Settings,
  first: number,
  count: number,
  threads: number,
  progress: PoolProgress,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  if (threads <= 1 || count === 1) {
    for (let seed = first; seed < first + count; seed++) {
      const outcome = runSeed(settings, seed, { onProgress: throttled((ms) => progress.at(seed, ms)) });
      progress.done(outcome);
      outcomes.push(outcome);
    }
    return outcomes;
  }
  let next = first;
  const works = Array.from({ length: Math.min(threads, count) }, () =>
    work(settings, () => (next < first + count ? next++ : undefined), outcomes, progress),
  );
  await Promise.all(works);
  return outcomes.sort((a, b) => a.seed - b.seed);
}

/** One thread: takes seeds until there are none left. */
function work(
  settings: Settings,
  take: () => number | undefined,
  outcomes: Outcome[],
  progress: PoolProgress,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: settings });
    const give = (): void => {
      const seed = take();
      if (seed === undefined) void worker.terminate().then(() => resolve());
      else worker.postMessage(seed);
    };
    worker.on("error", reject);
    worker.on("message", (message: Message) => {
      if (!("outcome" in message)) return progress.at(message.seed, message.virtualMs);
      outcomes.push(message.outcome);
      progress.done(message.outcome);
      give();
    });
    give();
  });
}

/** What a worker does. */
export function serveSeeds(): void {
  const settings = workerData as Settings;
  const port = parentPort;
  if (port === null) throw new Error("serveSeeds: not in a worker");
  port.on("message", (seed: number) => {
    const onProgress = throttled((virtualMs) => port.postMessage({ seed, virtualMs } satisfies Message));
    port.postMessage({ outcome: runSeed(settings, seed, { onProgress }) } satisfies Message);
  });
}

function throttled(tell: (virtualMs: number) => void): (virtualMs: number) => void {
  let nextMs = 0;
  return (virtualMs) => {
    if (performance.now() < nextMs) return;
    nextMs = performance.now() + PROGRESS_EVERY_MS;
    tell(virtualMs);
  };
}
