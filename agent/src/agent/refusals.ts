import { SealMetric, type Seal } from "xswim/sealed";

/** How often they are told at most. */
const PERIOD_MS = 10_000;

/** The counters of what is refused, and how a line for people calls that. */
const REASONS = [
  ["refusedPlain", SealMetric.RefusedPlain, "not sealed"],
  ["unknownKey", SealMetric.UnknownKey, "under an unknown key"],
  ["reflected", SealMetric.Reflected, "our own"],
  ["replayed", SealMetric.Replayed, "replayed"],
  ["forged", SealMetric.Forged, "forged"],
] as const;

/** How many datagrams were refused, by the counters' names. */
export type RefusedCounts = Record<(typeof REASONS)[number][0], number>;

/** Tells how many datagrams a node refused since it last told, once in ten seconds at most. */
export class Refusals {
  private readonly metrics: Uint32Array;
  private readonly tell: (counts: RefusedCounts, text: string) => void;
  /** The counters as they were when they were told. */
  private told: Uint32Array;
  private nextMs = 0;

  constructor(seal: Seal, tell: (counts: RefusedCounts, text: string) => void) {
    this.metrics = seal.metrics;
    this.tell = tell;
    this.told = seal.metrics.slice();
  }

  /** Tells what was refused, if anything was, and if it is time. */
  look(nowMs: number): void {
    if (nowMs < this.nextMs) return;
    const counts: Partial<RefusedCounts> = {};
    const texts: string[] = [];
    for (const [name, metric, text] of REASONS) {
      // A counter wraps to 0 at 2^32.
      const count = (counts[name] = (this.metrics[metric] - this.told[metric]) >>> 0);
      if (count > 0) texts.push(count + " " + text);
    }
    if (texts.length === 0) return;
    this.told = this.metrics.slice();
    this.nextMs = nowMs + PERIOD_MS;
    this.tell(counts as RefusedCounts, texts.join(", "));
  }
}

/** The counters of a seal with their names, such as `opened`. */
export function namedSealMetrics(seal: Seal): Record<string, number> {
  return Object.fromEntries(
    Object.entries(SealMetric).map(([name, metric]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      seal.metrics[metric],
    ]),
  );
}
