import { eachActive, successorOf } from "../sim/inside.js";
import type { Samples } from "../sim/samples.js";
import { successorsIn } from "./circle.js";
import type { Crowd } from "./crowd.js";

/** Who holds whom in a crowd, at one moment. */
export class Graph {
  /** How many hosts hold each host. */
  readonly heldBy: Int32Array;
  private readonly crowd: Crowd;
  private readonly held: Int32Array[];
  private readonly running: number[];

  constructor(crowd: Crowd) {
    const { members, naming } = crowd;
    this.crowd = crowd;
    this.running = members.filter(({ swim }) => swim !== undefined).map(({ index }) => index);
    this.heldBy = new Int32Array(members.length);
    this.held = members.map(({ swim }) => {
      const hosts: number[] = [];
      if (swim !== undefined) eachActive(swim, naming, (host) => hosts.push(host));
      for (const host of hosts) this.heldBy[host]++;
      return Int32Array.from(hosts);
    });
  }

  /** Notes how many members hosts hold, by how many they are held, and how much of the cluster each can reach. */
  note(samples: Samples, name: string): void {
    const { running, held, heldBy } = this;
    const degrees = running.map((host) => heldBy[host]).sort((a, b) => a - b);
    const part = (count: number): number => count / running.length;
    for (const host of running) samples.add(name + "Holds", "1", held[host].length);
    for (const degree of degrees) samples.add(name + "HeldBy", "1", degree);
    samples.add(name + "HeldByLeast", "1", degrees[0]);
    samples.add(name + "HeldByP1", "1", degrees[Math.floor(degrees.length / 100)]);
    samples.add(name + "HeldByNobody", "part", part(degrees.filter((degree) => degree === 0).length));
    samples.add(name + "HeldByUnder5", "part", part(degrees.filter((degree) => degree < 5).length));
    samples.add(name + "KnowsSuccessor", "part", part(this.numWithSuccessor()));
    samples.add(name + "Strong", "part", part(this.numStrong()));
  }

  private numWithSuccessor(): number {
    const { crowd, running } = this;
    const successors = successorsIn(crowd, (host) => crowd.members[host].swim !== undefined);
    return running.filter((host) => successorOf(crowd.swimOf(host), crowd.naming) === successors[host])
      .length;
  }

  /** How many hosts the first one reaches from table to table, and is reached by: all of these reach each other. */
  private numStrong(): number {
    const back: number[][] = this.held.map(() => []);
    this.held.forEach((hosts, host) => hosts.forEach((other) => back[other].push(host)));
    const reached = reach(this.held, this.running[0]);
    const reaching = reach(back, this.running[0]);
    return this.running.filter((host) => reached[host] === 1 && reaching[host] === 1).length;
  }
}

function reach(links: readonly ArrayLike<number>[], from: number): Uint8Array {
  const seen = new Uint8Array(links.length);
  const waiting = [from];
  seen[from] = 1;
  for (let host = waiting.pop(); host !== undefined; host = waiting.pop()) {
    const next = links[host];
    for (let i = 0; i < next.length; i++) {
      if (seen[next[i]] === 1) continue;
      seen[next[i]] = 1;
      waiting.push(next[i]);
    }
  }
  return seen;
}
