import { setTimeout as sleep } from "node:timers/promises";

/** How long a condition may take on a slow, busy machine; what is waited for takes seconds at most. */
const PATIENCE_MS = 60_000;

/** Waits until `holds`, looking often; fails with what was waited for, and with what is known by then. */
export async function until(what: string, holds: () => boolean, known = (): string => ""): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error("waited in vain until " + what + "\n" + known());
    await sleep(10);
  }
}
