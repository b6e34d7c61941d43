/** How datagrams fare: `platform/fake`'s `LinkFaults`, for the whole network. Parts are from 0 to 1. */
export interface Faults {
  /** The least delay, and what chance adds to it at most. */
  latencyMs: number;
  jitterMs: number;
  /** The part that is lost. */
  loss: number;
  /** The part that arrives twice, each copy delayed on its own. */
  duplication: number;
  /** The part that is held back by up to `reorderMs`. */
  reordering: number;
  reorderMs: number;
  /** The part of which one to four bits are turned over. */
  corruption: number;
}

export const PERFECT: Faults = Object.freeze({
  latencyMs: 1,
  jitterMs: 0,
  loss: 0,
  duplication: 0,
  reordering: 0,
  reorderMs: 50,
  corruption: 0,
});
