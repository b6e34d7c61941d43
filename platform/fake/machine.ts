import { checkFunction, checkMs, wrongNumber } from "./checks.js";
import type { Clock } from "./clock.js";
import { DeviceTimers } from "./device-timers.js";
import { OwnClock } from "./own-clock.js";
import type { RunningNode } from "./running-node.js";
import { seededRandom } from "./random.js";
import { FakeTimer, type Freezable } from "./timer.js";
import type { Fate } from "./traffic.js";

/** How many datagrams can wait for a stalled host. Like a real socket, it drops further ones. */
const RECEIVE_QUEUE = 256;

/** The callback of a socket, called with a datagram and the address and port that it came from. */
export type OnDatagram = (bytes: Uint8Array, fromAddress: string, fromPort: number) => void;

/** The network as a machine uses it. `FakeNetwork` is one. */
export interface Medium {
  /** The virtual clock of the network. */
  readonly clock: Clock;
  /** Returns 32 random bits at each call. */
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
  /** Returns the address of a host by its name; undefined when there is no such name. */
  addressOf(name: string): string | undefined;
  /** Moves a machine to another address. Returns that address as identities contain it. */
  move(machine: Machine, address: string): string;
}

/** A machine on the fake network: an address, sockets, timers, and methods for what can happen to a machine. */
export class Machine implements Freezable {
  /** The network that this machine is connected to. */
  readonly network: Medium;
  /** How often the machine was started. Nodes take it as their bump, as on a device without a clock. */
  life = 1;
  /** Until when a stalled or sleeping machine does nothing, in milliseconds of the virtual clock. */
  frozenUntilMs = 0;
  /** @internal For timers and nodes. */
  readonly ownClock: OwnClock;
  /** The nodes that run on this machine. Make one by `new host.SwimNode(options)`, and end it by its `close`. */
  readonly nodes = new Set<RunningNode>();
  private asleepUntilMs = 0;
  private ownAddress: string;
  private hasNoPower = false;
  /** Whether the power went in the middle of a call, which is not over yet. */
  private isDying = false;
  private readonly sockets = new Map<number, OnDatagram>();
  private readonly timers = new Set<FakeTimer>();
  private readonly deviceTimers = new DeviceTimers(this);
  private readonly waiting: (() => void)[] = [];
  private readonly stoppers: (() => void)[] = [];

  /** Makes a machine that the network does not know yet. */
  constructor(network: Medium, address: string) {
    this.network = network;
    this.ownAddress = address;
    this.ownClock = new OwnClock(network.clock);
  }

  /** The IP address at which the others reach this machine. */
  get address(): string {
    return this.ownAddress;
  }

  /** The virtual clock of the network. */
  get clock(): Clock {
    return this.network.clock;
  }

  /** Whether the machine has no power: from a crash of its program, or a reboot, until it starts again. */
  get isOff(): boolean {
    return this.hasNoPower;
  }

  /** Until when the machine sleeps, in milliseconds of the virtual clock; a moment of the past when it is awake. */
  get sleepsUntilMs(): number {
    return this.asleepUntilMs;
  }

  /**
   * By how many millionths the machine's clock is faster than it should be; negative when it is slower, 0 at first. Its
   * timers and `now` go by that clock, those of its nodes too. Quartz crystals are off by up to 50, and what a
   * microcontroller has for sleeping by 10,000 and more. You may assign another number at any time.
   * @throws TypeError or RangeError for a value that is not above -1,000,000 and at most 1,000,000; then nothing has changed
   */
  get driftPpm(): number {
    return this.ownClock.driftPpm;
  }

  /** Goes on at another speed. */
  set driftPpm(ppm: number) {
    this.ownClock.setDrift(ppm);
    for (const timer of this.timers) timer.drifted();
  }

  /**
   * Milliseconds since the machine was started, by its own clock, as `performance.now()` on Node. You may pass this method
   * on without its host, and also those for timers.
   */
  readonly now = (): number => this.ownClock.nowMs;

  /**
   * Calls `callback` once in `ms` milliseconds of the machine's own clock, with `args`. Less than 1 counts as 1, as on
   * Node. It is late while the machine stalls or sleeps, and is not called after a crash. Returns a number for
   * `clearTimeout`.
   * @throws TypeError or RangeError when `callback` is not a function, or `ms` not a number up to 2,147,483,647
   */
  readonly setTimeout = <A extends unknown[]>(callback: (...args: A) => void, ms = 1, ...args: A): number => {
    checkFunction("Host.setTimeout: callback", callback);
    return this.deviceTimers.start("setTimeout", () => callback(...args), ms, false);
  };

  /**
   * Calls `callback` every `ms` milliseconds of the machine's own clock, with `args`. Less than 1 counts as 1. After a call
   * that is late, because the machine stalled or slept, the next one comes `ms` later; those between are left out.
   * @throws as `setTimeout` does
   */
  readonly setInterval = <A extends unknown[]>(
    callback: (...args: A) => void,
    ms = 1,
    ...args: A
  ): number => {
    checkFunction("Host.setInterval: callback", callback);
    return this.deviceTimers.start("setInterval", () => callback(...args), ms, true);
  };

  /**
   * Stops what `setTimeout` or `setInterval` started. Does nothing when that is over, or `id` is undefined.
   * @throws TypeError when `id` is something else, as a timer of Node is
   */
  readonly clearTimeout = (id: number | undefined): void => this.deviceTimers.stop("clearTimeout", id);

  /** The same as `clearTimeout`. */
  readonly clearInterval = (id: number | undefined): void => this.deviceTimers.stop("clearInterval", id);

  /**
   * Gives the machine another IP address, as when its DHCP lease ran out. From now on it is reached only there, and
   * datagrams that are on their way to the previous address are lost. Faults of links and partitions stay with the
   * machine. The method does not tell a node on the machine. Call `changeAddress` of the node instead, which moves
   * the machine, too.
   * @throws TypeError or RangeError when `address` is not the IP address of one machine, or belongs to another host;
   *   then nothing has changed
   */
  changeAddress(address: string): void {
    this.ownAddress = this.network.move(this, address);
  }

  /** Makes a random generator for a program on this machine. Each call makes a different one. */
  makeRandom(): () => number {
    return seededRandom(this.network.random());
  }

  /**
   * Opens a socket.
   * @throws TypeError or RangeError for a bad argument, Error when the port is in use, or the machine is off
   */
  bind(port: number, onDatagram: OnDatagram): void {
    if (!Number.isInteger(port) || port < 1 || port > 65535)
      throw wrongNumber("Host.bind: port must be an integer from 1 to 65535", port);
    checkFunction("Host.bind: onDatagram", onDatagram);
    this.refuseOff("Host.bind");
    if (this.sockets.has(port)) throw new Error("port " + port + " is in use on " + this.address);
    this.sockets.set(port, onDatagram);
  }

  /** Closes the socket at this port. Does nothing when there is none. */
  unbind(port: number): void {
    this.sockets.delete(port);
  }

  /**
   * Makes a timer that can be set again and again. A crash of the machine stops it.
   * @throws TypeError when `callback` is not a function
   */
  makeTimer(callback: () => void): FakeTimer {
    checkFunction("Host.makeTimer: callback", callback);
    const timer = new FakeTimer(this, callback);
    this.timers.add(timer);
    return timer;
  }

  /** Stops and forgets a timer that is not needed any more. */
  dropTimer(timer: FakeTimer): void {
    timer.clear();
    this.timers.delete(timer);
  }

  /** Arranges that `stop` is called when the machine crashes. */
  onCrash(stop: () => void): void {
    this.stoppers.push(stop);
  }

  /** Sends a copy of `data[start..end]` to an address and a port. Does nothing while the machine is off. */
  send(fromPort: number, address: string, port: number, data: Uint8Array, start: number, end: number): void {
    if (!this.hasNoPower) this.network.send(this, fromPort, address, port, data, start, end);
  }

  /**
   * Freezes the machine for `ms` milliseconds. Its timers are late then, and datagrams wait in the sockets, at most
   * 256.
   * @throws TypeError or RangeError when `ms` is not a finite number of 0 or more
   */
  stall(ms: number): void {
    checkMs("Host.stall: ms", ms);
    this.freeze(ms);
  }

  /**
   * Lets the machine sleep with its radio off for `ms` milliseconds, like a microcontroller in light sleep. Datagrams
   * to it are lost, and its timers are late.
   * @throws TypeError or RangeError when `ms` is not a finite number of 0 or more
   */
  sleep(ms: number): void {
    checkMs("Host.sleep: ms", ms);
    this.asleepUntilMs = Math.max(this.asleepUntilMs, this.clock.nowMs + ms);
    this.freeze(ms);
  }

  /**
   * Ends everything that runs on the machine without telling anybody: sockets, timers and nodes are gone. Afterwards
   * the machine is awake, and you can start new nodes on it. A machine with a program, which `Host.run` started, is off
   * instead, until `start`, `run` or `reboot`.
   */
  crash(): void {
    this.wipe();
    this.life++;
  }

  /** @internal For the network: what becomes of a datagram that arrives now. */
  fateAt(port: number): Fate {
    const { nowMs } = this.clock;
    if (this.hasNoPower || !this.sockets.has(port)) return "nobody";
    if (this.asleepUntilMs > nowMs) return "asleep";
    return this.hasToWait && this.waiting.length >= RECEIVE_QUEUE ? "overflow" : "delivered";
  }

  /** @internal For the network: takes a datagram whose fate is to be delivered. */
  deliver(port: number, bytes: Uint8Array, fromAddress: string, fromPort: number): void {
    if (this.hasToWait) this.waiting.push(() => this.sockets.get(port)?.(bytes, fromAddress, fromPort));
    else this.sockets.get(port)?.(bytes, fromAddress, fromPort);
  }

  /** @internal For nodes. @throws Error that begins with `where` when the machine is off */
  refuseOff(where: string): void {
    if (this.hasNoPower && !this.isDying)
      throw new Error(where + ": " + this.address + " is off; switch it on first: host.start()");
  }

  /**
   * For the host: gives it power with nothing running, or takes it away.
   * @param isDying whether that is in the middle of a call, the rest of which is to have no effect, and not to throw
   * @internal
   */
  protected setPower(isOn: boolean, isDying = false): void {
    if (isOn || this.isDying) this.wipe();
    this.hasNoPower = !isOn;
    this.isDying = isDying;
  }

  /** Drops whatever is in the memory of the machine. */
  private wipe(): void {
    this.sockets.clear();
    for (const timer of this.timers) timer.clear();
    this.timers.clear();
    this.deviceTimers.clear();
    this.waiting.length = 0;
    this.frozenUntilMs = 0;
    this.asleepUntilMs = 0;
    this.ownClock.restart();
    for (const stop of this.stoppers.splice(0)) stop();
  }

  private freeze(ms: number): void {
    this.frozenUntilMs = Math.max(this.frozenUntilMs, this.clock.nowMs + ms);
    this.clock.plan(ms, { run: () => this.thaw() });
  }

  private get isFrozen(): boolean {
    return this.frozenUntilMs > this.clock.nowMs;
  }

  private get hasToWait(): boolean {
    return this.isFrozen || this.waiting.length > 0;
  }

  private thaw(): void {
    const { waiting } = this;
    try {
      while (waiting.length > 0 && !this.isFrozen) (waiting.shift() as () => void)();
    } finally {
      // A callback threw. The other datagrams are delivered when the clock is advanced again.
      if (waiting.length > 0 && !this.isFrozen) this.clock.plan(0, { run: () => this.thaw() });
    }
  }
}
