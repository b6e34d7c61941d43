// Ours on the same board, as `npm run footprint` measures it, in XS; and its RAM in the 32-bit engine.
import { measureFlash } from "../../host-tests/footprint/flash.js";
import {
  kept,
  measureOperations,
  start,
  subjectScript,
  type OperationFootprint,
} from "../../host-tests/footprint/measurement.js";
import { missingTool } from "../../host-tests/xs/build.js";

export const OPERATIONS = [
  "answerPing",
  "probeCycle",
  "gossip20Known",
  "gossip20New",
  "answerPingFullQueue",
] as const;

export const HELD = [0, 32, 1000] as const;

export interface Ours {
  /** `instructions` are those of the board. */
  operations: Record<string, OperationFootprint>;
  /** A core with its send buffer, by how many members it holds; for as many it has room. */
  coreBytes: Record<string, number>;
  /** Linked for an ESP32, the engine not counted. */
  flashBytes: number;
  flashBy: "sdk" | "estimate";
}

/** A plain sentence that says what is missing here, or undefined. */
export function missingForOurs(): string | undefined {
  return missingTool("ia32") ?? missingTool("rv32");
}

export async function measureOurs(): Promise<Ours> {
  const script = await subjectScript();
  const { operations } = await measureOperations("rv32", script, OPERATIONS);
  const { linkedBytes, by } = await measureFlash();
  return { operations, coreBytes: await coreBytes(script), flashBytes: linkedBytes, flashBy: by };
}

async function coreBytes(script: string): Promise<Record<string, number>> {
  const worker = await start("ia32", script);
  try {
    await worker.load("const holder = { kept: null, shared: null }; 0");
    const bytes: Record<string, number> = {};
    for (const held of HELD) {
      await worker.evaluate(`holder.shared = subject.sharedBy(${Math.max(1, held)}); 0`);
      bytes[held] = await kept(worker, `subject.make.core(${held}, holder.shared)`);
    }
    return bytes;
  } finally {
    await worker.close();
  }
}
