import { spawnSync } from "node:child_process";

/** Whether there is a program of that name. */
export function has(name: string): boolean {
  return spawnSync("sh", ["-c", 'command -v "$1"', "sh", name]).status === 0;
}
