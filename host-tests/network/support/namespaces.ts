import { execFile, execFileSync } from "node:child_process";

const PREFIX = "xswim";
let made = 0;

/** Runs a command; `input` goes to its standard input. @throws Error with what it says on its standard error. */
export function run(command: string, flags: readonly string[], input = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(command, flags, (error, stdout) =>
      error === null ? resolve(stdout) : reject(error),
    );
    // A command that reads nothing may be over by then.
    child.stdin?.on("error", () => {}).end(input);
  });
}

/** Makes a network namespace without IPv6; returns its name, which tells whose it is. */
export async function makeNamespace(): Promise<string> {
  const name = [PREFIX, process.pid, made++].join("-");
  await run("ip", ["netns", "add", name]);
  await inNamespace(name, "sysctl", "-q", "-w", "net.ipv6.conf.all.disable_ipv6=1");
  return name;
}

/** Runs a command there. */
export function inNamespace(name: string, ...words: string[]): Promise<string> {
  return run("nsenter", [...entering(name), ...words]);
}

/** What `nsenter` needs to run a command there: the process keeps its number, so signals reach the command. */
export function entering(name: string): string[] {
  return ["--net=/run/netns/" + name, "--"];
}

/** Has `ip` do some lines there. */
export async function ip(name: string, ...lines: string[]): Promise<void> {
  await run("ip", ["-n", name, "-batch", "-"], lines.join("\n") + "\n");
}

export async function removeNamespace(name: string): Promise<void> {
  await run("ip", ["netns", "del", name]);
}

/** Removes what runs left behind that are over. */
export function removeOrphans(): void {
  const lines = execFileSync("ip", ["netns", "list"], { encoding: "utf8" }).split("\n");
  for (const [name] of lines.map((line) => line.split(" "))) {
    const [prefix, owner] = name.split("-");
    if (prefix === PREFIX && /^\d+$/.test(owner ?? "") && !isRunning(Number(owner))) {
      execFileSync("ip", ["netns", "del", name]);
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
