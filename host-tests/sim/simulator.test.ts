// The simulator itself: its queue, its fault model, its determinism and its command line.
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { buildFoca } from "../../bench/sim/foca-crate.js";
import { faultsWith } from "../../bench/sim/settings.js";
import { Status } from "../../core/index.js";
import { Network } from "../../bench/sim/network.js";
import { replayOf, settingsOf } from "../../bench/sim/options.js";
import { Kind, Queue } from "../../bench/sim/queue.js";
import { Chance } from "../../bench/sim/random.js";
import { makeReport } from "../../bench/sim/report.js";
import { runSeed } from "../../bench/sim/run-seed.js";
import { SCENARIOS } from "../../bench/sim/scenarios/index.js";
import { flagsOf, settings } from "./settings.js";

describe("queue", () => {
  it("gives-happenings-by-time-and-the-first-planned-first-among-equals", () => {
    // -1 takes one out; anything else plans one.
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1, max: 6 }), { maxLength: 400 }), (steps) => {
        const queue = new Queue();
        const model: { at: number; id: number }[] = [];
        const take = (): void => {
          model.sort((a, b) => a.at - b.at || a.id - b.id);
          const first = model.shift();
          expect(queue.nextMs).toBe(first?.at ?? Infinity);
          if (first === undefined) return;
          queue.shift();
          expect([queue.atMs, queue.kind, queue.id]).toEqual([first.at, Kind.Action, first.id]);
        };
        steps.forEach((at, id) => {
          if (at < 0) return take();
          queue.push(at, Kind.Action, id);
          model.push({ at, id });
        });
        while (model.length > 0) take();
        expect(queue.length).toBe(0);
      }),
    );
  });
});

describe("network", () => {
  const send = (
    faults: Parameters<typeof faultsWith>[0],
    times: number,
  ): { queue: Queue; network: Network } => {
    const queue = new Queue();
    const network = new Network(2, faultsWith(faults), queue, new Chance(7));
    for (let i = 0; i < times; i++) network.send(0, 0, 1, Uint8Array.of(1, 2, 3, 0xa5), 3);
    return { queue, network };
  };

  it("delivers-a-copy-after-the-latency", () => {
    const { queue, network } = send({ latencyMs: 20 }, 1);
    queue.shift();
    expect([queue.atMs, queue.kind]).toEqual([20, Kind.Datagram]);
    expect(network.destination(queue.id)).toBe(1);
    expect([...network.bytes(queue.id).slice(0, network.length(queue.id))]).toEqual([1, 2, 3]);
  });

  it("loses-and-doubles-the-parts-it-is-told", () => {
    expect(send({ loss: 0.25 }, 10_000).queue.length).toBeGreaterThan(7300);
    expect(send({ loss: 0.25 }, 10_000).queue.length).toBeLessThan(7700);
    expect(send({ duplication: 0.25 }, 10_000).queue.length).toBeGreaterThan(12_300);
    expect(send({ duplication: 0.25 }, 10_000).queue.length).toBeLessThan(12_700);
  });

  it("turns-bits-over-only-where-it-is-told", () => {
    const { queue, network } = send({ corruption: 1 }, 100);
    let changed = 0;
    while (queue.length > 0) {
      queue.shift();
      if ([...network.bytes(queue.id).slice(0, 3)].join() !== "1,2,3") changed++;
    }
    expect(changed).toBeGreaterThan(80);
  });

  it("lets-nothing-pass-between-groups-nor-over-a-link-that-is-off", () => {
    const queue = new Queue();
    const network = new Network(2, faultsWith({}), queue, new Chance(7));
    network.groupOf[1] = 1;
    network.send(0, 0, 1, Uint8Array.of(1), 1);
    network.groupOf[1] = 0;
    network.isOff[0] = 1;
    network.send(0, 0, 1, Uint8Array.of(1), 1);
    network.send(0, 0, 9, Uint8Array.of(1), 1);
    expect(queue.length).toBe(0);
    expect(network.counts).toEqual({ sent: 3, lost: 3, delivered: 0, bytes: 3 });
  });
});

describe("a link", () => {
  it("loses-the-part-it-is-told-each-way", () => {
    const queue = new Queue();
    const network = new Network(3, faultsWith({}), queue, new Chance(7));
    network.lossOf[1] = 0.25;
    const arrived = (from: number, to: number): number => {
      const before = queue.length;
      for (let i = 0; i < 10_000; i++) network.send(0, from, to, Uint8Array.of(1), 1);
      return queue.length - before;
    };
    expect(arrived(0, 1)).toBeGreaterThan(7300);
    expect(arrived(0, 1)).toBeLessThan(7700);
    expect(arrived(1, 0)).toBeGreaterThan(7300);
    expect(arrived(1, 0)).toBeLessThan(7700);
    expect(arrived(0, 2)).toBe(10_000);
  });
});

describe("without what a scenario does to a cluster, nothing is complained of", () => {
  const small = { nodes: 12, durationS: 400 };
  it.each([
    ["bad-links", settings("bad-links", { ...small, faults: faultsWith({}) })],
    ["strangers", settings("strangers", { ...small, parameters: { strangers: 0 } })],
    ["clock-back", settings("clock-back", { nodes: 12, parameters: { backS: -3600 } })],
    ["corruption", settings("corruption", { ...small, faults: faultsWith({}) })],
  ])("in-%s", (_, story) => {
    for (let seed = 1; seed <= 3; seed++) expect(runSeed(story, seed).violations).toEqual([]);
  });
});

describe("a death that is not found", () => {
  it("is-a-violation-that-names-those-who-do-not-know", () => {
    const story = settings("bad-links", {
      nodes: 6,
      durationS: 200,
      faults: faultsWith({}),
      parameters: { bad: 0 },
      isChecked: false,
    });
    // Host 1 never suspects anybody, and hears of no death.
    const { violations } = runSeed(story, 1, {
      breakCore(swim, host) {
        if (host !== 1) return;
        swim.handleData = () => Status.Ok;
        swim.handleTimer = () => undefined;
      },
    });
    expect(violations.length).toBeGreaterThan(0);
    expect(violations[0].text).toMatch(
      /^the death of host \d at [\d.]+ s is not known to hosts 1 after \d+ s$/,
    );
  });
});

describe("a run", () => {
  it.each(SCENARIOS.map(({ name }) => [name]))("of-%s-is-a-pure-function-of-its-seed", (name) => {
    const story = settings(name, { nodes: 9, durationS: 20, parameters: { stalled: 2 } });
    expect(runSeed(story, 5)).toEqual(runSeed(story, 5));
    expect(runSeed(story, 6)).not.toEqual({ ...runSeed(story, 5), seed: 6 });
  });

  it("costs-two-datagrams-a-probing-period", () => {
    // A Ping and its Ack a second, an Announce and its Feed in 30; of 21 bytes each but for the last (section 5.2).
    const { metrics } = makeReport(settings("steady"), [runSeed(settings("steady", { durationS: 300 }), 1)]);
    expect(metrics.datagrams.p50).toBeGreaterThan(2.0);
    expect(metrics.datagrams.p50).toBeLessThan(2.1);
    expect(metrics.bytes.p50).toBeGreaterThan(55);
    expect(metrics.bytes.p50).toBeLessThan(63);
  });
});

describe("false deaths", () => {
  it("count-also-under-the-identity-that-they-made-a-member-give-up", () => {
    // Slow members declare healthy ones Down, who renew at once: at whoever hears it, it was a false death all the same.
    const parameters = { stalled: 6, stallMs: 6000, gapMs: 100 };
    // As in foca, so that there are any.
    const set = { holdWhenDeaf: false, noticeLateness: false };
    const outcome = runSeed(settings("stall", { nodes: 30, durationS: 120, parameters, set }), 1);
    const { metrics } = makeReport(settings("stall"), [outcome]);
    expect(metrics.falseDowns.max).toBeGreaterThan(0);
    expect(metrics.falseDownsAtHealthy.max).toBeGreaterThan(0);
    expect(metrics.falseDownsAtHealthy.max).toBeLessThan(metrics.falseDowns.max ?? 0);
  });
});

describe("the command line", () => {
  it("sets-any-setting-by-name-and-refuses-one-that-there-is-not", async () => {
    const words = [
      "kill",
      "--set",
      "maxTransmissions=12",
      "periodicGossip.numMembers=4",
      "periodicAnnounce=null",
    ];
    const { name, flags } = await flagsOf(words);
    expect(settingsOf(name, flags).set).toEqual({
      maxTransmissions: 12,
      "periodicGossip.numMembers": 4,
      periodicAnnounce: null,
    });
    const wrong = await flagsOf(["kill", "--set", "maxTransmision=12"]);
    expect(() => settingsOf(wrong.name, wrong.flags)).toThrow("there is no setting maxTransmision");
  });

  it("tells-how-to-replay-a-seed-so-that-the-settings-are-the-same", async () => {
    const words = ["stall", "--nodes", "20", "--seeds", "50", "--json", "--loss", "0.1", "--no-check"];
    const { name, flags } = await flagsOf([...words, "--set", "maxTransmissions=12", "--with", "stalled=3"]);
    const replay = replayOf(name, flags, 41);
    expect(replay).toMatch(/^npm run sim -- stall /);
    const again = await flagsOf(replay.replace("npm run sim -- ", "").split(" "));
    expect(settingsOf(again.name, again.flags)).toEqual(settingsOf(name, flags));
    expect([again.flags.seed, again.flags.seeds]).toEqual([41, 1]);
  });

  it("refuses-more-nodes-of-foca's-than-there-are-and-scenarios-they-cannot-take-part-in", async () => {
    const many = await flagsOf(["kill", "--nodes", "5", "--foca", "6"]);
    expect(() => settingsOf(many.name, many.flags)).toThrow("--foca: there are only 5 nodes");
    const sizes = await flagsOf(["mixed-sizes", "--foca", "1"]);
    expect(() => settingsOf(sizes.name, sizes.flags)).toThrow(
      "--foca: mixed-sizes cannot be played with foca",
    );
    const all = await flagsOf(["kill", "--nodes", "5", "--foca", "5"]);
    expect(settingsOf(all.name, all.flags).foca).toBe(5);
  });

  it("says-that-cargo-is-missing-before-anything-runs", () => {
    vi.stubEnv("PATH", "/nowhere");
    expect(buildFoca).toThrow("--foca: cargo is not installed");
    vi.unstubAllEnvs();
  });

  it("reports-percentiles-over-all-seeds-and-null-for-never", () => {
    const outcome = (seed: number, values: number[]): Parameters<typeof makeReport>[1][number] => ({
      seed,
      metrics: { allKnowAll: { unit: "s", values } },
      violations: [],
      numViolations: seed,
      virtualMs: 0,
      happened: 0,
    });
    const report = makeReport(settings("kill"), [
      outcome(1, [4, 3, 2, 1]),
      outcome(2, [5, 6, 7, 8, 9, Infinity]),
    ]);
    expect(report).toEqual({
      scenario: "kill",
      nodes: 50,
      seeds: 2,
      violations: 3,
      metrics: { allKnowAll: { unit: "s", p50: 5, p90: 9, p99: null, max: null } },
    });
  });
});
