import type { Run } from "../run.js";
import { Deaths } from "./deaths.js";
import { FalseDowns } from "./false-downs.js";
import type { Scenario } from "./scenario.js";

/** Hosts that others join by: they have good links, and do not die. */
const SEEDS = 3;

export const badLinks: Scenario = {
  name: "bad-links",
  about:
    "Some hosts have links that lose the part --loss of all datagrams each way. Hosts die. Measures until all hosts with good links know.",
  nodes: 50,
  durationS: 900,
  numSeeds: SEEDS,
  faults: { loss: 0.4 },
  parameters: { bad: 20, settleS: 60, gapMs: 60_000, downMs: 120_000, limitMs: 60_000 },
  run(run) {
    const { world } = run;
    const { network } = world;
    const limitMs = run.number("limitMs");
    const bad = chooseBad(run);
    const deaths = new Deaths(run, { foundMs: limitMs, knownMs: limitMs }, (host) => !bad.has(host));
    const falseDowns = new FalseDowns(run, (host) => bad.has(host));
    // The network as a whole loses nothing: only links do.
    const { loss } = network.faults;
    network.faults.loss = 0;
    world.startSettled();
    for (const host of bad) network.lossOf[host] = loss;
    excuse(run, bad);
    world.run(run.number("settleS") * 1000);
    deaths.killOften({
      untilMs: world.nowMs + run.durationMs - limitMs,
      gapMs: run.number("gapMs"),
      downMs: run.number("downMs"),
      canDie: (host) => host >= SEEDS,
    });
    world.run(run.durationMs);
    deaths.noteAll();
    falseDowns.note();
  },
};

function chooseBad(run: Run): Set<number> {
  const candidates = run.world.hosts.length - SEEDS;
  const count = Math.min(run.number("bad"), candidates);
  return new Set(run.world.chance.sample(candidates, count).map((host) => host + SEEDS));
}

/** What others make of a host behind a bad link says nothing of the core: it is never healthy while it runs. */
function excuse(run: Run, bad: ReadonlySet<number>): void {
  const { world } = run;
  for (const host of bad)
    if (world.hosts[host].node !== undefined) world.truth.disturb(host, world.nowMs + 1000);
  world.plan(1000, () => excuse(run, bad));
}
