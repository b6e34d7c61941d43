import { createSocket } from "node:dgram";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { buildEngine } from "./build.js";
import { VirtualClock } from "./clock.js";
import { MachineError, ScriptError, type XsOptions, XsWorker } from "./engine.js";
import { buildTimeoutMs, lanes } from "./lanes.js";
import { UdpBridge } from "./udp.js";

for (const { engine, title, missing } of lanes("x64", "ia32", "rv32")) {
  describe.skipIf(missing)(title, { timeout: 60_000 }, () => {
    const workers: XsWorker[] = [];

    async function start(options: XsOptions = {}): Promise<XsWorker> {
      const worker = await XsWorker.start(engine, options);
      workers.push(worker);
      return worker;
    }

    beforeAll(() => buildEngine(engine), buildTimeoutMs);

    afterEach(async () => {
      await Promise.all(workers.splice(0).map((worker) => worker.close()));
    });

    test("computes-with-integers-floats-and-big-integers", async () => {
      const worker = await start();
      expect((await worker.evaluate("(0x7fffffff + 1) | 0")).text).toBe("-2147483648");
      expect((await worker.evaluate("0.1 + 0.2")).text).toBe("0.30000000000000004");
      expect((await worker.evaluate("Math.sqrt(2)")).text).toBe("1.4142135623730951");
      expect((await worker.evaluate("(1n << 64n) - 1n")).text).toBe("18446744073709551615");
    });

    test("reads-and-writes-typed-arrays-in-little-endian", async () => {
      const worker = await start();
      await worker.evaluate("const bytes = new Uint8Array(8), words = new Uint32Array(bytes.buffer)");
      await worker.evaluate("bytes[0] = 0x12; bytes[3] = 256 + 0x34; words[1] = 0xdeadbeef");
      expect((await worker.evaluate("words[0].toString(16)")).text).toBe("34000012");
      expect((await worker.evaluate("String(Array.from(bytes))")).text).toBe("18,0,0,52,239,190,173,222");
    });

    test("keeps-declarations-for-the-next-script-and-runs-promise-jobs", async () => {
      const worker = await start();
      await worker.evaluate("let seen = 'nothing'; class Counter { count = 0 }");
      await worker.evaluate("(async () => { await null; seen = 'the job ran' })()");
      expect((await worker.evaluate("seen + ' ' + new Counter().count")).text).toBe("the job ran 0");
    });

    test("reports-what-a-script-threw-and-goes-on", async () => {
      const worker = await start();
      const source = "function go() { throw new RangeError('too far') } function start() { go() } start()";
      const thrown = await worker.evaluate(source).catch((error: Error) => error);
      expect(thrown).toBeInstanceOf(ScriptError);
      expect((thrown as ScriptError).message).toBe("RangeError: too far");
      expect((thrown as ScriptError).scriptStack.split("\n").slice(0, 2)).toEqual(["go ()", "start ()"]);
      await expect(worker.evaluate("let = =")).rejects.toThrow(/SyntaxError/);
      expect((await worker.evaluate("'still here'")).text).toBe("still here");
    });

    test("ends-with-the-reason-of-a-rejection-that-nobody-handles", async () => {
      const worker = await start();
      await worker.evaluate("Promise.reject(new Error('handled')).catch(() => 0)");
      await expect(worker.evaluate("(async () => { throw new Error('lost') })()")).rejects.toThrow(
        new MachineError("unhandled rejection: Error: lost"),
      );
    });

    test("exchanges-messages-with-its-host-byte-by-byte", async () => {
      const received: number[][] = [];
      const worker = await start({ onMessage: (bytes) => received.push([...bytes]) });
      await worker.evaluate(`
        const incoming = new Uint8Array(1400);
        host.onMessage = (length) => {
          host.receive(incoming);
          host.append(incoming, length - 1, 1);
          host.send(incoming, 0, length);
        };`);
      const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index);
      await worker.deliver(everyByte);
      await worker.deliver(Uint8Array.of(7));
      expect(received).toEqual([
        [255, ...everyByte],
        [7, 7],
      ]);
    });

    // FIPS 197, appendices B and C.1.
    test.each([
      [
        "2b7e151628aed2a6abf7158809cf4f3c",
        "3243f6a8885a308d313198a2e0370734",
        "3925841d02dc09fbdc118597196a0b32",
      ],
      [
        "000102030405060708090a0b0c0d0e0f",
        "00112233445566778899aabbccddeeff",
        "69c4e0d86a7b0430d8cdb78070b4c55a",
      ],
    ])("encrypts-a-block-under-the-key %s", async (secret, block, expected) => {
      const buffer = (hex: string): string => `Uint8Array.of(${String([...Buffer.from(hex, "hex")])}).buffer`;
      const worker = await start();
      await worker.evaluate(`
        const cipher = host.aes(${buffer(secret)}), block = ${buffer(block)}, result = new ArrayBuffer(16);
        cipher.encrypt(block, result);
        host.gc();
        cipher.encrypt(block, block);`);
      const { text } = await worker.evaluate("Array.from(new Uint8Array(result)).join()");
      expect(Buffer.from(text.split(",").map(Number)).toString("hex")).toBe(expected);
      expect((await worker.evaluate("Array.from(new Uint8Array(block)).join()")).text).toBe(text);
    });

    test("refuses-a-key-or-a-block-that-is-too-short", async () => {
      const worker = await start();
      await expect(worker.evaluate("host.aes(new ArrayBuffer(15))")).rejects.toThrow(/RangeError/);
      await worker.evaluate("const cipher = host.aes(new ArrayBuffer(16)), short = new ArrayBuffer(15)");
      await expect(worker.evaluate("cipher.encrypt(short, new ArrayBuffer(16))")).rejects.toThrow(
        /RangeError/,
      );
      await expect(worker.evaluate("cipher.encrypt(new ArrayBuffer(16), short)")).rejects.toThrow(
        /RangeError/,
      );
    });

    test("refuses-to-send-beyond-a-buffer", async () => {
      const worker = await start();
      await expect(worker.evaluate("host.send(new Uint8Array(4), 2, 3)")).rejects.toThrow(/RangeError/);
      await expect(worker.evaluate("host.send(new Uint8Array(4), -1, 1)")).rejects.toThrow(/RangeError/);
    });

    test("wakes-by-its-one-timer-in-the-host's-time", async () => {
      const clock = new VirtualClock();
      const printed: string[] = [];
      const worker = await start({ clock, onPrint: (text) => printed.push(text) });
      await worker.evaluate(`
        host.onTimer = () => { host.print("woke at " + host.now()); if (host.now() < 300) host.arm(100); };
        host.arm(5);
        host.arm(100);`);
      await clock.advance(1000, () => worker.settled());
      expect(printed).toEqual(["woke at 100", "woke at 200", "woke at 300"]);
      await worker.evaluate("host.arm(50); host.disarm()");
      await clock.advance(1000, () => worker.settled());
      expect(printed).toHaveLength(3);
    });

    test("aborts-when-its-heap-is-full", async () => {
      const heap = {
        initialChunkBytes: 65536,
        incrementalChunkBytes: 0,
        initialSlots: 8192,
        incrementalSlots: 0,
      };
      const slots = await start({ heap });
      await expect(slots.evaluate("const list = []; for (;;) list.push({})")).rejects.toThrow(
        new MachineError("memory full"),
      );
      const chunks = await start({ heap });
      await expect(chunks.evaluate("new Uint8Array(70000)")).rejects.toThrow(new MachineError("memory full"));
      await expect(chunks.evaluate("1")).rejects.toThrow(MachineError);
    });

    test("is-ended-when-a-call-takes-too-long", async () => {
      const worker = await start({ callTimeoutMs: 1500 });
      await expect(worker.evaluate("for (;;);")).rejects.toThrow(
        new MachineError("no answer within 1500 ms"),
      );
    });

    test("keeps-a-loaded-program's-bytecode-out-of-the-heap", async () => {
      const source = (name: string): string =>
        `function ${name}() { ${"Math.abs(1.5, 'text');".repeat(500)} return 42 }`;
      const worker = await start();
      const evaluated = await worker.evaluate(source("evaluated"));
      const loaded = await worker.load(source("loaded"));
      expect(evaluated.spent.chunkBytesAllocated).toBeGreaterThan(5000);
      expect(loaded.spent.chunkBytesAllocated).toBeLessThan(200);
      expect(loaded.spent.bytecodeBytes).toBe(evaluated.spent.bytecodeBytes);
      expect(loaded.spent.bytecodeBytes).toBeGreaterThan(5000);
      expect((await worker.evaluate("host.gc(); [evaluated(), loaded()].join()")).text).toBe("42,42");
    });

    test("answers-a-datagram-through-its-host's-socket", async () => {
      const bridge = await UdpBridge.open();
      const peer = createSocket("udp4");
      try {
        const worker = await start({ onMessage: bridge.send });
        bridge.attach(worker);
        await worker.evaluate(`
          const datagram = new Uint8Array(1406);
          host.onMessage = (length) => {
            host.receive(datagram);
            datagram[length] = 0x21;
            host.send(datagram, 0, length + 1);
          };`);
        await new Promise<void>((resolve) => peer.bind(0, "127.0.0.1", resolve));
        const answer = new Promise<string>((resolve) =>
          peer.once("message", (bytes) => resolve(bytes.toString())),
        );
        peer.send("hello", bridge.port, "127.0.0.1");
        expect(await answer).toBe("hello!");
      } finally {
        peer.close();
        await bridge.close();
      }
    });
  });
}
