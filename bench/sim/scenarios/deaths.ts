import { State } from "../../../core/index.js";
import { UNKNOWN, type Transition } from "../beliefs.js";
import type { Run } from "../run.js";

/** How long it may take until the first good host knows of a death, and until all of them do. */
export interface Limits {
  readonly foundMs: number;
  readonly knownMs: number;
}

/** Which hosts die, and when. */
export interface Plan {
  /** When the last of them dies, at the latest. */
  readonly untilMs: number;
  /** How long after another, on average. */
  readonly gapMs: number;
  /** For how long, on average. */
  readonly downMs: number;
  canDie(host: number): boolean;
}

/** A host that died, and what came of that so far. */
interface Death {
  diedMs: number;
  /** Those whose knowledge counts: good hosts that have run ever since. */
  readonly observers: Set<number>;
  /** When the first of them stopped holding it active, or Infinity. */
  foundMs: number;
  /** When the last of them stopped holding it active. */
  learnedMs: number;
}

/**
 * Ends hosts and measures until every good host knows: from when on none of those that have run ever since holds it
 * active, up to its restart. A host that is told wrongly afterwards, and believes it, did not know.
 */
export class Deaths {
  private readonly run: Run;
  private readonly limits: Limits;
  private readonly isGood: (host: number) => boolean;
  private readonly deaths = new Map<number, Death>();

  /** A death that takes longer than the limits is a violation. */
  constructor(run: Run, limits: Limits, isGood: (host: number) => boolean = () => true) {
    this.run = run;
    this.limits = limits;
    this.isGood = isGood;
    run.world.onTransition.push((t) => this.follow(t));
  }

  /** Ends one of the hosts that may die now and then, and restarts it later. */
  killOften(plan: Plan): void {
    const { world } = this.run;
    if (world.nowMs > plan.untilMs) return;
    const mortal = world.hosts.filter(({ index, node }) => node !== undefined && plan.canDie(index));
    if (mortal.length > 0) {
      const host = mortal[world.chance.below(mortal.length)].index;
      this.kill(host);
      world.plan(plan.downMs * world.chance.between(0.75, 1.25), () => {
        this.note(host);
        world.start(host);
      });
    }
    world.plan(plan.gapMs * world.chance.between(0.5, 1.5), () => this.killOften(plan));
  }

  /** Ends a host without a word. */
  kill(host: number): void {
    const { world } = this.run;
    world.crash(host);
    for (const { observers } of this.deaths.values()) observers.delete(host);
    const observers = new Set<number>();
    let isFound = false;
    for (const { index, node } of world.hosts) {
      if (node === undefined || !this.isGood(index)) continue;
      observers.add(index);
      if (!world.beliefs.isActive(index, host)) isFound = true;
    }
    const { nowMs } = world;
    this.deaths.set(host, {
      diedMs: nowMs,
      observers,
      foundMs: isFound ? nowMs : Infinity,
      learnedMs: nowMs,
    });
  }

  /** Notes what came of a host's death, which is to be restarted. */
  note(host: number): void {
    const death = this.deaths.get(host);
    if (death === undefined) return;
    this.deaths.delete(host);
    const { world } = this.run;
    const wrong = Array.from(death.observers).filter((observer) => world.beliefs.isActive(observer, host));
    const tookMs = wrong.length > 0 ? Infinity : death.learnedMs - death.diedMs;
    this.run.addMs("deathFound", death.foundMs - death.diedMs);
    this.run.addMs("deathKnown", tookMs);
    if (!this.isGood(host)) this.run.addMs("deathOfBadKnown", tookMs);
    const what = `the death of host ${host} at ${(death.diedMs / 1000).toFixed(1)} s`;
    const passedS = Math.round((world.nowMs - death.diedMs) / 1000);
    if (death.foundMs === Infinity) world.violate("deaths", `${what} was found by nobody in ${passedS} s`);
    else if (tookMs === Infinity)
      world.violate("deaths", `${what} is not known to hosts ${wrong.join(", ")} after ${passedS} s`);
    else if (tookMs > this.limits.knownMs)
      world.violate(
        "deaths",
        `${what} was known to all good hosts after ${(tookMs / 1000).toFixed(1)} s only`,
      );
    else if (death.foundMs - death.diedMs > this.limits.foundMs)
      world.violate("deaths", `${what} was found after ${(death.foundMs - death.diedMs) / 1000} s only`);
  }

  /** Notes what came of all deaths that were not noted yet. */
  noteAll(): void {
    for (const host of Array.from(this.deaths.keys())) this.note(host);
  }

  private follow(t: Transition): void {
    const death = this.deaths.get(t.subject);
    if (death === undefined || !death.observers.has(t.observer)) return;
    const wasActive = t.stateBefore !== UNKNOWN && t.stateBefore !== State.Down;
    if (!wasActive) return;
    death.learnedMs = t.atMs;
    death.foundMs = Math.min(death.foundMs, t.atMs);
  }
}
