import {
  bincode,
  renewableAddr,
  simple,
  Status,
  Swim,
  type Config,
  type IdentityRef,
  type Member,
  type Renewable,
  type Runtime,
} from "../../core/index.js";
import { identityOf, indexOf } from "../datagrams.js";

/** A clock that stands still until it is moved; what is sent goes nowhere but is counted. */
export class Sink implements Runtime<Renewable> {
  /** Not whole, as no real clock is. */
  nowMs = 1_000_000.25;
  /** When the node asked to be woken. */
  dueMs = Infinity;
  sentTo = 0;
  sentBytes = 0;
  /** The length of the latest datagram. */
  sentLength = 0;

  now(): number {
    return this.nowMs;
  }
  sendTo(to: IdentityRef<Renewable>, _data: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.sentTo = indexOf(to.bytes, to.at);
    this.sentBytes += length;
    this.sentLength = length;
  }
  submitAfter(ms: number): void {
    this.dueMs = this.nowMs + ms;
  }
}

/** The settings of every figure but for `changes`: those of the Rust bench, with room for the members. */
function configFor(members: number, changes: Partial<Config>): Config {
  return { ...simple(), maxMembers: Math.min(65_000, Math.max(1024, members * 2)), ...changes };
}

/** A small seeded generator (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** A Swim that knows a number of members. */
export class XswimNode {
  readonly sink = new Sink();
  readonly swim: Swim<Renewable>;
  readonly members: number;
  private incarnation = 0;

  constructor(members: number, known: number, changes: Partial<Config> = {}) {
    this.members = members;
    this.swim = new Swim({
      identity: identityOf(0),
      identityType: renewableAddr,
      codec: bincode,
      config: configFor(members, changes),
      runtime: this.sink,
      random: seeded(members),
    });
    this.swim.applyMany(membersOf(1, known, 0, "Alive"), false);
    expect(this.swim.numMembers, known, "members known");
  }

  /** Queues an update about every member. */
  fillQueue(): void {
    this.incarnation++;
    this.swim.applyMany(membersOf(1, this.members, this.incarnation, "Alive"), true);
    expect(this.swim.updatesBacklog, this.members, "updates queued");
  }

  receive(datagram: Uint8Array): void {
    const status = this.swim.handleData(datagram);
    if (status !== Status.Ok) throw new Error("a good datagram was refused: " + status);
  }

  /** Lets the time pass to the next deadline. */
  wake(): void {
    this.sink.nowMs = this.sink.dueMs;
    this.swim.handleTimer();
  }
}

/** `count` members from index `first` on. */
export function membersOf(
  first: number,
  count: number,
  incarnation: number,
  state: Member<Renewable>["state"],
): Member<Renewable>[] {
  return Array.from({ length: count }, (_, i) => ({ identity: identityOf(first + i), incarnation, state }));
}

export function expect(actual: number, expected: number, what: string): void {
  if (actual !== expected) throw new Error(`${what}: expected ${expected}, got ${actual}`);
}
