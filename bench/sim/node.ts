/** What runs on a host: our core, which has all of this by itself, or foca. */
export interface Node {
  readonly isConnected: boolean;
  readonly isDefunct: boolean;
  /** Active members, without itself. */
  readonly numMembers: number;
  handleData(data: Uint8Array, length: number): unknown;
  handleTimer(): void;
  announce(to: unknown): void;
  /** Whether an active member is at the address of `identity`. */
  knows(identity: unknown): boolean;
  leaveCluster(): void;
}
