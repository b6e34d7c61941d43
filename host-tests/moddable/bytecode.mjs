// Bytecode by module: what ships, and each part of it alone.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";

const PARTS = ["core", "platform/shared", "platform/xs"];

/** Compiles each source module by itself; the sum exceeds the bundle, which needs no exports between them. */
function partLengths(sdk) {
  const folder = mkdtempSync(join(tmpdir(), "xswim-parts-"));
  const compilerOptions = {
    target: "ES2022",
    module: "ESNext",
    useDefineForClassFields: false,
    verbatimModuleSyntax: true,
    removeComments: true,
  };
  try {
    return PARTS.flatMap((part) =>
      readdirSync(part)
        .filter((name) => name.endsWith(".ts"))
        .map((name) => {
          const source = readFileSync(join(part, name), "utf8");
          const module = join(folder, name.replace(/\.ts$/, ".js"));
          writeFileSync(module, ts.transpileModule(source, { compilerOptions }).outputText);
          return { part, name: `${part}/${name}`, length: sdk.bytecodeLength(module) };
        }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Prints the table. */
export function printBytecode(sdk) {
  const line = (length, name) => console.log(`${String(length).padStart(8)}  ${name}`);
  console.log("\nbytecode, bytes (xsc, without names and debug records)");
  const modules = partLengths(sdk);
  for (const { name, length } of modules) line(length, name);
  for (const part of PARTS) {
    const sum = modules
      .filter((module) => module.part === part)
      .reduce((total, { length }) => total + length, 0);
    line(sum, `${part}, its modules one by one`);
  }
  line(sdk.bytecodeLength("dist/xs/xs.js"), "dist/xs/xs.js, all in one module, both codecs\n");
}
