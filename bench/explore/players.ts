import type { Renewable, Swim } from "../../core/index.js";
import type { FocaBench } from "./foca-bench.js";
import type { FocaHistory } from "./history.js";
import { isActive, type Local } from "./local.js";
import { nextDeadline } from "./looks.js";
import type { Machine } from "./machine.js";

/** A host in the time after the faults, by its own clock. */
export interface Player {
  readonly host: number;
  /** How far its clock is ahead of that of the others. */
  readonly aheadMs: number;
  readonly hasLeft: boolean;
  /** When it announces itself next, if it is alone then. */
  joinMs: number;
  readonly isConnected: boolean;
  readonly isDefunct: boolean;
  /** When it is to be woken, by its own clock. */
  readonly dueMs: number;
  readonly life: number;
  /** The life of a host that it holds as active; 0 for none. */
  activeLifeOf(host: number): number;
  handleData(bytes: Uint8Array, nowMs: number): void;
  handleTimer(nowMs: number): void;
  announce(to: Renewable, nowMs: number): void;
}

/** Our core, as it was at one moment. */
export class OurPlayer implements Player {
  readonly host: number;
  readonly aheadMs: number;
  readonly hasLeft: boolean;
  joinMs = 0;
  private readonly machine: Machine;
  private readonly swim: Swim<Renewable>;

  constructor(machine: Machine, local: Local) {
    this.host = local.host;
    this.aheadMs = local.nowMs;
    this.hasLeft = local.hasLeft;
    this.machine = machine;
    this.swim = machine.restore(local);
  }

  get isConnected(): boolean {
    return this.swim.isConnected;
  }

  get isDefunct(): boolean {
    return this.swim.isDefunct;
  }

  get dueMs(): number {
    return nextDeadline(this.swim);
  }

  get life(): number {
    const { ref } = this.swim["protocol"].knowledge.self;
    return this.machine.naming.lifeAt(ref.bytes, ref.at);
  }

  activeLifeOf(host: number): number {
    const { naming } = this.machine;
    const { members } = this.swim["protocol"].knowledge;
    const { order } = members;
    for (let i = 0; i < order.numActive; i++) {
      const at = members.identityAt(order.activeAt(i));
      if (naming.hostAt(members.bytes, at) === host) return naming.lifeAt(members.bytes, at);
    }
    return 0;
  }

  handleData(bytes: Uint8Array, nowMs: number): void {
    this.machine.nowMs = nowMs;
    this.swim.handleData(bytes);
  }

  handleTimer(nowMs: number): void {
    this.machine.nowMs = nowMs;
    this.swim.handleTimer();
  }

  announce(to: Renewable, nowMs: number): void {
    this.machine.nowMs = nowMs;
    this.swim.announce(to);
  }
}

/** The published foca, whose history was told to a new one. */
export class FocaPlayer implements Player {
  readonly host: number;
  readonly aheadMs: number;
  readonly hasLeft = false;
  joinMs = 0;
  private readonly foca: FocaBench;

  constructor(machine: Machine, foca: FocaBench, local: Local, history: FocaHistory) {
    this.host = local.host;
    this.aheadMs = local.nowMs;
    this.foca = foca;
    // There is one foca at most.
    foca.restore(local.host, history);
    foca.sendTo((message) => machine.sent.push(message));
  }

  get isConnected(): boolean {
    return this.foca.isConnected;
  }

  get isDefunct(): boolean {
    return this.foca.isDefunct;
  }

  get dueMs(): number {
    return this.foca.dueMs;
  }

  get life(): number {
    return this.foca.life;
  }

  activeLifeOf(host: number): number {
    const held = this.foca.held[host];
    return held !== undefined && isActive(held) ? held.life : 0;
  }

  handleData(bytes: Uint8Array, nowMs: number): void {
    this.foca.handleData(bytes, nowMs);
  }

  handleTimer(nowMs: number): void {
    this.foca.handleTimer(nowMs);
  }

  announce(to: Renewable, nowMs: number): void {
    this.foca.announce(to, nowMs);
  }
}
