/** How long requests may keep the process busy until datagrams are read again. */
const TURN_MS = 10;

/**
 * Keeps requests from taking the time that the datagrams need: a process reads its sockets in turns, and of each turn requests
 * get a part. What comes beyond that is to be refused.
 */
export class Admission {
  private isTurn = false;
  private endMs = 0;

  /** Whether there is time for one more request. */
  admit(): boolean {
    const nowMs = performance.now();
    if (!this.isTurn) {
      this.isTurn = true;
      this.endMs = nowMs + TURN_MS;
      setImmediate(() => (this.isTurn = false));
    }
    return nowMs < this.endMs;
  }
}
