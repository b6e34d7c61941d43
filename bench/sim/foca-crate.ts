import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const CRATE = "host-tests/foca-peer";
/** How long cargo may take to fetch and build on a slow machine. */
const BUILD_LIMIT_MS = 20 * 60_000;

/** The crate in this package, from wherever the program was built to. */
function folder(): string {
  let at = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(at, CRATE, "Cargo.toml"))) {
    if (at === dirname(at)) throw new Error(`--foca: ${CRATE} is not there`);
    at = dirname(at);
  }
  return join(at, CRATE);
}

/** What the crate has: `peer` takes foca's part, its first argument says in what; `sealed-agent` is a member with a key. */
type FocaProgram = "peer" | "sealed-agent";

/** Cargo's description of the crate. */
export function focaManifest(): string {
  return join(folder(), "Cargo.toml");
}

/** Where a program of the crate is. */
export function focaProgram(name: FocaProgram = "peer"): string {
  return join(folder(), "target/release", name);
}

/** Builds one. @throws Error that says what is missing. */
export function buildFoca(name: FocaProgram = "peer"): void {
  if (!hasCargo())
    throw new Error("--foca: cargo is not installed, without which there is no foca. Install Rust.");
  cargo("build", "--release", "--bin", name, "--manifest-path", focaManifest());
}

/** Whether there is cargo, without which there is no foca. */
export function hasCargo(): boolean {
  return spawnSync("cargo", ["--version"]).status === 0;
}

/** Has cargo build or install. @throws Error when it fails; what it says is shown. */
export function cargo(...flags: string[]): void {
  execFileSync("cargo", [...flags, "--quiet"], {
    stdio: ["ignore", "inherit", "inherit"],
    timeout: BUILD_LIMIT_MS,
  });
}
