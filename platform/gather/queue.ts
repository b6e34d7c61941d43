/** Things that wait to be taken, the oldest first, and no more than a given number of them. */
export class Queue<V> {
  /** How many were refused because the queue was full. */
  dropped = 0;
  private readonly items: V[] = [];
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  get length(): number {
    return this.items.length;
  }

  /** Whether there is room for one more. Counts what is refused otherwise. */
  hasRoom(): boolean {
    if (this.items.length < this.limit) return true;
    this.dropped++;
    return false;
  }

  add(item: V): void {
    this.items.push(item);
  }

  take(): V | undefined {
    return this.items.shift();
  }
}
