import type { Codec } from "../../core/index.js";
import type { Seal } from "../../platform/shared/seal.js";
import type { Books } from "./books.js";
import type { Naming } from "./identities.js";
import type { Network } from "./network.js";
import type { Queue } from "./queue.js";
import type { HostValues } from "./values.js";

/** What a host, and the node on it, sees of the world that it is in. */
export interface Environment {
  readonly nowMs: number;
  readonly queue: Queue;
  readonly network: Network;
  readonly books: Books;
  readonly naming: Naming;
  readonly codec: Codec;
  /** Whether a host that thaws runs its timers before it reads its socket. */
  readonly timersFirst: boolean;
  /** Makes the seal of a host's core when it starts; undefined where nothing is sealed. */
  readonly sealFor: ((host: number) => Seal) | undefined;
  /** Makes what the host's core keeps of what members publish, when it starts; undefined where nobody has values. */
  readonly valuesFor: ((host: number) => HostValues) | undefined;
  /** An identity in bytes. */
  encode(identity: unknown): Uint8Array;
  /** The host of an identity as a value. */
  hostOf(identity: unknown): number;
  /** Ends a run that would not come to an end. */
  storm(text: string): void;
}
