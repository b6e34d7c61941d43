import type { Renewable } from "../../core/index.js";
import type { SwimNodeConstructor } from "../shared/node-types.js";
import type { AddressOf, SwimNodeOptions } from "../shared/options.js";
import type { Happening } from "./clock.js";
import type { FakeNetwork } from "./network.js";
import { seededRandom } from "./random.js";
import { SwimNode } from "./swim-node.js";

/** Datagrams that wait for a stalled host, at most; as a real socket, it drops what comes beyond. */
const RECEIVE_QUEUE = 256;

/** What a socket calls: a datagram, and where it came from. */
export type OnDatagram = (bytes: Uint8Array, fromAddress: string, fromPort: number) => void;

/** One timer of a host: set again, it forgets what it was set to. */
export class FakeTimer implements Happening {
  private readonly host: Host;
  private readonly callback: () => void;
  private dueMs = Infinity;
  /** The soonest moment at which this object is planned on the clock. */
  private plannedMs = Infinity;

  constructor(host: Host, callback: () => void) {
    this.host = host;
    this.callback = callback;
  }

  /** Calls back once in `ms` milliseconds, in the place of what was asked for before. */
  set(ms: number): void {
    this.dueMs = this.host.network.nowMs + Math.max(0, ms);
    this.plan(this.dueMs);
  }

  clear(): void {
    this.dueMs = Infinity;
  }

  run(): void {
    // An entry of the clock that an earlier one took the place of.
    if (this.plannedMs !== this.host.network.nowMs) return;
    this.plannedMs = Infinity;
    if (this.dueMs === Infinity) return;
    if (this.host.network.nowMs < this.dueMs) return this.plan(this.dueMs);
    if (this.host.frozenUntilMs > this.host.network.nowMs) return this.plan(this.host.frozenUntilMs);
    this.dueMs = Infinity;
    this.callback();
  }

  private plan(atMs: number): void {
    if (atMs >= this.plannedMs) return;
    const nowMs = this.host.network.nowMs;
    const waitMs = atMs - nowMs;
    this.plannedMs = nowMs + waitMs;
    this.host.network.clock.plan(waitMs, this);
  }
}

/** A machine on the fake network: an address, sockets, timers, and what can happen to a machine. */
export class Host {
  readonly network: FakeNetwork;
  readonly address: string;
  /** How often it was started; a clock-less device's bump. */
  life = 1;
  /** Until when timers and datagrams wait. */
  frozenUntilMs = 0;
  private asleepUntilMs = 0;
  /** `SwimNode` as device code knows it, on this host: `new host.SwimNode({ port: 7946 })`. */
  readonly SwimNode: SwimNodeConstructor;
  private readonly sockets = new Map<number, OnDatagram>();
  private readonly timers: FakeTimer[] = [];
  private readonly waiting: (() => void)[] = [];
  private readonly stoppers: (() => void)[] = [];

  constructor(network: FakeNetwork, address: string) {
    this.network = network;
    this.address = address;
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    const host = this;
    this.SwimNode = class<T = Renewable, A = AddressOf<T>> extends SwimNode<T, A> {
      constructor(options: SwimNodeOptions<T, A>) {
        super(options, host);
      }
    };
  }

  /** A generator for what runs on this host: another one in every life. */
  makeRandom(): () => number {
    return seededRandom(this.network.random());
  }

  /** Opens a socket. @throws Error when the port is in use. */
  bind(port: number, onDatagram: OnDatagram): void {
    if (this.sockets.has(port)) throw new Error("port " + port + " is in use on " + this.address);
    this.sockets.set(port, onDatagram);
  }

  unbind(port: number): void {
    this.sockets.delete(port);
  }

  /** A timer that is stopped with the host. */
  makeTimer(callback: () => void): FakeTimer {
    const timer = new FakeTimer(this, callback);
    this.timers.push(timer);
    return timer;
  }

  /** Forgets a timer that is not needed any more. */
  dropTimer(timer: FakeTimer): void {
    timer.clear();
    const index = this.timers.indexOf(timer);
    if (index >= 0) this.timers.splice(index, 1);
  }

  /** Has `stop` called when the host crashes. */
  onCrash(stop: () => void): void {
    this.stoppers.push(stop);
  }

  send(fromPort: number, address: string, port: number, data: Uint8Array, start: number, end: number): void {
    this.network.send(this, fromPort, address, port, data.slice(start, end));
  }

  /** Freezes the machine for `ms` milliseconds: timers are late, and datagrams wait in the socket. */
  stall(ms: number): void {
    this.frozenUntilMs = Math.max(this.frozenUntilMs, this.network.nowMs + ms);
    this.network.clock.plan(ms, { run: () => this.thaw() });
  }

  /** Ends whatever runs on the machine, without a word to anybody: sockets, timers and nodes are gone. */
  crash(): void {
    this.sockets.clear();
    for (const timer of this.timers) timer.clear();
    this.timers.length = 0;
    this.waiting.length = 0;
    for (const stop of this.stoppers.splice(0)) stop();
    this.frozenUntilMs = 0;
    this.life++;
  }

  /**
   * Sleeps with the radio off for `ms` milliseconds: datagrams sent to it are lost, and timers are late, as in a
   * microcontroller's light sleep.
   */
  sleep(ms: number): void {
    this.asleepUntilMs = Math.max(this.asleepUntilMs, this.network.nowMs + ms);
    this.stall(ms);
  }
  /** Takes a datagram; false when nobody listens or the queue is full. For the network. */
  deliver(port: number, bytes: Uint8Array, fromAddress: string, fromPort: number): boolean {
    const nowMs = this.network.nowMs;
    if (!this.sockets.has(port) || this.asleepUntilMs > nowMs) return false;
    if (this.frozenUntilMs > nowMs || this.waiting.length > 0) {
      if (this.waiting.length >= RECEIVE_QUEUE) return false;
      this.waiting.push(() => this.sockets.get(port)?.(bytes, fromAddress, fromPort));
      return true;
    }
    this.sockets.get(port)?.(bytes, fromAddress, fromPort);
    return true;
  }

  private thaw(): void {
    if (this.frozenUntilMs > this.network.nowMs) return;
    for (const deliver of this.waiting.splice(0)) deliver();
  }
}
