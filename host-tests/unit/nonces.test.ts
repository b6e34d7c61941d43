// Nonces by themselves: what stands in them and in the store, and which are ours.
import { describe, expect, test } from "vitest";
import { Nonces } from "../../platform/shared/nonces.js";
import { hex, unhex } from "../support/assert.js";
import { MemoryStore } from "../support/memory-store.js";

const DEVICE = "0a1b2c3d4e5f";
const OTHER = "a0b1c2d3e4f5";
/** What the platform's random numbers are. */
const RANDOM = "f1f2f3f4f5f6f7f8f9";

class Device {
  readonly store = new MemoryStore();
  readonly errors: string[] = [];
  /** Whether each array was to be filled with what is kept. */
  readonly filled: boolean[] = [];
  hasRandom = true;

  constructor(first?: string, second?: string) {
    if (first !== undefined) this.store.values.set("xswim/seal", first);
    if (second !== undefined) this.store.values.set("xswim/seal2", second);
  }

  start(hasStore = true): Nonces {
    return new Nonces(hasStore ? this.store : undefined, {
      fillUnique: (bytes, isKept) => {
        bytes.set(unhex(RANDOM).subarray(0, bytes.length));
        this.filled.push(isKept);
        return this.hasRandom;
      },
      failed: (error) => this.errors.push((error as Error).message),
    });
  }

  get kept(): (string | undefined)[] {
    return ["seal", "seal2"].map((key) => this.store.values.get("xswim/" + key));
  }
}

/** The next nonce of each, between other bytes. */
function nextOf(nonces: Nonces): string {
  const bytes = new Uint8Array(18).fill(0xa5);
  nonces.next(bytes, 3);
  const text = hex(bytes);
  expect([text.slice(0, 6), text.slice(-6)]).toEqual(["a5a5a5", "a5a5a5"]);
  return text.slice(6, -6);
}

describe("with a store", () => {
  test("the-device-of-the-store-and-the-next-boot-stand-in-them", () => {
    const device = new Device(DEVICE + " 65537", DEVICE + " 65536");
    const nonces = device.start();
    expect([nextOf(nonces), nextOf(nonces)]).toEqual([DEVICE + "010002000000", DEVICE + "010002000001"]);
    expect(device.kept).toEqual([DEVICE + " 65537", DEVICE + " 65538"]);
    expect(nextOf(device.start())).toBe(DEVICE + "010003000000");
    expect(device.kept).toEqual([DEVICE + " 65539", DEVICE + " 65538"]);
    expect([device.filled, device.errors]).toEqual([[], []]);
  });

  test("a-first-start-takes-a-random-device-that-is-kept", () => {
    const device = new Device();
    expect(nextOf(device.start())).toBe(RANDOM.slice(0, 12) + "000001000000");
    expect(device.kept).toEqual([RANDOM.slice(0, 12) + " 1", RANDOM.slice(0, 12) + " 0"]);
    expect(device.filled).toEqual([true]);
  });

  test("all-three-bytes-of-a-sequence-count-and-then-the-next-boot-begins", () => {
    const device = new Device(DEVICE + " 5", DEVICE + " 4");
    const nonces = device.start();
    (nonces as unknown as { sequence: number }).sequence = 0xfedcba;
    expect(nextOf(nonces)).toBe(DEVICE + "000006fedcba");
    (nonces as unknown as { sequence: number }).sequence = 0xffffff;
    expect([nextOf(nonces), nextOf(nonces)]).toEqual([DEVICE + "000006ffffff", DEVICE + "000007000000"]);
  });

  test.each<[string | undefined, string | undefined, string]>([
    // One is lost, which may have been the larger one.
    [DEVICE + " 5", undefined, "000007"],
    [undefined, DEVICE + " 5", "000007"],
    // What is none of ours counts as lost.
    [DEVICE + " 5", "0" + DEVICE + " 9", "000007"],
    [DEVICE + " 5", DEVICE + " 9 ", "000007"],
    [DEVICE + " 5", DEVICE.toUpperCase() + " 9", "000007"],
    [DEVICE + " 5", DEVICE + " 16777216", "000007"],
    ["0" + DEVICE + " 9", DEVICE + " 5", "000007"],
    [DEVICE + " 99999999", DEVICE + " 5", "000007"],
    [DEVICE + " 5", DEVICE + " 5", "000006"],
  ])("the-boot-is-larger-than-all-before: %s and %s", (first, second, boot) => {
    const device = new Device(first, second);
    expect(nextOf(device.start())).toBe(DEVICE + boot + "000000");
    expect(device.errors).toEqual([]);
  });

  test.each([
    [DEVICE + " 5", OTHER + " 9"],
    [OTHER + " 9", DEVICE + " 5"],
    [DEVICE + " 16777215", DEVICE + " 16777214"],
    [DEVICE + " 16777214", undefined],
  ])("of-two-devices-and-when-all-boots-are-spent-a-third-device-is-taken: %s and %s", (first, second) => {
    const device = new Device(first, second);
    expect(nextOf(device.start())).toBe(RANDOM.slice(0, 12) + "000001000000");
    expect(device.kept.map((text) => text?.slice(0, 12))).toEqual([RANDOM.slice(0, 12), RANDOM.slice(0, 12)]);
  });

  test("that-keeps-nothing-is-told-and-each-start-is-another-device", () => {
    const device = new Device(DEVICE + " 5", DEVICE + " 4");
    device.store.set = () => undefined;
    expect(nextOf(device.start())).toBe(RANDOM + "000000");
    expect(device.errors).toEqual(["the store did not keep what it was given"]);
    expect(device.filled).toEqual([false]);
  });

  test("a-device-that-gives-the-same-number-again-when-its-boots-are-spent-says-so", () => {
    const device = new Device(RANDOM.slice(0, 12) + " 16777215", RANDOM.slice(0, 12) + " 16777214");
    device.start();
    expect(device.errors).toEqual(["this platform has no number that no other device has"]);
  });
});

describe("without a store", () => {
  test("device-and-boot-are-random-and-the-sequence-begins-at-0", () => {
    const device = new Device();
    expect(nextOf(device.start(false))).toBe(RANDOM + "000000");
    expect([device.filled, device.kept]).toEqual([[false], [undefined, undefined]]);
  });

  test("nor-random-numbers-there-are-none", () => {
    const device = new Device();
    device.hasRandom = false;
    expect(() => device.start(false)).toThrow("sealing needs a store that works");
  });
});

test("a-datagram-is-ours-where-all-six-bytes-of-the-device-are", () => {
  const nonces = new Device(DEVICE + " 5").start();
  const bytes = unhex("ff" + DEVICE + "000001000000");
  expect(nonces.isOurs(bytes, 1)).toBe(true);
  for (let i = 1; i <= 6; i++) {
    bytes[i] ^= 0x10;
    expect(nonces.isOurs(bytes, 1), "byte " + i).toBe(false);
    bytes[i] ^= 0x10;
  }
});
