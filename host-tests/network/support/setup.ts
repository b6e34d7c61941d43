import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TestProject } from "vitest/node";
import { cargo, hasCargo } from "../../../bench/sim/foca-crate.js";
import { FOCA_AGENT, FOCA_AGENT_ROOT } from "../../interop/support/paths.js";
import { IMPLEMENTATIONS, type Implementation } from "./implementations.js";
import { removeOrphans } from "./namespaces.js";
import { MEMBERLIST, MEMBERLIST_SOURCES, ROWS, SWITCH, SWITCH_SOURCES } from "./paths.js";
import { writeTable } from "./table.js";
import { has } from "./tools.js";

declare module "vitest" {
  interface ProvidedContext {
    /** Whether this machine can do what all stories need. */
    hasNetworks: boolean;
    /** Whose members there are. */
    implementations: readonly Implementation[];
  }
}

/** How long all of it may take. */
const RUN_LIMIT_MS = 10 * 60_000;
/** How long Go may take to fetch and build. */
const BUILD_LIMIT_MS = 5 * 60_000;

/** What single stories need, and what they are about. */
const OPTIONAL = {
  nft: "a host that may not send",
  faketime: "a clock that is set",
  prlimit: "an agent without descriptors",
};

/** Builds what the stories run; returns what puts the table together when they are over. */
export default function setup(project: TestProject): (() => void) | undefined {
  const missing = missingTools();
  project.provide("hasNetworks", missing === "");
  project.provide("implementations", []);
  if (missing !== "") {
    process.stdout.write(`The tests with network namespaces are skipped: ${missing}.\n`);
    return undefined;
  }
  const absent = Object.entries(OPTIONAL).filter(([name]) => !has(name));
  for (const [name, what] of absent) process.stdout.write(`There is no ${name}, so ${what} is skipped.\n`);
  removeOrphans();
  buildSwitch();
  rmSync(ROWS, { recursive: true, force: true });
  mkdirSync(ROWS, { recursive: true });
  project.provide("implementations", IMPLEMENTATIONS.filter(isBuilt));
  // Vitest has no such limit. Programs that are left then end with their pipes, and their hosts go with the next run.
  setTimeout(() => {
    process.stderr.write(`The run is given up after ${RUN_LIMIT_MS / 60_000} minutes.\n`);
    process.kill(process.pid, "SIGINT");
  }, RUN_LIMIT_MS).unref();
  return writeTable;
}

/** What keeps the stories from running, as words. */
function missingTools(): string {
  if (process.getuid?.() !== 0) return "they need root";
  const tools = ["ip", "nsenter", "gcc"].filter((name) => !has(name));
  if (tools.length > 0) return "there is no " + tools.join(", ");
  if (!existsSync("/dev/net/tun")) return "there is no /dev/net/tun";
  const probe = "xswim-probe-" + process.pid;
  if (spawnSync("ip", ["netns", "add", probe]).status !== 0) return "no namespace can be made";
  const hasTap = spawnSync("ip", ["-n", probe, "tuntap", "add", "dev", "probe", "mode", "tap"]).status === 0;
  spawnSync("ip", ["netns", "del", probe]);
  return hasTap ? "" : "no TAP device can be made";
}

function buildSwitch(): void {
  mkdirSync(dirname(SWITCH), { recursive: true });
  const sources = readdirSync(SWITCH_SOURCES).filter((name) => name.endsWith(".c"));
  const flags = ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-o", SWITCH];
  execFileSync("gcc", [...flags, ...sources.map((name) => join(SWITCH_SOURCES, name)), "-lm"]);
}

/** Builds the members of an implementation where its tools are there. */
function isBuilt(implementation: Implementation): boolean {
  try {
    if (implementation === "foca") installFoca();
    if (implementation === "memberlist") buildMemberlist();
    return true;
  } catch (error) {
    process.stdout.write(`No member of ${implementation} takes part: ${String(error)}\n`);
    return false;
  }
}

function installFoca(): void {
  if (existsSync(FOCA_AGENT)) return;
  if (!hasCargo()) throw new Error("cargo is not installed");
  const example = ["--features", "std,tracing,bincode-codec", "--example", "foca_insecure_udp_agent"];
  cargo("install", "foca", "--version", "=1.0.0", ...example, "--root", FOCA_AGENT_ROOT);
}

function buildMemberlist(): void {
  if (!has("go")) throw new Error("go is not installed");
  execFileSync("go", ["build", "-buildvcs=false", "-o", MEMBERLIST, "."], {
    cwd: MEMBERLIST_SOURCES,
    stdio: ["ignore", "ignore", "inherit"],
    timeout: BUILD_LIMIT_MS,
  });
}
