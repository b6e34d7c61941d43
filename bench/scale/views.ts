import { Metric } from "../../core/index.js";
import { successorsIn } from "./circle.js";
import { Crowd } from "./crowd.js";
import { Graph } from "./graph.js";
import { configOf, type Case, type Measurement } from "./run.js";
import { Traffic } from "./traffic.js";
import type { Watch } from "./watch.js";

/** Nodes that have room for a part of the cluster. */
export const views: Measurement = {
  name: "views",
  about:
    "nodes with room for a part (--room): who is held by how many, whether all reach all, and until deaths are known. With perSecond=0 each is dealt its successor and random members; else so many join in a second. The first `whole` nodes have room for all.",
  parameters: { perSecond: 0, whole: 0, seeds: 3, settleS: 60, restS: 30, victims: 20, gapS: 5, limitS: 120 },
  run(given) {
    const { nodes, seed, parameters, samples } = given;
    const config = configOf(given);
    const roomy = configOf({ ...given, room: Infinity });
    const crowd = new Crowd({
      count: nodes,
      seed,
      config,
      configOf: (host) => (host < parameters.whole ? roomy : config),
      numSeeds: parameters.seeds,
    });
    if (parameters.perSecond > 0) grow(crowd, parameters.perSecond);
    else deal(crowd);
    crowd.time.run(parameters.settleS * 1000);
    const graph = new Graph(crowd);
    graph.note(samples, "view");
    const traffic = new Traffic(crowd);
    crowd.time.run(parameters.restS * 1000);
    traffic.noteRates(samples, "rest");
    joinOne(given, crowd);
    killSome(given, crowd, graph);
    new Graph(crowd).note(samples, "after");
    countMetrics(given, crowd);
  },
};

/** The host that comes last, and joins when the others have settled. */
function newcomerOf(crowd: Crowd): number {
  return crowd.members.length - 1;
}

/** All start at once with full tables, as after a long time of perfect mixing. */
function deal(crowd: Crowd): void {
  const newcomer = newcomerOf(crowd);
  const successors = successorsIn(crowd, (host) => host !== newcomer);
  crowd.startSettled(newcomer, (host) => {
    const known = new Set([successors[host]]);
    const most = Math.min(crowd.configOf(host).maxMembers, newcomer - 1);
    while (known.size < most) {
      const other = crowd.chance.below(newcomer);
      if (other !== host) known.add(other);
    }
    return [...known];
  });
}

/** One after another starts, and joins by the seeds. */
function grow(crowd: Crowd, perSecond: number): void {
  const newcomer = newcomerOf(crowd);
  for (let host = 0; host < newcomer; host++)
    crowd.time.plan((host * 1000) / perSecond, () => crowd.start(host));
  crowd.time.run((newcomer * 1000) / perSecond);
}

/** One more joins. */
function joinOne({ samples }: Case, crowd: Crowd): void {
  const newcomer = newcomerOf(crowd);
  const watch = crowd.watch(newcomer);
  crowd.start(newcomer);
  for (const seconds of [10, 20, 30]) {
    crowd.time.run(10_000);
    samples.add(`newcomerHeldBy${seconds}s`, "1", watch.numHolding);
  }
  samples.add("newcomerHolds", "1", crowd.swimOf(newcomer).numMembers);
}

/** Some die, one after another. */
function killSome({ samples, parameters }: Case, crowd: Crowd, graph: Graph): void {
  const { victims, gapS, limitS, seeds } = parameters;
  const startMs: number[] = [];
  const watches: Watch[] = [];
  const among = newcomerOf(crowd) - seeds;
  for (const victim of crowd.chance.sample(among, victims)) {
    const watch = crowd.watch(seeds + victim);
    samples.add("victimHeldBy", "1", graph.heldBy[seeds + victim]);
    watches.push(watch);
    startMs.push(crowd.nowMs);
    crowd.crash(seeds + victim);
    crowd.time.run(gapS * 1000);
  }
  crowd.time.run(limitS * 1000);
  watches.forEach((watch, i) => {
    const isGone = watch.numHolding === 0;
    samples.add("firstSuspicion", "s", (watch.firstSuspectMs - startMs[i]) / 1000);
    samples.add("firstDown", "s", (watch.firstDownMs - startMs[i]) / 1000);
    samples.add("heldByNobody", "s", isGone ? (watch.lastGoneMs - startMs[i]) / 1000 : Infinity);
    samples.add("stillHeldBy", "1", watch.numHolding);
  });
}

function countMetrics({ samples, nodes }: Case, crowd: Crowd): void {
  for (const name of ["RefusedMembers", "EvictedMembers", "Expirations", "Refutations"] as const) {
    let sum = 0;
    for (const { swim } of crowd.members) sum += swim?.metrics[Metric[name]] ?? 0;
    samples.add(name.charAt(0).toLowerCase() + name.slice(1), "1/node", sum / nodes);
  }
}
