// npm run fuzz: builds the fuzzer with the sources that it fuzzes, and runs it.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { buildFuzzer } from "./builder/build.js";

const program = await buildFuzzer();
const words = ["--enable-source-maps", program, ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, words, { stdio: "inherit" });
rmSync(dirname(program), { recursive: true });
process.exitCode = status ?? 1;
