import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

export type Entry = "xswim/xs" | "xswim/node" | "xswim/fake";

/**
 * Compiles a file of `device/` as a user of the built package does, through the package's exports, with `entry` in the
 * place of "xswim/xs". Returns the folder of the JavaScript, and what the compiler said.
 */
export function compile(file: "lamp.ts" | "types.ts", entry: Entry): { folder: string; said: string } {
  if (!existsSync(join(root, "dist/core/index.js"))) throw new Error("run npm run build first");
  const folder = join(root, "build/portable", entry.replace("/", "-"), file.replace(".ts", ""));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const source = readFileSync(join(import.meta.dirname, "device", file), "utf8");
  writeFileSync(
    join(folder, file),
    entry === "xswim/xs" ? source : source.replaceAll('"xswim/xs"', `"${entry}"`),
  );
  const compilerOptions = {
    target: "ES2022",
    module: "ESNext",
    moduleResolution: "Bundler",
    // What is declared must not lean on Node's or a browser's types.
    lib: ["ES2022"],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    // The declarations of the package themselves are checked, too.
    skipLibCheck: false,
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: [file] }));
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const { stdout, stderr } = spawnSync(process.execPath, [compiler, "-p", folder], {
    cwd: root,
    encoding: "utf8",
  });
  return { folder, said: stdout + stderr };
}
