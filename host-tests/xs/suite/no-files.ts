// Takes the place of node:fs in a bundle: there are no files, and what the vectors hold is not used there.

export function readFileSync(): string {
  return "{}";
}
