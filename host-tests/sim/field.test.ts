// What befalls devices in the field, in small: what each scenario does to a cluster, and that it complains of a core which
// cannot bear it.
import { describe, expect, it, vi } from "vitest";
import { Bursts } from "../../bench/sim/bursts.js";
import { swapAddresses, takeAddress } from "../../bench/sim/moves.js";
import { Chance } from "../../bench/sim/random.js";
import { Run } from "../../bench/sim/run.js";
import { runSeed, type Outcome } from "../../bench/sim/run-seed.js";
import { scenarioOf } from "../../bench/sim/scenarios/index.js";
import { faultsWith, type Settings } from "../../bench/sim/settings.js";
import { Status, type Swim } from "../../core/index.js";
import { NOTHING } from "../../core/knowledge.js";
import { settings } from "./settings.js";

// The core that is broken here ships without assertions.
vi.mock("../../core/debug.js", () => ({ DEBUG: false }));

type Break = (swim: Swim<unknown>, host: number) => void;

const small = { nodes: 12, isChecked: false };
const burstLoss = settings("burst-loss", { ...small, durationS: 120 });
const outage = settings("outage", { ...small, durationS: 90 });
const partition = settings("partition", { ...small, durationS: 200, parameters: { cutS: 60, steadyS: 0 } });
const swap = settings("swap", { ...small, durationS: 90 });
const powerCut = settings("power-cut", { ...small, durationS: 90 });
const flood = settings("strangers", {
  ...small,
  parameters: { mode: "flood", flood: 100, settleS: 20 },
});
const boot = settings("strangers", {
  ...small,
  parameters: { mode: "boot", bootSpreadS: 5, bootS: 30, bootBytesPerS: 0 },
});

function play(story: Settings, breakCore?: Break): Outcome {
  return runSeed(story, 1, breakCore ? { breakCore } : {});
}

function complaints({ violations }: Outcome): string[] {
  return violations.map(({ checker, text }) => checker + ": " + text);
}

/** Has host 5 hear nothing. */
const deafen: Break = (swim, host) => {
  if (host === 5) swim.handleData = () => Status.Ok;
};

describe("links that lose in bursts", () => {
  const faults = { goodMeanMs: 4500, badMeanMs: 500, lossWhileGood: 0, lossWhileBad: 1 };

  it("are-bad-for-the-part-and-as-long-as-they-are-told", () => {
    const bursts = new Bursts(2, faults, new Chance(7), 0);
    let badMs = 0;
    let numBursts = 0;
    let wasBad = false;
    for (let ms = 0; ms < 20_000_000; ms += 10) {
      const isBad = bursts.isBad(1, ms);
      if (isBad) badMs += 10;
      if (isBad && !wasBad) numBursts++;
      wasBad = isBad;
    }
    expect(badMs / 20_000_000).toBeGreaterThan(0.09);
    expect(badMs / 20_000_000).toBeLessThan(0.11);
    expect(badMs / numBursts).toBeGreaterThan(450);
    expect(badMs / numBursts).toBeLessThan(550);
  });

  it("lose-only-what-passes-while-they-are-bad", () => {
    const bursts = new Bursts(1, faults, new Chance(7), 0);
    for (let ms = 0; ms < 100_000; ms += 50) expect(bursts.loses(0, ms)).toBe(bursts.isBad(0, ms));
  });

  it("have-nobody-held-Down-when-they-are-always-good", () => {
    expect(complaints(play({ ...burstLoss, isChecked: true, faults: faultsWith({}) }))).toEqual([]);
  });

  it("complain-of-a-core-that-does-not-refute", () => {
    const outcome = play(burstLoss, (swim) => {
      Object.assign(swim["protocol"].knowledge, { learnOfSelf: () => NOTHING });
    });
    expect(complaints(outcome).join("\n")).toMatch(/burst-loss: hosts that ran were held Down \d+ times/);
  });
});

describe("a cluster that is whole again", () => {
  it.each([
    ["an-outage", outage],
    ["a-partition", partition],
    ["a-swap-of-addresses", swap],
    ["a-power-cut", powerCut],
  ])("after-%s-is-complained-of-by-nobody", (_, story) => {
    const outcome = play({ ...story, isChecked: true });
    expect(complaints(outcome)).toEqual([]);
    expect(outcome.metrics["allKnowAll"].values).toHaveLength(1);
    expect(outcome.metrics["allKnowAll"].values[0]).toBeGreaterThan(0);
  });

  it.each([
    ["an-outage", outage],
    ["a-partition", partition],
    ["a-power-cut", powerCut],
  ])("but-for-a-deaf-node-after-%s-is-a-violation", (_, story) => {
    expect(complaints(play(story, deafen)).join("\n")).toMatch(
      new RegExp(`${story.scenario}: the cluster is not whole again after \\d+ s: \\d+ pairs are wrong`),
    );
  });

  it("too-late-is-a-violation", () => {
    const story = { ...outage, parameters: { ...outage.parameters, limitMs: 10 } };
    expect(complaints(play(story)).join()).toMatch(/outage: the cluster is whole again after [\d.]+ s only/);
  });
});

describe("addresses that are swapped", () => {
  it("lead-to-the-host-that-has-them-now", () => {
    const { world } = new Run({ ...swap, isChecked: true }, scenarioOf("swap"), 1, {});
    world.startSettled();
    world.run(5000);
    const [third, fifth] = [world.hosts[3].swim, world.hosts[5].swim];
    swapAddresses(world, 3, 5);
    expect(world.hosts[3].swim).toBe(fifth);
    expect(world.beliefs.isActive(3, 3)).toBe(true);
    for (const host of [3, 5]) takeAddress(world, host);
    expect(third?.identity).toEqual(world.naming.make(5, world.hosts[5].life));
    expect(fifth?.identity).toEqual(world.naming.make(3, world.hosts[3].life));
    expect(world.runUntilAgreed(60_000)).toBeLessThan(60_000);
    expect(world.books.violations).toEqual([]);
  });

  it("are-a-violation-when-the-program-keeps-its-old-one", () => {
    const outcome = play(swap, (swim) => {
      swim.changeIdentity = () => undefined;
    });
    expect(complaints(outcome).join("\n")).toMatch(/swap: the cluster is not whole again/);
  });

  it("are-not-given-to-fewer-than-two", () => {
    const story = { ...swap, parameters: { ...swap.parameters, swapped: 1 } };
    expect(() => play(story)).toThrow("swapped: expected 2 to 12 hosts of ours, got 1");
  });
});

describe("a power cut", () => {
  it("leaves-all-alone-who-remember-nobody", () => {
    const { metrics } = play({ ...powerCut, parameters: { ...powerCut.parameters, remember: 0 } });
    expect(metrics["allKnowAll"].values).toEqual([Infinity]);
    expect(new Set(metrics["remembered"].values)).toEqual(new Set([0]));
  });
});

describe("a flood of strangers", () => {
  it("fills-tables-beside-which-a-device-comes-in-and-a-death-is-known", () => {
    const { metrics, violations } = play(flood);
    expect(Math.max(...metrics["heldAtStart"].values)).toBeGreaterThan(50);
    expect(metrics["newDeviceIn"].values[0]).toBeLessThan(600);
    expect(metrics["deathKnown"].values[0]).toBeLessThan(300);
    expect(violations).toEqual([]);
  });

  it("is-a-violation-when-the-device-or-the-death-takes-too-long", () => {
    const parameters = { ...flood.parameters, deviceLimitMs: 1, deathLimitMs: 1 };
    const texts = complaints(play({ ...flood, parameters })).join("\n");
    expect(texts).toMatch(/strangers: newDeviceIn took/);
    expect(texts).toMatch(/strangers: deathKnown took/);
  });

  it("has-starting-sensors-know-their-peers-where-there-is-none", () => {
    const { metrics } = play(boot);
    expect(new Set(metrics["peersKnown"].values)).toEqual(new Set([11]));
  });

  it("fills-the-tables-of-starting-sensors", () => {
    const parameters = { ...boot.parameters, bootBytesPerS: 1000 };
    const { metrics } = play({ ...boot, parameters });
    expect(Math.max(...metrics["held"].values)).toBe(32);
  });

  it("is-of-a-mode-that-there-is", () => {
    const story = { ...flood, parameters: { ...flood.parameters, mode: "rain" } };
    expect(() => play(story)).toThrow("mode: expected renew, flood, boot, got rain");
  });
});
