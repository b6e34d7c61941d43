import { State, type Config } from "../../../core/index.js";
import { isPromise } from "../../../core/promise.js";
import { UNKNOWN } from "../beliefs.js";
import type { Run } from "../run.js";
import type { Scenario } from "./scenario.js";

/** Hosts that others join by, and that do not nap. */
const SEEDS = 3;

export const naps: Scenario = {
  name: "naps",
  about:
    "A part of the hosts takes naps: each is awake for awakeMs of every cycleMs, and at the end some do not come back. Counts suspicions of those who nap, what they send, and when they are known again or overdue.",
  nodes: 50,
  durationS: 600,
  numSeeds: SEEDS,
  parameters: { nappers: 25, cycleMs: 60_000, awakeMs: 1500, missing: 3 },
  configOf(config, _host, settings): Config {
    // They are awake for less than this.
    return { ...config, quietStartMs: 2 * Number(settings.parameters.awakeMs) };
  },
  run(run) {
    const { world } = run;
    const able = world.hosts.filter(({ index, isFoca }) => index >= SEEDS && !isFoca);
    const count = Math.min(run.number("nappers"), able.length);
    const nappers = new Set(world.chance.sample(able.length, count).map((i) => able[i].index));
    world.startSettled();
    const watch = new Watch(run, nappers);
    world.run(10_000);
    const endMs = world.nowMs + run.durationMs;
    for (const host of nappers)
      world.plan(world.chance.fraction() * run.number("cycleMs"), () => watch.nap(host, endMs));
    world.run(run.durationMs);
    world.run(run.number("cycleMs"));
    watch.miss(run.number("missing"));
    watch.note();
  },
};

/** Sends hosts to sleep, and watches what the others make of it. */
class Watch {
  private readonly run: Run;
  private readonly nappers: ReadonlySet<number>;
  private suspicions = 0;
  private suspicionsAtFoca = 0;
  private deaths = 0;
  /** When those that are awake woke, and how long after that somebody learned of it last. */
  private readonly wokeMs = new Map<number, number>();
  private readonly leftMs = new Map<number, number>();
  /** Those that will not come back, and when each said so. */
  private readonly overdue = new Map<number, number>();

  constructor(run: Run, nappers: ReadonlySet<number>) {
    this.run = run;
    this.nappers = nappers;
    const { world } = run;
    world.onTransition.push((t) => {
      if (!nappers.has(t.subject)) return;
      if (t.state === State.Suspect) {
        this.suspicions++;
        if (run.world.hosts[t.observer].isFoca) this.suspicionsAtFoca++;
      }
      const wasActive = t.stateBefore !== State.Down && t.stateBefore !== UNKNOWN;
      if (t.state === State.Down && wasActive && !isPromise(t.incarnation)) this.deaths++;
      const saidMs = this.overdue.get(t.subject);
      const wasAsleep = t.stateBefore === State.Down && isPromise(t.incarnationBefore);
      if (saidMs !== undefined && t.state === State.Down && wasAsleep && !isPromise(t.incarnation))
        run.add("overdueAfter", "promises", (world.nowMs - saidMs) / this.napMs);
      const wokeMs = this.wokeMs.get(t.subject);
      if (nappers.has(t.observer)) return;
      if (wokeMs === undefined || t.state !== State.Alive || t.life !== world.truth.lifeOf[t.subject]) return;
      this.leftMs.set(t.subject, world.nowMs - wokeMs);
    });
  }

  private get napMs(): number {
    return this.run.number("cycleMs") - this.run.number("awakeMs");
  }

  /** A host takes a nap, and then, unless the end is near, is awake for a while and takes the next. */
  nap(host: number, endMs: number): void {
    const { world } = this.run;
    if (world.hosts[host].swim?.isDefunct !== false) return;
    world.nap(host, this.napMs);
    world.plan(this.napMs, () => {
      const { counts, swim } = world.hosts[host];
      const sentBefore = counts.sent;
      this.wokeMs.set(host, world.nowMs);
      world.wake(host);
      // Down members that it holds, and active ones that it lacks, are what it missed.
      world.plan(1000, () => this.run.add("lackedAfter1s", "1", this.lacks(host)));
      world.plan(this.run.number("awakeMs"), () => {
        this.noteBack(host);
        if (swim === undefined || world.nowMs >= endMs) return;
        this.nap(host, endMs);
        this.run.add("sentAWake", "1", counts.sent - sentBefore);
      });
    });
  }

  /** Some say that they nap, and are never back. */
  miss(count: number): void {
    const { world } = this.run;
    const awake = Array.from(this.nappers).filter((host) => world.hosts[host].swim?.isDefunct === false);
    for (const host of awake.slice(0, count)) {
      this.overdue.set(host, world.nowMs);
      world.nap(host, this.napMs);
    }
    world.run(3 * this.napMs);
  }

  note(): void {
    this.run.add("suspicionsOfNappers", "1", this.suspicions);
    if (this.run.settings.foca > 0) this.run.add("suspicionsOfNappersAtFoca", "1", this.suspicionsAtFoca);
    this.run.add("deathsOfNappers", "1", this.deaths);
  }

  /** How many members that are awake a host does not hold active. */
  private lacks(host: number): number {
    const { world } = this.run;
    return world.hosts.filter(
      ({ index }) =>
        index !== host && world.truth.isLive[index] === 1 && !world.beliefs.isActive(host, index),
    ).length;
  }

  /** Notes when the last of those that never nap knew a host again. */
  private noteBack(host: number): void {
    const { world } = this.run;
    const missing = world.hosts.some(
      ({ index }) =>
        index !== host &&
        !this.nappers.has(index) &&
        world.disagreements.sinceMsOf[index * world.hosts.length + host] >= 0,
    );
    this.run.addMs("back", missing ? Infinity : (this.leftMs.get(host) ?? Infinity));
    this.wokeMs.delete(host);
    this.leftMs.delete(host);
  }
}
