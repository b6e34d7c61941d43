// A node that looks for others, alone with a driver that writes down what it does, and chance played by a number.
import { renewableV4, type IdentityType, type LeanSwim, type Renewable } from "../../core/index.js";
import { ANSWER, Beacon, codecTag } from "../../platform/shared/beacon.js";
import { Discovery, type DiscoveryDriver } from "../../platform/shared/discovery.js";
import type { Seal } from "../../platform/shared/seal.js";
import { makeSeal, opened } from "./sealing.js";

const BEGAN_MS = 1_000_000;

export interface Beaconed {
  kind?: number;
  id?: number;
  port?: number;
  cluster?: string;
  codec?: string;
}

/** The beacon of another node. */
export function beaconOf({
  kind = ANSWER,
  id = 7,
  port = 7946,
  cluster = "home",
  codec = "bincode",
}: Beaconed) {
  const beacon = new Beacon();
  Object.assign(beacon, { kind, id, port, cluster, codec: codecTag(codec) });
  const bytes = new Uint8Array(64);
  return bytes.slice(0, beacon.write(bytes, 0));
}

export interface StageOptions {
  hasDns?: boolean;
  seal?: Seal;
  codec?: string;
  cluster?: string;
  /** Whether what is sent fails. */
  fails?: boolean;
}

/** A node that looks for others, with all that it does written down: `"200 ask …"`. */
export class Stage {
  nowMs = BEGAN_MS;
  /** What chance says, from 0 to 1. */
  chance = 0.5;
  /** The addresses of members. */
  readonly known: string[] = [];
  readonly swim = {
    isConnected: false,
    isDefunct: false,
    numMembers: 0,
    knows: ({ addr }: Renewable): boolean => this.known.includes(this.checked(addr)),
    isSelf: ({ addr }: Renewable): boolean => addr === "10.0.0.1:7946",
    announce: ({ addr, bump }: Renewable): void => this.note("call " + this.checked(addr) + " " + bump),
  };
  readonly node;
  readonly discovery: Discovery<Renewable>;
  numWakes = 0;
  private wakeAtMs = Infinity;
  private readonly lines: string[] = [];
  private readonly fails: boolean;

  constructor({
    seal,
    codec = "bincode",
    cluster = "home",
    hasDns = false,
    fails = false,
  }: StageOptions = {}) {
    this.fails = fails;
    this.node = {
      swim: this.swim as unknown as LeanSwim<Renewable>,
      seal,
      type: renewableV4 as IdentityType<Renewable>,
      port: 7946,
      codec,
      cluster,
      // As a signed number, which random numbers may be, too.
      random: (): number => (this.chance * 0x100000000) | 0,
      now: (): number => this.nowMs,
      failed: (error: unknown): void => this.note("failed " + (error as Error).message),
      nobodyFound: (others: string | undefined): void => this.note("nobody " + others),
    };
    const driver: DiscoveryDriver = {
      arm: (ms) => void (this.wakeAtMs = this.nowMs + ms),
      ask: hasDns ? () => this.note("dns") : undefined,
      broadcast: (bytes, start, end) => this.sent("ask", bytes.slice(start, end)),
      answer: (address, port, bytes, start, end) =>
        this.sent("answer " + address + ":" + port, bytes.slice(start, end)),
      close: () => this.note("close"),
    };
    this.discovery = new Discovery(this.node, driver);
  }

  /** Begins, or notices that something has changed. */
  wake(): string[] {
    this.discovery.wake();
    return this.take();
  }

  /** Lets time pass, with every wake-up on time, and returns what was done. */
  pass(ms: number): string[] {
    const endMs = this.nowMs + ms;
    while (this.wakeAtMs <= endMs) {
      this.nowMs = this.wakeAtMs;
      this.wakeAtMs = Infinity;
      this.numWakes++;
      this.discovery.wake();
    }
    this.nowMs = endMs;
    return this.take();
  }

  hear(what: Beaconed, address = "10.0.0.2", port = 5000): string[] {
    return this.hearBytes(beaconOf(what), address, port);
  }

  hearBytes(bytes: Uint8Array, address = "10.0.0.2", port = 5000): string[] {
    // Between other bytes.
    const within = new Uint8Array(bytes.length + 8).fill(0xa5);
    within.set(bytes, 3);
    this.discovery.heard(within, 3, 3 + bytes.length, address, port);
    return this.take();
  }

  take(): string[] {
    return this.lines.splice(0);
  }

  /** Connects it to so many members at this moment. */
  connect(numMembers = 1): void {
    this.swim.isConnected = true;
    this.swim.numMembers = numMembers;
    this.wake();
  }

  /** Takes all members from it. */
  isolate(): void {
    this.swim.isConnected = false;
    this.wake();
  }

  private sent(what: string, bytes: Uint8Array): void {
    if (this.fails) throw new Error("no network");
    const { seal } = this.node;
    const isSealed = seal !== undefined && (seal.sealing === "send" || seal.sealing === "require");
    const beacon = new Beacon();
    const plain = isSealed ? opened(makeSeal(), bytes) : bytes;
    if (plain === undefined || !beacon.read(plain, 0, plain.length)) throw new Error("no beacon");
    const { kind, id, port, codec, cluster } = beacon;
    this.note(what + " " + [kind, id, port, codec, cluster].join());
  }

  private checked(addr: string): string {
    if (!addr.startsWith("10.")) throw new TypeError("no address: " + addr);
    return addr;
  }

  private note(what: string): void {
    this.lines.push(this.nowMs - BEGAN_MS + " " + what);
  }
}

/** What this node's beacons hold: its random number, its port, bincode and its cluster. */
export const OWN = "2147483648,7946,0,home";

/** When something was done. */
export const times = (lines: string[], what: string): number[] =>
  lines.filter((line) => line.includes(" " + what)).map((line) => Number(line.split(" ")[0]));
