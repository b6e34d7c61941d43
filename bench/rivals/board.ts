// The emulated board, and Rust's programs for it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const QUICK_MS = 60_000;
const BUILD_MS = 1_200_000;
const RUN_MS = 300_000;

/** What a program prints when it is asked something, or undefined when it is not there or fails. */
export function answerOf(
  program: string,
  options: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const { status, stdout } = spawnSync(program, options, { encoding: "utf8", env, timeout: QUICK_MS });
  return status === 0 ? stdout.trim() : undefined;
}

/** A plain sentence that says what is missing here for Rust's programs on the board, or undefined. */
export function missingForBoard(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (answerOf("cargo", ["--version"], env) === undefined)
    return "it is built by cargo, which is not here: install Rust";
  if (answerOf("qemu-system-riscv32", ["--version"], env) === undefined)
    return "the board is emulated by qemu-system-riscv32, which is not here (Debian: qemu-system-misc)";
  return undefined;
}

/** How cargo builds a crate. */
export interface Build {
  crate: string;
  target: string;
  profile: string;
  options?: readonly string[];
  env?: NodeJS.ProcessEnv;
}

/** Builds a crate, and says where its programs are. @throws Error with cargo's words when it cannot be built. */
export function build({ crate, target, profile, options = [], env = {} }: Build): (name: string) => string {
  const all = ["build", "--quiet", "--profile", profile, "--target", target, ...options];
  const cargo = spawnSync("cargo", all, {
    cwd: crate,
    encoding: "utf8",
    env: { ...process.env, ...env },
    timeout: BUILD_MS,
  });
  if (cargo.status !== 0) throw new Error("cargo failed: " + (cargo.stderr ?? "").trim());
  return (name) => join(crate, "target", target, profile, name);
}

/** Runs a program until it turns its board off, and says what it wrote. @throws Error when it fails. */
export function run(program: string, input: Uint8Array = new Uint8Array()): Buffer {
  if (!existsSync(program)) throw new Error("there is no " + program);
  // One virtual nanosecond an instruction: the counter then repeats from run to run.
  const board = ["-machine", "virt", "-bios", "none", "-m", "128M", "-icount", "shift=0", "-kernel", program];
  const plain = ["-display", "none", "-monitor", "none", "-serial", "stdio"];
  const { status, stdout } = spawnSync("qemu-system-riscv32", [...board, ...plain], {
    input,
    timeout: RUN_MS,
    maxBuffer: 1 << 20,
    stdio: ["pipe", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error("the board stopped: " + stdout.toString().trim().split("\n").at(-1));
  return stdout;
}
