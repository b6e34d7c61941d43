// foca 1.0.0 on the emulated board: builds the programs of rv32/, runs them, and reads what they print.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decode, encode, type DialectName } from "../../host-tests/support/wire.js";
import { programSize, type ProgramSize } from "./elf.js";

export const CODECS = ["postcard", "bincode"] as const satisfies DialectName[];

/** What one run of an operation takes, as `rv32/src/bin/bench.rs` prints it. */
export interface Cost {
  codec: DialectName;
  operation: string;
  members: number;
  instructions: number;
  allocations: number;
  allocatedBytes: number;
  stackBytes: number;
}

/** What a node keeps: `quiet`, or `joining` with news of all its members to be passed on. */
export interface Kept {
  codec: DialectName;
  memory: string;
  members: number;
  bytes: number;
  blocks: number;
  peakBytes: number;
}

export interface Foca {
  costs: Cost[];
  kept: Kept[];
  /** What a member's least program has besides what one has that is no member. */
  programs: Record<DialectName, ProgramSize>;
  empty: ProgramSize;
}

/** `release` is built for size, `fast` for speed. */
export type Profile = "release" | "fast";

const TARGET = "riscv32imac-unknown-none-elf";
const CRATE = join(import.meta.dirname, "rv32");
const QUICK_MS = 60_000;
const BUILD_MS = 600_000;
const RUN_MS = 300_000;

/** A plain sentence that says what is missing here, or undefined. */
export function missingForFoca(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const ask = (program: string, ...options: string[]) =>
    spawnSync(program, options, { cwd: CRATE, encoding: "utf8", env, timeout: QUICK_MS });
  if (ask("cargo", "--version").status !== 0)
    return "foca is built by cargo, which is not here: install Rust";
  const library = ask("rustc", "--print", "target-libdir", "--target", TARGET).stdout?.trim();
  if (library === undefined || !existsSync(library))
    return `Rust has no library for the board here: rustup target add ${TARGET}`;
  if (ask("qemu-system-riscv32", "--version").status !== 0)
    return "the board is emulated by qemu-system-riscv32, which is not here (Debian: qemu-system-misc)";
  return undefined;
}

/** @throws Error with cargo's words when the programs cannot be built. */
function build(profile: Profile): (name: string) => string {
  const options = ["build", "--quiet", "--profile", profile, "--target", TARGET];
  const cargo = spawnSync("cargo", options, { cwd: CRATE, encoding: "utf8", timeout: BUILD_MS });
  if (cargo.status !== 0) throw new Error("cargo failed: " + (cargo.stderr ?? "").trim());
  return (name) => join(CRATE, "target", TARGET, profile, name);
}

/** Runs a program until it turns its board off. @throws Error when it fails. */
function run(program: string, input: Uint8Array): Buffer {
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

/** The lines of JSON that `bench` prints. @throws Error at anything else. */
export function linesOf(text: string): Pick<Foca, "costs" | "kept"> {
  const costs: Cost[] = [];
  const kept: Kept[] = [];
  for (const line of text.trim().split("\n")) {
    const figures = JSON.parse(line) as Cost | Kept;
    if ("operation" in figures) costs.push(figures);
    else kept.push(figures);
  }
  return { costs, kept };
}

function framed(datagram: Uint8Array): number[] {
  return [datagram.length >> 8, datagram.length & 255, ...datagram];
}

const ADDRESS_BYTES = 6;

/** The datagrams that a program sent, each behind its length and its receiver's address. */
export function unframed(bytes: Uint8Array): Uint8Array[] {
  const datagrams: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const start = at + 2 + ADDRESS_BYTES;
    at = start + bytes[at] * 256 + bytes[at + 1];
    datagrams.push(bytes.slice(start, at));
  }
  return datagrams;
}

/** Makes sure that the program whose size counts is a member: it answers our Ping. @throws Error otherwise. */
function checkMember(program: string, codec: DialectName): void {
  const ping = { from: "2.9", incarnation: 0, to: "1.1700000000", kind: "Ping", n: 77 } as const;
  const datagram = encode({ ...ping, updates: [], broadcasts: [] }, codec);
  const sent = unframed(run(program, Uint8Array.from([...framed(datagram), 0, 0])));
  const ack = sent.map((bytes) => decode(bytes, codec)).find(({ kind }) => kind === "Ack");
  if (ack?.to !== ping.from || ack.n !== ping.n) throw new Error("foca did not answer a Ping in " + codec);
}

export function measureFoca(profile: Profile): Foca {
  const pathOf = build(profile);
  const empty = programSize(readFileSync(pathOf("empty")));
  const sizeOf = (codec: DialectName): ProgramSize => {
    const program = pathOf("node-" + codec);
    checkMember(program, codec);
    const { flashBytes, ramBytes } = programSize(readFileSync(program));
    return { flashBytes: flashBytes - empty.flashBytes, ramBytes: ramBytes - empty.ramBytes };
  };
  const programs = { postcard: sizeOf("postcard"), bincode: sizeOf("bincode") };
  return { ...linesOf(run(pathOf("bench"), new Uint8Array()).toString()), programs, empty };
}
