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

/** Bytes of RAM, by how many members a node holds. */
export type BytesPerHeld = Record<string, number>;

export interface Ours {
  /** `instructions` are those of the board. */
  operations: Record<string, OperationFootprint>;
  /** A core with its send buffer, which has room for as many members as it holds. */
  quietBytes: BytesPerHeld;
  /** The same with news of all its members to be passed on. */
  joiningBytes: BytesPerHeld;
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
  return { operations, ...(await measureRam(script)), flashBytes: linkedBytes, flashBy: by };
}

async function measureRam(script: string): Promise<Pick<Ours, "quietBytes" | "joiningBytes">> {
  const worker = await start("ia32", script);
  try {
    await worker.load(`
      const holder = { kept: null, shared: null };
      function joining(held) {
        const swim = subject.make.core(held, holder.shared);
        for (let number = 2; number < held + 2; number++) {
          const addr = "10.0." + (number >> 8) + "." + (number & 255) + ":7000";
          const identity = { addr, bump: 1_700_000_000 };
          swim.applyMany([{ identity, incarnation: 1, state: "Alive" }], true);
        }
        if (swim.updatesBacklog !== held) throw new Error("not all news waits");
        return swim;
      }
      0`);
    const quietBytes: BytesPerHeld = {};
    const joiningBytes: BytesPerHeld = {};
    for (const held of HELD) {
      await worker.evaluate(`holder.shared = subject.sharedBy(${Math.max(1, held)}); 0`);
      quietBytes[held] = await kept(worker, `subject.make.core(${held}, holder.shared)`);
      joiningBytes[held] = await kept(worker, `joining(${held})`);
    }
    return { quietBytes, joiningBytes };
  } finally {
    await worker.close();
  }
}
