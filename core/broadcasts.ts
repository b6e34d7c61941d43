import { SwimError } from "./status.js";
import type { IdentityRef } from "./codec.js";
import { Metric } from "./metrics.js";

/** Says which queued broadcasts a newer one replaces. foca: `Invalidates`. */
export interface BroadcastKey {
  /** Whether the broadcast with this key replaces the queued one with the key `other`. */
  invalidates(other: this): boolean;
}

/**
 * Your rules for custom broadcasts. foca: `BroadcastHandler`. These methods must not call methods of the `Swim` that
 * change or send something. When `receiveItem` throws, the datagram ends with `Status.CustomBroadcast`. When
 * `shouldAddBroadcastData` throws, the exception reaches the caller of the `Swim` method that was running.
 */
export interface BroadcastHandler<T, K extends BroadcastKey = BroadcastKey> {
  /**
   * Judges one broadcast. Return its key when it is news that others should get, too; return null when it is old or
   * known. A handler that always returns a key makes the members send the item to each other for ever.
   * @param item the bytes; they are valid only until this method returns, so copy what you keep
   * @param sender the member that passed the item on, which need not be its origin; undefined for `addBroadcast`
   */
  receiveItem(item: Uint8Array, sender: T | undefined): K | null;
  /**
   * Does the same without allocating an object for each item: the item is `bytes[start..end]`. When it is there, it is
   * called and `receiveItem` is not.
   */
  receiveItemAt?(bytes: Uint8Array, start: number, end: number, sender: IdentityRef<T> | undefined): K | null;
  /** Whether datagrams to `member` should carry broadcasts; all do when this method is left out. */
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
  private readonly metrics: Uint32Array;

  /** @param metrics the counters, by `Metric` */
  constructor(metrics: Uint32Array) {
    this.metrics = metrics;
  }

  get length(): number {
    return this.entries.length;
  }

  /**
   * Keeps a copy of `bytes[start..end]` for `transmissions` sends, in the place of what its key invalidates. Others,
   * the most-sent first, are dropped and counted to stay within the limits; the new one itself is, when it alone
   * exceeds them.
   */
  add(
    key: BroadcastKey,
    bytes: Uint8Array,
    start: number,
    end: number,
    transmissions: number,
    maxBroadcasts: number,
    maxBytes: number,
  ): void {
    const metrics = this.metrics;
    for (let i = this.entries.length - 1; i >= 0; i--) {
      if (!key.invalidates(this.entries[i].key)) continue;
      if (this.entries[i].remaining >= transmissions) metrics[Metric.ReplacedBroadcasts]++;
      this.entries.splice(i, 1);
    }
    if (maxBroadcasts === 0 || end - start > maxBytes) {
      metrics[Metric.DroppedBroadcasts]++;
      return;
    }
    let queuedBytes = 0;
    for (let i = 0; i < this.entries.length; i++) queuedBytes += this.entries[i].bytes.length;
    while (this.entries.length >= maxBroadcasts || queuedBytes + end - start > maxBytes) {
      queuedBytes -= (this.entries.pop() as Entry).bytes.length;
      metrics[Metric.DroppedBroadcasts]++;
    }
    const entry = { key, bytes: bytes.slice(start, end), remaining: transmissions };
    this.entries.push(entry);
    this.sink(this.entries.length - 1);
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
}

function comesBefore(a: Entry, b: Entry): boolean {
  if (a.remaining !== b.remaining) return a.remaining > b.remaining;
  return a.bytes.length > b.bytes.length;
}

/** @throws TypeError, RangeError or SwimError `DataTooBig` when `data` cannot be a custom broadcast of at most `most` bytes */
export function checkBroadcast(data: Uint8Array, most: number): void {
  if (!(data instanceof Uint8Array)) throw new TypeError("addBroadcast: expected a Uint8Array");
  if (data.length === 0) throw new RangeError("addBroadcast: there must be at least one byte");
  if (data.length > most)
    throw new SwimError("DataTooBig", "addBroadcast: at most " + most + " bytes, got " + data.length);
}
