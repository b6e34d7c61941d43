import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** How long an agent may take to leave before it is killed. */
const LEAVE_LIMIT_MS = 5000;
const CLI = fileURLToPath(new URL("../cli.js", import.meta.url));

/** One `xswim agent` in a process of its own, on one address for all its lives. */
export class PeerProcess {
  readonly address: string;
  private readonly arguments: string[];
  private readonly onFailure: (message: string) => void;
  private child: ChildProcess | undefined;

  /** @param onFailure is told when the process ends without having been asked to. */
  constructor(address: string, flags: readonly string[], onFailure: (message: string) => void) {
    this.address = address;
    this.arguments = [CLI, "agent", address, "--log-level", "silent", ...flags];
    this.onFailure = onFailure;
  }

  /** The process number; undefined while it is not running. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    // The channel lets the agent notice when this program is gone.
    const child = spawn(process.execPath, this.arguments, { stdio: ["ignore", "ignore", "pipe", "ipc"] });
    let complaint = "";
    child.stderr?.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
    child.on("error", (error) => this.ended(child, error.message));
    child.on("exit", (code, signal) =>
      this.ended(child, complaint.trim() || "it ended with " + (signal ?? code)),
    );
    this.child = child;
  }

  /** Ends it as a failure of its machine would: without a word to anybody. */
  kill(): void {
    const child = this.child;
    this.child = undefined;
    child?.kill("SIGKILL");
  }

  /** Has it leave the cluster, and resolves when it is gone. */
  async stop(): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const limit = setTimeout(() => child.kill("SIGKILL"), LEAVE_LIMIT_MS);
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    await exited;
    clearTimeout(limit);
  }

  private ended(child: ChildProcess, reason: string): void {
    if (this.child !== child) return;
    this.child = undefined;
    this.onFailure(this.address + ": " + reason);
  }
}
