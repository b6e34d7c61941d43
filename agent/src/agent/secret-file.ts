import type { Stats } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";

/** More than anybody needs. */
const MAX_BYTES = 64 * 1024;

/** Reads a file that others must not be able to read. @param what is in it @throws Error that says what is wrong, and shows nothing of what is in it */
export async function readSecretFile(path: string, what: string): Promise<string> {
  const file = await open(path, "r");
  try {
    // Of the file that is open: the one of that name may be another by now.
    checkMode(await file.stat(), what);
    return await readText(file, what);
  } finally {
    await file.close();
  }
}

/**
 * Refuses a file that others can read, as ssh does with a private key. A file of another user, such as one that root gives to
 * a service, may be open to a group. Windows has no such modes.
 */
function checkMode({ mode, uid }: Stats, what: string): void {
  if (process.getuid === undefined) return;
  const others = uid === process.getuid() ? 0o077 : 0o007;
  if ((mode & others) === 0) return;
  const octal = (mode & 0o777).toString(8).padStart(3, "0");
  throw new Error(
    "its mode is " + octal + ", so others can get at the " + what + "; make it 600 (chmod 600)",
  );
}

async function readText(file: FileHandle, what: string): Promise<string> {
  const buffer = Buffer.alloc(MAX_BYTES + 1);
  let length = 0;
  for (let read = -1; read !== 0 && length < buffer.length; length += read) {
    read = (await file.read(buffer, length, buffer.length - length, null)).bytesRead;
  }
  if (length > MAX_BYTES)
    throw new Error("it is longer than " + MAX_BYTES / 1024 + " KB, which is too much for the " + what);
  return buffer.toString("utf8", 0, length);
}
