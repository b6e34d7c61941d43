import type { BroadcastHandler } from "../../core/broadcasts.js";
import { hex } from "./assert.js";

export interface Item {
  key: number;
  invalidates(other: Item): boolean;
}

/** Broadcasts that are `key, version, payload…`: keeps what is newer than all it saw of the key, refuses `ff…`. */
export class VersionedItems implements BroadcastHandler<unknown, Item> {
  readonly received: string[] = [];
  private readonly versions = new Map<number, number>();

  receiveItem(item: Uint8Array, _sender?: unknown): Item | null {
    this.received.push(hex(item));
    if (item[0] === 0xff) throw new Error("refused");
    const key = item[0];
    const version = item[1] ?? 0;
    if (version <= (this.versions.get(key) ?? -1)) return null;
    this.versions.set(key, version);
    return { key, invalidates: (other) => other.key === key };
  }
}
