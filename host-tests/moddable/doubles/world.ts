// Doubles of the SDK's modules, for tests of platform/xs on Node: time stands still until a test moves it.

export interface Sent {
  text: string;
  address: string;
  port: number;
}

interface TimerId {
  callback: () => void;
  atMs: number;
  repeatMs: number;
  isLive: boolean;
}

/** What the doubles share; a test resets it. */
export class World {
  /** `Time.ticks`, 32 bits that wrap. */
  ticks = 0;
  timers: TimerId[] = [];
  sockets: FakeUdp[] = [];
  sent: Sent[] = [];
  traced: string[] = [];
  /** What the next calls of the socket throw. */
  openFailures = 0;
  writeFailures = 0;
  address: string | undefined = "192.168.1.20";

  /** Moves time, and runs what comes due. */
  advance(ms: number): void {
    for (let left = ms; left > 0; left--) {
      this.ticks = (this.ticks + 1) | 0;
      for (const timer of this.timers.filter(({ isLive }) => isLive)) {
        timer.atMs--;
        if (timer.atMs > 0) continue;
        timer.atMs = timer.repeatMs;
        timer.callback();
      }
    }
  }

  /** Moves time at once, as when the device slept: what is due runs one time. */
  sleep(ms: number): void {
    this.ticks = (this.ticks + ms) | 0;
    for (const timer of this.timers.filter(({ isLive }) => isLive)) {
      timer.atMs -= ms;
      if (timer.atMs > 0) continue;
      timer.atMs = timer.repeatMs;
      timer.callback();
    }
  }

  get liveTimers(): number {
    return this.timers.filter(({ isLive }) => isLive).length;
  }

  get openSockets(): number {
    return this.sockets.filter(({ isOpen }) => isOpen).length;
  }
}

export let world = new World();

export function resetWorld(): World {
  world = new World();
  (globalThis as { trace?: (text: string) => void }).trace = (text) => world.traced.push(text);
  return world;
}

export class FakeUdp {
  isOpen = true;
  waiting: ArrayBuffer[] = [];
  readonly onReadable: (count: number) => void;

  constructor(options: { port: number; onReadable(count: number): void }) {
    if (world.openFailures-- > 0) throw new Error("bind failed");
    this.onReadable = options.onReadable;
    world.sockets.push(this);
  }

  read(): ArrayBuffer | undefined {
    if (!this.isOpen) throw new SyntaxError("invalid host data");
    return this.waiting.shift();
  }

  write(data: Uint8Array, address: string, port: number): void {
    if (!this.isOpen) throw new SyntaxError("invalid host data");
    if (world.writeFailures-- > 0) throw new Error("UDP send failed");
    world.sent.push({ text: String.fromCharCode(...data), address, port });
  }

  close(): void {
    this.isOpen = false;
  }
}

export const FakeTimer = {
  repeat(callback: () => void, ms: number): TimerId {
    const id = { callback, atMs: ms, repeatMs: ms, isLive: true };
    world.timers.push(id);
    return id;
  },
  schedule(id: TimerId, ms: number, repeatMs: number): void {
    if (!id.isLive) throw new Error("invalid timer");
    if (!Number.isInteger(ms) || ms < 1 || ms !== repeatMs) throw new Error(`schedule(${ms}, ${repeatMs})`);
    id.atMs = ms;
    id.repeatMs = repeatMs;
  },
  clear(id: TimerId): void {
    id.isLive = false;
  },
};

export const FakeTime = {
  get ticks(): number {
    return world.ticks;
  },
  delta(from: number, to: number): number {
    return (to - from) | 0;
  },
};

export const FakeNet = {
  get(what: string): string | undefined {
    return what === "IP" ? world.address : undefined;
  },
};
