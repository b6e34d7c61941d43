// What a device's own program has on the fake network: timers, a clock that drifts, flash, and reboots.
import { describe, expect, test } from "vitest";
import { FakeNetwork, type Host, type SwimNodeInstance } from "../../platform/fake/index.js";

const [A, B] = ["10.0.0.1", "10.0.0.2"];
const PORT = 7946;
const nothing = (): void => undefined;

function one(): { network: FakeNetwork; host: Host } {
  const network = new FakeNetwork();
  return { network, host: network.host(A) };
}

describe("a device's timers", () => {
  test("run-out-once-or-again-and-again-until-they-are-cleared", () => {
    const { network, host } = one();
    const { setTimeout, setInterval, clearTimeout, clearInterval } = host;
    const told: string[] = [];
    const tell = (what: string): void => void told.push(what + " " + host.now());
    setTimeout(tell, 300, "once");
    const never = setTimeout(tell, 300, "never");
    const each = setInterval(tell, 200, "each");
    clearInterval(never);
    clearTimeout(undefined);
    network.advance(500);
    clearTimeout(each);
    clearTimeout(each);
    network.advance(500);
    expect(told).toEqual(["each 200", "once 300", "each 400"]);
  });

  test("wait-for-a-millisecond-at-least", () => {
    const { network, host } = one();
    const told: number[] = [];
    const again = (): void => {
      told.push(host.now());
      if (told.length < 4) host.setTimeout(again, [0, -5, 0.5][told.length - 1]);
    };
    host.setTimeout(again);
    network.advance(0);
    expect(told).toEqual([]);
    network.advance(10);
    expect(told).toEqual([1, 2, 3, 4]);
  });

  test("may-be-cleared-by-their-own-callback", () => {
    const { network, host } = one();
    let calls = 0;
    const id: number = host.setInterval(() => {
      if (++calls === 3) host.clearInterval(id);
    }, 10);
    network.advance(1000);
    expect(calls).toBe(3);
  });

  test("go-on-after-their-callback-threw", () => {
    const { network, host } = one();
    let calls = 0;
    host.setInterval(() => {
      if (++calls === 1) throw new Error("of the user");
    }, 10);
    expect(() => network.advance(100)).toThrow("of the user");
    network.advance(90);
    expect(calls).toBe(10);
  });

  test.each(["stall", "sleep"] as const)("are-late-while-the-host-is-in: %s", (method) => {
    const { network, host } = one();
    const told: number[] = [];
    host.setInterval(() => told.push(host.now()), 100);
    network.advance(150);
    host[method](500);
    network.advance(750);
    expect(told).toEqual([100, 650, 750, 850]);
  });

  test("are-gone-after-a-crash", () => {
    const { network, host } = one();
    let calls = 0;
    const id: number = host.setTimeout(() => void calls++, 100);
    host.setInterval(() => void calls++, 100);
    host.crash();
    const next = host.setTimeout(() => void (calls += 100), 50);
    // The former program knows only its own numbers.
    host.clearTimeout(id);
    network.advance(1000);
    expect([calls, next === id, network.clock.nextMs]).toEqual([100, false, Infinity]);
  });

  test.each([
    [["5", 5], TypeError, "callback must be a function"],
    [[nothing, "5"], TypeError, 'ms must be a number of milliseconds, at most 2147483647; got "5"'],
    [[nothing, null], TypeError, "ms must be a number of milliseconds"],
    [[nothing, Number.NaN], RangeError, "ms must be a number of milliseconds"],
    [[nothing, Infinity], RangeError, "ms must be a number of milliseconds"],
  ])("refuse: %o", (given: unknown[], type, message) => {
    const { network, host } = one();
    for (const name of ["setTimeout", "setInterval"] as const) {
      const set = (): unknown => (host[name] as (...given: unknown[]) => unknown)(...given);
      expect(set).toThrow(type);
      expect(set).toThrow("Host." + name + ": " + message);
    }
    expect(network.clock.nextMs).toBe(Infinity);
  });

  test("refuse-to-clear-the-timer-of-somebody-else", () => {
    const { host } = one();
    const timer = setTimeout(() => undefined, 1);
    clearTimeout(timer);
    expect(() => host.clearTimeout(timer as unknown as number)).toThrow(
      "Host.clearTimeout: expected what host.setTimeout returned; got an object",
    );
    expect(() => host.clearInterval("1" as unknown as number)).toThrow("what host.setInterval returned");
  });
});

describe("a clock that drifts", () => {
  test("makes-timers-and-now-faster-and-slower-while-they-run", () => {
    const { network, host } = one();
    let atMs = 0;
    const wait = (ms: number): void => void host.setTimeout(() => (atMs = network.nowMs), ms);
    host.driftPpm = 250_000;
    wait(1000);
    network.advance(1000);
    expect([atMs, host.now(), host.driftPpm]).toEqual([800, 1250, 250_000]);
    wait(1000);
    network.advance(400); // half of it is over
    host.driftPpm = -500_000;
    network.advance(2000);
    expect([atMs, host.now()]).toEqual([2400, 2750]);
  });

  test("takes-effect-on-a-timer-that-now-is-due-sooner", () => {
    const { network, host } = one();
    let atMs = 0;
    host.driftPpm = -500_000;
    host.setTimeout(() => (atMs = network.nowMs), 1000);
    network.advance(500);
    host.driftPpm = 1_000_000;
    network.advance(5000);
    expect(atMs).toBe(875);
  });

  test("is-that-of-the-host's-nodes-too", () => {
    const rates = [0, 1_000_000].map((ppm) => {
      const network = new FakeNetwork({ seed: 2 });
      const nodes = [A, B].map((ip) => {
        network.host(ip).driftPpm = ppm;
        return new (network.host(ip).SwimNode)({ port: PORT, seeds: [A + ":" + PORT] });
      });
      network.runUntil(() => nodes.every((node) => node.members().length === 1), 10_000);
      const before = network.counts.sent;
      network.advance(600_000);
      return network.counts.sent - before;
    });
    expect(rates[1] / rates[0]).toBeGreaterThan(1.9);
    expect(rates[1] / rates[0]).toBeLessThan(2.1);
  });

  test("never-runs-out-too-soon-nor-for-ever-however-numbers-round", () => {
    const network = new FakeNetwork({ seed: 5 });
    const host = network.host(A);
    let calls = 0;
    for (const driftPpm of [0.1, 33.3, -12_345.678, 999_999.9, -999_990]) {
      host.driftPpm = driftPpm;
      for (let i = 0; i < 200; i++) {
        const ms = 1 + ((network.random() >>> 0) / 2 ** 32) * 1e5;
        const dueMs = host.now() + ms;
        let isOver = false;
        host.setTimeout(() => {
          expect(host.now()).toBeGreaterThanOrEqual(dueMs);
          expect(host.now() - dueMs).toBeLessThan(0.001);
          isOver = true;
          calls++;
        }, ms);
        network.runUntil(() => isOver, Number.MAX_SAFE_INTEGER);
      }
      host.crash();
    }
    expect(calls).toBe(1000);
  });

  test.each([
    ["200", TypeError],
    [undefined, TypeError],
    [Number.NaN, RangeError],
    [-1_000_000, RangeError],
    [1_000_001, RangeError],
  ])("refuses: %o", (ppm, type) => {
    const { host } = one();
    host.driftPpm = 7;
    const set = (): void => void (host.driftPpm = ppm as number);
    expect(set).toThrow(type);
    expect(set).toThrow("Host.driftPpm must be a number above -1000000 and up to 1000000, such as 200; got ");
    expect(host.driftPpm).toBe(7);
  });
});

/** A program that counts its starts in flash, and has a node and a timer. */
function counter(host: Host): { starts: number; ticks: number; node: SwimNodeInstance } {
  const starts = Number(host.flash.get("counter", "starts") ?? 0) + 1;
  host.flash.set("counter", "starts", String(starts));
  const device = { starts, ticks: 0, node: new host.SwimNode({ port: PORT, store: host.flash }) };
  host.setInterval(() => device.ticks++, 1000);
  return device;
}

describe("a program", () => {
  test("starts-again-at-a-reboot-with-what-is-in-flash", () => {
    const { network, host } = one();
    const device = host.run(counter);
    network.advance(5500);
    const first = device.current;
    expect([first?.starts, first?.ticks, host.now()]).toEqual([1, 5, 5500]);
    host.reboot({ offMs: 3000 });
    expect([device.current, host.isOff, host.startsAtMs, host.nodes.size]).toEqual([
      undefined,
      true,
      8500,
      0,
    ]);
    network.advance(2999);
    expect(device.current).toBeUndefined();
    network.advance(2001);
    expect([device.current?.starts, device.current?.ticks, host.now(), host.isOff]).toEqual([
      2,
      2,
      2000,
      false,
    ]);
    expect([first?.ticks, host.nodes.size]).toEqual([5, 1]);
    expect(Number(device.current?.node.identity.bump)).toBeGreaterThan(Number(first?.node.identity.bump));
  });

  test("may-reboot-its-own-host", () => {
    const { network, host } = one();
    let starts = 0;
    host.run(({ reboot, setTimeout }) => {
      starts++;
      setTimeout(() => reboot.call(host), 100);
    });
    network.advance(1050);
    expect(starts).toBe(11);
  });

  test("is-off-after-a-crash-until-it-is-switched-on", () => {
    const { network, host } = one();
    const device = host.run(counter);
    host.crash();
    host.setTimeout(() => expect.unreachable(), 10);
    host.send(7, A, 7, Uint8Array.of(1), 0, 1);
    network.advance(60_000);
    expect([device.current, network.counts.sent]).toEqual([undefined, 0]);
    expect(() => new host.SwimNode({ port: PORT })).toThrow(
      "SwimNode: 10.0.0.1 is off; switch it on first: host.start()",
    );
    expect(() => host.bind(7, () => undefined)).toThrow("Host.bind: 10.0.0.1 is off");
    host.start();
    network.advance(1000);
    expect([device.current?.starts, device.current?.ticks]).toEqual([2, 1]);
  });

  test("gives-way-to-another-after-a-crash", () => {
    const { network, host } = one();
    const former = host.run(counter);
    host.crash();
    const device = host.run(() => "another");
    expect([former.current, device.current]).toEqual([undefined, "another"]);
    host.reboot();
    network.advance(0);
    expect([former.current, device.current]).toEqual([undefined, "another"]);
  });

  test("starts-once-when-it-is-switched-on-before-its-reboot-is-over", () => {
    const { network, host } = one();
    const device = host.run(counter);
    host.reboot({ offMs: 1000 });
    host.start();
    network.advance(5000);
    expect([device.current?.starts, device.current?.ticks]).toEqual([2, 5]);
    host.reboot({ offMs: 1000 });
    host.crash();
    network.advance(5000);
    expect([device.current, host.startsAtMs]).toEqual([undefined, Infinity]);
    host.reboot({ offMs: 1000 });
    host.reboot({ offMs: 3000 });
    network.advance(2000);
    expect(device.current).toBeUndefined();
    network.advance(1000);
    expect(device.current?.starts).toBe(3);
  });

  test("that-throws-leaves-its-host-off", () => {
    const { network, host } = one();
    let isBroken = true;
    const program = (): string => {
      new host.SwimNode({ port: PORT });
      if (isBroken) throw new Error("of the user");
      return "runs";
    };
    expect(() => host.run(program)).toThrow("of the user");
    expect([host.isOff, host.nodes.size]).toEqual([true, 0]);
    host.reboot();
    expect(() => network.advance(10)).toThrow("of the user");
    isBroken = false;
    expect(host.run(program).current).toBe("runs");
  });

  test("leaves-alone-what-was-on-the-host-before-it", () => {
    const { network, host } = one();
    let came = 0;
    host.bind(7, () => came++);
    host.run(() => undefined);
    network.host(B).send(7, A, 7, Uint8Array.of(1), 0, 1);
    network.advance(10);
    expect(came).toBe(1);
  });

  test("is-refused-where-it-makes-no-sense", () => {
    const { network, host } = one();
    const reboot = host.reboot.bind(host) as (options?: unknown) => void;
    expect(() => host.run("lamp" as unknown as () => void)).toThrow("Host.run: program must be a function");
    expect(() => reboot()).toThrow("Host.reboot: 10.0.0.1 has no program; start it by host.run(program)");
    expect(() => host.start()).toThrow("Host.start: 10.0.0.1 is on already; to start it again: reboot()");
    host.run(counter);
    expect(() => host.run(counter)).toThrow("Host.run: 10.0.0.1 runs a program already; crash() it first");
    expect(() => reboot(5000)).toThrow("Host.reboot: expected an object such as { offMs: 5000 }; got 5000");
    expect(() => reboot({ off: 5 })).toThrow("Host.reboot: unknown name off; did you mean offMs?");
    expect(() => reboot({ offMs: -1 })).toThrow("Host.reboot: offMs must be a number of milliseconds, 0 or");
    network.advance(1000);
    expect([host.isOff, host.nodes.size, host.life]).toEqual([false, 1, 1]);
  });

  test("runs-the-same-with-the-same-seed", () => {
    const run = (): string => {
      const network = new FakeNetwork({ seed: 9, latencyMs: 3, jitterMs: 30, loss: 0.1, duplication: 0.1 });
      const told: string[] = [];
      network.onDatagram = ({ from, to, bytes, nowMs, fate }) =>
        told.push([nowMs, from, to, bytes.join(" "), fate].join());
      for (const [index, ip] of [A, B, "10.0.0.3"].entries()) {
        const host = network.host(ip);
        host.driftPpm = index * 111;
        host.run(() => new host.SwimNode({ port: PORT, seeds: [A + ":" + PORT], store: host.flash }));
      }
      network.advance(20_000);
      network.host(B).reboot({ offMs: 4000 });
      network.advance(60_000);
      return told.join("\n") + network.describe();
    };
    const first = run();
    expect(first.length).toBeGreaterThan(10_000);
    expect(run()).toBe(first);
  });
});

describe("flash", () => {
  test("keeps-texts-apart-by-domain-and-key", () => {
    const { flash } = one().host;
    flash.set("a", "x", "1");
    flash.set("a", "y", "2");
    flash.set("b", "x", "3");
    expect([flash.get("a", "x"), flash.get("b", "x"), flash.get("b", "y")]).toEqual(["1", "3", undefined]);
    flash.delete("a", "x");
    expect([flash.keys("a"), flash.keys("c"), flash.writes]).toEqual([["y"], [], 4]);
    flash.erase();
    expect([flash.keys("a"), flash.get("b", "x")]).toEqual([[], undefined]);
  });

  test("refuses-what-is-no-text", () => {
    const { flash } = one().host;
    const set = flash.set.bind(flash) as (...given: unknown[]) => void;
    expect(() => set("a", "x", 21)).toThrow("Flash.set: value must be a text, such as String(21); got 21");
    expect(() => set("", "x", "1")).toThrow('Flash.set: domain must be a text that is not empty; got ""');
    expect(() => set("a", undefined, "1")).toThrow("Flash.set: key must be a text that is not empty");
    expect(() => flash.get("a", 5 as unknown as string)).toThrow("Flash.get: key must be a text");
    for (const steps of [-1, 1.5, "2", undefined, Number.NaN])
      expect(() => flash.cutPowerAfter(steps as number)).toThrow(
        "Flash.cutPowerAfter: steps must be a whole",
      );
    expect([flash.writes, flash.keys("a")]).toEqual([0, []]);
  });

  test.each([
    [0, "old"],
    [1, undefined],
    [2, "new"],
  ])("whose-power-is-cut-in-a-write-after-steps: %i", (steps, left) => {
    const { network, host } = one();
    host.flash.set("a", "x", "old");
    const device = host.run(() => {
      host.setTimeout(() => {
        host.flash.set("a", "x", "new");
        host.flash.set("a", "y", "too late");
        host.send(7, A, 7, Uint8Array.of(1), 0, 1);
      }, 100);
      return "runs";
    });
    host.flash.cutPowerAfter(steps);
    network.advance(1000);
    expect([host.flash.get("a", "x"), host.flash.get("a", "y")]).toEqual([left, undefined]);
    expect([device.current, host.isOff, network.counts.sent]).toEqual([undefined, true, 0]);
    host.flash.set("a", "z", "by the test");
    host.start();
    network.advance(1000);
    expect([host.flash.get("a", "x"), host.flash.get("a", "y")]).toEqual(["new", "too late"]);
    expect([device.current, host.flash.get("a", "z")]).toEqual(["runs", "by the test"]);
  });

  test("whose-power-is-cut-while-its-program-starts-leaves-nothing-that-runs", () => {
    const { network, host } = one();
    host.flash.cutPowerAfter(1);
    // The rest of the program opens a node and starts a timer.
    const device = host.run(counter);
    expect([device.current, host.isOff, host.life]).toEqual([undefined, true, 2]);
    network.advance(60_000);
    expect([host.nodes.size, network.clock.nextMs]).toEqual([0, Infinity]);
    expect(() => host.bind(7, () => undefined)).toThrow("is off");
    host.start();
    network.advance(1000);
    expect([device.current?.starts, device.current?.ticks]).toEqual([1, 1]);
  });

  test("never-repeats-the-number-of-a-life-wherever-the-power-is-cut", () => {
    const { network, host } = one();
    const bumps: number[] = [];
    const device = host.run(() => new host.SwimNode({ port: PORT, store: host.flash }));
    for (let steps = 0; steps < 12; steps++) {
      bumps.push(Number(device.current?.identity.bump ?? Infinity));
      host.life = 1; // numbers are to come from flash alone
      host.flash.cutPowerAfter(steps);
      device.current?.changeAddress("10.0.0." + (10 + steps));
      host.flash.cutPowerAfter(Infinity);
      if (host.isOff) host.start();
      else host.reboot();
      network.advance(1000);
    }
    expect(bumps).toEqual([...new Set(bumps)].sort((a, b) => a - b));
    expect(bumps.every(Number.isFinite)).toBe(true);
  });
});
