// What AES-128-CCM and a whole seal take inside the engines, over a block cipher in C as a device has it.
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
  // The same with nonce, number of the key, and what came before.
  sealFrame: "seal.seal(sent, 13, 13 + text)",
  openFrame: "if (!seal.open(frames[next++], 0, 21 + text)) throw new Error('refused')",
  refuseForgery: "if (seal.open(forgedFrame, 0, 21 + text)) throw new Error('accepted')",
  refuseReplay: "if (seal.open(replay, 0, 21 + text)) throw new Error('accepted')",
  refusePlain: "if (seal.open(plain, 0, text)) throw new Error('accepted')",
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
  /** Of a seal with one key that knows no sender. */
  sealBytes: number;
  perSenderBytes: number;
}

function script(): Promise<string> {
  return bundle(join(import.meta.dirname, "sealed-subject.ts"), "sealing", { isInlined: true });
}

/** How a seal is made in a script: `makeSeal(device)`, whose frames come from that device. */
const MAKE_SEAL = `
  const secret = new Uint8Array(16);
  class Primitives {
    constructor(device) { this.device = device; }
    makeCcm(bytes) { return new sealing.BlockCcm(host.aes(bytes.buffer)); }
    fillUnique(bytes) { return bytes.fill(this.device) !== undefined; }
    failed() {}
  }
  const makeSeal = (device) =>
    new sealing.Seal({ keys: [{ id: 0, secret }], maxSenders: 1000 }, new Primitives(device));`;
const SENDERS = 128;

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
  let next = 0;
  ${MAKE_SEAL}
  const seal = makeSeal(1), sender = makeSeal(2), frames = [];
  for (let i = 0; i < ${RUNS + WARM_UP_RUNS}; i++) {
    const bytes = new Uint8Array(13 + text + 8).fill(i);
    sender.seal(bytes, 13, 13 + text);
    frames.push(bytes);
  }
  const forgedFrame = frames[0].slice();
  forgedFrame[0] = 0xe0;
  forgedFrame[8] = 9;
  const plain = new Uint8Array(text);
  const replay = new Uint8Array(13 + text + 8);
  const recorded = makeSeal(3);
  recorded.seal(replay, 13, 13 + text);
  seal.open(replay.slice(), 0, 21 + text);`;

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
    const { sealBytes, perSenderBytes } = await sealMemory(worker);
    return {
      sealBytes,
      perSenderBytes,
      firstKeyBytes: first.bytes - before.bytes,
      furtherKeyBytes: further.bytes - first.bytes,
      bytecodeBytes: spent.bytecodeBytes,
    };
  } finally {
    await worker.close();
  }
}

async function sealMemory(worker: XsWorker): Promise<Pick<SealingMemory, "sealBytes" | "perSenderBytes">> {
  await worker.load(`
    ${MAKE_SEAL}
    const held = { seal: null };
    makeSeal(1);
    /** Opens a datagram of each of so many senders. */
    const hear = (count) => {
      const bytes = new Uint8Array(80);
      for (let device = 2; device < 2 + count; device++) {
        makeSeal(device).seal(bytes, 13, 72);
        if (!held.seal.open(bytes, 0, 80)) throw new Error("refused");
      }
    };
    0`);
  const before = await liveMemory(worker);
  await worker.evaluate("held.seal = makeSeal(1); 0");
  const made = await liveMemory(worker);
  await worker.evaluate(`hear(${SENDERS}); 0`);
  const heard = await liveMemory(worker);
  return { sealBytes: made.bytes - before.bytes, perSenderBytes: (heard.bytes - made.bytes) / SENDERS };
}
