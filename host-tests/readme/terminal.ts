// Blocks of commands that a page has run: those behind a line such as `<!-- run: NAME -->`.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { delimiter, join } from "node:path";
import { read, root } from "./pages.js";

/** The ports that pages of documentation name. */
const SHOWN_PORTS = /\b(7946|7947|8946)\b/g;

/** The blocks of a page that are run, by their names. */
export function runnable(page: string): Map<string, string> {
  const found = read(page).matchAll(/^<!-- run: (\w+) -->\n\n```sh\n([\s\S]*?)^```$/gm);
  return new Map([...found].map(([, name, text]) => [name, text]));
}

/** A shell that runs commands as they stand in a page, with the command `xswim` of this repository. */
export class Terminal {
  output = "";
  private readonly shell: ChildProcess;
  private readonly ended: Promise<unknown>;

  /** @param ports what takes the place of each port that the commands name; a missing one stays */
  constructor(commands: string, ports: Record<string, number>, env: NodeJS.ProcessEnv = {}) {
    const path = join(root, "node_modules/.bin") + delimiter + (process.env["PATH"] ?? "");
    const text = commands.replace(SHOWN_PORTS, (port) => String(ports[port] ?? port));
    this.shell = spawn("sh", ["-c", text], {
      cwd: root,
      // A group of its own, so that Ctrl-C reaches all in it.
      detached: true,
      env: { ...process.env, ...env, PATH: path },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.shell.stdout, this.shell.stderr])
      stream?.setEncoding("utf8").on("data", (chunk: string) => (this.output += chunk));
    this.ended = once(this.shell, "close");
  }

  /** Waits until the output matches. @throws after 20 s, with what was printed */
  async printed(pattern: RegExp): Promise<void> {
    for (const endMs = Date.now() + 20_000; !pattern.test(this.output);) {
      if (Date.now() > endMs) throw new Error(`${String(pattern)} is not in the output:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Waits until all in it have ended. */
  async end(): Promise<void> {
    await this.ended;
  }

  /** Types Ctrl-C, and waits until all in it have ended. */
  async interrupt(): Promise<void> {
    this.kill("SIGINT");
    await this.ended;
  }

  kill(signal: NodeJS.Signals): void {
    const { pid, exitCode, signalCode } = this.shell;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    process.kill(-pid, signal);
  }
}
