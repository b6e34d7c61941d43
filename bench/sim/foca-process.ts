import { execFileSync, spawn } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { focaProgram } from "./foca-crate.js";

/** What is asked of a node: `Operation` in the crate. `Begin` is a new cluster in the place of the one before. */
export const Operation = Object.freeze({
  Begin: 0,
  Start: 1,
  Crash: 2,
  Know: 3,
  Datagram: 4,
  Wake: 5,
  Announce: 6,
  Leave: 7,
  Publish: 8,
});

/** What an answer is made of: `Record` in the crate. */
export const Record = Object.freeze({
  Due: 0,
  Sent: 1,
  Changed: 2,
  Active: 3,
  Idle: 4,
  Defunct: 5,
  Rejoin: 6,
  Refused: 7,
});

/** Bytes before the payload: length, operation, time, node. */
const HEAD = 4 + 1 + 8 + 4;
const EMPTY = new Uint8Array(0);
const NO_NODE = 0;

/**
 * The process in which foca's nodes live. It knows no time and no chance, and is asked one thing after another: a
 * call returns when it is done. So it is as much part of the simulation as our own cores.
 */
export class FocaProcess {
  /** The answer to the latest request: its records, from `start` to `end`. Good until the next. */
  bytes = new Uint8Array(1 << 16);
  view = new DataView(this.bytes.buffer);
  readonly start = 4;
  end = 4;
  private request = new Uint8Array(1 << 16);
  private requestView = new DataView(this.request.buffer);
  private readonly input: number;
  private readonly output: number;
  private static shared: FocaProcess | undefined = undefined;

  /** The one process of this thread, which ends with it. */
  static get(): FocaProcess {
    return (FocaProcess.shared ??= new FocaProcess());
  }

  private constructor() {
    const folder = mkdtempSync(join(tmpdir(), "xswim-foca-"));
    try {
      const requests = openPipe(join(folder, "requests"));
      const answers = openPipe(join(folder, "answers"));
      const child = spawn(focaProgram(), ["host"], { stdio: [requests.reader, answers.writer, "inherit"] });
      // What goes wrong shows when it is asked.
      child.on("error", () => undefined);
      child.unref();
      closeSync(requests.reader);
      closeSync(answers.writer);
      this.input = requests.writer;
      this.output = answers.reader;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  /** Forgets all nodes, and names the identities and the codec of those to come. */
  begin(identity: string, codec: string): void {
    const words = new TextEncoder().encode(identity + " " + codec);
    const request = this.reserve(5 + words.length);
    request[4] = Operation.Begin;
    request.set(words, 5);
    this.ask(5 + words.length);
  }

  /** Has an operation done, with `payload[0..length]`, and waits for the answer. */
  call(
    operation: number,
    nowMs: number,
    node = NO_NODE,
    payload: Uint8Array = EMPTY,
    length = payload.length,
  ): void {
    const request = this.reserve(HEAD + length);
    request[4] = operation;
    this.requestView.setFloat64(5, nowMs, true);
    this.requestView.setUint32(13, node, true);
    for (let i = 0; i < length; i++) request[HEAD + i] = payload[i];
    this.ask(HEAD + length);
  }

  private reserve(length: number): Uint8Array {
    if (this.request.length < length) {
      this.request = new Uint8Array(length * 2);
      this.requestView = new DataView(this.request.buffer);
    }
    return this.request;
  }

  private ask(length: number): void {
    this.requestView.setUint32(0, length - 4, true);
    for (let at = 0; at < length;) at += writeSync(this.input, this.request, at, length - at);
    let have = this.read(0);
    while (have < 4) have += this.read(have);
    this.end = 4 + this.view.getUint32(0, true);
    if (this.end > this.bytes.length) {
      const bytes = new Uint8Array(this.end * 2);
      bytes.set(this.bytes);
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer);
    }
    while (have < this.end) have += this.read(have);
  }

  private read(at: number): number {
    const count = readSync(this.output, this.bytes, at, this.bytes.length - at, null);
    if (count === 0) throw new Error("the process with foca's nodes has ended");
    return count;
  }
}

/**
 * Both ends of a new named pipe: Node's own pipes to a process cannot be waited for. Opening one end waits for the
 * other, unless somebody has both.
 */
function openPipe(path: string): { reader: number; writer: number } {
  execFileSync("mkfifo", [path]);
  const both = openSync(path, constants.O_RDWR);
  const reader = openSync(path, constants.O_RDONLY);
  const writer = openSync(path, constants.O_WRONLY);
  closeSync(both);
  return { reader, writer };
}
