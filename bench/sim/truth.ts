import { State } from "../../core/index.js";
import type { Beliefs } from "./beliefs.js";
import { UNKNOWN } from "./beliefs.js";
import type { Network } from "./network.js";

/** How the hosts really are, whatever anybody holds of them. */
export class Truth {
  /** 1 for a host that runs and has not left. */
  readonly isLive: Uint8Array;
  /** The life that its identity names. */
  readonly lifeOf: Float64Array;
  /** The life that it started with; those between were given up because others held them Down. */
  readonly firstLifeOf: Float64Array;
  /** The highest incarnation that it ever had in this life. */
  readonly incarnationOf: Uint16Array;
  /** Since when it was healthy: started, thawed, reconnected; lies ahead while it is not. */
  readonly healthyMsOf: Float64Array;
  /** 1 for a host whose table is too small for all. */
  readonly isPartial: Uint8Array;
  numLive = 0;

  constructor(numHosts: number) {
    this.isLive = new Uint8Array(numHosts);
    this.lifeOf = new Float64Array(numHosts);
    this.firstLifeOf = new Float64Array(numHosts);
    this.incarnationOf = new Uint16Array(numHosts);
    this.healthyMsOf = new Float64Array(numHosts);
    this.isPartial = new Uint8Array(numHosts);
  }

  /** A host is disturbed until `untilMs`. */
  disturb(host: number, untilMs: number): void {
    this.healthyMsOf[host] = Math.max(this.healthyMsOf[host], untilMs);
  }

  /** Two hosts have each other's number now; whoever is held under it, is not there. */
  swapped(a: number, b: number): void {
    const isPartial = this.isPartial[a];
    this.isPartial[a] = this.isPartial[b];
    this.isPartial[b] = isPartial;
    for (const host of [a, b]) {
      this.lifeOf[host] = 0;
      this.firstLifeOf[host] = 0;
      this.incarnationOf[host] = 0;
    }
  }

  /** Whether a host runs, has not left, and was healthy all along since `sinceMs`. */
  isHealthy(host: number, sinceMs: number): boolean {
    return this.isLive[host] === 1 && this.healthyMsOf[host] <= sinceMs;
  }
}

/** Where belief and truth differ, kept up to date pair by pair. */
export class Disagreements {
  /** Pairs that are wrong. */
  total = 0;
  /** How many a host is wrong about, and how many are wrong about it. */
  readonly of: Int32Array;
  readonly about: Int32Array;
  /** Since when a pair is wrong, in whole milliseconds; -1 for one that is right. */
  readonly sinceMsOf: Int32Array;
  private readonly beliefs: Beliefs;
  private readonly truth: Truth;
  private readonly network: Network;
  private readonly numHosts: number;

  constructor(beliefs: Beliefs, truth: Truth, network: Network) {
    this.beliefs = beliefs;
    this.truth = truth;
    this.network = network;
    this.numHosts = beliefs.numHosts;
    this.of = new Int32Array(this.numHosts);
    this.about = new Int32Array(this.numHosts);
    this.sinceMsOf = new Int32Array(this.numHosts * this.numHosts).fill(-1);
  }

  /** Looks at a pair again. */
  judge(nowMs: number, observer: number, subject: number): void {
    const at = observer * this.numHosts + subject;
    const wasWrong = this.sinceMsOf[at] >= 0;
    if (this.isWrong(observer, subject, at) === wasWrong) return;
    this.sinceMsOf[at] = wasWrong ? -1 : nowMs;
    const change = wasWrong ? -1 : 1;
    this.total += change;
    this.of[observer] += change;
    this.about[subject] += change;
  }

  /** Looks again at all that a host holds and that is held of it. */
  judgeHost(nowMs: number, host: number): void {
    for (let other = 0; other < this.numHosts; other++) {
      this.judge(nowMs, host, other);
      this.judge(nowMs, other, host);
    }
  }

  judgeAll(nowMs: number): void {
    for (let host = 0; host < this.numHosts; host++) this.judgeHost(nowMs, host);
  }

  /**
   * A live host must hold the present life of every live one that it can reach as active, and no life of one that
   * is gone. Of those it cannot reach it may hold what it likes.
   */
  private isWrong(observer: number, subject: number, at: number): boolean {
    const { beliefs, truth } = this;
    if (observer === subject || truth.isLive[observer] === 0) return false;
    const state = beliefs.stateOf[at];
    const isActive = state !== UNKNOWN && state !== State.Down;
    if (truth.isLive[subject] === 0) return isActive;
    if (!this.network.connects(observer, subject)) return false;
    if (isActive) return beliefs.lifeOf[at] !== truth.lifeOf[subject];
    return truth.isPartial[observer] === 0;
  }
}
