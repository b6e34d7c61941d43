import type { Stats } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import type { ClusterKey } from "xswim/node";

/** As many as a node takes. */
const MAX_KEYS = 4;
/** Room for four keys, and for what is said of them. */
const MAX_BYTES = 64 * 1024;
const EXPECTED =
  "expected 32 hex digits, or an id from 0 to 15, a colon and 32 hex digits, as xswim keygen prints them";

/**
 * Reads the keys of a cluster from a file: one a line, `ID:` and 32 hex digits. Without an id it is 0. Blank lines and what
 * follows a `#` do not count. The first key is the one to seal with.
 * @throws Error that says what is wrong, and shows nothing of what is in the file
 */
export async function readKeyFile(path: string): Promise<ClusterKey[]> {
  const file = await open(path, "r");
  try {
    // Of the file that is open: the one of that name may be another by now.
    checkMode(await file.stat());
    return parseKeys(await readText(file));
  } finally {
    await file.close();
  }
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

/**
 * Refuses a file that others can read, as ssh does with a private key. A file of another user, such as one that root gives to
 * a service, may be open to a group. Windows has no such modes.
 */
function checkMode({ mode, uid }: Stats): void {
  if (process.getuid === undefined) return;
  const others = uid === process.getuid() ? 0o077 : 0o007;
  if ((mode & others) === 0) return;
  const octal = (mode & 0o777).toString(8).padStart(3, "0");
  throw new Error("its mode is " + octal + ", so others can get at the keys; make it 600 (chmod 600)");
}

async function readText(file: FileHandle): Promise<string> {
  const buffer = Buffer.alloc(MAX_BYTES + 1);
  let length = 0;
  for (let read = -1; read !== 0 && length < buffer.length; length += read) {
    read = (await file.read(buffer, length, buffer.length - length, null)).bytesRead;
  }
  if (length > MAX_BYTES)
    throw new Error("it is longer than " + MAX_BYTES / 1024 + " KB, so it is no key file");
  return buffer.toString("utf8", 0, length);
}
