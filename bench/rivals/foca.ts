// foca 1.0.0 on the emulated board: builds the programs of rv32/, runs them, and reads what they print.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decode, encode, type DialectName } from "../../host-tests/support/wire.js";
import { answerOf, build, missingForBoard, run } from "./board.js";
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
  /** With what the heap adds to each block. */
  bytes: number;
  askedBytes: number;
  blocks: number;
  /** The most that was asked for on the way there. */
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

/** A plain sentence that says what is missing here, or undefined. */
export function missingForFoca(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const missing = missingForBoard(env);
  if (missing !== undefined) return missing;
  const library = answerOf("rustc", ["--print", "target-libdir", "--target", TARGET], env);
  if (library !== undefined && existsSync(library)) return undefined;
  return `Rust has no library for the board here: rustup target add ${TARGET}`;
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
  const pathOf = build({ crate: CRATE, target: TARGET, profile });
  const empty = programSize(readFileSync(pathOf("empty")));
  const sizeOf = (codec: DialectName): ProgramSize => {
    const program = pathOf("node-" + codec);
    checkMember(program, codec);
    const { flashBytes, ramBytes } = programSize(readFileSync(program));
    return { flashBytes: flashBytes - empty.flashBytes, ramBytes: ramBytes - empty.ramBytes };
  };
  const programs = { postcard: sizeOf("postcard"), bincode: sizeOf("bincode") };
  return { ...linesOf(run(pathOf("bench")).toString()), programs, empty };
}
