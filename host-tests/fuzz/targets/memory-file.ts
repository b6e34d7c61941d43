// What the agent's readers of files are given in the place of `node:fs`: one text, and no disk.
export const memoryFile = { text: "" };

export function readFileSync(): string {
  return memoryFile.text;
}

export function statSync(): { size: number } {
  return { size: memoryFile.text.length };
}
