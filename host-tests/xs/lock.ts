// A lock between processes: a file that names its holder. A holder that died is found out and replaced.
import { open, readFile, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Runs `work` while no other process that uses the same path does.
 * @param path of the lock file; its directory exists
 * @param patienceMs how long to wait for the others
 * @throws Error when the wait was in vain; `work` was not run
 */
export async function withLock<T>(path: string, work: () => Promise<T>, patienceMs = 600_000): Promise<T> {
  const turnMs = 100;
  for (let waitedMs = 0; !(await take(path)); waitedMs += turnMs) {
    if (waitedMs >= patienceMs)
      throw new Error(`${path} is held by another process; remove it if none is running`);
    await sleep(turnMs);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path: string): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const holder = Number(await readFile(path, "utf8").catch(() => "0"));
  if (holder > 0 && holder !== process.pid && !isAlive(holder)) await rm(path, { force: true });
  return false;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
