import { existsSync, readFileSync } from "node:fs";

/** Where the output of a run is kept. */
export function pathOf(name) {
  return new URL(`../../docs/plots/data/${name}.json`, import.meta.url);
}

/** What the benchmark said of an operation of a peer at so many members, or undefined. */
export function resultOf(read, peer, operation, members) {
  const results = read("bench")?.results ?? [];
  return results.find((r) => r.peer === peer && r.operation === operation && r.members === members);
}

/** What a run said, or undefined when it has not been made. */
export function read(name) {
  return existsSync(pathOf(name)) ? JSON.parse(readFileSync(pathOf(name), "utf8")).report : undefined;
}
