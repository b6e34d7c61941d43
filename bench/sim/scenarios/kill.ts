import { State } from "../../../core/index.js";
import { UNKNOWN, type Transition } from "../beliefs.js";
import type { Kind, Run } from "../run.js";
import type { Scenario } from "./scenario.js";
import { Traffic } from "./traffic.js";

/** Ends a few hosts in a settled cluster, one way or the other, and measures how the news spreads. */
function end(run: Run, doEnd: (host: number) => void): void {
  const { world } = run;
  const count = run.number("victims");
  world.startSettled();
  world.run(10_000 + world.chance.fraction() * 10_000);
  const victims = new Set(world.chance.sample(world.hosts.length, count));
  const startMs = world.nowMs;
  let suspectMs = Infinity;
  let downMs = Infinity;
  /** When the last of a kind came to hold one Down. */
  const lastMs: Partial<Record<Kind, number>> = {};
  world.onTransition.push((t: Transition) => {
    if (!victims.has(t.subject) || victims.has(t.observer)) return;
    const afterMs = world.nowMs - startMs;
    if (t.state === State.Suspect) suspectMs = Math.min(suspectMs, afterMs);
    if (t.state !== State.Down || t.stateBefore === State.Down || t.stateBefore === UNKNOWN) return;
    downMs = Math.min(downMs, afterMs);
    run.addOf(t.observer, "nodeHoldsDown", "s", afterMs / 1000);
    lastMs[run.kindOf(t.observer)] = afterMs;
  });
  const traffic = new Traffic(run);
  for (const host of victims) doEnd(host);
  const allMs = world.runUntilAgreed(run.durationMs);
  if (suspectMs !== Infinity) run.addMs("firstSuspicion", suspectMs);
  run.addMs("firstDetection", downMs);
  run.addMs("allHoldDown", allMs);
  run.addMs("dissemination", allMs - downMs);
  if (run.settings.foca > 0)
    for (const [kind, ms] of Object.entries(lastMs)) run.addMs("allHoldDownOf" + kind, ms);
  const windowMs = run.number("windowS") * 1000 - (world.nowMs - startMs);
  if (windowMs > 0) world.run(windowMs);
  traffic.noteSum("window");
}

export const kill: Scenario = {
  name: "kill",
  about:
    "Hosts die in a settled cluster. Measures until the first suspicion, the first detection, and until all others hold them Down.",
  nodes: 50,
  durationS: 300,
  parameters: { victims: 1, windowS: 60 },
  run(run) {
    end(run, (host) => run.world.crash(host));
  },
};

export const leave: Scenario = {
  name: "leave",
  about: "Hosts leave a settled cluster. Measures until all others hold them Down.",
  nodes: 50,
  durationS: 300,
  parameters: { victims: 1, windowS: 60, lingerMs: 100 },
  run(run) {
    const { world } = run;
    end(run, (host) => {
      world.leave(host);
      world.plan(run.number("lingerMs"), () => world.crash(host));
    });
  },
};
