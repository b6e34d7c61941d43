import { refuseUnknown } from "../../core/checks.js";
import type { IdentityRef, Runtime } from "../../core/index.js";
import { Queue } from "./queue.js";

/** The options of a `GatheringRuntime`. */
export interface GatheringOptions {
  /** Returns the time of a clock that never goes back, in milliseconds. */
  now: () => number;
  /** How many datagrams can wait, 1 to 65,535; 256 when left out. Each takes up to `maxPacketSize` bytes of memory. */
  maxDatagrams?: number;
  /** How many notifications can wait, 1 to 65,535; 256 when left out. */
  maxNotifications?: number;
}

/** A datagram that the program has to send. */
export interface Datagram<T> {
  /** The member to send it to. */
  to: T;
  /** The datagram. The array is a copy, so you may keep it. */
  data: Uint8Array;
}

/** Something that happened. `kind` is the name of the `Runtime` method that describes it. */
export type Notification<T> =
  | {
      /** Which notification this is. */
      kind: "memberUp" | "memberDown" | "rejoin" | "memberRefused";
      /** The member; for `rejoin` the new identity of this node. */
      identity: T;
    }
  | {
      /** Which notification this is. */
      kind: "rename";
      /** The identity that was known before. */
      before: T;
      /** The newer identity with the same address. */
      after: T;
    }
  | {
      /** Which notification this is. */
      kind: "active" | "idle" | "defunct";
    }
  | {
      /** Which notification this is. */
      kind: "probeFailed";
      /** The number of the probe, 0 to 255. */
      probeNumber: number;
      /** The member that did not answer. */
      identity: T;
    };

/**
 * A runtime for programs that would rather ask what is to be done than be called. It gathers what the core wants
 * done. After each call of a `Swim` method, take it out with `toSend`, `toSchedule` and `toNotify`, until `backlog`
 * is 0. foca: `AccumulatingRuntime`.
 *
 * When a queue is full, further items are dropped and counted. A dropped datagram does no more harm than one that the
 * network lost. When `droppedNotifications` has grown, read `Swim.members()`, which has the whole list.
 */
export class GatheringRuntime<T> implements Runtime<T> {
  private readonly clock: () => number;
  private readonly datagrams: Queue<Datagram<T>>;
  private readonly notifications: Queue<Notification<T>>;
  /**
   * When `Swim.handleTimer` is to be called, by the clock; Infinity when the core has asked for nothing since
   * `toSchedule`.
   */
  private wakeMs = Infinity;

  /** @throws TypeError or RangeError that names the wrong option. */
  constructor(options: GatheringOptions) {
    if (options === null || typeof options !== "object" || typeof options.now !== "function")
      throw new TypeError("GatheringRuntime: now must be a function that returns milliseconds");
    refuseUnknown("GatheringRuntime", options, ["now", "maxDatagrams", "maxNotifications"]);
    this.clock = options.now;
    this.datagrams = new Queue(limitOf(options, "maxDatagrams"));
    this.notifications = new Queue(limitOf(options, "maxNotifications"));
  }

  /** Takes out the oldest datagram that waits to be sent; returns undefined when there is none. */
  toSend(): Datagram<T> | undefined {
    return this.datagrams.take();
  }

  /**
   * Takes out the wake-up that the core asked for: returns in how many milliseconds from now to call
   * `Swim.handleTimer`. It replaces the wake-up that you took out before. Returns undefined when the core asked for
   * nothing new.
   */
  toSchedule(): number | undefined {
    if (this.wakeMs === Infinity) return undefined;
    const ms = Math.max(0, this.wakeMs - this.clock());
    this.wakeMs = Infinity;
    return ms;
  }

  /** Takes out the oldest notification; returns undefined when there is none. */
  toNotify(): Notification<T> | undefined {
    return this.notifications.take();
  }

  /** How many datagrams, wake-ups and notifications wait to be taken out. */
  get backlog(): number {
    return this.datagrams.length + this.notifications.length + (this.wakeMs === Infinity ? 0 : 1);
  }

  /** How many datagrams were dropped because `maxDatagrams` were waiting. */
  get droppedDatagrams(): number {
    return this.datagrams.dropped;
  }

  /** How many notifications were dropped because `maxNotifications` were waiting. */
  get droppedNotifications(): number {
    return this.notifications.dropped;
  }

  /** For the core. */
  now(): number {
    return this.clock();
  }

  /** For the core. */
  sendTo(to: IdentityRef<T>, data: Uint8Array, start: number, end: number): void {
    if (this.datagrams.hasRoom()) this.datagrams.add({ to: to.value, data: data.slice(start, end) });
  }

  /** For the core. */
  submitAfter(ms: number): void {
    this.wakeMs = this.clock() + ms;
  }

  /** For the core. */
  memberUp(identity: T): void {
    this.notify({ kind: "memberUp", identity });
  }

  /** For the core. */
  memberDown(identity: T): void {
    this.notify({ kind: "memberDown", identity });
  }

  /** For the core. */
  rename(before: T, after: T): void {
    this.notify({ kind: "rename", before, after });
  }

  /** For the core. */
  active(): void {
    this.notify({ kind: "active" });
  }

  /** For the core. */
  idle(): void {
    this.notify({ kind: "idle" });
  }

  /** For the core. */
  defunct(): void {
    this.notify({ kind: "defunct" });
  }

  /** For the core. */
  rejoin(identity: T): void {
    this.notify({ kind: "rejoin", identity });
  }

  /** For the core. */
  memberRefused(identity: T): void {
    this.notify({ kind: "memberRefused", identity });
  }

  /** For the core. */
  probeFailed(probeNumber: number, identity: T): void {
    this.notify({ kind: "probeFailed", probeNumber, identity });
  }

  private notify(notification: Notification<T>): void {
    if (this.notifications.hasRoom()) this.notifications.add(notification);
  }
}

const DEFAULT_LIMIT = 256;
const LARGEST_LIMIT = 0xffff;

function limitOf(options: GatheringOptions, name: "maxDatagrams" | "maxNotifications"): number {
  const limit = options[name] ?? DEFAULT_LIMIT;
  if (Number.isInteger(limit) && limit >= 1 && limit <= LARGEST_LIMIT) return limit;
  throw new RangeError("GatheringRuntime: " + name + " must be an integer from 1 to " + LARGEST_LIMIT);
}
