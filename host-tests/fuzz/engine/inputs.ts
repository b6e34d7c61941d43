// Inputs as text: one a line, its records in hex with a blank between them.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Input } from "./target.js";

/** Writes inputs to a file. */
export function writeInputs(path: string, inputs: readonly Input[]): void {
  writeFileSync(path, inputs.map((input) => input.map(hexOf).join(" ") + "\n").join(""));
}

/** Reads them; none when there is no such file. Lines that begin with `#` are for people. */
export function readInputs(path: string): Input[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(" ").map(bytesOf));
}

/** An empty record is a hyphen. */
function hexOf(record: Uint8Array): string {
  return record.length === 0 ? "-" : Buffer.from(record).toString("hex");
}

function bytesOf(hex: string): Uint8Array {
  return hex === "-" ? new Uint8Array() : Uint8Array.from(Buffer.from(hex, "hex"));
}
