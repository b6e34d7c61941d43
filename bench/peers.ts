import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Budget } from "./measure.js";

export const PEER_NAMES = ["xswim", "foca", "foca-hand", "swim"] as const;
export type PeerName = (typeof PEER_NAMES)[number];

/** How to start a peer's process; what it prints are lines of JSON. */
interface Command {
  readonly program: string;
  readonly arguments: readonly string[];
}

/** A peer that is there, or why it is not. */
export type Peer =
  | { readonly name: PeerName; readonly command: Command }
  | { readonly name: PeerName; readonly skipped: string };

/** One operation at one number of members, as a peer's process prints it. */
export interface Line {
  readonly peer: string;
  readonly operation: string;
  readonly members: number;
  readonly medianNs?: number;
  readonly worstNs?: number;
  readonly allocations?: number | null;
  readonly allocatedBytes?: number;
  readonly bytesPerMember?: number;
}

const WARM_UP_MS = { node: 300, rust: 100 };
/** No peer takes longer for one number of members. */
const PATIENCE_MS = 120_000;

/** From build/bench/bench/ to the package. */
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const CRATE = ROOT + "host-tests/foca-peer";

/** Finds a peer, and builds it where it needs building. */
export function findPeer(name: PeerName): Peer {
  if (name === "xswim") return { name, command: nodeCommand("xswim.js") };
  if (name === "swim")
    return isInstalled("swim") ? { name, command: nodeCommand("npm-swim.js") } : missing(name);
  return findFoca(name);
}

function missing(name: PeerName): Peer {
  return { name, skipped: "not installed: npm ci installs it" };
}

function nodeCommand(file: string): Command {
  const path = fileURLToPath(new URL("peers/" + file, import.meta.url));
  return { program: process.execPath, arguments: ["--expose-gc", "--no-deprecation", path] };
}

function isInstalled(module: string): boolean {
  try {
    createRequire(import.meta.url).resolve(module);
    return true;
  } catch {
    return false;
  }
}

function findFoca(name: PeerName): Peer {
  const manifest = CRATE + "/Cargo.toml";
  if (!existsSync(manifest)) return { name, skipped: "host-tests/foca-peer is not there" };
  // Without the default features: foca as an application has it that uses its bincode codec.
  const only = ["--no-default-features", "--bin", "foca-bench"];
  const cargo = spawnSync("cargo", ["build", "--release", "--quiet", ...only, "--manifest-path", manifest], {
    encoding: "utf8",
    timeout: 300_000,
  });
  if (cargo.error !== undefined) return { name, skipped: "cargo does not start: install Rust" };
  if (cargo.status !== 0) return { name, skipped: "cargo failed: " + cargo.stderr.trim().split("\n")[0] };
  const codec = name === "foca" ? "bincode" : "hand";
  return { name, command: { program: CRATE + "/target/release/foca-bench", arguments: ["--codec", codec] } };
}

/** Runs a peer once for one number of members. @throws Error when it fails. */
export async function run(peer: Peer, members: number, budget: Budget): Promise<Line[]> {
  if ("skipped" in peer) return [];
  const isRust = peer.name.startsWith("foca");
  const warmUpMs = Math.min(budget.warmUpMs, isRust ? WARM_UP_MS.rust : WARM_UP_MS.node);
  const text = await output(peer.command, [
    ...["--members", String(members)],
    ...["--warm-up-ms", String(warmUpMs), "--budget-ms", String(budget.budgetMs)],
  ]);
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => ({ ...(JSON.parse(line) as Line), peer: peer.name }));
}

/** The datagrams that the Rust bench hands to foca, in hex digits, by kind. */
export async function focaDatagrams(peer: Peer, members: number): Promise<Map<string, string>> {
  const byKind = new Map<string, string>();
  if ("skipped" in peer) return byKind;
  const text = await output(peer.command, ["--members", String(members), "--datagrams"]);
  for (const line of text.trim().split("\n")) {
    const { datagrams, hex } = JSON.parse(line) as { datagrams: string; hex: string };
    byKind.set(datagrams, hex);
  }
  return byKind;
}

function output(command: Command, more: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child: ChildProcess = spawn(command.program, [...command.arguments, ...more], {
      stdio: ["ignore", "pipe", "inherit"],
      timeout: PATIENCE_MS,
    });
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) resolve(text);
      else reject(new Error(`${command.program} ended with ${signal ?? code}`));
    });
  });
}
