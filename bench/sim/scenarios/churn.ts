import type { Run } from "../run.js";
import type { Scenario } from "./scenario.js";
import { FalseDowns } from "./false-downs.js";

export const churn: Scenario = {
  name: "churn",
  about: "Hosts join, leave, crash, freeze and come back for hours, on a bad network; then it calms down.",
  nodes: 32,
  durationS: 7200,
  numSeeds: 3,
  faults: { loss: 0.02, duplication: 0.01, reordering: 0.05, reorderMs: 200, latencyMs: 1, jitterMs: 20 },
  parameters: { eventMs: 20_000, downMs: 60_000, freezeMs: 5000, cutMs: 60_000, quietS: 600 },
  run(run) {
    const { world } = run;
    const falseDowns = new FalseDowns(run, (host) => !world.isHealthy(host, world.nowMs - 30_000));
    for (let i = 0; i < world.hosts.length; i++)
      world.plan(world.chance.fraction() * 10_000, () => world.start(i));
    const endMs = run.durationMs;
    const next = (): void => {
      if (world.nowMs >= endMs) return;
      happen(run);
      world.plan(world.chance.exponential(run.number("eventMs")), next);
    };
    world.plan(30_000, next);
    world.run(run.durationMs);
    for (let i = 0; i < world.hosts.length; i++) world.setGroup(i, 0);
    run.addMs("settle", world.runUntilAgreed(run.number("quietS") * 1000));
    falseDowns.note();
    run.add("live", "1", world.truth.numLive);
  },
};

/** One of the things that happen to hosts. The first host never dies, so that there is always one to join by. */
function happen(run: Run): void {
  const { world } = run;
  const { chance } = world;
  const host = 1 + chance.below(world.hosts.length - 1);
  const dice = chance.fraction();
  if (world.hosts[host].node === undefined) return;
  if (dice < 0.35) end(run, host, false);
  else if (dice < 0.6) end(run, host, true);
  else if (dice < 0.85) world.freeze(host, chance.exponential(run.number("freezeMs")), chance.is(0.3));
  else if (dice < 0.95) bounce(run, host);
  else cut(run);
}

function end(run: Run, host: number, isPolite: boolean): void {
  const { world } = run;
  const crash = (): void => {
    if (world.hosts[host].node !== undefined) world.crash(host);
  };
  if (isPolite) {
    world.leave(host);
    world.plan(500, crash);
  } else crash();
  world.plan(600 + world.chance.exponential(run.number("downMs")), () => {
    if (world.hosts[host].node === undefined) world.start(host);
  });
}

/** A restart so quick that nobody notices but by the new identity. */
function bounce(run: Run, host: number): void {
  run.world.crash(host);
  run.world.start(host);
}

/** Cuts a few hosts off from the rest, for a while. */
function cut(run: Run): void {
  const { world } = run;
  const some = world.chance.sample(world.hosts.length, 1 + world.chance.below(world.hosts.length >> 1));
  for (const host of some) world.setGroup(host, 1);
  world.plan(world.chance.exponential(run.number("cutMs")), () => {
    for (const host of some) world.setGroup(host, 0);
  });
}
