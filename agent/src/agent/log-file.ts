import { closeSync, fstatSync, openSync, renameSync } from "node:fs";
import type { LineSink } from "./log.js";
import { Output } from "./output.js";

/** How long a log file gets before it is put aside. */
const MAX_BYTES = 10 * 1024 * 1024;
/** How many of those that were put aside are kept: FILE.1, the latest, to FILE.4. */
const KEPT = 4;
/** The pause before the next attempt to put the file aside, when that fails. */
const PAUSE_MS = 60_000;
/** What was published by members is not for everybody. */
const MODE = 0o640;

/**
 * A log in a file of bounded length. A full disk does not disturb the agent: up to 256 KB of lines wait until there is room,
 * and further ones are lost and counted, as on the standard output. A line is never cut in two by a rotation.
 *
 * The rotating destinations of pino are not used, since they keep all lines in memory for as long as the disk is full.
 */
export class LogFile implements LineSink {
  private readonly path: string;
  private readonly maxBytes: number;
  private readonly linesLost: (lines: number) => void;
  private descriptor: number;
  private output: Output;
  private bytes: number;
  private notBeforeMs = 0;

  /**
   * Opens the file, and writes at its end. @param linesLost is told that there is room again, after that many lines found none
   * @throws what `open` says
   */
  constructor(path: string, linesLost: (lines: number) => void, maxBytes = MAX_BYTES) {
    this.path = path;
    this.linesLost = linesLost;
    this.maxBytes = maxBytes;
    this.descriptor = openSync(path, "a", MODE);
    this.bytes = fstatSync(this.descriptor).size;
    this.output = this.makeOutput();
  }

  /** Writes a whole line now or later, or counts it as lost. Never waits long, never throws. */
  write(line: string): void {
    const length = Buffer.byteLength(line);
    if (this.bytes > 0 && this.bytes + length > this.maxBytes && this.output.isIdle) this.rotate();
    this.bytes += length;
    this.output.write(line);
  }

  /** Resolves when all is written, or after `limitMs`. */
  settled(limitMs: number): Promise<void> {
    return this.output.settled(limitMs);
  }

  /** Puts the file aside and begins the next one. When that fails, the file goes on for a while. */
  private rotate(): void {
    const nowMs = performance.now();
    if (nowMs < this.notBeforeMs) return;
    try {
      for (let number = KEPT - 1; number >= 1; number--)
        moveAside(this.path + "." + number, this.path + "." + (number + 1));
      renameSync(this.path, this.path + ".1");
      const next = openSync(this.path, "a", MODE);
      closeSync(this.descriptor);
      this.descriptor = next;
      this.bytes = 0;
      this.output = this.makeOutput();
    } catch {
      this.notBeforeMs = nowMs + PAUSE_MS;
    }
  }

  private makeOutput(): Output {
    // A file has no reader that could go away.
    const events = { linesLost: this.linesLost, readerGone: () => undefined };
    return new Output(events, this.descriptor);
  }
}

function moveAside(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
