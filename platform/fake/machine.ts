import { checkFunction, checkMs, wrongNumber } from "./checks.js";
import type { Clock } from "./clock.js";
import { seededRandom } from "./random.js";
import { FakeTimer, type Freezable } from "./timer.js";

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
  /** Moves a machine to another address. Returns that address as identities contain it. */
  move(machine: Machine, address: string): string;
}

/** A machine on the fake network: an address, sockets, timers, and methods for what can happen to a machine. */
export class Machine implements Freezable {
  /** The network that this machine is connected to. */
  readonly network: Medium;
  /** How often the machine was started. Nodes take it as their bump, as on a device without a clock. */
  life = 1;
  /** Until when a stalled or sleeping machine does nothing, in milliseconds of the clock. */
  frozenUntilMs = 0;
  private asleepUntilMs = 0;
  private ownAddress: string;
  private readonly sockets = new Map<number, OnDatagram>();
  private readonly timers: FakeTimer[] = [];
  private readonly waiting: (() => void)[] = [];
  private readonly stoppers: (() => void)[] = [];

  /** Makes a machine that the network does not know yet. */
  constructor(network: Medium, address: string) {
    this.network = network;
    this.ownAddress = address;
  }

  /** The IP address at which the others reach this machine. */
  get address(): string {
    return this.ownAddress;
  }

  /** The virtual clock of the network. */
  get clock(): Clock {
    return this.network.clock;
  }

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
   * @throws TypeError or RangeError for a bad argument, Error when the port is in use
   */
  bind(port: number, onDatagram: OnDatagram): void {
    if (!Number.isInteger(port) || port < 1 || port > 65535)
      throw wrongNumber("Host.bind: port must be an integer from 1 to 65535", port);
    checkFunction("Host.bind: onDatagram", onDatagram);
    if (this.sockets.has(port)) throw new Error("port " + port + " is in use on " + this.address);
    this.sockets.set(port, onDatagram);
  }

  /** Closes the socket at this port. Does nothing when there is none. */
  unbind(port: number): void {
    this.sockets.delete(port);
  }

  /**
   * Makes a timer, which a crash of the machine stops.
   * @throws TypeError when `callback` is not a function
   */
  makeTimer(callback: () => void): FakeTimer {
    checkFunction("Host.makeTimer: callback", callback);
    const timer = new FakeTimer(this, callback);
    this.timers.push(timer);
    return timer;
  }

  /** Stops and forgets a timer that is not needed any more. */
  dropTimer(timer: FakeTimer): void {
    timer.clear();
    const index = this.timers.indexOf(timer);
    if (index >= 0) this.timers.splice(index, 1);
  }

  /** Arranges that `stop` is called when the machine crashes. */
  onCrash(stop: () => void): void {
    this.stoppers.push(stop);
  }

  /** Sends a copy of `data[start..end]` to an address and a port. */
  send(fromPort: number, address: string, port: number, data: Uint8Array, start: number, end: number): void {
    this.network.send(this, fromPort, address, port, data, start, end);
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
   * the machine is awake, and you can start new nodes on it.
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

  /** @internal For the network: takes a datagram. Returns false when no socket is open there, or its queue is full. */
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
      // A callback threw. The other datagrams are delivered when the clock is advanced again.
      if (waiting.length > 0 && !this.isFrozen) this.clock.plan(0, { run: () => this.thaw() });
    }
  }
}
