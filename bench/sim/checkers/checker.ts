import type { State } from "../../../core/index.js";
import type { Transition } from "../beliefs.js";

/** Something that no core may do. */
export interface Violation {
  checker: string;
  atMs: number;
  text: string;
}

/**
 * Watches a run, apart from the core: it is told what changes, and keeps books of its own. What it finds it
 * reports to the world.
 */
export interface Checker {
  /** A host holds something else of another now. */
  transition?(transition: Transition): void;
  /** A host starts, and holds nothing yet. */
  started?(host: number): void;
  /** A host keeps that version of a record now: another's, or its own. */
  kept?(observer: number, subject: number, version: number): void;
  /** A host has another incarnation of its own. */
  incarnated?(host: number, incarnation: number, before: number): void;
  /** A host was told its own state; `isAnswered` when its incarnation is higher now, or it is another, or defunct. */
  heardOfSelf?(host: number, incarnation: number, state: State, isAnswered: boolean): void;
  /** A host renewed its identity by itself. */
  renewed?(host: number, life: number, before: number): void;
  /** A virtual second has passed. */
  second?(): void;
}
