import { State } from "../../../core/index.js";
import { UNKNOWN, type Transition } from "../beliefs.js";
import type { Run } from "../run.js";

/** A host that died, and what came of that so far. */
interface Death {
  diedMs: number;
  /** Those whose knowledge counts: good hosts that have run ever since. */
  readonly observers: Set<number>;
  /** When the last of them stopped holding it active. */
  learnedMs: number;
}

/**
 * Ends hosts and measures until every good host knows: from when on none of those that have run ever since holds it
 * active, up to its restart. A host that is told wrongly afterwards, and believes it, did not know.
 */
export class Deaths {
  private readonly run: Run;
  private readonly isGood: (host: number) => boolean;
  private readonly limitMs: number;
  private readonly deaths = new Map<number, Death>();

  /** A death that is not known within `limitMs` is a violation. */
  constructor(run: Run, limitMs: number, isGood: (host: number) => boolean = () => true) {
    this.run = run;
    this.limitMs = limitMs;
    this.isGood = isGood;
    run.world.onTransition.push((t) => this.follow(t));
  }

  /** Ends a host without a word. */
  kill(host: number): void {
    const { world } = this.run;
    world.crash(host);
    for (const { observers } of this.deaths.values()) observers.delete(host);
    const observers = new Set<number>();
    for (const { index, node } of world.hosts)
      if (node !== undefined && this.isGood(index)) observers.add(index);
    this.deaths.set(host, { diedMs: world.nowMs, observers, learnedMs: world.nowMs });
  }

  /** Notes what came of a host's death, which is to be restarted. */
  note(host: number): void {
    const death = this.deaths.get(host);
    if (death === undefined) return;
    this.deaths.delete(host);
    const { world } = this.run;
    const wrong = Array.from(death.observers).filter((observer) => world.beliefs.isActive(observer, host));
    const tookMs = wrong.length > 0 ? Infinity : death.learnedMs - death.diedMs;
    this.run.addMs("deathKnown", tookMs);
    if (!this.isGood(host)) this.run.addMs("deathOfBadKnown", tookMs);
    if (tookMs <= this.limitMs) return;
    const diedS = (death.diedMs / 1000).toFixed(1);
    const what =
      wrong.length > 0
        ? `is not known to hosts ${wrong.join(", ")} after ${Math.round((world.nowMs - death.diedMs) / 1000)} s`
        : `was known to all good hosts after ${(tookMs / 1000).toFixed(1)} s only`;
    world.violate("deaths", `the death of host ${host} at ${diedS} s ${what}`);
  }

  /** Notes what came of all deaths that were not noted yet. */
  noteAll(): void {
    for (const host of Array.from(this.deaths.keys())) this.note(host);
  }

  private follow(t: Transition): void {
    const death = this.deaths.get(t.subject);
    if (death === undefined || !death.observers.has(t.observer)) return;
    const wasActive = t.stateBefore !== UNKNOWN && t.stateBefore !== State.Down;
    if (wasActive) death.learnedMs = t.atMs;
  }
}
