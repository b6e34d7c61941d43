// Mutated sealed datagrams by the hundred thousand, of which none is opened. `npm run fuzz:seal` makes it ten million.
import { describe, expect, test } from "vitest";
import { NodePrimitives } from "../../platform/node/seal.js";
import { BlockCcm } from "../../platform/shared/ccm.js";
import { Seal as SharedSeal, SEAL_OVERHEAD, type SealPrimitives } from "../../platform/shared/seal.js";
import { SealMetric } from "../../platform/shared/seal-metrics.js";
import { runs } from "../support/fuzz.js";
import { NodeCipher } from "../support/node-cipher.js";
import { seeded } from "../support/random.js";
import { KEY, OTHER } from "../support/keys.js";
import { makeSeal, sealed, stateOf, textOf } from "../support/sealing.js";

/** Datagrams to be mutated, of many lengths. */
const POOL = 64;
/** Room for the longest, and for what is put behind it. */
const LONGEST = 600;
const MINUTE_MS = 60_000;

/** Makes forgeries out of true datagrams. */
class Forger {
  /** Where the last forgery is, from 0 on; a copy is what `Seal.open` is handed. */
  readonly bytes = Buffer.alloc(LONGEST);
  length = 0;
  private readonly pool: Uint8Array[];
  private readonly random: () => number;

  constructor(seed: number) {
    this.random = seeded(seed);
    const from = [makeSeal({ keys: [KEY, OTHER] }), makeSeal({ keys: [OTHER, KEY] })];
    this.pool = Array.from({ length: POOL }, (_, i) => sealed(from[i & 1], textOf((i * i) % 450)));
  }

  /** The next one. It is no datagram of the pool, and begins like a sealed one. */
  next(): void {
    const source = this.pool[this.below(POOL)];
    do {
      this.bytes.set(source);
      this.length = source.length;
      this.mutate(source);
      this.bytes[0] = 0xe0 | (this.bytes[0] & 1);
    } while (this.pool.some((datagram) => this.is(datagram)));
  }

  private mutate(source: Uint8Array): void {
    const { bytes } = this;
    const times = 1 + this.below(3);
    for (let i = 0; i < times; i++) {
      const at = this.below(this.length);
      const other = this.pool[this.below(POOL)];
      switch (this.below(8)) {
        case 0: // A bit.
          bytes[at] ^= 1 << this.below(8);
          break;
        case 1: // A byte.
          bytes[at] = this.random();
          break;
        case 2: // Shorter.
          this.length = Math.max(SEAL_OVERHEAD, at);
          break;
        case 3: // Longer.
          this.length = Math.min(LONGEST, this.length + 1 + this.below(40));
          break;
        case 4: // The nonce of another.
          bytes.set(other.subarray(0, 13));
          break;
        case 5: // The tag of another.
          bytes.set(other.subarray(other.length - 8), this.length - 8);
          break;
        case 6: // The end of another.
          bytes.set(other.subarray(Math.min(at, other.length)), Math.min(at, other.length));
          break;
        default: // Bytes that change places.
          bytes.copyWithin(at, this.below(source.length), this.below(source.length));
      }
    }
  }

  private is(datagram: Uint8Array): boolean {
    if (datagram.length !== this.length) return false;
    return this.bytes.compare(datagram, 0, datagram.length, 0, this.length) === 0;
  }

  private below(limit: number): number {
    return (this.random() >>> 0) % limit;
  }
}

/** Hands over so many forgeries. None is opened; where plain datagrams are taken, each is handed on as it came. */
function forge(seal: SharedSeal, count: number, seed: number): void {
  const forger = new Forger(seed);
  const state = stateOf(seal);
  const handed = Buffer.alloc(LONGEST);
  const takesPlain = seal.sealing === "accept";
  for (let i = 0; i < count; i++) {
    forger.next();
    const { bytes, length } = forger;
    bytes.copy(handed, 0, 0, length);
    const isTaken = seal.open(handed, 0, length);
    if (isTaken !== takesPlain || seal.start !== 0)
      throw new Error("taken: " + bytes.toString("hex", 0, length));
    if (takesPlain && handed.compare(bytes, 0, length, 0, length) !== 0)
      throw new Error("changed: " + bytes.toString("hex", 0, length));
  }
  expect(stateOf(seal)).toBe(state);
  const { Forged, TakenPlain } = SealMetric;
  expect([Forged, TakenPlain].map((at) => seal.metrics[at])).toEqual([count, takesPlain ? count : 0]);
  expect(seal.metrics.reduce((sum, n) => sum + n, 0)).toBe(takesPlain ? 2 * count : count);
}

const nodes = new NodePrimitives();
const ours: SealPrimitives = {
  makeCcm: (secret) => new BlockCcm(new NodeCipher(secret)),
  fillUnique: (bytes) => nodes.fillUnique(bytes),
  failed: nodes.failed,
};

describe("mutated sealed datagrams", () => {
  test.each([
    ["the-cipher-of-node", "require", nodes, 100_000],
    ["the-cipher-of-node", "accept", nodes, 10_000],
    ["our-own-mode-over-a-block-cipher", "require", ours, 2000],
    ["our-own-mode-over-a-block-cipher", "accept", ours, 2000],
  ] as const)("are-not-opened-by-%s-in-%s", { timeout: 30 * MINUTE_MS }, (_of, sealing, primitives, most) => {
    const { numRuns, seed } = runs(most);
    // It has opened nothing before, so that no replay is refused before its tag is looked at.
    forge(new SharedSeal({ keys: [KEY, OTHER], sealing }, primitives), numRuns ?? 0, seed ?? 0);
  });
});
