/** Moddable's `Preference` in memory. */
export class MemoryStore {
  readonly values = new Map<string, string>();
  isFull = false;
  /** How often something was to be stored. */
  writes = 0;

  get(domain: string, key: string): string | undefined {
    return this.values.get(domain + "/" + key);
  }

  set(domain: string, key: string, value: string): void {
    this.writes++;
    if (this.isFull) throw new Error("flash full");
    this.values.set(domain + "/" + key, value);
  }

  get bump(): string | undefined {
    return this.values.get("xswim/bump");
  }
}
