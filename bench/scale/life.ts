import { membersOf } from "../sim/inside.js";
import { Crowd } from "./crowd.js";
import { configOf, type Case, type Measurement } from "./run.js";
import { Traffic } from "./traffic.js";

/** Who joins, and who dies: neither is the host that others join by. */
function castOf(crowd: Crowd): { newcomer: number; victim: number } {
  const newcomer = crowd.members.length - 1;
  return { newcomer, victim: 1 + crowd.chance.below(newcomer - 1) };
}

/** A settled cluster at rest, then one more node, then a death. All know all. */
export const life: Measurement = {
  name: "life",
  about:
    "all know all: what a node sends at rest, one newcomer until all know it, one death until all know of it",
  parameters: { restS: 60, limitS: 180, rounds: 0 },
  run(given) {
    const { nodes, seed, parameters } = given;
    const crowd = new Crowd({ count: nodes, seed, config: configOf(given) });
    const { newcomer, victim } = castOf(crowd);
    const all = Array.from({ length: newcomer }, (_, host) => host);
    crowd.startSettled(newcomer, () => all);
    crowd.time.run(10_000);
    rest(given, crowd);
    if (parameters.rounds > 0) rounds(given, crowd);
    join(given, crowd, newcomer);
    crowd.time.run(30_000);
    die(given, crowd, victim);
  },
};

function rest({ samples, parameters }: Case, crowd: Crowd): void {
  const traffic = new Traffic(crowd);
  crowd.time.run(parameters.restS * 1000);
  traffic.noteRates(samples, "rest");
  samples.add("tableBytes", "B", membersOf(crowd.swimOf(0)).bytes.byteLength);
}

/** How many probe periods it takes a node to come to the end of its round, for some nodes. */
function rounds({ samples, parameters }: Case, crowd: Crowd): void {
  const { probePeriodMs } = crowd.options.config;
  const observers = Array.from({ length: parameters.rounds }, (_, i) => i);
  const orders = observers.map((host) => membersOf(crowd.swimOf(host)).order);
  const begunMs = observers.map(() => Infinity);
  const ended = observers.map(() => false);
  let before = orders.map((order) => order["round"]);
  const limit = crowd.nowMs + 4 * crowd.members.length * probePeriodMs;
  while (ended.includes(false) && crowd.nowMs < limit) {
    crowd.time.run(probePeriodMs / 4);
    const now = orders.map((order) => order["round"]);
    for (const i of observers) {
      if (now[i] === before[i] || ended[i]) continue;
      if (begunMs[i] === Infinity) begunMs[i] = crowd.nowMs;
      else {
        ended[i] = true;
        samples.add("roundPeriods", "1", (crowd.nowMs - begunMs[i]) / probePeriodMs);
      }
    }
    before = now;
  }
}

function join({ samples, parameters, nodes }: Case, crowd: Crowd, newcomer: number): void {
  const watch = crowd.watch(newcomer);
  const startMs = crowd.nowMs;
  let knowsAllMs = Infinity;
  crowd.onChange = (observer, { order }) => {
    if (observer === newcomer && order.numActive === nodes - 1)
      knowsAllMs = Math.min(knowsAllMs, crowd.nowMs);
  };
  const traffic = new Traffic(crowd);
  crowd.start(newcomer);
  crowd.time.runUntil(
    () => watch.numHolding === nodes - 1 && knowsAllMs < Infinity,
    parameters.limitS * 1000,
  );
  crowd.onChange = undefined;
  const isKnown = watch.numHolding === nodes - 1;
  samples.add("newcomerKnownByAll", "s", isKnown ? (watch.lastUpMs - startMs) / 1000 : Infinity);
  samples.add("newcomerKnowsAll", "s", (knowsAllMs - startMs) / 1000);
  traffic.noteMeans(samples, "newcomer");
}

function die({ samples, parameters }: Case, crowd: Crowd, victim: number): void {
  const watch = crowd.watch(victim);
  const startMs = crowd.nowMs;
  const traffic = new Traffic(crowd);
  crowd.crash(victim);
  const allMs = crowd.time.runUntil(() => watch.numHolding === 0, parameters.limitS * 1000);
  samples.add("firstSuspicion", "s", (watch.firstSuspectMs - startMs) / 1000);
  samples.add("firstDown", "s", (watch.firstDownMs - startMs) / 1000);
  samples.add("deathKnownByAll", "s", allMs / 1000);
  samples.add("deathSpread", "s", (startMs + allMs - watch.firstDownMs) / 1000);
  traffic.noteMeans(samples, "death");
}
