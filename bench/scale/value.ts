import { HostValues, type Listener } from "../sim/values.js";
import { Crowd } from "./crowd.js";
import { configOf, type Measurement } from "./run.js";
import { Traffic } from "./traffic.js";

/** Bytes of what is published. */
const VALUE = new Uint8Array(20).fill(0x61);

/** Counts the hosts that heard the one value that is published. */
class Ears implements Listener {
  numHeard = 0;
  private readonly hasHeard: Uint8Array;

  constructor(count: number) {
    this.hasHeard = new Uint8Array(count);
  }

  heard(host: number): void {
    if (this.hasHeard[host] === 1) return;
    this.hasHeard[host] = 1;
    this.numHeard++;
  }
}

/** One node of a settled cluster publishes a value. All know all. */
export const value: Measurement = {
  name: "value",
  about: "all know all, and have values: one node publishes 20 bytes, until all others know them",
  parameters: { limitS: 180 },
  run(given) {
    const { nodes, seed, samples, parameters } = given;
    const crowd = new Crowd({ count: nodes, seed, config: configOf(given) });
    const ears = new Ears(nodes);
    const { type } = crowd.naming;
    // What a node keeps for the values of others grows with what they publish, which is one.
    const limits = { maxValues: 64, maxValueBytes: 4096 };
    crowd.valuesFor = (host, config) => new HostValues(host, limits, type, config, ears);
    const all = Array.from({ length: nodes }, (_, host) => host);
    crowd.startSettled(nodes, () => all);
    crowd.time.run(20_000);
    const traffic = new Traffic(crowd);
    const owner = crowd.chance.below(nodes);
    crowd.members[owner].values?.publish(crowd.swimOf(owner), VALUE, false);
    crowd.members[owner].arm();
    const ms = crowd.time.runUntil(() => ears.numHeard === nodes - 1, parameters.limitS * 1000);
    samples.add("valueKnownByAll", "s", ms / 1000);
    samples.add("valueHeardBy", "part", ears.numHeard / (nodes - 1));
    traffic.noteMeans(samples, "value");
  },
};
