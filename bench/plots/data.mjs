import { existsSync, readFileSync } from "node:fs";

/** Where the output of a run is kept. */
export function pathOf(name) {
  return new URL(`../../docs/plots/data/${name}.json`, import.meta.url);
}

/** What a run said, or undefined when it has not been made. */
export function read(name) {
  return existsSync(pathOf(name)) ? JSON.parse(readFileSync(pathOf(name), "utf8")).report : undefined;
}
