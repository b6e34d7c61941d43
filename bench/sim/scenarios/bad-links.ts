import type { Run } from "../run.js";
import { Deaths } from "./deaths.js";
import { FalseDowns } from "./false-downs.js";
import type { Scenario } from "./scenario.js";

/** Hosts that others join by: they have good links, and do not die. */
const SEEDS = 3;

export const badLinks: Scenario = {
  name: "bad-links",
  about:
    "Some hosts have links that lose the part --loss of all datagrams each way, and hosts die for good: until all with good links know.",
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
    const deaths = new Deaths(run, limitMs, (host) => !bad.has(host));
    const falseDowns = new FalseDowns(run, (host) => bad.has(host));
    // The network as a whole loses nothing: only links do.
    const { loss } = network.faults;
    network.faults.loss = 0;
    world.startSettled();
    for (const host of bad) network.lossOf[host] = loss;
    excuse(run, bad);
    world.run(run.number("settleS") * 1000);
    const endMs = world.nowMs + run.durationMs;
    const next = (): void => {
      if (world.nowMs + limitMs >= endMs) return;
      endOne(run, deaths);
      world.plan(run.number("gapMs") * world.chance.between(0.5, 1.5), next);
    };
    next();
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

/** Ends one of the hosts that run, and restarts it later. */
function endOne(run: Run, deaths: Deaths): void {
  const { world } = run;
  const running = world.hosts.filter(({ index, node }) => index >= SEEDS && node !== undefined);
  if (running.length === 0) return;
  const host = running[world.chance.below(running.length)].index;
  deaths.kill(host);
  world.plan(run.number("downMs") * world.chance.between(0.75, 1.25), () => {
    deaths.note(host);
    world.start(host);
  });
}
