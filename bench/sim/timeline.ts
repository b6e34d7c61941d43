import { Kind, Queue } from "./queue.js";

/** What can happen in a timeline, besides planned actions. */
export interface Happenings {
  deliver(datagram: number): void;
  wake(host: number): void;
  thaw(host: number): void;
}

/** Virtual time: what is planned happens one after another, and nothing in between. */
export class Timeline {
  nowMs = 0;
  /** Happenings so far. */
  happened = 0;
  /** How many happenings end the run as a storm. */
  stormAt = Infinity;
  readonly queue = new Queue();
  private readonly happenings: Happenings;
  private readonly onStorm: () => void;
  private readonly actions: (() => void)[] = [];
  private readonly freeActions: number[] = [];
  private isStopped = false;

  constructor(happenings: Happenings, onStorm: () => void) {
    this.happenings = happenings;
    this.onStorm = onStorm;
  }

  /** Calls `action` in `ms` milliseconds. */
  plan(ms: number, action: () => void): void {
    const id = this.freeActions.pop() ?? this.actions.length;
    this.actions[id] = action;
    this.queue.push(this.nowMs + ms, Kind.Action, id);
  }

  /** Lets `ms` milliseconds pass. */
  run(ms: number): void {
    const untilMs = this.nowMs + ms;
    while (this.queue.nextMs <= untilMs && !this.isStopped) this.step();
    this.nowMs = untilMs;
  }

  /** Lets time pass until `condition`, looked at after every happening; returns the milliseconds, or Infinity. */
  runUntil(condition: () => boolean, limitMs: number): number {
    const startMs = this.nowMs;
    while (!condition()) {
      if (this.queue.nextMs > startMs + limitMs || this.isStopped) {
        this.nowMs = startMs + limitMs;
        return Infinity;
      }
      this.step();
    }
    return this.nowMs - startMs;
  }

  /** Ends a run that would not come to an end; true the first time. */
  stop(): boolean {
    if (this.isStopped) return false;
    this.isStopped = true;
    return true;
  }

  /** Lets the next happening happen. */
  private step(): void {
    const { queue, happenings } = this;
    queue.shift();
    this.nowMs = queue.atMs;
    if (++this.happened > this.stormAt) this.onStorm();
    const { id, kind } = queue;
    if (kind === Kind.Datagram) happenings.deliver(id);
    else if (kind === Kind.Wake) happenings.wake(id);
    else if (kind === Kind.Thaw) happenings.thaw(id);
    else {
      const action = this.actions[id];
      this.freeActions.push(id);
      action();
    }
  }
}
