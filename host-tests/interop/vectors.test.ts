import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, inject, test } from "vitest";
import { focaProgram } from "../../bench/sim/foca-crate.js";

const FILES = { vectors: "foca.json", behaviours: "foca-behaviours.txt" };

function expectMadeAgain(part: string, file: string): void {
  const made = execFileSync(focaProgram(), [part], { maxBuffer: 1 << 26 });
  const committed = readFileSync(new URL("../vectors/" + file, import.meta.url));
  expect(made.length).toBeGreaterThan(1000);
  expect(made.equals(committed)).toBe(true);
}

test.runIf(inject("hasCargo")).each(Object.entries(FILES))(
  "the-published-foca-makes-the-committed-%s-again-byte-for-byte",
  expectMadeAgain,
);

test.runIf(inject("hasCargo"))("the-published-ccm-makes-the-committed-frames-again-byte-for-byte", () => {
  expectMadeAgain("sealed", "sealed.json");
});
