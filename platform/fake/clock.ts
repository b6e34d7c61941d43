/** Something that happens at a moment of the virtual clock. */
export interface Happening {
  /** Does it. */
  run(): void;
}

interface Planned {
  readonly atMs: number;
  readonly sequence: number;
  readonly happening: Happening;
}

/**
 * A clock that stands still until it is advanced, and what is planned on it. Of what falls on the same moment,
 * the first planned is the first to happen.
 */
export class Clock {
  nowMs = 0;
  /** Happenings so far. */
  happened = 0;
  private sequence = 0;
  private readonly heap: Planned[] = [];

  /** Plans a happening in `ms` milliseconds; at once (but not inside this call) for 0 or less. */
  plan(ms: number, happening: Happening): void {
    const planned = { atMs: this.nowMs + Math.max(0, ms), sequence: this.sequence++, happening };
    const heap = this.heap;
    let index = heap.length;
    heap.push(planned);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(planned, heap[parent])) break;
      heap[index] = heap[parent];
      index = parent;
    }
    heap[index] = planned;
  }

  /** When the next happening is; Infinity when nothing is planned. */
  get nextMs(): number {
    return this.heap.length === 0 ? Infinity : this.heap[0].atMs;
  }

  /** Lets the next happening happen, whenever that is. Returns whether there was one. */
  step(): boolean {
    const heap = this.heap;
    if (heap.length === 0) return false;
    const first = heap[0];
    const last = heap.pop() as Planned;
    if (heap.length > 0) this.sink(last);
    this.nowMs = first.atMs;
    this.happened++;
    first.happening.run();
    return true;
  }

  /** Advances to `ms` milliseconds from now, letting all happen that falls on the way. */
  advance(ms: number): void {
    const untilMs = this.nowMs + ms;
    while (this.nextMs <= untilMs) this.step();
    this.nowMs = untilMs;
  }

  private sink(planned: Planned): void {
    const heap = this.heap;
    let index = 0;
    for (;;) {
      let child = index * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++;
      if (!isBefore(heap[child], planned)) break;
      heap[index] = heap[child];
      index = child;
    }
    heap[index] = planned;
  }
}

function isBefore(a: Planned, b: Planned): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence);
}
