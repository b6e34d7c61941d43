import { constants, fstatSync, openSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { LineSink } from "./log.js";

const STDOUT = 1;
/** What may wait to be written; lines beyond it are lost, and counted. */
const MAX_WAITING_BYTES = 256 * 1024;
/** The pause before the next attempt when a pipe is full, which its reader ends at any moment. */
const FULL_PIPE_PAUSE_MS = 100;
/** The same when writing fails, as on a full disk. */
const FAILURE_PAUSE_MS = 1000;
const FLUSH_PERIOD_MS = 20;

/** What the output reports. */
export interface OutputEvents {
  /** There is room again, after that many lines found none. */
  linesLost(lines: number): void;
  /** Nobody reads any more, and nobody will: the other end is closed. Told once. */
  readerGone(): void;
}

/**
 * The standard output of an agent that must go on even when nobody reads it. A write never waits. Lines for which there
 * is no room are kept up to a bound, and those beyond it are counted.
 *
 * pino's own destination is not used since it waits for a slow reader for as long as that takes, at the latest when
 * the program ends.
 */
export class Output implements LineSink {
  private readonly descriptor: number;
  private readonly events: OutputEvents;
  private readonly waiting: Buffer[] = [];
  private waitingBytes = 0;
  private lostLines = 0;
  private isGone = false;
  private pause: NodeJS.Timeout | undefined;

  /** @param descriptor one on which `write` does not wait. */
  constructor(events: OutputEvents, descriptor = withoutWaiting(STDOUT)) {
    this.events = events;
    this.descriptor = descriptor;
  }

  /** Whether nothing waits, and nothing is lost that was not told. */
  get isIdle(): boolean {
    return this.waiting.length === 0 && this.lostLines === 0;
  }

  /** Writes a whole line now or later, or counts it as lost. Never waits, never throws. */
  write(line: string): void {
    if (this.isGone) return;
    const bytes = Buffer.from(line);
    // After the first loss all are lost until there is room, so that they are missing at one place.
    if (this.lostLines > 0 || this.waitingBytes + bytes.length > MAX_WAITING_BYTES) {
      this.lostLines++;
      return;
    }
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
    if (this.pause === undefined) this.flush();
  }

  /** Resolves when all is written, or after `limitMs`. */
  async settled(limitMs: number): Promise<void> {
    const endMs = performance.now() + limitMs;
    while (this.waiting.length > 0 && performance.now() < endMs) {
      await sleep(FLUSH_PERIOD_MS);
      this.flush();
    }
  }

  private flush(): void {
    clearTimeout(this.pause);
    this.pause = undefined;
    try {
      while (this.waiting.length > 0) this.writeFirst();
    } catch (error) {
      this.failed((error as NodeJS.ErrnoException).code);
      return;
    }
    if (this.lostLines === 0) return;
    const lines = this.lostLines;
    this.lostLines = 0;
    this.events.linesLost(lines);
  }

  /** Writes as much of the first line as there is room for. @throws what `write` says. */
  private writeFirst(): void {
    const [bytes] = this.waiting;
    const written = writeSync(this.descriptor, bytes);
    this.waitingBytes -= written;
    if (written === bytes.length) this.waiting.shift();
    else this.waiting[0] = bytes.subarray(written);
  }

  private failed(code: string | undefined): void {
    if (code === "EPIPE" || code === "ECONNRESET") {
      this.isGone = true;
      this.waiting.length = this.waitingBytes = 0;
      setImmediate(() => this.events.readerGone());
      return;
    }
    const pauseMs = code === "EAGAIN" ? FULL_PIPE_PAUSE_MS : FAILURE_PAUSE_MS;
    this.pause = setTimeout(() => this.flush(), pauseMs).unref();
  }
}

/**
 * A descriptor of the same output on which a write that finds no room fails with `EAGAIN`. Linux opens a pipe or a
 * terminal anew for that, which leaves the descriptor that other programs share as it is. Elsewhere, and for a
 * socket, Node sets the shared one when `process.stdout` is first used. (A stopped terminal elsewhere still stops
 * the program.) A file has no reader, so nothing is to be done.
 */
function withoutWaiting(descriptor: number): number {
  if (fstatSync(descriptor).isFile()) return descriptor;
  try {
    const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
    if (process.platform === "linux")
      return openSync("/proc/self/fd/" + descriptor, O_WRONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    // A socket, or a pipe of another user.
  }
  void process.stdout;
  return descriptor;
}
