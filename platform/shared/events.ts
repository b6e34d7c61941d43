/** Callbacks that wait until no call of the user is on the stack. */
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
   * Calls `target[name]` for all that wait and for what they add. What one of them throws goes to the caller; it is not
   * called again, and the others wait for the next time, which `SwimNodeBase` asks its timer for at once.
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
