// What the doubles of the SDK's modules share: a device whose time stands still until somebody moves it. For tests of
// platform/xs on Node, and for measurements inside a machine: there, whatever the doubles have made once is used again,
// so that none of what is measured is theirs.
import type FakeUdp from "./udp.js";

/** What a callback of `Timer.repeat` waits for. Its users hold it as the timer's identity. */
export interface FakeTimer {
  callback: (() => void) | undefined;
  /** Time until it runs, in milliseconds from now. */
  atMs: number;
  repeatMs: number;
  isLive: boolean;
  /** Forgotten by the world, so that the next timer may be made of it. */
  isSpare: boolean;
}

/** What the world knows of a socket; `FakeUdp` itself has no fields. */
export interface FakeSocket {
  socket: FakeUdp | undefined;
  onReadable: (count: number) => void;
  /** The port that it is bound to. */
  port: number;
  isOpen: boolean;
  isSpare: boolean;
}

/** A datagram that was written. */
export interface Sent {
  text: string;
  address: string;
  port: number;
}

function nobody(): void {}

export class World {
  /** `Time.ticks`, 32 bits that wrap. */
  ticks = 0;
  /** `Net.get("IP")`; `undefined` as long as there is no network. */
  address: string | undefined = "192.168.1.20";
  /** `Net.get("MAC")`. */
  mac = "00:11:22:33:44:55";
  readonly timers: FakeTimer[] = [];
  readonly sockets: FakeSocket[] = [];
  /** What was written and traced, when the world was made to keep it. */
  readonly sent: Sent[] = [];
  readonly traced: string[] = [];
  /** Who is shown each datagram that is written. */
  watcher: { written(data: Uint8Array): void } | undefined = undefined;
  /** How many datagrams were written, and the length of the last in bytes. */
  numSent = 0;
  lastLength = 0;
  /** How many of the next calls of the socket throw. */
  openFailures = 0;
  writeFailures = 0;
  private readonly keepsSent: boolean;
  /** The socket that was opened last. */
  private latest: FakeSocket | undefined = undefined;
  /** Datagrams that no socket has read yet, from `firstWaiting` to `endWaiting`. */
  private readonly waiting: (ArrayBuffer | undefined)[] = [];
  private firstWaiting = 0;
  private endWaiting = 0;

  constructor(keepsSent: boolean) {
    this.keepsSent = keepsSent;
  }

  /** Moves time, and runs what comes due. */
  advance(ms: number): void {
    for (let left = ms; left > 0; left--) this.sleep(1);
  }

  /** Moves time at once, as when the device slept: what is due runs one time. */
  sleep(ms: number): void {
    this.ticks = (this.ticks + ms) | 0;
    // Without an array or a closure of its own: what runs here may have little memory left.
    const length = this.timers.length;
    for (let i = 0; i < length; i++) {
      const timer = this.timers[i];
      if (!timer.isLive) continue;
      timer.atMs -= ms;
      if (timer.atMs > 0) continue;
      timer.atMs = timer.repeatMs;
      timer.callback?.();
    }
  }

  /** Sleeps until the first timer is due; not at all when there is none. */
  sleepUntilDue(): void {
    const dueMs = this.msUntilDue;
    if (dueMs < Infinity) this.sleep(dueMs);
  }

  /** Milliseconds until the first timer is due; Infinity when there is none. */
  get msUntilDue(): number {
    let dueMs = Infinity;
    for (let i = 0; i < this.timers.length; i++) {
      const timer = this.timers[i];
      if (timer.isLive && timer.atMs < dueMs) dueMs = timer.atMs;
    }
    return dueMs;
  }

  get liveTimers(): number {
    return this.timers.filter(({ isLive }) => isLive).length;
  }

  get openSockets(): number {
    return this.sockets.filter(({ isOpen }) => isOpen).length;
  }

  /** Datagrams that wait to be read. */
  get numWaiting(): number {
    return this.endWaiting - this.firstWaiting;
  }

  makeTimer(callback: () => void, ms: number): FakeTimer {
    let timer = this.timers.find(({ isSpare }) => isSpare);
    if (timer === undefined) {
      timer = { callback, atMs: ms, repeatMs: ms, isLive: true, isSpare: false };
      this.timers.push(timer);
    }
    timer.callback = callback;
    timer.atMs = ms;
    timer.repeatMs = ms;
    timer.isLive = true;
    timer.isSpare = false;
    return timer;
  }

  openSocket(socket: FakeUdp, onReadable: (count: number) => void, port: number): void {
    if (this.openFailures-- > 0) throw new Error("bind failed");
    let record = this.sockets.find(({ isSpare }) => isSpare);
    if (record === undefined) {
      record = { socket, onReadable, port, isOpen: true, isSpare: false };
      this.sockets.push(record);
    }
    record.socket = socket;
    record.onReadable = onReadable;
    record.port = port;
    record.isOpen = true;
    record.isSpare = false;
    this.latest = record;
  }

  /** @throws SyntaxError as the SDK does for a socket that was closed. */
  recordOf(socket: FakeUdp): FakeSocket {
    for (let i = 0; i < this.sockets.length; i++) {
      const record = this.sockets[i];
      if (record.socket === socket && record.isOpen) return record;
    }
    throw new SyntaxError("invalid host data");
  }

  /** Lets a datagram wait; nobody is told. */
  enqueue(packet: ArrayBuffer): void {
    this.waiting[this.endWaiting++] = packet;
  }

  /** Tells the latest socket of all datagrams that wait. @throws Error when there is none. */
  tellReadable(): void {
    if (this.latest === undefined) throw new Error("there is no socket");
    this.latest.onReadable(this.numWaiting);
  }

  /** Gives a datagram to the socket at a port. @throws Error when there is none. */
  deliver(port: number, bytes: Uint8Array, address: string, from: number): void {
    const record = this.sockets.find((each) => each.isOpen && each.port === port);
    if (record === undefined) throw new Error("nobody listens at port " + port);
    this.enqueue(Object.assign(bytes.slice().buffer, { address, port: from }));
    record.onReadable(1);
  }

  /** The datagram that waited longest. */
  takeWaiting(): ArrayBuffer | undefined {
    if (this.firstWaiting === this.endWaiting) return undefined;
    const packet = this.waiting[this.firstWaiting];
    this.waiting[this.firstWaiting++] = undefined;
    if (this.firstWaiting === this.endWaiting) this.firstWaiting = this.endWaiting = 0;
    return packet;
  }

  write(data: Uint8Array, address: string, port: number): void {
    if (this.writeFailures-- > 0) throw new Error("UDP send failed");
    this.numSent++;
    this.watcher?.written(data);
    this.lastLength = data.length;
    if (this.keepsSent) this.sent.push({ text: String.fromCharCode(...data), address, port });
  }

  /** Makes in advance what the doubles keep of one timer, one socket and one datagram that waits. */
  reserve(): void {
    this.makeTimer(nobody, 1);
    this.sockets.push({ socket: undefined, onReadable: nobody, port: 0, isOpen: false, isSpare: true });
    this.waiting.push(undefined);
    this.forget();
  }

  /** Lets go of all timers and sockets; the next ones are made of what is left of them. */
  forget(): void {
    this.watcher = undefined;
    for (const timer of this.timers) {
      timer.callback = undefined;
      timer.isLive = false;
      timer.isSpare = true;
    }
    for (const record of this.sockets) {
      record.socket = undefined;
      record.onReadable = nobody;
      record.isOpen = false;
      record.isSpare = true;
    }
  }
}

export let world = new World(false);

/** A new world that keeps all that is written and traced. */
export function resetWorld(): World {
  world = new World(true);
  (globalThis as { trace?: (text: string) => void }).trace = (text) => world.traced.push(text);
  return world;
}
