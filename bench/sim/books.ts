import type { State } from "../../core/index.js";
import type { Members } from "../../core/members.js";
import { Beliefs, UNKNOWN, type Belief, type Transition } from "./beliefs.js";
import type { Checker, Violation } from "./checkers/checker.js";
import type { Naming } from "./identities.js";
import { subjectOf, type RecordTap, type SelfTap, type Tap } from "./inside.js";
import type { Network } from "./network.js";
import type { Timeline } from "./timeline.js";
import { Disagreements, Truth } from "./truth.js";

/** Violations kept in words; the rest is counted. */
const KEPT = 20;

/** What is known of a run, apart from the nodes: how the hosts are, what they hold of each other, what went wrong. */
export class Books implements Tap, SelfTap, RecordTap {
  readonly truth: Truth;
  readonly beliefs: Beliefs;
  readonly disagreements: Disagreements;
  readonly violations: Violation[] = [];
  numViolations = 0;
  checkers: readonly Checker[] = [];
  /** Told of every change in what a host holds. */
  readonly onTransition: ((transition: Transition) => void)[] = [];
  private readonly time: Timeline;
  private readonly naming: Naming;
  private readonly numHosts: number;

  constructor(numHosts: number, time: Timeline, naming: Naming, network: Network) {
    this.time = time;
    this.naming = naming;
    this.numHosts = numHosts;
    this.truth = new Truth(numHosts);
    this.beliefs = new Beliefs(numHosts);
    this.disagreements = new Disagreements(this.beliefs, this.truth, network);
  }

  /** Notes what no node may do. */
  violate(checker: string, text: string): void {
    this.numViolations++;
    if (this.violations.length < KEPT) this.violations.push({ checker, atMs: this.time.nowMs, text });
  }

  /** A host started under that life. */
  started(host: number, life: number): void {
    const { truth } = this;
    truth.isLive[host] = 1;
    truth.numLive++;
    truth.incarnationOf[host] = 0;
    truth.lifeOf[host] = life;
    truth.firstLifeOf[host] = life;
    for (const checker of this.checkers) checker.started?.(host);
    this.reconnected(host);
  }

  /** A host left, or is no more. */
  gone(host: number): void {
    if (this.truth.isLive[host] === 1) this.truth.numLive--;
    this.truth.isLive[host] = 0;
    this.disagreements.judgeHost(this.time.nowMs, host);
  }

  /** A host reaches others, or others reach it, than before. */
  reconnected(host: number): void {
    this.truth.disturb(host, this.time.nowMs);
    this.disagreements.judgeHost(this.time.nowMs, host);
  }

  /** A host speaks under that life and incarnation. */
  spoke(host: number, life: number, incarnation: number): void {
    // A renewed identity is gossiped before it is notified.
    if (life !== this.truth.lifeOf[host]) {
      this.renewed(host, life);
      if (incarnation === 0) return;
    }
    const before = this.truth.incarnationOf[host];
    if (incarnation === before) return;
    for (const checker of this.checkers) checker.incarnated?.(host, incarnation, before);
    this.truth.incarnationOf[host] = incarnation;
  }

  /** A host took its renewed identity. */
  renewed(host: number, life: number): void {
    const before = this.truth.lifeOf[host];
    if (life === before) return;
    for (const checker of this.checkers) checker.renewed?.(host, life, before);
    this.truth.lifeOf[host] = life;
    this.truth.incarnationOf[host] = 0;
    this.disagreements.judgeHost(this.time.nowMs, host);
  }

  /** A host holds something else of another. */
  believes(observer: number, subject: number, life: number, incarnation: number, state: Belief): void {
    if (subject < 0 || subject >= this.numHosts) return;
    const { nowMs } = this.time;
    const transition = this.beliefs.enter(nowMs, observer, subject, life, incarnation, state);
    for (let i = 0; i < this.checkers.length; i++) this.checkers[i].transition?.(transition);
    this.disagreements.judge(nowMs, observer, subject);
    for (let i = 0; i < this.onTransition.length; i++) this.onTransition[i](transition);
  }

  /** For the tap: a table changed. */
  changed(observer: number, members: Members<unknown>, slot: number, isRemoved: boolean): void {
    const subject = subjectOf(members, slot, this.naming);
    if (subject < 0) return;
    const life = this.naming.lifeOf(members.dialect, members.bytes, members.identityAt(slot));
    const state: Belief = isRemoved ? UNKNOWN : members.state(slot);
    this.believes(observer, subject, life, members.incarnation(slot), state);
  }

  /** For the tap: the host of a slot. */
  subjectOf(members: Members<unknown>, slot: number): number {
    return subjectOf(members, slot, this.naming);
  }

  /** For the tap: a host keeps that version of what another published, or of what it published itself. */
  kept(observer: number, subject: number, version: number): void {
    if (subject < 0 || subject >= this.numHosts) return;
    for (let i = 0; i < this.checkers.length; i++) this.checkers[i].kept?.(observer, subject, version);
  }

  /** For the tap: a host was told something of itself. */
  heardOfSelf(host: number, incarnation: number, state: State, isAnswered: boolean): void {
    for (const checker of this.checkers) checker.heardOfSelf?.(host, incarnation, state, isAnswered);
  }
}
