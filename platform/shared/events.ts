/** Callbacks that wait until no call of the user is on the stack: a name and up to two arguments each. */
export class Events {
  private names: string[] = [];
  private arguments: unknown[] = [];

  get isEmpty(): boolean {
    return this.names.length === 0;
  }

  add(name: string, first?: unknown, second?: unknown): void {
    this.names.push(name);
    this.arguments.push(first, second);
  }

  /**
   * Calls `target[name]` for all that wait and for what they add. What one of them throws goes to the caller; the
   * others wait for the next time.
   */
  deliver(target: object): void {
    while (this.names.length > 0) {
      const name = this.names.shift() as string;
      const first = this.arguments.shift();
      const second = this.arguments.shift();
      const callback = (target as Record<string, unknown>)[name];
      if (typeof callback === "function") callback.call(target, first, second);
    }
  }

  clear(): void {
    this.names.length = 0;
    this.arguments.length = 0;
  }
}
