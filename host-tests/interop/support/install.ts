import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import type { TestProject } from "vitest/node";
import { FOCA_AGENT, FOCA_AGENT_ROOT, PEER_FOLDER } from "./paths.js";

/** How long cargo may take to fetch and build on a slow machine. */
const BUILD_LIMIT_MS = 20 * 60_000;

declare module "vitest" {
  interface ProvidedContext {
    /** Whether cargo is there, without which there is no foca. */
    hasCargo: boolean;
  }
}

/** Installs foca's example agent, once, and builds our own programs on the published foca. */
export default function setup(project: TestProject): void {
  const hasCargo = spawnSync("cargo", ["--version"]).status === 0;
  project.provide("hasCargo", hasCargo);
  if (!hasCargo) {
    process.stdout.write("cargo is not installed, so the tests with the real foca are skipped.\n");
    return;
  }
  const example = ["--features", "std,tracing,bincode-codec", "--example", "foca_insecure_udp_agent"];
  if (!existsSync(FOCA_AGENT))
    cargo("install", "foca", "--version", "=1.0.0", ...example, "--root", FOCA_AGENT_ROOT);
  cargo("build", "--release", "--manifest-path", PEER_FOLDER + "Cargo.toml");
}

function cargo(...flags: string[]): void {
  execFileSync("cargo", [...flags, "--quiet"], {
    stdio: ["ignore", "inherit", "inherit"],
    timeout: BUILD_LIMIT_MS,
  });
}
