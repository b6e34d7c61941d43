import { Metric } from "../../../core/index.js";
import type { Run } from "../run.js";
import type { Scenario } from "./scenario.js";

/** The first bump of all hosts: seconds since 1970. */
const FIRST_BUMP = 1_700_000_000;
/** The bump of a host that has no clock and counts its starts. */
const LEAST_BUMP = 1;

export const clockBack: Scenario = {
  name: "clock-back",
  about:
    "A host restarts normally, and then with a bump that is smaller by backS seconds (with bump 1 for Infinity). Measures until all others know it.",
  nodes: 50,
  durationS: 60,
  numSeeds: 3,
  firstLife: FIRST_BUMP,
  parameters: {
    backS: 86_400,
    downMs: 30_000,
    settleS: 60,
    limitMs: 5000,
    limitDatagrams: 200,
    stormDatagrams: 20_000,
  },
  run(run) {
    const { world } = run;
    if (!world.naming.canRenew) throw new Error(`clock-back: identities ${world.naming.name} have no bump`);
    world.startSettled();
    world.run(run.number("settleS") * 1000);
    const host = victimOf(run);
    const usual = restart(run, host, world.hosts[host].life + 1);
    const back = restart(run, host, Math.max(LEAST_BUMP, FIRST_BUMP - run.number("backS")));
    const beyondRestart = back.datagrams - usual.datagrams;
    run.addMs("restartKnown", usual.knownMs);
    run.addMs("knownAgain", back.knownMs);
    run.add("restartDatagrams", "1", usual.datagrams);
    run.add("datagrams", "1", back.datagrams);
    run.add("datagramsBeyondRestart", "1", beyondRestart);
    run.add("datagramsOfHost", "1", back.ofHost);
    const { swim } = world.hosts[host];
    if (swim !== undefined) run.add("rejoins", "1", swim.metrics[Metric.Rejoins]);
    if (back.knownMs > run.number("limitMs")) {
      const after =
        back.knownMs === Infinity ? "not known again" : `known again after ${back.knownMs} ms only`;
      world.violate("clock-back", `host ${host} is ${after}`);
    }
    if (beyondRestart > run.number("limitDatagrams"))
      world.violate(
        "clock-back",
        `the return of host ${host} took ${Math.round(beyondRestart)} datagrams more than a restart`,
      );
  },
};

/** One of ours where there is one, and rather a host that the others do not join by. */
function victimOf(run: Run): number {
  const { hosts, chance, seeds } = run.world;
  const ours = hosts.filter(({ isFoca }) => !isFoca);
  const some = ours.length > 0 ? ours : hosts;
  const others = some.filter(({ index }) => !seeds.includes(index));
  const candidates = others.length > 0 ? others : some;
  return candidates[chance.below(candidates.length)].index;
}

/** What a host's return took. */
interface Return {
  /** From when on all others knew it, or nine in ten where foca is, whose chance leaves some out; after its start. */
  knownMs: number;
  /** Datagrams of the whole cluster, beyond its steady traffic. */
  datagrams: number;
  /** Datagrams that the host sent and was sent. */
  ofHost: number;
}

/** Ends a host, which all others learn, and starts it under the given bump. */
function restart(run: Run, host: number, bump: number): Return {
  const { world } = run;
  const { counts } = world.network;
  const ofHost = world.hosts[host].counts;
  const settledMs = run.number("settleS") * 1000;
  const settledBefore = counts.sent;
  world.run(settledMs);
  const steadyPerMs = (counts.sent - settledBefore) / settledMs;
  world.crash(host);
  world.run(run.number("downMs"));
  const startMs = world.nowMs;
  const before = counts.sent;
  const ofHostBefore = ofHost.sent + ofHost.received;
  const mayMissIt = run.settings.foca > 0 ? Math.floor((world.hosts.length - 1) / 10) : 0;
  let knownMs = Infinity;
  world.start(host, world.seeds, 0, bump);
  const isOver = (): boolean => {
    const passedMs = world.nowMs - startMs;
    if (world.disagreements.about[host] > mayMissIt) knownMs = Infinity;
    else knownMs = Math.min(knownMs, passedMs);
    const isStorm = counts.sent - before > run.number("stormDatagrams");
    return isStorm || (passedMs >= run.number("limitMs") && knownMs !== Infinity);
  };
  world.runUntil(isOver, run.durationMs);
  return {
    knownMs,
    datagrams: counts.sent - before - steadyPerMs * (world.nowMs - startMs),
    ofHost: ofHost.sent + ofHost.received - ofHostBefore,
  };
}
