/** What a happening is; its `id` is a datagram, a host, or an action. */
export const Kind = Object.freeze({ Datagram: 0, Wake: 1, Thaw: 2, Action: 3 });

const KINDS = 4;

/**
 * Happenings by time, the first planned first among equals: a heap of four children a node in three columns, so
 * that planning one makes no object. `platform/fake`'s clock has the same order.
 */
export class Queue {
  length = 0;
  /** The happening that `shift` took out. */
  atMs = 0;
  kind = 0;
  id = 0;
  private atMsOf = new Float64Array(1024);
  private turnOf = new Float64Array(1024);
  private whatOf = new Int32Array(1024);
  private turn = 0;

  /** When the next happening is; Infinity for never. */
  get nextMs(): number {
    return this.length === 0 ? Infinity : this.atMsOf[0];
  }

  push(atMs: number, kind: number, id: number): void {
    if (this.length === this.atMsOf.length) this.grow();
    const { atMsOf, turnOf, whatOf } = this;
    let index = this.length++;
    while (index > 0) {
      const parent = (index - 1) >> 2;
      if (atMsOf[parent] <= atMs) break;
      atMsOf[index] = atMsOf[parent];
      turnOf[index] = turnOf[parent];
      whatOf[index] = whatOf[parent];
      index = parent;
    }
    atMsOf[index] = atMs;
    turnOf[index] = this.turn++;
    whatOf[index] = id * KINDS + kind;
  }

  /** Takes out the next happening, which must be there. */
  shift(): void {
    const { atMsOf, turnOf, whatOf } = this;
    this.atMs = atMsOf[0];
    this.kind = whatOf[0] & (KINDS - 1);
    this.id = whatOf[0] >> 2;
    const last = --this.length;
    if (last === 0) return;
    const atMs = atMsOf[last];
    const turn = turnOf[last];
    const what = whatOf[last];
    let index = 0;
    for (;;) {
      const child = this.soonestChild(index, last);
      if (child < 0 || atMsOf[child] > atMs || (atMsOf[child] === atMs && turnOf[child] > turn)) break;
      atMsOf[index] = atMsOf[child];
      turnOf[index] = turnOf[child];
      whatOf[index] = whatOf[child];
      index = child;
    }
    atMsOf[index] = atMs;
    turnOf[index] = turn;
    whatOf[index] = what;
  }

  private soonestChild(index: number, length: number): number {
    const { atMsOf, turnOf } = this;
    let best = index * 4 + 1;
    if (best >= length) return -1;
    const end = Math.min(best + 4, length);
    for (let child = best + 1; child < end; child++) {
      if (atMsOf[child] < atMsOf[best] || (atMsOf[child] === atMsOf[best] && turnOf[child] < turnOf[best]))
        best = child;
    }
    return best;
  }

  private grow(): void {
    const size = this.atMsOf.length * 2;
    const { atMsOf, turnOf, whatOf } = this;
    this.atMsOf = new Float64Array(size);
    this.turnOf = new Float64Array(size);
    this.whatOf = new Int32Array(size);
    this.atMsOf.set(atMsOf);
    this.turnOf.set(turnOf);
    this.whatOf.set(whatOf);
  }
}
