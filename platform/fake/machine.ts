import { checkFunction, checkMs, wrongNumber } from "./checks.js";
import type { Clock } from "./clock.js";
import { seededRandom } from "./random.js";
import { FakeTimer, type Freezable } from "./timer.js";

/** Datagrams that wait for a stalled host, at most; as a real socket, it drops what comes beyond. */
const RECEIVE_QUEUE = 256;

/** What a socket calls: a datagram, and where it came from. */
export type OnDatagram = (bytes: Uint8Array, fromAddress: string, fromPort: number) => void;

/** The network as a machine sees it. */
export interface Medium {
  readonly clock: Clock;
  readonly random: () => number;
  /** Sends a copy of `data[start..end]`. */
  send(
    from: Machine,
    fromPort: number,
    address: string,
    port: number,
    data: Uint8Array,
    start: number,
    end: number,
  ): void;
  /** Has a machine reached at another address from now on; returns the address as identities have it. */
  move(machine: Machine, address: string): string;
}

/** A machine on the fake network: an address, sockets, timers, and what can happen to a machine. */
export class Machine implements Freezable {
  readonly network: Medium;
  /** How often it was started; a clock-less device's bump. */
  life = 1;
  /** Until when timers and datagrams wait. */
  frozenUntilMs = 0;
  private asleepUntilMs = 0;
  private ownAddress: string;
  private readonly sockets = new Map<number, OnDatagram>();
  private readonly timers: FakeTimer[] = [];
  private readonly waiting: (() => void)[] = [];
  private readonly stoppers: (() => void)[] = [];

  constructor(network: Medium, address: string) {
    this.network = network;
    this.ownAddress = address;
  }

  /** The IP address at which it is reached. */
  get address(): string {
    return this.ownAddress;
  }

  get clock(): Clock {
    return this.network.clock;
  }

  /**
   * Gives the machine another IP address, as when its lease ran out: from now on it is reached there and nowhere else,
   * and what is on its way to the address before is lost. Links and partitions stay those of the machine. A node on it
   * has to say so to the others: its `changeAddress` moves the machine too.
   * @throws TypeError or RangeError when it is no IP address of a machine, or another host's; nothing has changed then
   */
  changeAddress(address: string): void {
    this.ownAddress = this.network.move(this, address);
  }

  /** A generator for what runs on this host: another one in every life. */
  makeRandom(): () => number {
    return seededRandom(this.network.random());
  }

  /** Opens a socket. @throws TypeError or RangeError for a bad argument, Error when the port is in use */
  bind(port: number, onDatagram: OnDatagram): void {
    if (!Number.isInteger(port) || port < 1 || port > 65535)
      throw wrongNumber("Host.bind: port must be an integer from 1 to 65535", port);
    checkFunction("Host.bind: onDatagram", onDatagram);
    if (this.sockets.has(port)) throw new Error("port " + port + " is in use on " + this.address);
    this.sockets.set(port, onDatagram);
  }

  unbind(port: number): void {
    this.sockets.delete(port);
  }

  /** A timer that is stopped with the host. */
  makeTimer(callback: () => void): FakeTimer {
    checkFunction("Host.makeTimer: callback", callback);
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

  /** Sends a copy of `data[start..end]`. */
  send(fromPort: number, address: string, port: number, data: Uint8Array, start: number, end: number): void {
    this.network.send(this, fromPort, address, port, data, start, end);
  }

  /**
   * Freezes the machine for `ms` milliseconds: timers are late, and datagrams wait in the socket.
   * @throws TypeError or RangeError unless it is a number of milliseconds, 0 or more
   */
  stall(ms: number): void {
    checkMs("Host.stall: ms", ms);
    this.freeze(ms);
  }

  /**
   * Sleeps with the radio off for `ms` milliseconds: datagrams sent to it are lost, and timers are late, as in a
   * microcontroller's light sleep.
   * @throws TypeError or RangeError unless it is a number of milliseconds, 0 or more
   */
  sleep(ms: number): void {
    checkMs("Host.sleep: ms", ms);
    this.asleepUntilMs = Math.max(this.asleepUntilMs, this.clock.nowMs + ms);
    this.freeze(ms);
  }

  /**
   * Ends whatever runs on the machine, without a word to anybody: sockets, timers and nodes are gone. It is awake and
   * ready for what is started next.
   */
  crash(): void {
    this.sockets.clear();
    for (const timer of this.timers) timer.clear();
    this.timers.length = 0;
    this.waiting.length = 0;
    for (const stop of this.stoppers.splice(0)) stop();
    this.frozenUntilMs = 0;
    this.asleepUntilMs = 0;
    this.life++;
  }

  /** Takes a datagram; false when nobody listens or the queue is full. For the network. */
  deliver(port: number, bytes: Uint8Array, fromAddress: string, fromPort: number): boolean {
    const { nowMs } = this.clock;
    if (!this.sockets.has(port) || this.asleepUntilMs > nowMs) return false;
    if (this.frozenUntilMs > nowMs || this.waiting.length > 0) {
      if (this.waiting.length >= RECEIVE_QUEUE) return false;
      this.waiting.push(() => this.sockets.get(port)?.(bytes, fromAddress, fromPort));
      return true;
    }
    this.sockets.get(port)?.(bytes, fromAddress, fromPort);
    return true;
  }

  private freeze(ms: number): void {
    this.frozenUntilMs = Math.max(this.frozenUntilMs, this.clock.nowMs + ms);
    this.clock.plan(ms, { run: () => this.thaw() });
  }

  private get isFrozen(): boolean {
    return this.frozenUntilMs > this.clock.nowMs;
  }

  private thaw(): void {
    const { waiting } = this;
    try {
      while (waiting.length > 0 && !this.isFrozen) (waiting.shift() as () => void)();
    } finally {
      // A callback threw: the rest is for the next time that the clock moves on.
      if (waiting.length > 0 && !this.isFrozen) this.clock.plan(0, { run: () => this.thaw() });
    }
  }
}
