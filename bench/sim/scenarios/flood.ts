import type { Run } from "../run.js";
import { Forger } from "./forger.js";

/** How often it is looked whether the next Gossip may be sent. */
const TURN_MS = 100;
/** The longest datagram, in bytes. */
const LONGEST = 65_507;

/** What is poured over whom. */
export interface FloodPlan {
  /** Members that are forged in a pass. Each pass names them in their next lives, so that all of it is news. */
  readonly count: number;
  /** Each of these hosts is told of all of them. */
  readonly targets: readonly number[];
  /** What is sent in a second, in all. */
  readonly bytesPerS: number;
  readonly passes: number;
  /** How long after another a pass begins, at the soonest. */
  readonly passEveryMs: number;
}

/** Somebody who pours forged members over hosts, in Gossips as long as hosts take them in. */
export class Flood {
  private readonly run: Run;
  private readonly plan: FloodPlan;
  private readonly forger: Forger;
  private readonly headerBytes: number;
  private readonly memberBytes: number;
  private readonly membersPerGossip: number;
  /** Bytes that may be sent now. */
  private credit = 0;
  private life = 1;
  private passStartMs: number;
  /** The first stranger of the next Gossip, and how many hosts were told of it. */
  private first = 0;
  private told = 0;

  constructor(run: Run, plan: FloodPlan) {
    const { world } = run;
    this.run = run;
    this.plan = plan;
    this.passStartMs = world.nowMs;
    this.forger = new Forger(world, 0);
    const { header, member } = this.forger.sizes;
    this.headerBytes = header;
    this.memberBytes = member;
    this.membersPerGossip = Math.floor((world.hosts[0].config.maxReceiveSize - header) / member);
    if (this.membersPerGossip < 1) throw new Error(`a Gossip about one member has ${header + member} bytes`);
  }

  /** Begins, and goes on by itself. */
  start(): void {
    const { plan, run } = this;
    if (plan.count <= 0 || plan.bytesPerS <= 0 || plan.targets.length === 0) return;
    this.credit = Math.min(this.credit + (plan.bytesPerS * TURN_MS) / 1000, LONGEST);
    while (this.life <= plan.passes && this.passStartMs <= run.world.nowMs && this.sendNext());
    if (this.life <= plan.passes) run.world.plan(TURN_MS, () => this.start());
  }

  /** Sends the next Gossip, unless it is too early for so many bytes; says whether it did. */
  private sendNext(): boolean {
    const { plan, run, first } = this;
    const some = Math.min(plan.count - first, this.membersPerGossip);
    const bytes = this.headerBytes + some * this.memberBytes;
    if (bytes > this.credit) return false;
    this.credit -= bytes;
    const to = plan.targets[this.told++];
    if (run.world.hosts[to].node !== undefined) this.forger.introduce(to, first, some, this.life);
    if (this.told < plan.targets.length) return true;
    this.told = 0;
    this.first += some;
    if (this.first < plan.count) return true;
    this.first = 0;
    this.life++;
    this.passStartMs += plan.passEveryMs;
    return true;
  }
}
