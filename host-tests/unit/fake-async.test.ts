// Programs with promises on the virtual clock.
import { describe, expect, test } from "vitest";
import { FakeNetwork, type Host } from "../../platform/fake/index.js";

const A = "10.0.0.1";

function wait(host: Host, ms: number): Promise<void> {
  return new Promise((resolve) => host.setTimeout(resolve, ms));
}

describe("advanceAsync", () => {
  test("goes-through-a-program-that-awaits-timers", async () => {
    const network = new FakeNetwork();
    const host = network.host(A);
    const told: string[] = [];
    host.run(async () => {
      for (let i = 0; i < 3; i++) {
        await wait(host, 1000);
        // A chain of promises takes no time, however long it is.
        for (let j = 0; j < 500; j++) await undefined;
        told.push(i + " at " + network.nowMs);
      }
    });
    await network.advanceAsync(2500);
    expect([told, network.nowMs]).toEqual([["0 at 1000", "1 at 2000"], 2500]);
    await network.advanceAsync(500);
    expect(told[2]).toBe("2 at 3000");
  });

  test("lets-promises-settle-between-happenings-of-one-moment-and-before-the-first", async () => {
    const network = new FakeNetwork();
    const host = network.host(A);
    const told: string[] = [];
    void Promise.resolve().then(() => host.setTimeout(() => told.push("early"), 10));
    for (const name of ["a", "b"]) {
      void wait(host, 20).then(() => {
        told.push(name);
        host.setTimeout(() => told.push(name + " again"), 5);
      });
    }
    await network.advanceAsync(25);
    expect(told).toEqual(["early", "a", "b", "a again", "b again"]);
  });

  test("leaves-a-program-that-waits-for-a-host-that-crashed", async () => {
    const network = new FakeNetwork();
    const host = network.host(A);
    let isOver = false;
    void wait(host, 100).then(() => (isOver = true));
    host.crash();
    await network.advanceAsync(1000);
    expect(isOver).toBe(false);
  });

  test("may-be-called-again-after-a-callback-threw", async () => {
    const network = new FakeNetwork();
    network.host(A).setTimeout(() => {
      throw new Error("of the user");
    }, 500);
    await expect(network.advanceAsync(1000)).rejects.toThrow("of the user");
    await network.advanceAsync(1000);
    expect(network.nowMs).toBe(1500);
  });

  test("refuses-everything-else-that-runs-the-clock-until-it-has-ended", async () => {
    const network = new FakeNetwork();
    const host = network.host(A);
    const running = network.advanceAsync(100);
    const text = ": called while advanceAsync has not ended; await that first";
    expect(() => network.advance(1)).toThrow("advance" + text);
    expect(() => network.clock.step()).toThrow("step" + text);
    expect(() => network.runUntil(() => true)).toThrow("runUntil" + text);
    await expect(network.advanceAsync(1)).rejects.toThrow("advanceAsync" + text);
    await expect(network.runUntilAsync(() => true)).rejects.toThrow("runUntilAsync" + text);
    await running;
    expect(network.nowMs).toBe(100);
    let thrown: unknown;
    host.setTimeout(() => {
      network.advanceAsync(5).catch((error: unknown) => (thrown = error));
    }, 5);
    await network.advanceAsync(10);
    expect(String(thrown)).toContain("advanceAsync: called inside a callback, while the clock is running");
  });

  test.each([undefined, "5", Number.NaN, Infinity, -1])("refuses: %s", async (ms) => {
    const network = new FakeNetwork();
    await expect(network.advanceAsync(ms as number)).rejects.toThrow(
      "advanceAsync: ms must be a number of milliseconds, 0 or more",
    );
    network.advance(1);
  });
});

describe("runUntilAsync", () => {
  test("returns-how-long-it-took-until-a-condition-or-its-promise-is-true", async () => {
    const network = new FakeNetwork();
    const host = network.host(A);
    let state = "";
    void wait(host, 700).then(() => (state = "warm"));
    host.setInterval(() => undefined, 100);
    expect(await network.runUntilAsync(() => state === "warm")).toBe(700);
    void wait(host, 400).then(() => (state = "hot"));
    expect(await network.runUntilAsync(async () => Promise.resolve(state === "hot"))).toBe(400);
    expect(await network.runUntilAsync(() => true)).toBe(0);
  });

  test("gives-up-as-runUntil-does", async () => {
    const network = new FakeNetwork();
    const host = network.host(A);
    await expect(network.runUntilAsync(() => false)).rejects.toThrow("nothing is planned any more");
    host.setInterval(() => undefined, 100);
    await expect(network.runUntilAsync(() => false, 1000)).rejects.toThrow(
      /^runUntilAsync: the condition does not hold after 1000 virtual milliseconds\nat 1000 ms of virtual time/,
    );
    await expect(network.runUntilAsync(() => false)).rejects.toThrow("after 600000 virtual milliseconds");
    await expect(network.runUntilAsync(true as unknown as () => boolean)).rejects.toThrow(
      "must be a function",
    );
    await expect(network.runUntilAsync(() => true, -1)).rejects.toThrow("limitMs must be a number of");
    await expect(
      network.runUntilAsync(() => {
        throw new Error("of the user");
      }),
    ).rejects.toThrow("of the user");
    network.advance(1);
  });

  test("runs-nodes-as-runUntil-does", async () => {
    const run = async (isAsync: boolean): Promise<number> => {
      const network = new FakeNetwork({ seed: 4, jitterMs: 20, loss: 0.1 });
      const nodes = [1, 2, 3].map(
        (last) => new (network.host("10.0.0." + last).SwimNode)({ port: 7946, seeds: ["10.0.0.1:7946"] }),
      );
      const hasMet = (): boolean => nodes.every((node) => node.members().length === 2);
      if (!isAsync) return network.runUntil(hasMet) + network.counts.sent;
      return (await network.runUntilAsync(hasMet)) + network.counts.sent;
    };
    expect(await run(true)).toBe(await run(false));
  });
});
