import { Metric } from "../../../core/index.js";
import type { Run } from "../run.js";

/**
 * Watches from when on all live hosts know all: from the last moment at which one did not. A cluster that falls
 * apart again was not whole.
 */
export class Wholeness {
  /** When a host was last wrong about another. */
  private wrongMs: number;
  private readonly run: Run;
  private readonly startMs: number;
  private readonly rejoinsBefore: readonly number[];

  constructor(run: Run) {
    this.run = run;
    this.startMs = run.world.nowMs;
    this.wrongMs = this.startMs;
    this.rejoinsBefore = run.world.hosts.map(({ swim }) => swim?.metrics[Metric.Rejoins] ?? 0);
  }

  /** Lets time pass, and looks after every happening; `isComplete` says whether all that are to come are there. */
  watch(ms: number, isComplete: () => boolean = () => true): void {
    this.run.world.runUntil(() => this.look(isComplete) && false, ms);
  }

  /** The same until all know all for the first time. */
  watchUntilWhole(limitMs: number): void {
    this.run.world.runUntil(() => this.look(() => true), limitMs);
  }

  /** Milliseconds from the start on until all knew all and kept knowing; Infinity when some do not know now. */
  get tookMs(): number {
    const { world } = this.run;
    return world.disagreements.total > 0 ? Infinity : this.wrongMs - this.startMs;
  }

  /** Notes that time as `allKnowAll`, and how often nodes came back under a renewed identity; more than `limitMs` is a violation of the scenario's. */
  note(limitMs: number): void {
    const { run, tookMs } = this;
    run.addMs("allKnowAll", tookMs);
    for (const { index, swim } of run.world.hosts)
      if (swim !== undefined)
        run.add("rejoins", "1", swim.metrics[Metric.Rejoins] - this.rejoinsBefore[index]);
    if (tookMs <= limitMs) return;
    const { total } = run.world.disagreements;
    const passedS = (run.world.nowMs - this.startMs) / 1000;
    const what =
      tookMs === Infinity
        ? `not whole again after ${passedS.toFixed(0)} s: ${total} pairs are wrong`
        : `whole again after ${(tookMs / 1000).toFixed(1)} s only`;
    run.world.violate(run.settings.scenario, `the cluster is ${what}`);
  }

  private look(isComplete: () => boolean): boolean {
    const { world } = this.run;
    if (world.disagreements.total === 0 && isComplete()) return true;
    this.wrongMs = world.nowMs;
    return false;
  }
}
