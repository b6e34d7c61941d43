import { partOfRound } from "../inside.js";
import type { World } from "../world.js";
import type { Checker } from "./checker.js";

/** Rounds of probes within which every member has its turn: between two turns lie at most 2 N - 2 others (SWIM section 4.3). */
const ROUNDS = 2;
/**
 * Probes of a lost host that are to be expected, from all that hold it, until one of them was made: chance alone leaves out
 * so many once in three million times, and rounds make it rarer.
 */
const EXPECTED_PROBES = 15;
/** Periods after a suspicion until the news is everywhere: a period is several gossips. */
const NEWS_PERIODS = 5;

/** What became of a host that is lost to some. */
interface Loss {
  /** Since when an observer has held it active although it is lost; NaN for one that does not. */
  readonly sinceMsOf: Float64Array;
  /** How many rounds the observer had made by then. */
  readonly roundsBefore: Float64Array;
  /** Probes of it that were to be expected since nobody has found that it is lost. */
  expected: number;
  isReported: boolean;
}

/**
 * A host that is lost, because it is dead or cannot be reached, is found so by all healthy nodes, each of them within two
 * rounds of its own probes, a suspicion and the time that news takes; and by one of them as soon as chance can leave it
 * out no longer. A node is healthy here when nothing befell it since, it is connected, and it reaches somebody: who hears
 * nobody at all cannot know whether it is itself that is lost, and with `holdWhenDeaf` neither can who hears less than half
 * of its members.
 */
export class Detection implements Checker {
  private readonly world: World;
  private readonly boundMs: number | undefined;
  /** How many times longer all may take, on a network that loses or delays. */
  private readonly factor: number;
  private readonly losses = new Map<number, Loss>();
  /** Rounds of probes that an observer has made. */
  private readonly roundsOf: Float64Array;
  /** Rounds that it makes in a millisecond, now; 0 for one whose knowledge does not count. */
  private readonly rateOf: Float64Array;
  private lastMs: number;

  /** `boundMs`: how long it may take, in the place of what follows from the settings. */
  constructor(world: World, boundMs?: number) {
    this.world = world;
    this.boundMs = boundMs;
    const { loss, reordering } = world.network.faults;
    this.factor = loss + reordering > 0 ? 3 : 1;
    this.roundsOf = new Float64Array(world.hosts.length);
    this.rateOf = new Float64Array(world.hosts.length);
    this.lastMs = world.nowMs;
  }

  second(): void {
    const { world } = this;
    const { truth, network, disagreements, hosts } = world;
    const passedMs = world.nowMs - this.lastMs;
    this.lastMs = world.nowMs;
    const isSplit = this.followObservers(passedMs);
    const lost: number[] = [];
    for (let subject = 0; subject < hosts.length; subject++) {
      const isDead = truth.isLive[subject] === 0;
      const mayBeLost = isDead ? disagreements.about[subject] > 0 : isSplit || network.isOff[subject] === 1;
      if (mayBeLost) lost.push(subject);
      else this.losses.delete(subject);
    }
    this.excuseLonely(lost);
    for (const subject of lost) this.look(subject, passedMs);
  }

  /** Who holds mostly hosts that are lost, and takes silence for its own deafness (`holdWhenDeaf`), need not judge. */
  private excuseLonely(lost: readonly number[]): void {
    const { hosts, beliefs } = this.world;
    for (const { index, swim, config } of hosts) {
      if (this.rateOf[index] === 0 || swim === undefined || !config.holdWhenDeaf) continue;
      let numLost = 0;
      for (const subject of lost)
        if (this.isLost(index, subject) && beliefs.isActive(index, subject)) numLost++;
      if (2 * numLost > swim.numMembers) this.rateOf[index] = 0;
    }
  }

  private isLost(observer: number, subject: number): boolean {
    const { truth, network } = this.world;
    return observer !== subject && (truth.isLive[subject] === 0 || !network.connects(observer, subject));
  }

  /** Counts the rounds of all that are healthy; returns whether there is more than one group. */
  private followObservers(passedMs: number): boolean {
    const { hosts, truth, network, beliefs, nowMs } = this.world;
    const liveOfGroup = new Map<number, number>();
    for (const { index } of hosts) {
      if (truth.isLive[index] === 0 || network.isOff[index] === 1) continue;
      const group = network.groupOf[index];
      liveOfGroup.set(group, (liveOfGroup.get(group) ?? 0) + 1);
    }
    for (const { index, node, swim, config } of hosts) {
      const reachesSomebody =
        (liveOfGroup.get(network.groupOf[index]) ?? 0) > 1 && network.isOff[index] === 0;
      // It does not probe at once after its start.
      const hasProbed = truth.isHealthy(index, nowMs - config.quietStartMs);
      const isHealthy = hasProbed && node !== undefined && node.isConnected;
      this.rateOf[index] = 0;
      if (!isHealthy || !reachesSomebody) continue;
      // foca's nodes, which count by going through all hosts, also hold the Down.
      const numMembers = Math.max(1, swim?.numMembers ?? beliefs.numHeld[index]);
      const part = swim === undefined ? 1 : partOfRound(swim);
      this.rateOf[index] = part / (config.probePeriodMs * numMembers);
      this.roundsOf[index] += this.rateOf[index] * passedMs;
    }
    return liveOfGroup.size > 1;
  }

  private look(subject: number, passedMs: number): void {
    const { hosts, beliefs } = this.world;
    const loss = this.lossOf(subject);
    let isFound = false;
    let rate = 0;
    for (let observer = 0; observer < hosts.length; observer++) {
      const counts = this.rateOf[observer] > 0 && this.isLost(observer, subject);
      if (!counts || !beliefs.isActive(observer, subject)) {
        loss.sinceMsOf[observer] = NaN;
        if (counts) isFound = true;
        continue;
      }
      rate += this.rateOf[observer];
      this.judge(observer, subject, loss);
    }
    if (isFound) loss.expected = 0;
    else this.judgeAll(subject, loss, rate, passedMs);
  }

  /** Looks at one who holds a lost host active. */
  private judge(observer: number, subject: number, loss: Loss): void {
    const { truth, nowMs } = this.world;
    const { sinceMsOf, roundsBefore } = loss;
    if (!(truth.healthyMsOf[observer] <= sinceMsOf[observer])) {
      sinceMsOf[observer] = nowMs;
      roundsBefore[observer] = this.roundsOf[observer];
      return;
    }
    const passedMs = nowMs - sinceMsOf[observer];
    if (passedMs < 0) return;
    const newsRounds = this.newsMs(observer) * this.rateOf[observer];
    const rounds = this.roundsOf[observer] - roundsBefore[observer] - newsRounds;
    const isLate = this.boundMs === undefined ? rounds > ROUNDS * this.factor : passedMs > this.boundMs;
    if (!isLate) return;
    this.report(`host ${observer} holds the lost host ${subject} for ${Math.round(passedMs)} ms`);
    // Reported once, until it is held anew.
    sinceMsOf[observer] = Infinity;
  }

  /** Nobody whose knowledge counts has found it. */
  private judgeAll(subject: number, loss: Loss, rate: number, passedMs: number): void {
    if (rate === 0 || this.boundMs !== undefined) return;
    loss.expected += rate * passedMs;
    const newsMs = this.newsMs(subject);
    if (loss.isReported || loss.expected - newsMs * rate <= EXPECTED_PROBES * this.factor) return;
    loss.isReported = true;
    const probes = Math.round(loss.expected);
    this.report(
      `nobody has found that host ${subject} is lost, of which ${probes} probes were to be expected`,
    );
  }

  /** A suspicion, and until all know of it and of what came of it. */
  private newsMs(host: number): number {
    const { suspectToDownAfterMs, probePeriodMs } = this.world.hosts[host].config;
    return suspectToDownAfterMs + NEWS_PERIODS * probePeriodMs;
  }

  private lossOf(subject: number): Loss {
    let loss = this.losses.get(subject);
    if (loss === undefined) {
      const { length } = this.world.hosts;
      loss = {
        sinceMsOf: new Float64Array(length).fill(NaN),
        roundsBefore: new Float64Array(length),
        expected: 0,
        isReported: false,
      };
      this.losses.set(subject, loss);
    }
    return loss;
  }

  private report(text: string): void {
    this.world.violate("detection", text);
  }
}
