// The virtual clock: what ends, what is refused, and what it is like after that.
import { describe, expect, test } from "vitest";
import { Clock, FakeNetwork } from "../../platform/fake/index.js";

/** A network on which something happens every second, as on one where nodes run. */
function busy(): FakeNetwork {
  const network = new FakeNetwork();
  const timer = network.host("10.0.0.1").makeTimer(() => timer.set(1000));
  timer.set(1000);
  return network;
}

/** Does something inside a callback, as late as `ms`; returns what it threw. */
function insideACallback(network: FakeNetwork, action: () => void, ms = 1000): unknown {
  let thrown: unknown = "not called";
  const timer = network.host("10.0.0.2").makeTimer(() => {
    thrown = undefined;
    try {
      action();
    } catch (error) {
      thrown = error;
    }
  });
  timer.set(ms);
  network.advance(ms);
  return thrown;
}

const never = (): boolean => false;

describe("runUntil", () => {
  test("gives-up-after-ten-virtual-minutes-when-no-limit-is-given", () => {
    const network = busy();
    expect(() => network.runUntil(never)).toThrow("does not hold after 600000 virtual milliseconds");
    expect(network.nowMs).toBe(600_000);
  });

  test("returns-how-long-it-took-without-a-limit", () => {
    const network = busy();
    expect(network.runUntil(() => network.nowMs >= 599_500)).toBe(600_000);
  });

  test("ends-at-once-when-nothing-is-planned-any-more", () => {
    const network = new FakeNetwork();
    network
      .host("10.0.0.1")
      .makeTimer(() => undefined)
      .set(50);
    expect(() => network.runUntil(never, 1000)).toThrow(/runUntil: nothing is planned any more.*never hold/);
    expect(network.nowMs).toBe(50);
  });

  test.each([
    [Number.NaN, RangeError],
    [Infinity, RangeError],
    [-1, RangeError],
    ["1000", TypeError],
    [null, TypeError],
  ])("refuses-a-limit-of: %s", (limitMs, type) => {
    const network = busy();
    const run = (): number => network.runUntil(never, limitMs as number);
    expect(run).toThrow(type);
    expect(run).toThrow("runUntil: limitMs must be a number of milliseconds, 0 or more");
    expect(network.nowMs).toBe(0);
  });

  test("refuses-what-is-no-condition", () => {
    const run = (): number => busy().runUntil(true as unknown as () => boolean, 1000);
    expect(run).toThrow(TypeError);
    expect(run).toThrow("runUntil: condition must be a function");
  });
});

describe("advance", () => {
  test.each([
    [undefined, TypeError],
    [null, TypeError],
    [Number.NaN, RangeError],
    [Infinity, RangeError],
    [-5, RangeError],
  ])("refuses: %s", (ms, type) => {
    const network = busy();
    const advance = (): void => network.advance(ms as number);
    expect(advance).toThrow(type);
    expect(advance).toThrow("advance: ms must be a number of milliseconds, 0 or more; got " + ms);
    expect(network.nowMs).toBe(0);
    network.advance(1500);
    expect(network.nowMs).toBe(1500);
  });

  test("by-nothing-lets-happen-what-is-due-now", () => {
    const network = new FakeNetwork();
    let calls = 0;
    network
      .host("10.0.0.1")
      .makeTimer(() => calls++)
      .set(0);
    network.advance(0);
    expect([calls, network.nowMs]).toEqual([1, 0]);
  });

  test("may-be-called-again-after-a-callback-threw", () => {
    const network = busy();
    const timer = network.host("10.0.0.2").makeTimer(() => {
      throw new Error("of the user");
    });
    timer.set(500);
    expect(() => network.advance(10_000)).toThrow("of the user");
    expect(network.nowMs).toBe(500);
    network.advance(1000);
    expect(network.nowMs).toBe(1500);
  });

  test("ends-when-a-callback-plans-itself-at-once-for-ever", () => {
    const clock = new Clock();
    const again = { run: (): void => clock.plan(0, again) };
    clock.plan(10, again);
    expect(() => clock.advance(100)).toThrow(/the clock stands still at 10 ms/);
  });
});

describe("inside a callback", () => {
  test.each([
    ["advance", (network: FakeNetwork) => network.advance(10)],
    ["runUntil", (network: FakeNetwork) => network.runUntil(never, 10)],
    ["step", (network: FakeNetwork) => network.clock.step()],
    ["advance", (network: FakeNetwork) => network.clock.advance(10)],
  ])("refuses: %s", (name, action) => {
    const network = busy();
    const thrown = insideACallback(network, () => action(network));
    expect(String(thrown)).toContain(name + ": called inside a callback");
    expect(String(thrown)).toContain("makeTimer");
    expect(network.nowMs).toBe(1000);
  });
});

describe("plan", () => {
  test.each([Number.NaN, Infinity, undefined, "5"])("refuses: %s", (ms) => {
    const clock = new Clock();
    expect(() => clock.plan(ms as number, { run: () => undefined })).toThrow("plan: ms must be a number of");
    expect(clock.nextMs).toBe(Infinity);
  });

  test.each([Number.NaN, undefined, "5"])("of-a-timer-refuses: %s", (ms) => {
    const network = new FakeNetwork();
    let calls = 0;
    const timer = network.host("10.0.0.1").makeTimer(() => calls++);
    timer.set(100);
    expect(() => timer.set(ms as number)).toThrow("FakeTimer.set: ms must be a number of milliseconds");
    network.advance(100);
    expect(calls).toBe(1);
  });
});
