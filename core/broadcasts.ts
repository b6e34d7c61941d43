import type { IdentityRef } from "./codec.js";

/** Tells which broadcasts a newer one makes pointless. foca: `Invalidates`. */
export interface BroadcastKey {
  /** Whether the broadcast with this key takes the place of the one with the `other` key. */
  invalidates(other: this): boolean;
}

/**
 * What a user does with custom broadcasts. foca: `BroadcastHandler`. None of these may call the `Swim` that
 * calls them. What `receiveItem` throws ends the datagram with `Status.CustomBroadcast`; what
 * `shouldAddBroadcastData` throws goes to who called the `Swim`.
 */
export interface BroadcastHandler<T, K extends BroadcastKey = BroadcastKey> {
  /**
   * Judges one broadcast: its key when it is news that others should hear too, null when it is stale or known.
   * A handler that always answers with a key keeps the cluster chattering for ever.
   * `item` is good only until this returns; copy what you keep. `sender` passed it on (it need not be its
   * origin) and is undefined for `addBroadcast`.
   */
  receiveItem(item: Uint8Array, sender: T | undefined): K | null;
  /** As `receiveItem`, without an object for each item: the item is `bytes[start..end]`. Preferred when present. */
  receiveItemAt?(bytes: Uint8Array, start: number, end: number, sender: IdentityRef<T> | undefined): K | null;
  /** Whether datagrams to this member should carry broadcasts; yes when left out. */
  shouldAddBroadcastData?(member: T): boolean;
}

interface Entry {
  readonly key: BroadcastKey;
  readonly bytes: Uint8Array;
  remaining: number;
}

/** The custom broadcasts still to be sent, the least-sent first, of equals the longer first. */
export class Broadcasts {
  private readonly entries: Entry[] = [];

  get length(): number {
    return this.entries.length;
  }

  /**
   * Keeps a copy of `bytes[start..end]` for `transmissions` sends, in the place of what its key invalidates.
   * Returns how many others, the most-sent first, were dropped to stay within the limits; the new one itself is
   * dropped, and counted, when it alone exceeds them.
   */
  add(
    key: BroadcastKey,
    bytes: Uint8Array,
    start: number,
    end: number,
    transmissions: number,
    maxBroadcasts: number,
    maxBytes: number,
  ): number {
    for (let i = this.entries.length - 1; i >= 0; i--) {
      if (key.invalidates(this.entries[i].key)) this.removeAt(i);
    }
    if (maxBroadcasts === 0 || end - start > maxBytes) return 1;
    let dropped = 0;
    let queuedBytes = 0;
    for (let i = 0; i < this.entries.length; i++) queuedBytes += this.entries[i].bytes.length;
    while (this.entries.length >= maxBroadcasts || queuedBytes + end - start > maxBytes) {
      const last = this.entries.length - 1;
      queuedBytes -= this.entries[last].bytes.length;
      this.removeAt(last);
      dropped++;
    }
    const entry = { key, bytes: bytes.slice(start, end), remaining: transmissions };
    this.entries.push(entry);
    this.sink(this.entries.length - 1);
    return dropped;
  }

  /** Whether a broadcast is queued that was not sent yet. */
  hasUnsent(maxTransmissions: number): boolean {
    return this.entries.length > 0 && this.entries[0].remaining >= maxTransmissions;
  }

  /** Writes length-prefixed broadcasts into `out` from `at` on; returns the position after the last. */
  fill(out: Uint8Array, at: number, end: number): number {
    const entries = this.entries;
    let sent = 0;
    for (let i = 0; i < entries.length && end - at > 2; i++) {
      const entry = entries[i];
      const length = entry.bytes.length;
      if (at + 2 + length > end) continue;
      out[at] = length >> 8;
      out[at + 1] = length & 255;
      out.set(entry.bytes, at + 2);
      at += 2 + length;
      entry.remaining--;
      sent++;
    }
    if (sent > 0) this.settle();
    return at;
  }

  /** Drops what was sent often enough and restores the order. */
  private settle(): void {
    const entries = this.entries;
    let kept = 0;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i];
      if (entry.remaining === 0) continue;
      entries[kept] = entry;
      this.sink(kept);
      kept++;
    }
    entries.length = kept;
  }

  /** Moves the entry at `index` before those that come after it. */
  private sink(index: number): void {
    const entries = this.entries;
    const entry = entries[index];
    while (index > 0 && comesBefore(entry, entries[index - 1])) {
      entries[index] = entries[index - 1];
      index--;
    }
    entries[index] = entry;
  }

  private removeAt(index: number): void {
    const entries = this.entries;
    for (let i = index + 1; i < entries.length; i++) entries[i - 1] = entries[i];
    entries.length--;
  }
}

function comesBefore(a: Entry, b: Entry): boolean {
  if (a.remaining !== b.remaining) return a.remaining > b.remaining;
  return a.bytes.length > b.bytes.length;
}
