// Nonces, of which no two may be the same whatever happens to the store.
import { Nonces } from "../../platform/shared/nonces.js";
import { equal, hex, ok, throwsWith } from "../support/assert.js";
import { FlashStore } from "../support/flash-store.js";
import { seeded } from "../support/random.js";

const BOOT = 12;

/** A device that is started again and again with one store. */
class Device {
  readonly store = new FlashStore();
  readonly errors: string[] = [];
  readonly seen = new Set<string>();
  hasRandom = true;
  /** Whether it has a number of its own, which is always the same. */
  hasMac = false;
  private readonly random = seeded(7);

  start(hasStore = true): Nonces {
    return new Nonces(hasStore ? this.store : undefined, {
      fillUnique: (bytes, isKept) => {
        for (let i = 0; i < bytes.length; i++) bytes[i] = isKept && this.hasMac ? i : this.random();
        return this.hasRandom || (isKept && this.hasMac);
      },
      failed: (error) => this.errors.push(String(error)),
    });
  }

  /** The next nonce as hex digits, which must be a new one. */
  next(nonces: Nonces): string {
    const bytes = new Uint8Array(12);
    nonces.next(bytes, 0);
    const text = hex(bytes);
    ok(!this.seen.has(text), "the nonce " + text + " came twice");
    this.seen.add(text);
    return text;
  }
}

/** Lets all datagrams of a boot but the last few pass at once. */
function spend(nonces: Nonces, left: number): void {
  (nonces as unknown as { sequence: number }).sequence = 0x1000000 - left;
}

export const scenarios: Record<string, () => void> = {
  "the-device-stays-the-boot-grows-with-each-start-and-the-sequence-with-each-datagram"() {
    const device = new Device();
    const first = device.start();
    const a = device.next(first);
    const b = device.next(first);
    const c = device.next(device.start());
    const d = device.next(device.start());
    equal(
      [a, b, c, d].map((text) => text.slice(0, BOOT)).every((text) => text === a.slice(0, BOOT)),
      true,
    );
    const numbers = [a, b, c, d].map((text) => text.slice(BOOT));
    equal(numbers, ["000001000000", "000001000001", "000002000000", "000003000000"]);
    equal(device.errors, []);
  },

  "a-boot-is-stored-before-its-first-datagram"() {
    const device = new Device();
    device.start();
    const { writes } = device.store;
    device.next(device.start());
    equal(device.store.writes, writes + 1);
  },

  "a-spent-sequence-takes-the-next-boot"() {
    const device = new Device();
    const nonces = device.start();
    device.next(nonces);
    spend(nonces, 1);
    equal(device.next(nonces).slice(BOOT), "000001ffffff");
    equal(device.next(nonces).slice(BOOT), "000002000000");
    equal(device.next(device.start()).slice(BOOT), "000003000000");
  },

  "a-spent-boot-takes-another-device"() {
    const device = new Device();
    const before = device.next(device.start());
    for (const key of ["seal", "seal2"]) device.store.values.set(key, before.slice(0, BOOT) + " 16777215");
    const after = device.next(device.start());
    ok(after.slice(0, BOOT) !== before.slice(0, BOOT), "the device is the same");
    equal(device.next(device.start()).slice(0, BOOT), after.slice(0, BOOT));
  },

  "a-power-cut-at-any-step-of-any-write-repeats-none"() {
    for (let steps = 0; steps < 14; steps++) {
      const device = new Device();
      device.store.stepsLeft = steps;
      for (let start = 0; start < 4; start++) device.next(device.start());
      device.store.powerUp();
      for (let start = 0; start < 4; start++) device.next(device.start());
    }
  },

  "what-is-lost-or-is-not-ours-in-the-store-repeats-none"() {
    for (const rubbish of [
      undefined,
      null,
      "",
      "7",
      "ffffffffffff",
      "ffffffffffff -1",
      "ffffffffffff 16777216",
      5,
    ]) {
      for (const keys of [["seal"], ["seal2"], ["seal", "seal2"]]) {
        const device = new Device();
        for (let start = 0; start < 3; start++) device.next(device.start());
        for (const key of keys) device.store.values.set(key, rubbish);
        for (let start = 0; start < 3; start++) device.next(device.start());
        equal(device.errors, []);
      }
    }
  },

  "a-store-that-throws-or-keeps-nothing-is-told-and-random-numbers-are-taken"() {
    for (const break_ of [
      (store: FlashStore) => void store.unreadable.add("seal"),
      (store: FlashStore) => void store.unwritable.add("seal").add("seal2"),
      (store: FlashStore) => void (store.stepsLeft = 0),
    ]) {
      const device = new Device();
      device.next(device.start());
      break_(device.store);
      for (let start = 0; start < 4; start++) device.next(device.start());
      equal(device.errors.length, 4);
    }
  },

  "without-a-store-each-start-is-another-device"() {
    const device = new Device();
    const own = [0, 1, 2].map(() => device.next(device.start(false)).slice(0, BOOT));
    equal(new Set(own).size, 3);
  },

  "without-a-store-and-without-random-numbers-there-is-none"() {
    const device = new Device();
    device.hasRandom = false;
    throwsWith({ name: "Error", message: "needs a store" }, () => device.start(false));
    throwsWith({ name: "Error", message: "needs a store" }, () => device.start());
  },

  "a-device-without-random-numbers-has-a-number-of-its-own-for-as-long-as-its-boots-last"() {
    const device = new Device();
    device.hasRandom = false;
    device.hasMac = true;
    equal(device.next(device.start()), "000102030405000001000000");
    equal(device.next(device.start()), "000102030405000002000000");
    throwsWith({ name: "Error", message: "needs a store" }, () => device.start(false));
    for (const key of ["seal", "seal2"]) device.store.values.set(key, "000102030405 16777215");
    throwsWith({ name: "Error", message: "needs a store" }, () => device.start());
  },

  "a-boot-that-cannot-begin-makes-no-nonce-and-none-of-the-former-again"() {
    const device = new Device();
    const nonces = device.start();
    spend(nonces, 1);
    device.next(nonces);
    device.store.unwritable.add("seal").add("seal2");
    device.hasRandom = false;
    for (let i = 0; i < 3; i++) throwsWith({ name: "Error" }, () => device.next(nonces));
    device.store.unwritable.clear();
    equal(device.next(nonces).slice(BOOT), "000002000000");
  },
};
