import type { Status } from "../../core/index.js";

/** What runs on a host: our core, which has all of this by itself, or foca. */
export interface Node {
  readonly isConnected: boolean;
  readonly isDefunct: boolean;
  /** Active members, without itself. */
  readonly numMembers: number;
  /** What it makes of a datagram; foca notes by itself what it refuses. */
  handleData(data: Uint8Array, start: number, end: number): Status | undefined;
  handleTimer(): void;
  announce(to: unknown): void;
  /** Whether an active member is at the address of `identity`. */
  knows(identity: unknown): boolean;
  leaveCluster(): void;
}
