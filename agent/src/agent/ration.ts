/** Events that are told at once, when none came before. */
export const AT_ONCE = 5;
/** How long it takes until one more is told. */
const PERIOD_MS = 1000;

/**
 * Tells of a few events at once and then of one a second, the latest, with the number of those before it that were
 * not told. So a storm of them fills no disk, and the last one is always told.
 */
export class Ration<T> {
  private readonly tell: (event: T, leftOut: number) => void;
  /** How many may be told now, with the part of the next one. */
  private allowed = AT_ONCE;
  private countedMs = performance.now();
  private latest: T | undefined;
  private untold = 0;
  private wait: NodeJS.Timeout | undefined;

  constructor(tell: (event: T, leftOut: number) => void) {
    this.tell = tell;
  }

  /** Tells of the event now, or within a second of it or of a later one. */
  add(event: T): void {
    this.latest = event;
    this.untold++;
    if (this.wait !== undefined) return;
    const nowMs = performance.now();
    this.allowed = Math.min(AT_ONCE, this.allowed + (nowMs - this.countedMs) / PERIOD_MS);
    this.countedMs = nowMs;
    if (this.allowed >= 1) this.flush();
    else this.wait = setTimeout(() => this.flush(), Math.ceil((1 - this.allowed) * PERIOD_MS));
  }

  /** Tells of what waits, and waits for nothing. */
  flush(): void {
    clearTimeout(this.wait);
    if (this.wait !== undefined) {
      this.allowed = 1;
      this.countedMs = performance.now();
      this.wait = undefined;
    }
    if (this.untold === 0) return;
    const leftOut = this.untold - 1;
    this.allowed -= 1;
    this.untold = 0;
    this.tell(this.latest as T, leftOut);
  }
}
