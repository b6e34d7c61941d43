import { State } from "../../core/index.js";
import type { FocaHistory } from "./history.js";
import type { Image } from "./image.js";

/** How a host holds another: its life and incarnation, and how it is seen. */
export interface Held {
  readonly life: number;
  readonly incarnation: number;
  readonly state: State;
}

/** A host at one moment, whatever the others do. Those that mean the same are one. */
export interface Local {
  readonly id: number;
  readonly host: number;
  /** The life that its identity names; of one that is off, the last that it had. */
  readonly life: number;
  /** The highest life that it ever had. */
  readonly topLife: number;
  /** The highest incarnation of its present life. */
  readonly incarnation: number;
  readonly isOn: boolean;
  /** All that its core holds; undefined for a host that is off, and for foca. */
  readonly image: Image | undefined;
  /** All that its foca was asked; undefined where our core runs. */
  readonly foca: FocaHistory | undefined;
  readonly nowMs: number;
  /** Whether its program left the cluster, and has not come back. */
  readonly hasLeft: boolean;
  readonly isDefunct: boolean;
  /** Whether something is to come with time. */
  readonly hasDeadline: boolean;
  /** By host; undefined for one that it does not know. */
  readonly held: readonly (Held | undefined)[];
  /** By host: how many turns of the round others had since it had one, or was heard. */
  readonly waits: readonly number[];
  /** Helpers that were asked for the present probe: bits by host. */
  readonly asked: number;
  /** The number of the probe whose target has not answered yet, by itself or a helper; -1 when there is none. */
  readonly openProbe: number;
  /** For each way to turn the circle, a hash of 64 bits in two halves. */
  readonly hashes: Int32Array;
}

/** Whether a host sees another as Alive or Suspect. */
export function isActive(held: Held | undefined): boolean {
  return held !== undefined && held.state !== State.Down;
}
