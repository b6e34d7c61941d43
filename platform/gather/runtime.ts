import { refuseUnknown } from "../../core/checks.js";
import type { IdentityRef, Runtime } from "../../core/index.js";
import { Queue } from "./queue.js";

/** What a `GatheringRuntime` is made with. */
export interface GatheringOptions {
  /** Milliseconds of a clock that never goes back. */
  now: () => number;
  /** The most datagrams that wait, 256 when left out; each takes up to `maxPacketSize` bytes. */
  maxDatagrams?: number;
  /** The most notifications that wait; 256 when left out. */
  maxNotifications?: number;
}

/** A datagram that is to be sent. */
export interface Datagram<T> {
  /** The member that it is for. */
  to: T;
  /** The whole datagram, in bytes of its own. */
  data: Uint8Array;
}

/** Something that happened, as the method of that name of `Runtime` tells it. */
export type Notification<T> =
  | { kind: "memberUp" | "memberDown" | "rejoin" | "memberRefused"; identity: T }
  | { kind: "rename"; before: T; after: T }
  | { kind: "active" | "idle" | "defunct" }
  | { kind: "probeFailed"; probeNumber: number; identity: T };

/**
 * A runtime for those who would rather drain than be called: it gathers what the core wants done, and the program takes
 * it out after each call of `Swim`, until `backlog` is 0. foca: `AccumulatingRuntime`.
 *
 * What finds no room is dropped and counted. A dropped datagram is like one that the network lost, which SWIM stands.
 * After a dropped notification (`droppedNotifications` grew), read `Swim.members()`, which has all that is known.
 */
export class GatheringRuntime<T> implements Runtime<T> {
  private readonly clock: () => number;
  private readonly datagrams: Queue<Datagram<T>>;
  private readonly notifications: Queue<Notification<T>>;
  /** When `Swim.handleTimer` is to be called, by the clock; Infinity when nobody asked since it was taken. */
  private wakeMs = Infinity;

  /** @throws TypeError or RangeError that names the option that is wrong. */
  constructor(options: GatheringOptions) {
    if (options === null || typeof options !== "object" || typeof options.now !== "function")
      throw new TypeError("GatheringRuntime: now must be a function that gives milliseconds");
    refuseUnknown("GatheringRuntime", options, ["now", "maxDatagrams", "maxNotifications"]);
    this.clock = options.now;
    this.datagrams = new Queue(limitOf(options, "maxDatagrams"));
    this.notifications = new Queue(limitOf(options, "maxNotifications"));
  }

  /** Takes the oldest datagram that waits to be sent; undefined when none is left. */
  toSend(): Datagram<T> | undefined {
    return this.datagrams.take();
  }

  /**
   * Takes the wish to be woken: in how many milliseconds from now `Swim.handleTimer` is to be called, in the place of
   * any earlier wish. undefined when there is no new one.
   */
  toSchedule(): number | undefined {
    if (this.wakeMs === Infinity) return undefined;
    const ms = Math.max(0, this.wakeMs - this.clock());
    this.wakeMs = Infinity;
    return ms;
  }

  /** Takes the oldest notification; undefined when none is left. */
  toNotify(): Notification<T> | undefined {
    return this.notifications.take();
  }

  /** How many datagrams, wishes and notifications wait to be taken. */
  get backlog(): number {
    return this.datagrams.length + this.notifications.length + (this.wakeMs === Infinity ? 0 : 1);
  }

  /** How many datagrams found no room. */
  get droppedDatagrams(): number {
    return this.datagrams.dropped;
  }

  /** How many notifications found no room. */
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
