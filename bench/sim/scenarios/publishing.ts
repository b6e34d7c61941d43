import { HostValues, type Listener, type ValueLimits } from "../values.js";
import type { Run } from "../run.js";

/** What every scenario with values can be told of them; a word stands for what nodes have by themselves. */
export const VALUES = { maxValues: "usual", maxValueBytes: "usual", compareMs: 5000, bytes: 20 } as const;

/** Bytes of a publication that say whose it is, and which: two and three. */
const HEAD = 5;

/** One publication of one host. */
interface Publication {
  readonly atMs: number;
  /** How many hosts know it, or a newer one of that host. */
  numKnow: number;
}

/** Gives the hosts of a world values, has them publish, and keeps books of who knows what. foca's nodes only publish. */
export class Publishing implements Listener {
  /** Told of each publication that another host has heard of, or of a newer one: its milliseconds, and how many know now. */
  onKnown: ((ms: number, numKnow: number) => void) | undefined = undefined;
  /** The hosts that should know what is published: ours. */
  readonly listeners: readonly number[];
  /** By host, what it published. */
  private readonly publications: Publication[][];
  /** How many publications of a host another knows of, row by row: those up to the newest. */
  private readonly known: Int32Array;
  /** How many of those a host had published when it last started. */
  private readonly former: Int32Array;
  private readonly run: Run;
  private readonly isNews: boolean;

  constructor(run: Run, isNews = false) {
    const { world } = run;
    this.run = run;
    this.isNews = isNews;
    this.listeners = world.hosts.filter(({ isFoca }) => !isFoca).map(({ index }) => index);
    this.publications = world.hosts.map(() => []);
    this.former = new Int32Array(world.hosts.length);
    this.known = new Int32Array(world.hosts.length ** 2);
    const { type } = world.naming;
    const limits = limitsOf(run);
    world.valuesFor = (host) => {
      this.former[host] = this.publications[host].length;
      this.known.fill(0, host * world.hosts.length, (host + 1) * world.hosts.length);
      return new HostValues(host, limits, type, world.hosts[host].config, this);
    };
  }

  /** Has a host publish. */
  publish(host: number): void {
    const { world } = this.run;
    const publications = this.publications[host];
    const bytes = new Uint8Array(Math.max(HEAD, this.run.number("bytes"))).fill(0x61);
    const count = publications.push({ atMs: world.nowMs, numKnow: 1 });
    bytes.set([host, host >> 8, count, count >> 8, count >> 16]);
    this.known[host * world.hosts.length + host] = count;
    world.hosts[host].publish(bytes, this.isNews);
    world.hosts[host].arm();
  }

  /** Has a host publish again and again, from some point of the first period on, until `untilMs`. */
  publishEvery(host: number, everyMs: number, untilMs: number): void {
    const { world } = this.run;
    const next = (): void => {
      if (world.nowMs >= untilMs) return;
      if (world.hosts[host].swim !== undefined && world.truth.isLive[host] === 1) this.publish(host);
      world.plan(everyMs, next);
    };
    world.plan(world.chance.fraction() * everyMs, next);
  }

  heard(host: number, bytes: Uint8Array, at: number): void {
    const { world } = this.run;
    const subject = bytes[at] | (bytes[at + 1] << 8);
    const count = bytes[at + 2] | (bytes[at + 3] << 8) | (bytes[at + 4] << 16);
    const pair = host * world.hosts.length + subject;
    const before = this.known[pair];
    if (count > before) this.known[pair] = count;
    for (let i = before; i < count; i++) {
      const publication = this.publications[subject][i];
      publication.numKnow++;
      this.onKnown?.(world.nowMs - publication.atMs, publication.numKnow);
    }
  }

  /** Whether a host knows the newest of another. */
  knows(host: number, subject: number): boolean {
    const { length } = this.run.world.hosts;
    return this.known[host * length + subject] >= this.publications[subject].length;
  }

  /** How many publications there were since then. */
  countSince(sinceMs: number): number {
    return this.publications.flat().filter(({ atMs }) => atMs >= sinceMs).length;
  }

  /** Of how many hosts one knows the newest, of those that published. */
  numKnownBy(host: number): number {
    let count = 0;
    for (let other = 0; other < this.publications.length; other++)
      if (this.publications[other].length > 0 && this.knows(host, other)) count++;
    return count;
  }

  /** How many other listeners that run do not know the newest of a host; 0 when it has published none since it started. */
  numWithout(subject: number): number {
    if (this.publications[subject].length === this.former[subject]) return 0;
    const { isLive } = this.run.world.truth;
    return this.listeners.filter(
      (host) => host !== subject && isLive[host] === 1 && !this.knows(host, subject),
    ).length;
  }
}

function limitsOf(run: Run): ValueLimits {
  const { maxValues, maxValueBytes, compareMs } = run.settings.parameters;
  return {
    compareValuesMs: Number(compareMs),
    ...(maxValues === VALUES.maxValues ? {} : { maxValues: Number(maxValues) }),
    ...(maxValueBytes === VALUES.maxValueBytes ? {} : { maxValueBytes: Number(maxValueBytes) }),
  };
}
