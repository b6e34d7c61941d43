// Seals for tests on Node: with keys of their own, and all that they know laid open.
import { equal, hex } from "./assert.js";
import { KEY } from "./keys.js";
import { Seal } from "../../platform/node/seal.js";
import {
  SEAL_HEADROOM,
  SEAL_TAILROOM,
  type Seal as SharedSeal,
  type SealOptions,
} from "../../platform/shared/seal.js";
import { SealMetric } from "../../platform/shared/seal-metrics.js";

export function makeSeal(options: Partial<SealOptions> = {}): Seal {
  return new Seal({ keys: [KEY], ...options });
}

/** `length` bytes that are no repetition. */
export function textOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 167 + (i >> 3)) & 255);
}

/** What a seal makes of a text: the datagram as it is sent. */
export function sealed(seal: Seal, text: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(SEAL_HEADROOM + text.length + SEAL_TAILROOM);
  bytes.set(text, SEAL_HEADROOM);
  seal.seal(bytes, SEAL_HEADROOM, SEAL_HEADROOM + text.length);
  return bytes.slice(seal.start, seal.end);
}

/** The text of a datagram that came in; undefined when it was refused. It does not change the datagram. */
export function opened(seal: Seal, datagram: Uint8Array): Uint8Array | undefined {
  const bytes = datagram.slice();
  return seal.open(bytes, 0, bytes.length) ? bytes.slice(seal.start, seal.end) : undefined;
}

/** All that a seal knows but its counters: keys and mode, the next nonce, and what came of whom. */
export function stateOf(seal: SharedSeal): string {
  const { rows, count, arrivals, last } = seal["replays"] as unknown as Record<string, unknown>;
  const { first, second, boot, sequence } = seal["nonces"] as unknown as Record<string, unknown>;
  const seen = Array.from(rows as Int32Array);
  const next = [first, second, boot, sequence];
  return JSON.stringify([seal["ids"], seal["sender"], seal.sealing, next, seen, count, arrivals, last]);
}

/** The counters that are not 0, by name. */
export function counted(seal: Seal): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [name, at] of Object.entries(SealMetric))
    if (seal.metrics[at] !== 0) counts[name] = seal.metrics[at];
  return counts;
}

/** Hands a datagram over, and says what was counted; all else must be as before. */
export function refusal(seal: Seal, datagram: Uint8Array): string {
  const state = stateOf(seal);
  const before = counted(seal);
  const bytes = datagram.slice();
  equal(seal.open(bytes, 0, bytes.length), false, "whether it is taken");
  // Where all must be sealed nobody reads on what was refused.
  if (seal.sealing !== "require") equal(hex(bytes), hex(datagram), "bytes");
  equal([seal.start, seal.end], [0, datagram.length]);
  equal(stateOf(seal), state, "state");
  const raised = Object.entries(counted(seal)).filter(([name, count]) => count !== (before[name] ?? 0));
  equal(
    raised.map(([name, count]) => count - (before[name] ?? 0)),
    [1],
  );
  return raised[0][0];
}

/** The same for many, none of which may be taken; how often which counter was raised. */
export function refusals(seal: Seal, datagrams: Iterable<Uint8Array>): Record<string, number> {
  const tally: Record<string, number> = {};
  for (const datagram of datagrams) {
    const name = refusal(seal, datagram);
    tally[name] = (tally[name] ?? 0) + 1;
  }
  return tally;
}
