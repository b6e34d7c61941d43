/**
 * A store like ESP32's: a value is erased, and then written. The power may be cut after any of these steps: then nothing
 * more is changed until `powerUp`. The methods can be made to throw, too.
 */
export class FlashStore {
  readonly values = new Map<string, unknown>();
  /** How many steps are still done before the power is cut. */
  stepsLeft = Infinity;
  /** How often something was to be stored. */
  writes = 0;
  /** Keys that cannot be read, and keys that cannot be written. */
  readonly unreadable = new Set<string>();
  readonly unwritable = new Set<string>();

  constructor(values: Record<string, unknown> = {}) {
    for (const key of Object.keys(values)) this.values.set(key, values[key]);
  }

  get(_domain: string, key: string): unknown {
    if (this.unreadable.has(key)) throw new Error("cannot read " + key);
    return this.values.get(key);
  }

  set(_domain: string, key: string, value: string): void {
    this.writes++;
    if (this.unwritable.has(key)) throw new Error("cannot write " + key);
    if (this.stepsLeft-- > 0) this.values.delete(key);
    if (this.stepsLeft-- > 0) this.values.set(key, value);
  }

  /** Whether the power is cut. */
  get isDead(): boolean {
    return this.stepsLeft <= 0;
  }

  powerUp(): void {
    this.stepsLeft = Infinity;
  }
}
