// Netstring frames, `<length>:<payload>,`, over a child process's standard input and output.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";

const colon = 0x3a;

/** A frame's kind (one letter) and what follows it. */
export interface Frame {
  kind: string;
  payload: Buffer;
}

// The process groups to end with this process: timeout(1) and the program of each open channel.
const groups = new Set<number>();

process.on("exit", () => {
  for (const group of groups) kill(group);
});

function kill(group: number): void {
  try {
    process.kill(-group, "SIGKILL");
  } catch {
    // It has ended.
  }
}

/**
 * Starts a program and exchanges frames with it. The program is killed when this process exits, and by timeout(1) when
 * this process is no longer there to do so.
 */
export class Channel {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #onFrame: (frame: Frame) => void;
  #pending = Buffer.alloc(0);
  #errors = "";

  /** Settles with a sentence about the end when the program has ended and all its frames were delivered. */
  readonly ended: Promise<string>;

  constructor(command: string[], lifetimeMs: number, onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
    const bounded = ["--foreground", "-k", "5", String(Math.ceil(lifetimeMs / 1000)), ...command];
    this.#child = spawn("timeout", bounded, { stdio: "pipe", detached: true });
    this.#child.stdout.on("data", (bytes: Buffer) => this.#take(bytes));
    this.#child.stderr.on(
      "data",
      (bytes: Buffer) => (this.#errors = (this.#errors + bytes.toString()).slice(-2000)),
    );
    this.#child.stdin.on("error", () => undefined); // the end is reported by `ended`
    const group = this.#child.pid;
    if (group !== undefined) groups.add(group);
    this.ended = new Promise((resolve) => {
      const settle = (text: string): void => {
        if (group !== undefined) groups.delete(group);
        resolve(this.#errors === "" ? text : `${text}: ${this.#errors.trim()}`);
      };
      this.#child.on("error", (error) => settle(`the engine did not start (${error.message})`));
      this.#child.on("close", (code, signal) =>
        settle(`the engine ended with ${signal ?? `status ${code}`}`),
      );
    });
  }

  write(kind: string, ...parts: (string | Uint8Array)[]): void {
    const payload = Buffer.concat(
      [kind, ...parts].map((part) => (typeof part === "string" ? Buffer.from(part) : part)),
    );
    this.#child.stdin.write(Buffer.concat([Buffer.from(`${payload.length}:`), payload, Buffer.from(",")]));
  }

  kill(): void {
    if (this.#child.pid !== undefined && groups.has(this.#child.pid)) kill(this.#child.pid);
  }

  #take(bytes: Buffer): void {
    this.#pending = Buffer.concat([this.#pending, bytes]);
    for (;;) {
      const at = this.#pending.indexOf(colon);
      if (at < 0) return;
      const length = Number(this.#pending.toString("latin1", 0, at));
      if (!(length >= 1)) {
        this.#errors += `not a frame: ${this.#pending.toString("latin1", 0, 200)}`;
        return this.kill();
      }
      const end = at + 1 + length;
      if (this.#pending.length < end + 1) return;
      const frame = this.#pending.subarray(at + 1, end);
      this.#pending = this.#pending.subarray(end + 1);
      this.#onFrame({ kind: String.fromCharCode(frame[0] ?? 0), payload: Buffer.from(frame.subarray(1)) });
    }
  }
}
