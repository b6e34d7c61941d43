// `xswim/store` on Zephyr, where the SDK has no `Preference`: texts in the key-value storage of ECMA-419.
import Storage from "embedded:storage/key-value";
import type { Store } from "../../shared/bump.js";

export const store: Store = Object.freeze({
  get(domain: string, key: string): unknown {
    const values = Storage.open({ path: domain, format: "string" });
    try {
      return values.read(key);
    } catch {
      // Zephyr says for a key that is not there what it says for storage that fails.
      return undefined;
    } finally {
      values.close();
    }
  },
  set(domain: string, key: string, value: string): void {
    const values = Storage.open({ path: domain, format: "string" });
    try {
      values.write(key, value);
    } finally {
      values.close();
    }
  },
});
