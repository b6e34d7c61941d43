import { existsSync } from "node:fs";
import type { TestProject } from "vitest/node";
import { buildFoca, cargo, hasCargo } from "../../../bench/sim/foca-crate.js";
import { FOCA_AGENT, FOCA_AGENT_ROOT } from "./paths.js";

declare module "vitest" {
  interface ProvidedContext {
    /** Whether cargo is there, without which there is no foca. */
    hasCargo: boolean;
  }
}

/** Installs foca's example agent, once, and builds our own programs on the published foca. */
export default function setup(project: TestProject): void {
  const isThere = hasCargo();
  project.provide("hasCargo", isThere);
  if (!isThere) {
    process.stdout.write("cargo is not installed, so the tests with the real foca are skipped.\n");
    return;
  }
  const example = ["--features", "std,tracing,bincode-codec", "--example", "foca_insecure_udp_agent"];
  if (!existsSync(FOCA_AGENT))
    cargo("install", "foca", "--version", "=1.0.0", ...example, "--root", FOCA_AGENT_ROOT);
  buildFoca();
  buildFoca("sealed-agent");
}
