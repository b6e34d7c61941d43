/** How long requests may keep the process busy until datagrams are read again, and how many are answered however long that takes. */
const TURN_MS = 10;
const TURN_REQUESTS = 128;

/**
 * Keeps requests from taking the time that the datagrams need: a process reads its sockets in turns, and of each turn requests
 * get a part. What comes beyond that is to be refused.
 */
export class Admission {
  private requests = 0;
  private endMs = 0;

  /** Whether there is time for one more request. */
  admit(): boolean {
    const nowMs = performance.now();
    if (this.requests === 0) {
      this.endMs = nowMs + TURN_MS;
      setImmediate(() => (this.requests = 0));
    }
    this.requests++;
    return this.requests <= TURN_REQUESTS || nowMs < this.endMs;
  }
}
