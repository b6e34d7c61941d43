import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/** What a file is replaced with: its text, or what makes it at the last moment. */
export type FileText = string | (() => string);

/**
 * A file that is replaced whole: who opens it sees one text or the next, never a part, even when the machine stops in
 * between. What cannot be written is tried again, after a pause that grows from a second to a minute.
 */
export class ReplacedFile {
  readonly path: string;
  private readonly mode: number;
  private readonly onFailure: (error: Error) => void;
  private readonly stopped = new AbortController();
  private wanted: FileText | undefined;
  private writing: Promise<void> | undefined;
  private pauseMs = 0;

  /**
   * @param onFailure is told of every attempt that failed.
   * @param mode the permissions of the file, less those that the umask takes away
   */
  constructor(path: string, onFailure: (error: Error) => void = () => undefined, mode = 0o666) {
    this.path = path;
    this.onFailure = onFailure;
    this.mode = mode;
  }

  /**
   * Puts the text into the file; of texts that come while one is written, or after one could not be, only the last
   * counts. Rejects when the next attempt fails, after which there will be another.
   */
  replaceText(text: FileText): Promise<void> {
    this.wanted = text;
    this.writing ??= this.start();
    return this.writing;
  }

  /** Resolves when nothing is being written. */
  async settled(): Promise<void> {
    await this.writing?.catch(() => undefined);
  }

  /** Begins no further attempt; one that is under way goes on, see `settled`. */
  stop(): void {
    this.stopped.abort();
  }

  private start(): Promise<void> {
    return this.write().then(
      () => (this.writing = undefined),
      (error: Error) => {
        this.writing = undefined;
        if (this.stopped.signal.aborted) throw error;
        this.writing = this.start();
        this.writing.catch(() => undefined);
        this.onFailure(error);
        throw error;
      },
    );
  }

  private async write(): Promise<void> {
    if (this.pauseMs > 0) await sleep(this.pauseMs, undefined, { signal: this.stopped.signal, ref: false });
    while (this.wanted !== undefined) {
      const text = this.wanted;
      this.wanted = undefined;
      try {
        await replaceFile(this.path, typeof text === "string" ? text : text(), this.mode);
        this.pauseMs = 0;
      } catch (error) {
        this.wanted ??= text;
        this.pauseMs = nextPauseMs(this.pauseMs);
        throw error;
      }
    }
  }
}

/** The pause after one more failure, in milliseconds; 0 stands for no failure before. */
export function nextPauseMs(pauseMs: number): number {
  return pauseMs === 0 ? FIRST_PAUSE_MS : Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
}

/** Writes beside the file, has it on the disk, and gives it the file's name in one step. */
async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  const beside = path + ".new";
  try {
    await rm(beside, { force: true });
    // A new file, never one that is there by now: a link that somebody put there is not followed.
    const file = await open(beside, "wx", mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** The same while the program waits. @throws what the file system says; then the file is as it was */
export function replaceAtOnce(path: string, text: string, mode: number): void {
  const beside = path + ".new";
  try {
    rmSync(beside, { force: true });
    const file = openSync(beside, "wx", mode);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
