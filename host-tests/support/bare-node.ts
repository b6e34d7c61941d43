// The node that all platforms share, alone on a machine of which all is written down: what it sends, and when it is to be woken.
import { renewableV4, simple, type Config, type Renewable, type Status } from "../../core/index.js";
import type { Driver, PlatformDefaults, SwimNodeOptions } from "../../platform/shared/options.js";
import { SwimNodeBase } from "../../platform/shared/swim-node.js";
import { decode, describe, encode, type Kind } from "./wire.js";

const BEGAN_MS = 1_000_000;
const PORT = 7000;

/** A socket and a timer. */
export class Machine implements Driver {
  nowMs = BEGAN_MS;
  /** What was sent since the last `take`: `"200 Announce > 2.0"`. */
  sent: string[] = [];
  /** For when the timer was set since the last `takeArms`, in milliseconds since the start. */
  arms: number[] = [];
  /** When it fires. */
  wakeAtMs = Infinity;
  numCloses = 0;

  now(): number {
    return this.nowMs;
  }

  send(address: string, port: number, data: Uint8Array, start: number, end: number): void {
    const datagram = decode(data.slice(start, end), "bincode");
    this.sent.push(this.nowMs - BEGAN_MS + " " + describe(datagram));
    const host = Number(datagram.to.split(".")[0]);
    if (port !== PORT || address !== "10.0.0." + host) throw new Error("sent to " + address + ":" + port);
  }

  arm(ms: number): void {
    this.wakeAtMs = this.nowMs + ms;
    this.arms.push(this.wakeAtMs - BEGAN_MS);
  }

  close(): void {
    this.numCloses++;
  }
}

/** The node 10.0.0.1:7000, `1.1`. */
export class BareNode extends SwimNodeBase<Renewable> {
  readonly machine: Machine;

  constructor(options: Partial<SwimNodeOptions<Renewable>> = {}, defaults: Partial<PlatformDefaults> = {}) {
    const machine = new Machine();
    const config: Config = { ...simple(), periodicGossip: null, ...options.config };
    super(
      { port: PORT, identityType: renewableV4, ...options, config },
      { advertise: "10.0.0.1", bump: 1, random: () => 0x80000000, ...defaults },
      machine,
    );
    this.machine = machine;
  }

  /** The socket is open. */
  begin(): this {
    this.ready();
    return this;
  }

  /** The time that the timer was set for is over. */
  fire(): void {
    this.wake();
  }

  /** A peer says something. */
  hear(kind: Kind, from: string, updates: string[] = []): Status | undefined {
    const to = "1." + this.identity.bump;
    const bytes = encode({ from, incarnation: 0, to, kind, updates, broadcasts: [] }, "bincode");
    return this.receive(bytes, 0, bytes.length);
  }

  /** Lets time pass, with every wake-up on time, and returns what was sent. */
  pass(ms: number): string[] {
    const { machine } = this;
    const endMs = machine.nowMs + ms;
    while (machine.wakeAtMs <= endMs) {
      machine.nowMs = machine.wakeAtMs;
      machine.wakeAtMs = Infinity;
      this.fire();
    }
    machine.nowMs = endMs;
    return this.take();
  }

  take(): string[] {
    return this.machine.sent.splice(0);
  }

  takeArms(): number[] {
    return this.machine.arms.splice(0);
  }
}
