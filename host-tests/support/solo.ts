// One Swim by itself: its clock is moved by hand, what it sends and notifies is written down, and its peers are played
// by the test. Engine-free.
import { bincode, postcard } from "../../core/codec.js";
import { simple, type Config } from "../../core/config.js";
import { renewableV4, type IdentityType, type Renewable } from "../../core/identity.js";
import type { BroadcastHandler } from "../../core/broadcasts.js";
import type { Keeper } from "../../core/keeper.js";
import type { Runtime } from "../../core/runtime.js";
import { statusName } from "../../core/status.js";
import { Swim } from "../../core/swim.js";
import { hex } from "./assert.js";
import { seeded } from "./random.js";
import { decode, describe, encode, nameOf, peer } from "./wire.js";
import type { Datagram, DialectName, Kind } from "./wire.js";

export interface SoloOptions {
  /** Over `simple()`. */
  config?: Partial<Config>;
  identity?: string;
  dialect?: DialectName;
  identityType?: IdentityType<Renewable>;
  handler?: BroadcastHandler<Renewable>;
  keeper?: Keeper<Renewable>;
  seed?: number;
  nowMs?: number;
  /** What it knows from the start, by `applyMany` without spreading it: `"Alive 2.1@0"`. */
  knows?: string[];
}

/** What a peer says, besides the message itself. */
export interface Says {
  incarnation?: number;
  to?: string;
  n?: number;
  subject?: string;
  updates?: string[];
  broadcasts?: string[];
}

export class Solo implements Runtime<Renewable> {
  readonly swim: Swim<Renewable>;
  nowMs: number;
  /** Datagrams sent since the last `take`, whole and taken apart. */
  raw: string[] = [];
  datagrams: Datagram[] = [];
  /** Notifications since the last `takeEvents`, in order: `"memberUp 2.1"`. */
  events: string[] = [];
  /** When the runtime is to wake it; Infinity when it asked for nothing. */
  wakeAtMs = Infinity;
  /** How often a wake-up was asked for. */
  numWakes = 0;
  private readonly dialect: DialectName;

  constructor(options: SoloOptions = {}) {
    this.nowMs = options.nowMs ?? 1_000_000;
    this.dialect = options.dialect ?? "bincode";
    this.swim = new Swim<Renewable>({
      identity: peer(options.identity ?? "1.1"),
      identityType: options.identityType ?? renewableV4,
      codec: this.dialect === "bincode" ? bincode : postcard,
      config: { ...simple(), ...options.config },
      runtime: this,
      random: seeded(options.seed ?? 7),
      ...(options.handler === undefined ? {} : { broadcastHandler: options.handler }),
      ...(options.keeper === undefined ? {} : { keeper: options.keeper }),
    });
    if (options.knows !== undefined) this.learn(options.knows, false);
    this.events = [];
  }

  now(): number {
    return this.nowMs;
  }
  sendTo(to: { value: Renewable }, data: Uint8Array, start: number, end: number): void {
    const bytes = data.slice(start, end);
    // What lies behind the datagram is nobody's business, and must not be counted on.
    data.fill(0xa5);
    const datagram = decode(bytes, this.dialect);
    if (nameOf(to.value) !== datagram.to) throw new Error("sent to another than its destination");
    this.raw.push(hex(bytes));
    this.datagrams.push(datagram);
  }
  submitAfter(ms: number): void {
    this.numWakes++;
    this.wakeAtMs = this.nowMs + ms;
  }
  memberUp(identity: Renewable): void {
    this.events.push("memberUp " + nameOf(identity));
  }
  memberDown(identity: Renewable): void {
    this.events.push("memberDown " + nameOf(identity));
  }
  memberNap?(identity: Renewable, ms: number): void {
    this.events.push("memberNap " + nameOf(identity) + " " + ms);
  }
  memberOverdue(identity: Renewable): void {
    this.events.push("memberOverdue " + nameOf(identity));
  }
  rename(before: Renewable, after: Renewable): void {
    this.events.push("rename " + nameOf(before) + " " + nameOf(after));
  }
  active(): void {
    this.events.push("active");
  }
  idle(): void {
    this.events.push("idle");
  }
  defunct(): void {
    this.events.push("defunct");
  }
  rejoin(identity: Renewable): void {
    this.events.push("rejoin " + nameOf(identity));
  }
  memberRefused(identity: Renewable): void {
    this.events.push("memberRefused " + nameOf(identity));
  }
  probeFailed(probeNumber: number, identity: Renewable): void {
    this.events.push("probeFailed " + probeNumber + " " + nameOf(identity));
  }

  /** Our identity by its short name. */
  get identity(): string {
    return nameOf(this.swim.identity);
  }

  /** All that it knows, sorted. */
  get state(): string[] {
    return this.swim
      .membershipState()
      .map((member) => `${member.state} ${nameOf(member.identity)}@${member.incarnation}`)
      .sort();
  }

  /** Hands it a datagram of a peer; returns the status by name. */
  hear(kind: Kind, from: string, says: Says = {}): string {
    return this.hearBytes(encode(this.datagram(kind, from, says), this.dialect));
  }

  /** Hands it bytes, which must be left as they are; returns the status by name. */
  hearBytes(bytes: Uint8Array): string {
    const before = hex(bytes);
    const status = this.swim.handleData(bytes);
    if (hex(bytes) !== before) throw new Error("handleData changed the datagram");
    return statusName(status);
  }

  /** The datagram that `hear` hands over. */
  datagram(kind: Kind, from: string, says: Says = {}): Datagram {
    const datagram: Datagram = {
      from,
      incarnation: says.incarnation ?? 0,
      to: says.to ?? this.identity,
      kind,
      updates: says.updates ?? [],
      broadcasts: says.broadcasts ?? [],
    };
    if (says.n !== undefined) datagram.n = says.n;
    if (says.subject !== undefined) datagram.subject = says.subject;
    return datagram;
  }

  learn(members: string[], doBroadcast: boolean): void {
    const parsed = members.map((text) => {
      const [state, name, incarnation] = text.split(/[ @]/);
      return {
        identity: peer(name),
        incarnation: Number(incarnation),
        state: state as "Alive" | "Suspect" | "Down",
      };
    });
    this.swim.applyMany(parsed, doBroadcast);
  }

  /** Lets time pass, with every wake-up on time. */
  pass(ms: number): void {
    const endMs = this.nowMs + ms;
    while (this.wakeAtMs <= endMs) {
      this.nowMs = Math.max(this.nowMs, this.wakeAtMs);
      this.wakeAtMs = Infinity;
      this.swim.handleTimer();
    }
    this.nowMs = endMs;
  }

  /** Lets time pass without a wake-up, then calls `handleTimer` once. */
  oversleep(ms: number): void {
    this.nowMs += ms;
    this.wakeAtMs = Infinity;
    this.swim.handleTimer();
  }

  /** What was sent since the last time, a line each: `"Ping(1) > 2.1 + Alive 3.1@0"`. */
  take(): string[] {
    const lines = this.datagrams.map(describe);
    this.datagrams = [];
    this.raw = [];
    return lines;
  }

  takeEvents(): string[] {
    const events = this.events;
    this.events = [];
    return events;
  }
}
