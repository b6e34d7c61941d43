/** The places of the counters in `Seal.metrics`, a `Uint32Array`. Every counter wraps to 0 at 2^32. */
export const SealMetric = /* @__PURE__ */ Object.freeze({
  /** Datagrams that were sealed. */
  Sealed: 0,
  /** Sealed datagrams that were opened. */
  Opened: 1,
  /** Datagrams that were not sealed, and were taken as they are. */
  TakenPlain: 2,
  /** Refused: not sealed, or not in this version of the frame, where all must be sealed. */
  RefusedPlain: 3,
  /** Refused: under a key that this node does not have. */
  UnknownKey: 4,
  /** Refused: this node's own, sent back. */
  Reflected: 5,
  /** Refused: came before, or is more than 31 datagrams older than the latest from its sender. */
  Replayed: 6,
  /** Refused: not made under the key that it names, or changed on its way. */
  Forged: 7,
});

export const SEAL_METRIC_COUNT = 8;
