import { State } from "../../../core/index.js";
import type { World } from "../world.js";
import type { Checker } from "./checker.js";

/** How long belief and truth may differ. */
export interface Bounds {
  /** That a healthy, reachable host is held Down, under the identity it has. */
  downMs: number;
  /** That a live host misses a live one. */
  missMs: number;
  /** That it holds one that is gone. */
  lostMs: number;
}

/**
 * All live hosts that reach each other agree within the bound, and none is held Down for longer than that. The
 * time counts from when the pair went wrong, and anew from when either of the two was last disturbed.
 */
export class Agreement implements Checker {
  private readonly world: World;
  private readonly bounds: Bounds;
  /** Pairs that were reported: each once, until it is right again. */
  private readonly reported = new Set<number>();

  constructor(world: World, bounds: Bounds) {
    this.world = world;
    this.bounds = bounds;
  }

  second(): void {
    const { disagreements, hosts } = this.world;
    if (disagreements.total === 0) {
      this.reported.clear();
      return;
    }
    for (let observer = 0; observer < hosts.length; observer++) {
      if (disagreements.of[observer] > 0) this.lookAt(observer);
    }
  }

  private lookAt(observer: number): void {
    const { disagreements, truth, nowMs, hosts } = this.world;
    const from = observer * hosts.length;
    const healthyMs = truth.healthyMsOf[observer];
    if (nowMs - healthyMs < Math.min(this.bounds.downMs, this.bounds.missMs, this.bounds.lostMs)) return;
    for (let subject = 0; subject < hosts.length; subject++) {
      const sinceMs = disagreements.sinceMsOf[from + subject];
      if (sinceMs < 0) continue;
      const undisturbedMs = Math.max(healthyMs, truth.healthyMsOf[subject]);
      this.judge(observer, subject, sinceMs, undisturbedMs);
    }
  }

  private judge(observer: number, subject: number, sinceMs: number, undisturbedMs: number): void {
    const { beliefs, truth, nowMs, hosts } = this.world;
    const at = observer * hosts.length + subject;
    const isLive = truth.isLive[subject] === 1;
    const isSame = beliefs.lifeOf[at] === truth.lifeOf[subject];
    const isHeldDown = isLive && isSame && beliefs.stateOf[at] === State.Down;
    const downMs = nowMs - Math.max(beliefs.sinceMsOf[at], sinceMs, undisturbedMs);
    const wrongMs = nowMs - Math.max(sinceMs, undisturbedMs);
    if (isHeldDown && downMs > this.bounds.downMs) {
      this.report(
        at,
        "down",
        `host ${observer} holds the healthy host ${subject} Down for ${Math.round(downMs)} ms`,
      );
    } else if (wrongMs > (isLive ? this.bounds.missMs : this.bounds.lostMs)) {
      const what = isLive ? "misses the live host" : "holds the lost host";
      this.report(at, "agreement", `host ${observer} ${what} ${subject} for ${Math.round(wrongMs)} ms`);
    }
  }

  private report(at: number, checker: string, text: string): void {
    if (this.reported.has(at)) return;
    this.reported.add(at);
    this.world.violate(checker, text);
  }
}
