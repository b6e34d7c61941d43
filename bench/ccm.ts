// Times AES-128-CCM on Node: ours beside the obvious way, which makes a cipher for each datagram. The least of many short
// rounds, in turns, in one process:
//   node --import ./host-tests/support/typescript-loader.mjs bench/ccm.ts
import { createCipheriv, createDecipheriv } from "node:crypto";
import { CryptoCcm } from "../platform/node/ccm.js";
import { type Ccm, TAG_BYTES } from "../platform/shared/ccm.js";

const ROUNDS = 200;
const RUNS = 500;
const WARM_UP_RUNS = 20_000;
const START = 13;

class ObviousCcm implements Ccm {
  private readonly secret: Uint8Array;

  constructor(secret: Uint8Array) {
    this.secret = secret;
  }

  seal(bytes: Uint8Array, nonceAt: number, dataAt: number, start: number, end: number): void {
    const nonce = bytes.subarray(nonceAt, nonceAt + 13);
    const cipher = createCipheriv("aes-128-ccm", this.secret, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(bytes.subarray(dataAt, start), { plaintextLength: end - start });
    bytes.set(cipher.update(bytes.subarray(start, end)), start);
    cipher.final();
    bytes.set(cipher.getAuthTag(), end);
  }

  open(bytes: Uint8Array, nonceAt: number, dataAt: number, start: number, end: number): boolean {
    const nonce = bytes.subarray(nonceAt, nonceAt + 13);
    const cipher = createDecipheriv("aes-128-ccm", this.secret, nonce, { authTagLength: TAG_BYTES });
    cipher.setAuthTag(bytes.subarray(end, end + TAG_BYTES));
    cipher.setAAD(bytes.subarray(dataAt, start), { plaintextLength: end - start });
    try {
      const text = cipher.update(bytes.subarray(start, end));
      cipher.final();
      bytes.set(text, start);
      return true;
    } catch {
      return false;
    }
  }
}

/** Microseconds of one run. */
function timed(run: () => void): number {
  const begin = process.hrtime.bigint();
  for (let i = 0; i < RUNS; i++) run();
  return Number(process.hrtime.bigint() - begin) / RUNS / 1000;
}

/** What each kind of run takes of a text of so many bytes. */
function runsOf(ccm: Ccm, textBytes: number): Record<string, () => void> {
  const end = START + textBytes;
  const sent = new Uint8Array(end + TAG_BYTES);
  const sealed = Uint8Array.from(sent);
  ccm.seal(sealed, 0, 0, START, end);
  const received = Uint8Array.from(sealed);
  const forged = Uint8Array.from(sealed);
  forged[end] ^= 1;
  return {
    seal: () => ccm.seal(sent, 0, 0, START, end),
    "copy, open": () => {
      received.set(sealed);
      if (!ccm.open(received, 0, 0, START, end)) throw new Error("refused");
    },
    refuse: () => {
      if (ccm.open(forged, 0, 0, START, end)) throw new Error("accepted");
    },
  };
}

function report(textBytes: number): void {
  const secret = new Uint8Array(16).fill(7);
  const ours = runsOf(new CryptoCcm(secret), textBytes);
  const theirs = runsOf(new ObviousCcm(secret), textBytes);
  for (const [name, run] of Object.entries(ours)) {
    const other = theirs[name];
    for (let i = 0; i < WARM_UP_RUNS; i++) {
      run();
      other();
    }
    let least = Infinity;
    let otherLeast = Infinity;
    for (let round = 0; round < ROUNDS; round++) {
      least = Math.min(least, timed(run));
      otherLeast = Math.min(otherLeast, timed(other));
    }
    const title = `${textBytes} bytes, ${name}`.padEnd(24);
    console.log(`${title} ${least.toFixed(2)} µs   a cipher each ${otherLeast.toFixed(2)} µs`);
  }
}

for (const textBytes of [29, 59, 80, 1400]) report(textBytes);
