// What AES-128-CCM takes inside the engines, over a block cipher in C as a device has it.
import { join } from "node:path";
import { bundle } from "../xs/bundle.js";
import type { Engine } from "../xs/build.js";
import { XsWorker } from "../xs/engine.js";
import { liveMemory, measure, type OperationCost } from "../xs/measure.js";

/** Bytes of a datagram before it is sealed: a Ping with one update. */
export const TEXT_BYTES = 59;
const RUNS = 50;
const WARM_UP_RUNS = 2;

/** One run of each. `open` is of a datagram that is accepted; the others have a wrong bit, and of these one is left as it came. */
const operations = {
  seal: "ccm.seal(sent, 1, 1, 14, 14 + text)",
  open: "if (!ccm.open(sealed[next++], 0, 0, 13, 13 + text)) throw new Error('refused')",
  refuse: "if (ccm.open(forged, 0, 0, 13, 13 + text, false)) throw new Error('accepted')",
  refuseAndRestore: "if (ccm.open(forged, 0, 0, 13, 13 + text)) throw new Error('accepted')",
  encryptBlock: "cipher.encrypt(block, block)",
};
export type SealingOperation = keyof typeof operations;
export const sealingOperations = Object.keys(operations) as SealingOperation[];

export type Sealing = Record<SealingOperation, OperationCost>;

export interface SealingMemory {
  /** The key schedule of the cipher apart, which is the platform's. */
  firstKeyBytes: number;
  furtherKeyBytes: number;
  /** By the compiler inside the 32-bit engine. */
  bytecodeBytes: number;
}

function script(): Promise<string> {
  return bundle(join(import.meta.dirname, "../../platform/shared/ccm.ts"), "sealing", { isInlined: true });
}

const SETUP = `
  const text = ${TEXT_BYTES};
  const cipher = host.aes(new ArrayBuffer(16)), block = new ArrayBuffer(16);
  const ccm = new sealing.BlockCcm(cipher);
  const sent = new Uint8Array(1500);
  const sealed = [];
  for (let i = 0; i < ${RUNS + WARM_UP_RUNS}; i++) {
    const bytes = new Uint8Array(13 + text + 8).fill(i);
    ccm.seal(bytes, 0, 0, 13, 13 + text);
    sealed.push(bytes);
  }
  const forged = sealed[0].slice();
  forged[20] ^= 1;
  let next = 0;`;

export async function measureSealing(engine: Engine): Promise<Sealing> {
  const worker = await XsWorker.start(engine, { callTimeoutMs: 300_000 });
  try {
    await worker.load(await script());
    const costs: Partial<Sealing> = {};
    for (const name of sealingOperations) {
      const operation = { setup: SETUP, run: operations[name], runs: RUNS, warmUpRuns: WARM_UP_RUNS };
      costs[name] = await measure(worker, operation);
    }
    return costs as Sealing;
  } finally {
    await worker.close();
  }
}

/** On the engine with a device's sizes. */
export async function measureSealingMemory(): Promise<SealingMemory> {
  const worker = await XsWorker.start("ia32");
  try {
    const { spent } = await worker.load(await script());
    await worker.load(`
      const cipher = host.aes(new ArrayBuffer(16)), kept = { blocks: null, first: null, further: null };
      const make = (blocks) => new sealing.BlockCcm(cipher, blocks);
      make(new sealing.Blocks());
      0`);
    const before = await liveMemory(worker);
    await worker.evaluate("kept.first = make(kept.blocks = new sealing.Blocks()); 0");
    const first = await liveMemory(worker);
    await worker.evaluate("kept.further = make(kept.blocks); 0");
    const further = await liveMemory(worker);
    return {
      firstKeyBytes: first.bytes - before.bytes,
      furtherKeyBytes: further.bytes - first.bytes,
      bytecodeBytes: spent.bytecodeBytes,
    };
  } finally {
    await worker.close();
  }
}
