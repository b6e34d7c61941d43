import { open, rename, rm } from "node:fs/promises";

/**
 * A file with the active members, one address a line, for other programs to read. It is replaced whole: who opens
 * it sees one list or the next, never a part, even when the machine stops in between.
 */
export class MembersFile {
  readonly path: string;
  private wanted: string | undefined;
  private writing: Promise<void> | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** Puts the list into the file; of lists that come while one is written only the last counts. */
  replace(addresses: readonly string[]): Promise<void> {
    this.wanted = addresses.map((address) => address + "\n").join("");
    this.writing ??= this.write().finally(() => (this.writing = undefined));
    return this.writing;
  }

  /** Resolves when nothing is being written. */
  async settled(): Promise<void> {
    await this.writing?.catch(() => undefined);
  }

  private async write(): Promise<void> {
    while (this.wanted !== undefined) {
      const text = this.wanted;
      this.wanted = undefined;
      await replaceFile(this.path, text);
    }
  }
}

/** Writes beside the file, has it on the disk, and gives it the file's name in one step. */
async function replaceFile(path: string, text: string): Promise<void> {
  const beside = path + ".new";
  try {
    const file = await open(beside, "w");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
