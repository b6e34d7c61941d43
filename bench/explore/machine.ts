import {
  bincode,
  Swim,
  type Config,
  type IdentityRef,
  type Renewable,
  type Runtime,
  Status,
} from "../../core/index.js";
import { NONE } from "../../core/order.js";
import { remake } from "../../core/table.js";
import { Event, isThrowing, messageOf } from "./events.js";
import { FocaBench } from "./foca-bench.js";
import type { FocaHistory } from "./history.js";
import { Hash } from "./hash.js";
import { Imager, type Image } from "./image.js";
import type { Local } from "./local.js";
import { askedAfter, heldBy, nextDeadline, openProbe, waitsAfter } from "./looks.js";
import { Meaning } from "./meaning.js";
import type { Message, Messages } from "./messages.js";
import type { Naming } from "./naming.js";

/** Room for the longest identity and its tail, so that no row is ever widened. */
const ROW_SIZE = 24;
/** Where every clock begins. */
const START_MS = 1_000_000;
/** How late a stalled node notices what is due. */
const STALL_MS = 1500;
const NAP_MS = 5000;
const NOBODY = -1;

/** What one event made of a host. */
export interface Step {
  readonly next: Local;
  /** What it sent, in order. */
  readonly sent: readonly Message[];
  /** What became of the datagram; undefined where the event was none. */
  readonly status: Status | undefined;
  /** The error of the event, which is the transport's own where that throws. */
  readonly error: unknown;
  /** Hosts whose turn it was in the round of probes. */
  readonly turns: readonly number[];
}

class TransportError extends Error {}

/** One core for each host, which takes on the state of whatever moment is asked for. */
export class Machine implements Runtime<Renewable> {
  readonly naming: Naming;
  readonly config: Config;
  readonly swims: readonly Swim<Renewable>[];
  nowMs = START_MS;
  /** What is sent goes here. */
  sent: Message[] = [];
  readonly focaHosts: readonly number[];
  readonly foca: FocaBench | undefined;
  private readonly imagers: readonly Imager[];
  private readonly fresh: readonly Image[];
  private readonly messages: Messages;
  private readonly meaning: Meaning;
  private readonly hash = new Hash();
  private readonly locals: Local[] = [];
  /** The numbers of locals by 53 bits of their hash. */
  private readonly byHash = new Map<number, number>();
  /** Told of every state that means what a known one does, though it is another; for a test of what counts as meaning. */
  onMerged: ((merged: Local) => void) | undefined = undefined;
  private chance = 0;
  private throwsLeft = 0;
  private turns: number[] = [];

  /** @param focaHosts the hosts on which foca runs in the place of our core */
  constructor(naming: Naming, config: Config, messages: Messages, focaHosts: readonly number[] = []) {
    this.naming = naming;
    this.focaHosts = focaHosts;
    this.foca = focaHosts.length > 0 ? new FocaBench(naming, config, messages) : undefined;
    this.config = config;
    this.messages = messages;
    this.meaning = new Meaning(naming);
    this.swims = Array.from({ length: naming.numHosts }, (_, host) => this.makeSwim(host));
    this.imagers = this.swims.map((swim) => new Imager(swim));
    this.fresh = this.imagers.map((imager) => imager.save());
  }

  get numLocals(): number {
    return this.locals.length;
  }

  local(id: number): Local {
    return this.locals[id];
  }

  private makeSwim(host: number): Swim<Renewable> {
    const swim = new Swim<Renewable>({
      identity: this.naming.make(host, 1),
      identityType: this.naming.type,
      codec: bincode,
      config: this.config,
      runtime: this,
      random: () => this.chance,
    });
    const { members } = swim["protocol"].knowledge;
    remake(members, 0, ROW_SIZE, 0, 0);
    const { order } = members;
    const nextToProbe = order.nextToProbe.bind(order);
    order.nextToProbe = (candidates) => {
      const slot = nextToProbe(candidates);
      if (slot !== NONE) this.turns.push(this.naming.hostAt(members.bytes, members.identityAt(slot)));
      return slot;
    };
    return swim;
  }

  now(): number {
    return this.nowMs;
  }

  sendTo(to: IdentityRef<Renewable>, data: Uint8Array, start: number, end: number): void {
    if (this.throwsLeft > 0) {
      this.throwsLeft--;
      throw new TransportError("the transport failed");
    }
    const message = this.messages.intern(this.naming.hostAt(to.bytes, to.at), data.subarray(start, end));
    if (message !== undefined) this.sent.push(message);
  }

  submitAfter(): void {}

  /** A host that has just begun a life, and does with its core what `first` does. */
  begin(host: number, life: number, first: (swim: Swim<Renewable>) => void, topLife = life): Step {
    const swim = this.takeFresh(host, life);
    return this.run(swim, host, topLife, [], 0, false, () => {
      first(swim);
      return NOBODY;
    });
  }

  private takeFresh(host: number, life: number): Swim<Renewable> {
    const swim = this.swims[host];
    this.imagers[host].restore(this.fresh[host]);
    this.nowMs = START_MS;
    const { self } = swim["protocol"].knowledge;
    const ref = swim["protocol"].knowledge.encode(this.naming.make(host, life));
    self.become(ref);
    return swim;
  }

  /** Has a host's core be as it is in `local`, at its time. */
  restore(local: Local): Swim<Renewable> {
    if (local.image === undefined) throw new Error("explore: the host is off");
    this.imagers[local.host].restore(local.image);
    this.nowMs = local.nowMs;
    return this.swims[local.host];
  }

  /** What becomes of a host by an event; undefined when that cannot happen to it now. */
  step(local: Local, event: number): Step | undefined {
    const { host } = local;
    if (event === Event.Start || event === Event.StartBack) {
      if (local.isOn) return undefined;
      const life = event === Event.Start ? local.life + 1 : 1;
      // One more, since what was said of its first life before is not true of it now.
      const topLife = event === Event.Start ? life : local.topLife + 1;
      const seed = this.naming.make((host + 1) % this.naming.numHosts, 1);
      if (this.isFoca(host))
        return this.beginFoca(host, life, (foca) => foca.announce(seed, START_MS), topLife);
      return this.begin(host, life, (swim) => swim.announce(seed), topLife);
    }
    if (!local.isOn) return undefined;
    if (event === Event.Crash) {
      const next = this.intern(host, local.life, local.topLife, local.incarnation, undefined, false, [], 0);
      return { next, sent: [], status: undefined, error: undefined, turns: [] };
    }
    if (local.foca !== undefined) return this.stepFoca(local, local.foca, event);
    const swim = this.restore(local);
    const message = messageOf(event);
    this.throwsLeft = isThrowing(event) ? 1 : 0;
    this.chance = event === Event.OtherTimer ? -1 : 0;
    let status: Status | undefined;
    const act = this.actOf(swim, local, event);
    if (message < 0 && act === undefined) return undefined;
    const bytes = message < 0 ? undefined : this.messages.get(message).bytes;
    const hasLeft = event === Event.Leave || event === Event.Nap || local.hasLeft;
    // Its incarnation begins at 0 again, while datagrams with a higher one are on their way.
    const topLife = event === Event.Reuse ? Math.max(local.topLife, local.life + 1) : local.topLife;
    const step = this.run(swim, host, topLife, local.waits, local.asked, hasLeft, () => {
      act?.();
      if (bytes === undefined) return NOBODY;
      status = swim.handleData(bytes);
      // Where hearing counts for a probe.
      const counts = status === Status.Ok && this.config.probeSilentFirst;
      return counts ? this.naming.hostNamed(this.messages.get(message).datagram.from) : NOBODY;
    });
    // Nothing was sent: the transport did not fail.
    const isSpared = this.throwsLeft > 0;
    this.throwsLeft = 0;
    this.chance = 0;
    if (isSpared) return undefined;
    return { ...step, status };
  }

  private isFoca(host: number): boolean {
    return this.focaHosts.includes(host);
  }

  /** As `begin`, where foca runs. */
  beginFoca(host: number, life: number, first: (foca: FocaBench) => void, topLife = life): Step {
    const { foca } = this;
    if (foca === undefined) throw new Error("explore: there is no foca");
    this.nowMs = START_MS;
    foca.begin(host, life, START_MS);
    return this.runFoca(foca, host, topLife, () => first(foca));
  }

  /** Deliveries and timers are all that happens to foca. */
  private stepFoca(local: Local, history: FocaHistory, event: number): Step | undefined {
    const { foca } = this;
    const id = messageOf(event);
    if (foca === undefined || isThrowing(event) || (id < 0 && event !== Event.Timer)) return undefined;
    if (id < 0 && history.dueMs === Infinity) return undefined;
    foca.restore(local.host, history);
    this.nowMs = id < 0 ? Math.max(local.nowMs, history.dueMs) : local.nowMs;
    return this.runFoca(foca, local.host, local.topLife, () => {
      if (id < 0) foca.handleTimer(this.nowMs);
      else foca.handleData(this.messages.get(id).bytes, this.nowMs);
    });
  }

  private runFoca(foca: FocaBench, host: number, topLife: number, act: () => void): Step {
    const sent: Message[] = [];
    foca.sendTo((message) => sent.push(message));
    act();
    const { life, incarnation } = foca;
    const next = this.intern(host, life, Math.max(life, topLife), incarnation, foca, false, [], 0);
    return { next, sent, status: undefined, error: undefined, turns: [] };
  }

  /** Feeds the hash all that a foca was asked. */
  private tellHistory({ calls }: FocaHistory, turn: number): void {
    const { hash } = this;
    for (const { operation, nowMs, payload } of calls) {
      hash.add(operation);
      hash.addNumber(nowMs);
      for (const byte of payload) hash.add(byte);
    }
    // Nobody else is foca: no other turn of the circle has this state.
    hash.add(turn);
  }

  /** What an event that is no datagram has the host do; undefined when it cannot happen now. */
  private actOf(swim: Swim<Renewable>, local: Local, event: number): (() => void) | undefined {
    switch (event) {
      case Event.Timer:
      case Event.OtherTimer:
      case Event.Stall:
      case Event.ThrowingTimer: {
        if (!local.hasDeadline) return undefined;
        const dueMs = nextDeadline(swim);
        this.nowMs = Math.max(this.nowMs, dueMs + (event === Event.Stall ? STALL_MS : 0));
        return () => swim.handleTimer();
      }
      case Event.Leave:
        return local.isDefunct ? undefined : () => swim.leaveCluster();
      case Event.Reuse:
        return local.hasLeft && local.isDefunct ? () => swim.reuseDownIdentity() : undefined;
      case Event.ChangeIdentity: {
        const identity = this.naming.make(local.host, local.life + 1);
        return () => swim.changeIdentity(identity);
      }
      case Event.Nap:
        return local.isDefunct ? undefined : () => swim.nap(NAP_MS);
      case Event.WakeUp:
        return local.hasLeft && local.isDefunct ? () => swim.wake() : undefined;
      case Event.NetworkChanged:
        return () => swim.networkChanged();
      case Event.LowerHelpers:
        return () => swim.setConfig({ ...this.config, numIndirectProbes: 1 });
      default:
        return undefined;
    }
  }

  private run(
    swim: Swim<Renewable>,
    host: number,
    topLife: number,
    waits: readonly number[],
    asked: number,
    hasLeft: boolean,
    act: () => number,
  ): Step {
    this.sent = [];
    this.turns = [];
    let error: unknown;
    let heard = NOBODY;
    try {
      heard = act();
    } catch (thrown) {
      error = thrown;
    }
    const { sent, turns } = this;
    const { self } = swim["protocol"].knowledge;
    const life = this.naming.lifeAt(self.ref.bytes, self.ref.at);
    const next = this.intern(
      host,
      life,
      Math.max(life, topLife),
      swim.incarnation,
      swim,
      hasLeft && swim.isDefunct,
      waitsAfter(this.naming, swim, waits, turns, heard),
      askedAfter(asked, sent),
    );
    return { next, sent, status: undefined, error, turns };
  }

  /** The local of that meaning, made from the core's present state when it is new. */
  private intern(
    host: number,
    life: number,
    topLife: number,
    incarnation: number,
    core: Swim<Renewable> | FocaBench | undefined,
    hasLeft: boolean,
    waits: readonly number[],
    asked: number,
  ): Local {
    const { naming, hash } = this;
    const { turns } = naming;
    const foca = core instanceof FocaBench ? core : undefined;
    const swim = core instanceof FocaBench ? undefined : core;
    const hashes = new Int32Array(turns.length * 2);
    for (let turn = 0; turn < turns.length; turn++) {
      const names = turns[turn];
      hash.start().add(names[host]);
      hash.addNumber(life);
      hash.addNumber(topLife);
      hash.add(incarnation);
      hash.add(core === undefined ? 1 : hasLeft ? 2 : 3);
      if (foca !== undefined) this.tellHistory(foca.history, turn);
      if (swim !== undefined) {
        this.meaning.tell(swim, this.nowMs, names, hash);
        for (let named = 0; named < names.length; named++) {
          const other = names.indexOf(named);
          hash.add((waits[other] ?? 0) * 2 + ((asked >> other) & 1));
        }
      }
      hash.finish();
      hashes[turn * 2] = hash.left;
      hashes[turn * 2 + 1] = hash.right;
      if (turn > 0) continue;
      const known = this.byHash.get(hash.left * 0x200000 + (hash.right >>> 11));
      if (known === undefined) continue;
      const local = this.locals[known];
      if (this.onMerged !== undefined && swim !== undefined)
        this.onMerged({ ...local, image: this.imagers[host].save(), nowMs: this.nowMs });
      return local;
    }
    const local: Local = {
      id: this.locals.length,
      host,
      life,
      topLife,
      incarnation,
      isOn: core !== undefined,
      image: swim === undefined ? undefined : this.imagers[host].save(),
      foca: foca?.history,
      nowMs: this.nowMs,
      hasLeft,
      isDefunct: core?.isDefunct ?? false,
      hasDeadline: (swim === undefined ? (foca?.dueMs ?? Infinity) : nextDeadline(swim)) !== Infinity,
      held: swim === undefined ? (foca?.held.slice() ?? []) : heldBy(naming, swim),
      waits,
      asked,
      openProbe: swim === undefined ? -1 : openProbe(swim),
      hashes,
    };
    this.byHash.set(hashes[0] * 0x200000 + (hashes[1] >>> 11), local.id);
    this.locals.push(local);
    return local;
  }
}

/** Whether the transport's own error is what ended the step. */
export function isTransportError(error: unknown): boolean {
  return error instanceof TransportError;
}
