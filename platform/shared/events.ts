/** Callbacks that wait until the user's code is not calling the node. */
export class Events {
  /** A name and two arguments each. */
  private readonly queue: unknown[] = [];

  get isEmpty(): boolean {
    return this.queue.length === 0;
  }

  add(name: string, first?: unknown, second?: unknown): void {
    this.queue.push(name, first, second);
  }

  /**
   * Calls `target[name]` for each event that waits, and for those that are added meanwhile. When a callback throws,
   * the exception goes to the caller. That event is over; the others wait for the next call, for which `SwimNodeBase`
   * sets its timer at once.
   */
  deliver(target: object): void {
    const queue = this.queue;
    while (queue.length > 0) {
      const name = queue.shift() as string;
      const first = queue.shift();
      const second = queue.shift();
      const callback = (target as Record<string, unknown>)[name];
      if (typeof callback === "function") callback.call(target, first, second);
    }
  }

  clear(): void {
    this.queue.length = 0;
  }
}
