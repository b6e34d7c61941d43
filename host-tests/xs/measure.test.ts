import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { XsWorker } from "./engine.js";
import { buildTimeoutMs, lanes } from "./lanes.js";
import { type Operation, limitHeap, liveMemory, measure } from "./measure.js";

// Heap slots and chunk bytes of JavaScript's constructs, on an engine with 32-bit pointers.
const costs: [name: string, slots: number, chunkBytes: number, operation: Operation][] = [
  ["integer arithmetic", 0, 0, { setup: "let x = 0", run: "x = (x + 3) | 0" }],
  ["float arithmetic", 0, 0, { setup: "let x = 1.5", run: "x = x * 1.01" }],
  ["typed array read and write", 0, 0, { setup: "const u = new Uint8Array(8)", run: "u[3] = u[4]" }],
  ["method call", 0, 0, { setup: "const o = { m() { return 1 } }", run: "o.m()" }],
  ["object destructuring", 0, 0, { setup: "const o = { x: 1, y: 2 }", run: "const { x, y } = o" }],
  ["try, throw and catch", 0, 0, { setup: "const e = new Error()", run: "try { throw e } catch {}" }],
  ["object literal of 3 fields", 4, 0, { run: "({ a: 1, b: 2, c: 3 })" }],
  ["array literal of 3 items", 2, 56, { run: "[1, 2, 3]" }],
  ["instance of 3 fields", 4, 0, { setup: "class C { a = 1; b = 2; c = 3 }", run: "new C()" }],
  ["instance of 3 private fields", 5, 0, { setup: "class C { #a = 1; #b = 2; #c = 3 }", run: "new C()" }],
  ["subarray", 4, 0, { setup: "const u = new Uint8Array(64)", run: "u.subarray(1, 9)" }],
  ["view of a buffer", 4, 0, { setup: "const b = new ArrayBuffer(64)", run: "new Uint8Array(b, 1, 8)" }],
  ["DataView", 3, 0, { setup: "const b = new ArrayBuffer(64)", run: "new DataView(b)" }],
  ["new Uint8Array(8)", 7, 16, { run: "new Uint8Array(8)" }],
  ["slice", 7, 16, { setup: "const u = new Uint8Array(64)", run: "u.slice(1, 9)" }],
  ["closure", 9, 20, { run: "() => 1" }],
  ["bind", 8, 16, { setup: "function f() {}", run: "f.bind(null)" }],
  ["for-of over an array", 8, 0, { setup: "const a = [1, 2, 3, 4]", run: "for (const x of a);" }],
  ["array destructuring", 8, 0, { setup: "const a = [1, 2]", run: "const [x, y] = a" }],
  ["spread in a call", 8, 0, { setup: "const a = [1, 2]; function f() {}", run: "f(...a)" }],
  ["empty rest parameter", 2, 0, { setup: "function f(...r) {}", run: "f()" }],
];

for (const { engine, title, missing } of lanes("x64", "ia32", "rv32")) {
  describe.skipIf(missing)(title, { timeout: 60_000 }, () => {
    let worker: XsWorker;

    beforeAll(async () => {
      worker = await XsWorker.start(engine);
    }, buildTimeoutMs);

    afterAll(() => worker.close());

    test.each(costs)("counts-what-is-allocated-by: %s", async (_, slots, chunkBytes, operation) => {
      const cost = await measure(worker, { ...operation, runs: 100 });
      expect(cost.slots).toBe(slots);
      if (engine !== "x64") expect(cost.chunkBytes).toBe(chunkBytes);
    });

    test("counts-across-collections", async () => {
      const cost = await measure(worker, { run: "({ a: 1 })", runs: 200_000 });
      expect(cost.slots).toBe(2);
      expect((await worker.evaluate("1")).counters.collections).toBeGreaterThan(0);
    });

    test("tells-what-an-object-keeps-from-garbage", async () => {
      const before = await liveMemory(worker);
      await worker.evaluate(
        "for (let i = 0; i < 500; i++) new Uint8Array(100); globalThis.kept = new Uint8Array(1000); 0",
      );
      const after = await liveMemory(worker);
      // 7 slots of the array and 1 of the global; its chunk has a header of 8 bytes, 16 with 64-bit pointers.
      expect(after.slots - before.slots).toBeGreaterThanOrEqual(8);
      expect(after.slots - before.slots).toBeLessThanOrEqual(16);
      expect(after.chunkBytes - before.chunkBytes).toBeGreaterThanOrEqual(1008);
      expect(after.chunkBytes - before.chunkBytes).toBeLessThanOrEqual(1200);
    });

    test("aborts-beyond-the-heap-of-a-device-and-not-before", async () => {
      const device = await XsWorker.start(engine);
      try {
        await limitHeap(device, 32_768);
        await device.evaluate("for (let i = 0; i < 10000; i++) ({ garbage: new Uint8Array(64) })");
        await device.evaluate("globalThis.kept = new Uint8Array(28000); 0");
        await expect(device.evaluate("globalThis.more = new Uint8Array(8000); 0")).rejects.toThrow(
          "memory full",
        );
      } finally {
        await device.close();
      }
    });

    test.skipIf(engine === "rv32")("meters-the-same-steps-in-every-machine", async () => {
      const again = await XsWorker.start(engine);
      try {
        const source = "let sum = 0; for (let i = 0; i < 1000; i++) sum += i % 7; sum";
        const [one, two] = [await worker.evaluate(`{${source}}`), await again.evaluate(`{${source}}`)];
        expect(one.spent.computrons).toBeGreaterThan(10_000);
        expect(two.spent.computrons).toBe(one.spent.computrons);
      } finally {
        await again.close();
      }
    });

    test.runIf(engine === "rv32")("counts-the-same-instructions-in-every-machine", async () => {
      const operation = { setup: "const u = new Uint8Array(8)", run: "u[1] = u[0] + 1", runs: 100 };
      const counts: number[] = [];
      for (let machine = 0; machine < 2; machine++) {
        const fresh = await XsWorker.start(engine);
        counts.push((await measure(fresh, operation)).instructions);
        await fresh.close();
      }
      expect(counts[0]).toBeGreaterThan(100);
      expect(counts[1]).toBe(counts[0]);
    });
  });
}
