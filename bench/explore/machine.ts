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
import { Hash } from "./hash.js";
import { Imager, type Image } from "./image.js";
import { type Held, type Local } from "./local.js";
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
/** Turns that are counted at most. */
const MOST_WAITS = 15;
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

  constructor(naming: Naming, config: Config, messages: Messages) {
    this.naming = naming;
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

  /** Names of all that an image holds, for the test that follows what the core holds. */
  get imageNames(): readonly string[] {
    return this.imagers[0].names;
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

  /** A host that was never on. */
  off(host: number): Local {
    return this.intern(host, 0, 0, 0, undefined, false, [], 0);
  }

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
      if (local.image !== undefined) return undefined;
      const life = event === Event.Start ? local.life + 1 : 1;
      // One more, since what was said of its first life before is not true of it now.
      const topLife = event === Event.Start ? life : local.topLife + 1;
      const seed = this.naming.make((host + 1) % this.naming.numHosts, 1);
      return this.begin(host, life, (swim) => swim.announce(seed), topLife);
    }
    if (local.image === undefined) return undefined;
    if (event === Event.Crash) {
      const next = this.intern(host, local.life, local.topLife, local.incarnation, undefined, false, [], 0);
      return { next, sent: [], status: undefined, error: undefined, turns: [] };
    }
    const swim = this.restore(local);
    const message = messageOf(event);
    this.throwsLeft = isThrowing(event) ? 1 : 0;
    this.chance = event === Event.OtherTimer ? -1 : 0;
    let status: Status | undefined;
    const act = this.actOf(swim, local, event);
    if (message < 0 && act === undefined) return undefined;
    const bytes = message < 0 ? undefined : this.messages.get(message).bytes;
    const hasLeft = event === Event.Leave || event === Event.Nap || local.hasLeft;
    const step = this.run(swim, host, local.topLife, local.waits, local.asked, hasLeft, () => {
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
      this.waitsAfter(swim, waits, turns, heard),
      askedAfter(asked, sent, this.naming),
    );
    return { next, sent, status: undefined, error, turns };
  }

  /** How many turns of others each host has waited for. */
  private waitsAfter(
    swim: Swim<Renewable>,
    before: readonly number[],
    turns: readonly number[],
    heard: number,
  ): number[] {
    const { naming } = this;
    const { members } = swim["protocol"].knowledge;
    const { order } = members;
    const waits: number[] = new Array<number>(naming.numHosts).fill(0);
    for (let i = 0; i < order.numActive; i++) {
      const host = naming.hostAt(members.bytes, members.identityAt(order.activeAt(i)));
      if (host >= naming.numHosts) continue;
      let wait = before[host] ?? 0;
      for (const turn of turns) wait = turn === host ? 0 : wait + 1;
      waits[host] = host === heard ? 0 : Math.min(wait, MOST_WAITS);
    }
    return waits;
  }

  private heldBy(swim: Swim<Renewable>): (Held | undefined)[] {
    const { naming } = this;
    const { members } = swim["protocol"].knowledge;
    const { order } = members;
    const held: (Held | undefined)[] = new Array<undefined>(naming.numHosts).fill(undefined);
    const note = (slot: number): void => {
      const at = members.identityAt(slot);
      const host = naming.hostAt(members.bytes, at);
      if (host >= naming.numHosts) return;
      const incarnation = members.isAsleep(slot) ? 0 : members.incarnation(slot);
      held[host] = { life: naming.lifeAt(members.bytes, at), incarnation, state: members.state(slot) };
    };
    for (let i = 0; i < order.numActive; i++) note(order.activeAt(i));
    for (let i = 0; i < order.numDown; i++) note(order.downAt(i));
    return held;
  }

  /** The local of that meaning, made from the core's present state when it is new. */
  private intern(
    host: number,
    life: number,
    topLife: number,
    incarnation: number,
    swim: Swim<Renewable> | undefined,
    hasLeft: boolean,
    waits: readonly number[],
    asked: number,
  ): Local {
    const { naming, hash } = this;
    const { turns } = naming;
    const hashes = new Int32Array(turns.length * 2);
    for (let turn = 0; turn < turns.length; turn++) {
      const names = turns[turn];
      hash.start().add(names[host]);
      hash.addNumber(life);
      hash.addNumber(topLife);
      hash.add(incarnation);
      hash.add(swim === undefined ? 1 : hasLeft ? 2 : 3);
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
      image: swim === undefined ? undefined : this.imagers[host].save(),
      nowMs: this.nowMs,
      hasLeft,
      isDefunct: swim?.isDefunct ?? false,
      hasDeadline: swim !== undefined && nextDeadline(swim) !== Infinity,
      held: swim === undefined ? [] : this.heldBy(swim),
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

/** When the next deadline of a core comes due. */
export function nextDeadline(swim: Swim<Renewable>): number {
  const { deadlines } = swim["protocol"].connection;
  deadlines.next();
  return deadlines.nextMs;
}

/** The number of the probe whose target has not answered yet; -1 when there is none. */
function openProbe(swim: Swim<Renewable>): number {
  const { probe } = swim["protocol"].knowledge;
  return probe.target === NONE || probe.succeeded ? -1 : probe.number;
}

/** Helpers that were asked for the probe that runs after so much was sent. */
function askedAfter(asked: number, sent: readonly Message[], naming: Naming): number {
  let isProbing = false;
  for (const { to, datagram } of sent) {
    // A probe begins with a Ping, and asks its helpers later; those are pinged, too, but after they are asked.
    if (datagram.kind === "PingReq") {
      asked = isProbing ? asked | (1 << to) : 1 << to;
      isProbing = true;
    } else if (datagram.kind === "Ping" && !isProbing) asked = 0;
  }
  return naming.numHosts > 0 ? asked : 0;
}

/** Whether the transport's own error is what ended the step. */
export function isTransportError(error: unknown): boolean {
  return error instanceof TransportError;
}
