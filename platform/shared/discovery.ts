import type { IdentityType, LeanSwim, Random } from "../../core/index.js";
import { hostPort } from "./addresses.js";
import { ANSWER, ASK, Beacon, codecTag, LONGEST_BEACON } from "./beacon.js";
import type { Seal } from "./seal.js";
import { SEAL_HEADROOM, SEAL_TAILROOM } from "./seal.js";

/** The first pause between two questions of a node that is alone; doubled every time, and shortened by up to half. */
const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 30_000;
/** Within how long after the start the first question goes out. */
const FIRST_ASK_MS = 400;
/** For how long the seeds, and multicast DNS where there is one, have their turn before the first beacon. */
const BEACON_AFTER_MS = 1000;
/** How often it is looked whether the node is alone. */
const LOOK_MS = 1000;
/** How long a node is alone before that is told. */
const NOBODY_MS = 10_000;
/** The shortest pause between two Announces to those that were found. */
const CALL_MS = 200;
/** How often somebody who was found is called at most before the next question; once after each. */
const MOST_CALLS = 3;
/** How many that were found are kept. */
const MOST_FOUND = 8;
/** So many members answer a question, on average. */
const ANSWERS = 3;
/** Within how long they do. */
const ANSWER_MS = 100;
/**
 * How long after a node was connected it asks once more, on average: those that start together may have met in pairs. After the last
 * one always as long again. Of a cluster so many ask as answer.
 */
const CHECK_MS = /* @__PURE__ */ Object.freeze([1500, 7000, 45_000, 450_000]);
/** For how long what a connected node finds is the answer to its question. */
const ASKED_MS = 1000;
/** How many answers wait at once; others are not given. */
const MOST_ANSWERS = 4;

/** How a node that looks for others reaches the network. What these throw is counted, and goes to `onError`. */
export interface DiscoveryDriver {
  /** Arranges that `Discovery.wake` is called once, in `ms` milliseconds. This replaces the previous call. */
  arm(ms: number): void;
  /** Asks by multicast DNS, where there is one: what is found goes to `Discovery.found`. */
  readonly ask?: (() => void) | undefined;
  /** Sends the beacon `bytes[start..end]` to everybody near, from a port at which answers come in. */
  broadcast(bytes: Uint8Array, start: number, end: number): void;
  /** Sends it to one. */
  answer(address: string, port: number, bytes: Uint8Array, start: number, end: number): void;
  /** Closes what it has open. */
  close(): void;
}

/** The node that looks for others. */
export interface LookingNode<T> {
  readonly swim: LeanSwim<T>;
  readonly seal: Seal | undefined;
  readonly type: IdentityType<T>;
  /** Its UDP port. */
  readonly port: number;
  /** The name of its wire format. */
  readonly codec: string;
  readonly cluster: string;
  readonly random: Random;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  failed(error: unknown): void;
  /** Nobody has been found for ten seconds. @param others the name of another cluster that is near, or undefined */
  nobodyFound(others: string | undefined): void;
}

/** Somebody who was found. */
interface Found {
  readonly address: string;
  readonly port: number;
  calls: number;
}

/** An answer that is to be given. */
interface Answer {
  readonly address: string;
  readonly port: number;
  readonly atMs: number;
}

/**
 * Finds other members nearby while the node is alone, and helps others to find it. While the node is connected, it answers, and
 * asks a few times whether there are others, because those that start together may meet in pairs. See docs/WIRE.md, "Discovery".
 */
export class Discovery<T> {
  /** How many beacons came in that were taken. */
  numHeard = 0;
  private readonly node: LookingNode<T>;
  private readonly driver: DiscoveryDriver;
  private readonly own = new Beacon();
  private readonly other = new Beacon();
  private readonly bytes = new Uint8Array(SEAL_HEADROOM + LONGEST_BEACON + SEAL_TAILROOM);
  private readonly candidates: Found[] = [];
  private readonly answers: Answer[] = [];
  /** Undefined until it was looked for the first time. */
  private isAlone: boolean | undefined = undefined;
  private aloneMs = 0;
  /** How often the node asked since it was connected, and when it is to ask next. */
  private numChecks = 0;
  private checkMs = Infinity;
  private askedMs = -Infinity;
  private askMs = Infinity;
  private callMs = 0;
  private pauseMs = FIRST_PAUSE_MS;
  private nobodyMs = Infinity;
  private isClosed = false;
  private neighbour: string | undefined = undefined;

  constructor(node: LookingNode<T>, driver: DiscoveryDriver) {
    this.node = node;
    this.driver = driver;
    this.own.id = node.random() >>> 0;
    this.own.port = node.port;
    this.own.codec = codecTag(node.codec);
    this.own.cluster = node.cluster;
  }

  /** Those that were found when the node looked last, such as `192.168.1.10:7946`. */
  get found(): string[] {
    const texts: string[] = [];
    for (let i = 0; i < this.candidates.length; i++)
      texts.push(hostPort(this.candidates[i].address, this.candidates[i].port));
    return texts;
  }

  /** Does what is due. The driver calls it; call it once when the sockets are open. */
  wake(): void {
    if (this.isClosed) return;
    const nowMs = this.node.now();
    this.follow(nowMs);
    this.giveAnswers(nowMs);
    if (this.isAlone) this.look(nowMs);
    else this.check(nowMs);
    this.plan(nowMs);
  }

  /** Somebody of this cluster is at that address, as multicast DNS says. */
  take(address: string, port: number): void {
    if (this.isClosed) return;
    const nowMs = this.node.now();
    this.follow(nowMs);
    this.consider(address, port, nowMs);
    this.plan(nowMs);
  }

  /** The datagram `bytes[start..end]` came to a port of beacons. Whatever it is, this does not throw. */
  heard(bytes: Uint8Array, start: number, end: number, address: string, port: number): void {
    const { other, own } = this;
    if (this.isClosed) return;
    if (this.node.seal !== undefined) {
      const opener = this.node.seal;
      if (!opener.open(bytes, start, end)) return;
      start = opener.start;
      end = opener.end;
    }
    if (!other.read(bytes, start, end) || (other.id === own.id && other.port === own.port)) return;
    if (other.cluster !== own.cluster) {
      this.neighbour = other.cluster;
      return;
    }
    if (other.codec !== own.codec) return;
    this.numHeard++;
    const nowMs = this.node.now();
    this.follow(nowMs);
    if (this.isAlone || other.kind === ANSWER) this.consider(address, other.port, nowMs);
    else if (!this.knows(address, other.port)) this.considerAnswer(address, port, nowMs);
    this.plan(nowMs);
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.driver.close();
  }

  /** Notes whether the node is alone. */
  private follow(nowMs: number): void {
    const swim = this.node.swim;
    const isAlone = !swim.isConnected && !swim.isDefunct;
    if (isAlone === this.isAlone) return;
    this.isAlone = isAlone;
    this.numChecks = 0;
    this.checkMs = isAlone ? Infinity : this.checkTime(nowMs);
    if (!isAlone) return;
    this.candidates.length = 0;
    this.aloneMs = nowMs;
    this.askMs = nowMs + FIRST_ASK_MS * this.fraction();
    this.nobodyMs = nowMs + NOBODY_MS;
    this.pauseMs = FIRST_PAUSE_MS;
  }

  private look(nowMs: number): void {
    if (nowMs >= this.callMs) this.callNext(nowMs);
    if (nowMs >= this.askMs) this.ask(nowMs);
    if (nowMs < this.nobodyMs) return;
    this.nobodyMs = Infinity;
    this.node.nobodyFound(this.neighbour);
  }

  /** Asks once more after the node was connected, if it is its turn. */
  private check(nowMs: number): void {
    if (nowMs >= this.callMs && this.hasAsked(nowMs)) this.callNext(nowMs);
    if (nowMs < this.checkMs) return;
    this.numChecks++;
    this.checkMs = this.checkTime(nowMs);
    if (!this.isItsTurn()) return;
    this.candidates.length = 0;
    this.askedMs = nowMs;
    this.question(true);
  }

  private checkTime(nowMs: number): number {
    const meanMs = CHECK_MS[Math.min(this.numChecks, CHECK_MS.length - 1)];
    return nowMs + meanMs * (0.5 + this.fraction());
  }

  private hasAsked(nowMs: number): boolean {
    return nowMs - this.askedMs <= ASKED_MS;
  }

  /** Calls somebody who was found, if that is of use: while the node is alone, or has just asked whether there are others. */
  private consider(address: string, port: number, nowMs: number): void {
    if (!this.isAlone && (!this.hasAsked(nowMs) || this.knows(address, port))) return;
    if (this.keep(address, port) && nowMs >= this.callMs) this.callNext(nowMs);
  }

  /** Whether a member is at that address, or the node itself. */
  private knows(address: string, port: number): boolean {
    const { swim, type } = this.node;
    try {
      return type.at !== undefined && swim.knows(type.at(hostPort(address, port), 0));
    } catch {
      return true;
    }
  }

  /** Announces to the one that was found and called least. */
  private callNext(nowMs: number): void {
    let next: Found | undefined;
    for (let i = 0; i < this.candidates.length; i++) {
      const each = this.candidates[i];
      if (each.calls < MOST_CALLS && (next === undefined || each.calls < next.calls)) next = each;
    }
    if (next === undefined) return;
    next.calls++;
    this.callMs = nowMs + CALL_MS * next.calls;
    const { swim, type } = this.node;
    try {
      if (type.at === undefined) return;
      const identity = type.at(hostPort(next.address, next.port), 0);
      if (!swim.isSelf(identity)) swim.announce(identity);
    } catch (error) {
      this.node.failed(error);
    }
  }

  /** Asks by multicast DNS, and by a beacon when the others had their turn. */
  private ask(nowMs: number): void {
    const { candidates } = this;
    // Those that were found and did not answer are called once more each time: they may only be starting.
    for (let i = 0; i < candidates.length; i++)
      candidates[i].calls = Math.min(candidates[i].calls, MOST_CALLS - 1);
    const isFirst = nowMs <= this.aloneMs + FIRST_ASK_MS;
    const hasDns = this.mayAskByDns;
    this.askMs = nowMs + this.pauseMs * (1 - this.fraction() / 2);
    if (isFirst && hasDns) this.askMs = this.aloneMs + BEACON_AFTER_MS * (1 + this.fraction());
    else this.pauseMs = Math.min(LONGEST_PAUSE_MS, this.pauseMs * 2);
    this.question(!isFirst || !hasDns);
  }

  /** Asks who is there: by multicast DNS where it may, and by a beacon where it is to. */
  private question(byBeacon: boolean): void {
    const { driver } = this;
    try {
      if (driver.ask !== undefined && this.mayAskByDns) driver.ask();
      if (byBeacon) this.send(ASK, "", 0);
    } catch (error) {
      this.node.failed(error);
    }
  }

  private considerAnswer(address: string, port: number, nowMs: number): void {
    const { answers } = this;
    if (answers.length >= MOST_ANSWERS || !this.isItsTurn()) return;
    answers.push({ address, port, atMs: nowMs + ANSWER_MS * this.fraction() });
  }

  private giveAnswers(nowMs: number): void {
    const { answers } = this;
    for (let i = answers.length - 1; i >= 0; i--) {
      const { address, port, atMs } = answers[i];
      if (nowMs < atMs) continue;
      answers.splice(i, 1);
      if (this.isAlone) continue;
      try {
        this.send(ANSWER, address, port);
      } catch (error) {
        this.node.failed(error);
      }
    }
  }

  /** Sends a beacon: to one, or to all near when `address` is empty. */
  private send(kind: number, address: string, port: number): void {
    const { bytes, own, driver, node } = this;
    own.kind = kind;
    let start: number = SEAL_HEADROOM;
    let end = own.write(bytes, start);
    const seal = node.seal;
    if (seal !== undefined) {
      seal.seal(bytes, start, end);
      start = seal.start;
      end = seal.end;
    }
    if (address === "") driver.broadcast(bytes, start, end);
    else driver.answer(address, port, bytes, start, end);
  }

  /** Keeps somebody who was found, in the place of the one that was called most; false when that one is known. */
  private keep(address: string, port: number): boolean {
    const { candidates } = this;
    let most = 0;
    for (let i = 0; i < candidates.length; i++) {
      if (candidates[i].address === address && candidates[i].port === port) return false;
      if (candidates[i].calls > candidates[most].calls) most = i;
    }
    const found = { address, port, calls: 0 };
    if (candidates.length < MOST_FOUND) candidates.push(found);
    else if (candidates[most].calls > 0) candidates[most] = found;
    else return false;
    return true;
  }

  private plan(nowMs: number): void {
    let nextMs = nowMs + LOOK_MS;
    nextMs = Math.min(nextMs, this.checkMs);
    if (this.isAlone) nextMs = Math.min(nextMs, this.askMs, this.nobodyMs);
    if (this.isAlone || this.hasAsked(nowMs)) {
      for (let i = 0; i < this.candidates.length; i++)
        if (this.candidates[i].calls < MOST_CALLS) nextMs = Math.min(nextMs, this.callMs);
    }
    for (let i = 0; i < this.answers.length; i++) nextMs = Math.min(nextMs, this.answers[i].atMs);
    this.driver.arm(Math.max(1, Math.ceil(nextMs - nowMs)));
  }

  /** Whether there is multicast DNS, and what the node sends is not sealed, so that it may ask openly, too. */
  private get mayAskByDns(): boolean {
    if (this.driver.ask === undefined) return false;
    const { seal } = this.node;
    return seal === undefined || seal.sealing === "off" || seal.sealing === "accept";
  }

  /** Whether chance has chosen this node: as many of its cluster as are to answer, on average. */
  private isItsTurn(): boolean {
    return this.fraction() * (this.node.swim.numMembers + 1) < ANSWERS;
  }

  /** From 0 up to 1. */
  private fraction(): number {
    return (this.node.random() >>> 0) / 0x100000000;
  }
}
