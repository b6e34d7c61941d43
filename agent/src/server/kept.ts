/** How old an answer may be that is made for many. */
const KEPT_MS = 250;

/** What takes time to make, kept for those who ask for the same soon after. */
export class Kept<T> {
  private readonly make: () => T;
  private value: T | undefined;
  private endMs = 0;

  constructor(make: () => T) {
    this.make = make;
  }

  get(): T {
    const nowMs = performance.now();
    if (this.value === undefined || nowMs >= this.endMs) {
      this.value = this.make();
      this.endMs = performance.now() + KEPT_MS;
    }
    return this.value;
  }

  /** Has it made anew when it is asked for next. */
  drop(): void {
    this.value = undefined;
  }
}
