/** What is stored, by path and key; and how many domains are open. */
export const flash = { values: new Map<string, string>(), open: 0, isBroken: false };

class FakeStorage {
  private readonly path: string;
  constructor(path: string) {
    this.path = path;
    flash.open++;
  }

  /** Zephyr throws for a key that is not there. */
  read(key: string): string {
    const value = flash.values.get(this.path + "/" + key);
    if (value === undefined) throw new Error("setting error");
    return value;
  }

  write(key: string, value: string): void {
    if (flash.isBroken) throw new Error("setting error");
    flash.values.set(this.path + "/" + key, value);
  }

  close(): void {
    flash.open--;
  }
}

export default {
  open(options: { path: string; format: string }): FakeStorage {
    if (options.format !== "string") throw new RangeError("unsupported");
    return new FakeStorage(options.path);
  },
};
