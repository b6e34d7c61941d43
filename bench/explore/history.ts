/** Something that a foca was asked to do. */
export interface Call {
  readonly operation: number;
  readonly nowMs: number;
  readonly payload: Uint8Array;
}

/** All that was ever asked of a foca: it is the same when all is asked again. */
export interface FocaHistory {
  /** The life that it began with. */
  readonly firstLife: number;
  readonly calls: readonly Call[];
  readonly dueMs: number;
}
