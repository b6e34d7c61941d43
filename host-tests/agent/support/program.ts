import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { until } from "../../node/support/until.js";

/** The command as npm links it. */
export const CLI = fileURLToPath(new URL("../../../agent/bin/xswim.js", import.meta.url));
const running = new Set<Program>();

/** What a test wants of a program that most do not. */
export interface ProgramOptions {
  /** A channel to this process, as `fork` makes one. */
  hasChannel?: boolean;
  /** The standard output goes to this descriptor, and nothing of it is in `stdout`. */
  stdout?: number;
}

/** A program that runs beside the test, and what it printed. */
export class Program {
  readonly child: ChildProcess;
  stdout = "";
  stderr = "";

  constructor(
    command: string,
    flags: readonly string[],
    env: NodeJS.ProcessEnv = {},
    options: ProgramOptions = {},
  ) {
    this.child = spawn(command, flags, {
      stdio: ["pipe", options.stdout ?? "pipe", "pipe", ...(options.hasChannel ? (["ipc"] as const) : [])],
      env: { ...process.env, NO_COLOR: "1", ...env },
    });
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => (this.stdout += text));
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.stderr += text));
    this.child.on("exit", () => running.delete(this));
    this.child.on("error", (error) => (this.stderr += error.message));
    running.add(this);
  }

  /** Whether it is gone and all it printed was read. */
  get hasEnded(): boolean {
    const { exitCode, signalCode, stdout, stderr } = this.child;
    const wasRead = (stdout?.readableEnded ?? true) && (stderr?.readableEnded ?? true);
    return (exitCode !== null || signalCode !== null) && wasRead;
  }

  /** Whole lines of the standard output. */
  lines(): string[] {
    return this.stdout.split("\n").slice(0, -1);
  }

  /** What an agent with `--json` told, in order. */
  events(): Record<string, unknown>[] {
    return this.lines().map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** The events of that name. */
  eventsOf(event: string): Record<string, unknown>[] {
    return this.events().filter((told) => told["event"] === event);
  }

  untilPrinted(text: string): Promise<void> {
    return this.until("it prints " + text, () => this.stdout.includes(text));
  }

  until(what: string, holds: () => boolean): Promise<void> {
    return until(what, holds, () => this.stdout + this.stderr);
  }

  /** Waits for its end; returns the exit code, null when a signal ended it. */
  async ended(): Promise<number | null> {
    await this.until("it ends", () => this.hasEnded);
    return this.child.exitCode;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

/** Agents of tests that run at once must not find each other: those that are to look for others say so. */
function alone(flags: readonly string[]): readonly string[] {
  const looks = flags.some((flag) => /^--(no-)?(discover|announce)$|^-a$|^--config$/.test(flag));
  return flags[0] !== "agent" || flags.length < 2 || looks
    ? flags
    : ["agent", "--no-discover", ...flags.slice(1)];
}

/** `xswim` as built, in a process of its own. */
export function xswim(...flags: string[]): Program {
  if (!existsSync(CLI)) throw new Error("dist/ is not there: run npm run build first");
  return new Program(process.execPath, [CLI, ...alone(flags)]);
}

/** The same with a channel to this process, as `fork` makes one. */
export function forkedXswim(...flags: string[]): Program {
  return new Program(process.execPath, [CLI, ...alone(flags)], {}, { hasChannel: true });
}

/** The same with its standard output in a file, a pipe or a device that the test has opened. */
export function xswimInto(stdout: number, ...flags: string[]): Program {
  return new Program(process.execPath, [CLI, ...alone(flags)], {}, { stdout });
}

/** Ends what a test left running. */
export async function endAll(): Promise<void> {
  const left = [...running];
  for (const program of left) program.kill("SIGKILL");
  for (const program of left) await program.ended();
}
