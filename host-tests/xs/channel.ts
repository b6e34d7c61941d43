// Netstring frames, `<length>:<payload>,`, over a child process's standard input and output.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";

const colon = 0x3a;

/** A frame's kind (one letter) and what follows it. */
export interface Frame {
  kind: string;
  payload: Buffer;
}

/**
 * Starts a program and exchanges frames with it. The kernel kills the program when this process ends, however it ends:
 * an emulated board does not notice by itself that nobody is at the other end of its line.
 */
export class Channel {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #onFrame: (frame: Frame) => void;
  #pending = Buffer.alloc(0);
  #errors = "";

  /** Settles with a sentence about the end when the program has ended and all its frames were delivered. */
  readonly ended: Promise<string>;

  constructor(command: string[], onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
    this.#child = spawn("setpriv", ["--pdeathsig", "KILL", ...command], { stdio: "pipe" });
    this.#child.stdout.on("data", (bytes: Buffer) => this.#take(bytes));
    this.#child.stderr.on(
      "data",
      (bytes: Buffer) => (this.#errors = (this.#errors + bytes.toString()).slice(-2000)),
    );
    this.#child.stdin.on("error", () => undefined); // the end is reported by `ended`
    this.ended = new Promise((resolve) => {
      const settle = (text: string): void => {
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
    this.#child.kill("SIGKILL");
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
