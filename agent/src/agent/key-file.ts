import type { ClusterKey } from "xswim/node";
import { readSecretFile } from "./secret-file.js";

/** As many as a node takes. */
const MAX_KEYS = 4;
const EXPECTED =
  "expected 32 hex digits, or an id from 0 to 15, a colon and 32 hex digits, as xswim keygen prints them";

/**
 * Reads the keys of a cluster from a file: one a line, `ID:` and 32 hex digits. Without an id it is 0. Blank lines and what
 * follows a `#` do not count. The first key is the one to seal with.
 * @throws Error that says what is wrong, and shows nothing of what is in the file
 */
export async function readKeyFile(path: string): Promise<ClusterKey[]> {
  return parseKeys(await readSecretFile(path, "keys"));
}

/** @throws Error that names the line that is wrong, and shows nothing of it */
export function parseKeys(text: string): ClusterKey[] {
  const keys: ClusterKey[] = [];
  const lineOf = new Map<number, number>();
  for (const [index, line] of text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .entries()) {
    const content = line.replace(/#.*/, "").trim();
    if (content === "") continue;
    const where = "line " + (index + 1) + ": ";
    const match = /^(?:([0-9]{1,2}):)?([0-9a-fA-F]{32})$/.exec(content);
    const id = Number(match?.[1] ?? 0);
    if (match === null || id > 15) throw new Error(where + EXPECTED);
    const other = lineOf.get(id);
    if (other !== undefined)
      throw new Error(
        where + "its id is " + id + ", as that of line " + other + "; give each key another one",
      );
    lineOf.set(id, index + 1);
    keys.push({ id, secret: match[2] });
  }
  if (keys.length === 0) throw new Error("there is no key in it");
  if (keys.length > MAX_KEYS)
    throw new Error("there are " + keys.length + " keys in it, and a node takes " + MAX_KEYS + " at most");
  return keys;
}
