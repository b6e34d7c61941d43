/** Moddable's `Preference` in memory. */
export class MemoryStore {
  readonly values = new Map<string, string>();
  isFull = false;
  /** How often a number was to be stored. */
  writes = 0;

  get(domain: string, key: string): string | undefined {
    return this.values.get(domain + "/" + key);
  }

  set(domain: string, key: string, value: string): void {
    if (key.startsWith("bump")) this.writes++;
    if (this.isFull) throw new Error("flash full");
    this.values.set(domain + "/" + key, value);
  }

  /** The larger of the two numbers that a node keeps. */
  get bump(): string | undefined {
    const first = this.values.get("xswim/bump");
    const second = this.values.get("xswim/bump2");
    return Number(second ?? 0) > Number(first ?? 0) ? second : first;
  }
}
