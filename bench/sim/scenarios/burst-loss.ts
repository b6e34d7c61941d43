import { Metric } from "../../../core/index.js";
import { Bursts } from "../bursts.js";
import { Chance } from "../random.js";
import type { Run } from "../run.js";
import { Deaths } from "./deaths.js";
import { FalseDowns } from "./false-downs.js";
import type { Scenario } from "./scenario.js";
import { Traffic } from "./traffic.js";

/** Hosts that others join by, and that do not die. */
const SEEDS = 3;
/** What the links' own generator is for. */
const PURPOSE = 4;

export const burstLoss: Scenario = {
  name: "burst-loss",
  about:
    "The links lose the part --loss of all datagrams in bursts: every host's is bad at times, and loses badLoss of what passes it then, each way (Gilbert and Elliott). A few hosts die. Counts hosts that are wrongly held Down.",
  nodes: 50,
  durationS: 600,
  numSeeds: SEEDS,
  faults: { loss: 0.1 },
  parameters: {
    burstMs: 500,
    badLoss: 1,
    goodLoss: 0,
    settleS: 30,
    gapMs: 120_000,
    downMs: 90_000,
    limitMs: 60_000,
    limitFalseDowns: 0,
  },
  run(run) {
    const { world } = run;
    const { network } = world;
    const limitMs = run.number("limitMs");
    const deaths = new Deaths(run, { foundMs: limitMs, knownMs: limitMs });
    const falseDowns = new FalseDowns(run);
    // A datagram passes two links.
    const badPart = 1 - Math.sqrt(1 - network.faults.loss);
    network.faults.loss = 0;
    world.startSettled();
    network.bursts = burstsOf(run, badPart);
    const { sent, lost } = network.counts;
    world.run(run.number("settleS") * 1000);
    const traffic = new Traffic(run);
    deaths.killOften({
      untilMs: world.nowMs + run.durationMs - limitMs,
      gapMs: run.number("gapMs"),
      downMs: run.number("downMs"),
      canDie: (host) => host >= SEEDS,
    });
    world.run(run.durationMs);
    traffic.note();
    deaths.noteAll();
    falseDowns.note();
    run.add("lost", "part", (network.counts.lost - lost) / (network.counts.sent - sent));
    for (const { swim } of world.hosts)
      if (swim !== undefined) run.add("refutations", "1", swim.metrics[Metric.Refutations]);
    if (falseDowns.aboutHealthy > run.number("limitFalseDowns"))
      world.violate("burst-loss", `hosts that ran were held Down ${falseDowns.aboutHealthy} times`);
  },
};

/** Links that are bad for such a part of the time; none when it is 0. */
function burstsOf(run: Run, badPart: number): Bursts | undefined {
  if (badPart === 0) return undefined;
  if (badPart === 1) throw new Error("burst-loss: --loss must be below 1");
  const { world } = run;
  const badMeanMs = run.number("burstMs");
  const faults = {
    badMeanMs,
    goodMeanMs: (badMeanMs * (1 - badPart)) / badPart,
    lossWhileBad: run.number("badLoss"),
    lossWhileGood: run.number("goodLoss"),
  };
  return new Bursts(world.hosts.length, faults, new Chance(world.seed, PURPOSE), world.nowMs);
}
