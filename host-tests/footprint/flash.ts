// What a node takes in the flash of an ESP32 as linked for release: counted in what the SDK's linker makes, or estimated by
// what the same code takes in the 32-bit engine's heap.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { countCaptured } from "../../scripts/xs-build/share-helpers.mjs";
import { linkedFlash } from "../moddable/flash.mjs";
import { Sdk } from "../moddable/sdk.mjs";
import { XsWorker } from "../xs/engine.js";
import { liveMemory } from "../xs/measure.js";
import { deviceModules, shippedModule, shippedScript } from "./shipped.js";

export interface Flash {
  /** By the SDK where it is, else the estimate. */
  linkedBytes: number;
  estimatedBytes: number;
  by: "sdk" | "estimate";
}

const SLOT_BYTES = 16;
/** A function has a home, a length and a name in the engine, of which the linker keeps the home, once for each class. */
const SLOTS_LEFT_AWAY = 3;
const HOMES_OF_CLASS = 2;
/** The engine's code has the names of local variables in it. */
const CODE_SHARE = 0.884;
/** A chunk of the engine is the text of a name, mostly, with a head of 8 bytes for the linker's pointer of 4. */
const NAMES_SHARE = 0.69;
const OTHER_CHUNK_BYTES = 603;

/** Estimates what an app's flash holds of the node. Within 3 % of the SDK's figure: `npm run test:moddable` compares. */
export async function estimateFlash(): Promise<number> {
  const worker = await XsWorker.start("ia32");
  try {
    for (const name of deviceModules) await worker.load(`const ${name.replace(/\W/g, "_")} = {}; 0`);
    const before = await liveMemory(worker);
    const { spent } = await worker.load((await shippedScript("xswim")) + "; 0");
    const after = await liveMemory(worker);
    const module = await shippedModule();
    const { functions, classes } = countFunctions(module);
    // A variable of its module that a function reads is two slots in the engine.
    const leftAway = SLOTS_LEFT_AWAY * functions - HOMES_OF_CLASS * classes + countCaptured(module);
    const slots = after.slots - before.slots - leftAway;
    const names = (after.chunkBytes - before.chunkBytes) * NAMES_SHARE - OTHER_CHUNK_BYTES;
    return Math.round(spent.bytecodeBytes * CODE_SHARE + slots * SLOT_BYTES + names);
  } finally {
    await worker.close();
  }
}

/** The classes of a module, and its functions: those that are there before it is called, and constructors not written. */
function countFunctions(code: string): { functions: number; classes: number } {
  let functions = 0;
  let classes = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isClassLike(node)) {
      classes++;
      if (!node.members.some(ts.isConstructorDeclaration)) functions++;
    }
    if (ts.isFunctionLike(node)) functions++;
    else ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("module.js", code, ts.ScriptTarget.ES2022));
  return { functions, classes };
}

export async function measureFlash(): Promise<Flash> {
  const estimatedBytes = await estimateFlash();
  const root = process.env["MODDABLE"];
  if (root === undefined || !existsSync(new Sdk(root).tool("xsl")))
    return { linkedBytes: estimatedBytes, estimatedBytes, by: "estimate" };
  const folder = mkdtempSync(join(tmpdir(), "xswim-flash-"));
  try {
    // Of what was built last: `npm run footprint` builds first.
    const manifest = join(import.meta.dirname, "../../manifest.json");
    const [{ linkedBytes }] = linkedFlash(new Sdk(root), folder, [manifest]);
    return { linkedBytes, estimatedBytes, by: "sdk" };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
