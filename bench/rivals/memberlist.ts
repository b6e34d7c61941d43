// The codec of memberlist's memberlist-proto 0.3.4 on the emulated board. Nothing of memberlist builds without Rust's std, so
// std is built for a machine without an operating system.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { answerOf, build, missingForBoard, run } from "./board.js";
import { programSize } from "./elf.js";

export interface CodecCost {
  /** `answerPing` reads a Ping and writes an Ack; `gossip20Known` reads twenty Alives. No table is looked at. */
  operation: string;
  datagramBytes: number;
  instructions: number;
  allocatedBytes: number;
  stackBytes: number;
}

export interface Memberlist {
  costs: CodecCost[];
  /** Besides a program that prints through std. */
  flashBytes: number;
}

/** The one RV32 target without an operating system that std supports; it has no compressed and no atomic instructions. */
const TARGET = "riscv32im-risc0-zkvm-elf";
const CRATE = join(import.meta.dirname, "memberlist");

/** A plain sentence that says what is missing here, or undefined. */
export function missingForMemberlist(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const missing = missingForBoard(env);
  if (missing !== undefined) return missing;
  const root = answerOf("rustc", ["--print", "sysroot"], env);
  if (root !== undefined && existsSync(join(root, "lib/rustlib/src/rust/library"))) return undefined;
  return "memberlist needs a std built for the board, and Rust's sources are not here: rustup component add rust-src";
}

export function measureMemberlist(): Memberlist {
  const pathOf = build({
    crate: CRATE,
    target: TARGET,
    profile: "release",
    options: ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=compiler-builtins-mem"],
    // A stable compiler builds std only so; and on one thread an atomic operation is a plain one.
    env: { RUSTC_BOOTSTRAP: "1", RUSTFLAGS: "-C passes=lower-atomic" },
  });
  const lines = run(pathOf("codec")).toString().trim().split("\n");
  const [codec, empty] = ["codec", "empty"].map((name) => programSize(readFileSync(pathOf(name))).flashBytes);
  return { costs: lines.map((line) => JSON.parse(line) as CodecCost), flashBytes: codec - empty };
}
