// Bytecode of what a device has in flash: the node and all that it needs, with its one codec, tree-shaken.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../xs/bundle.js";
import { XsWorker } from "../xs/engine.js";

export interface Bytecode {
  /** By the SDK's compiler `xsc`, without names and records for the debugger; null without the SDK. */
  bytecodeBytes: number | null;
  /** By the compiler inside the 32-bit engine. */
  hostBytecodeBytes: number;
}

export async function measureBytecode(): Promise<Bytecode> {
  const script = await bundle(join(import.meta.dirname, "../../platform/xs/swim-node.ts"), "xswim", {
    externals: ["timer", "time", "net", "embedded:io/socket/udp"],
  });
  return { bytecodeBytes: byCompiler(script), hostBytecodeBytes: await byEngine(script) };
}

function byCompiler(script: string): number | null {
  const sdk = process.env["MODDABLE"];
  if (sdk === undefined) return null;
  const compiler = join(sdk, "build/bin/lin/release/xsc");
  if (!existsSync(compiler)) return null;
  const folder = mkdtempSync(join(tmpdir(), "xswim-bytecode-"));
  try {
    writeFileSync(join(folder, "xswim.js"), script);
    execFileSync(compiler, [join(folder, "xswim.js"), "-e", "-o", folder, "-r", "xswim"]);
    return atomLength(readFileSync(join(folder, "xswim.xsb")), "CODE");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A compiled module is a list of atoms, each with its length, big-endian and head included, and its type. */
function atomLength(module: Buffer, type: string): number {
  const headLength = 8;
  for (let at = headLength; at < module.length; at += module.readUInt32BE(at)) {
    if (module.toString("latin1", at + 4, at + headLength) === type)
      return module.readUInt32BE(at) - headLength;
  }
  throw new Error("no " + type + " in the module");
}

async function byEngine(script: string): Promise<number> {
  const worker = await XsWorker.start("ia32");
  try {
    // Compiled, not run: the modules of a device are not there.
    const { spent } = await worker.load(`(() => {${script}})`);
    return spent.bytecodeBytes;
  } finally {
    await worker.close();
  }
}
