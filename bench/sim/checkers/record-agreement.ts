import { NONE } from "../../../core/order.js";
import { eachRecord, membersOf, subjectOf } from "../inside.js";
import type { Host } from "../host.js";
import type { World } from "../world.js";
import type { Checker } from "./checker.js";

/** How long nothing may have been published, and nothing have befallen a host, before it is asked for. */
const QUIET_MS = 60_000;
/** How often all stores are compared, in virtual seconds. */
const EVERY_S = 5;

/**
 * When it has been quiet for a while, all healthy nodes that see each other as active have the newest record of each that
 * one of them has. Only where records are compared: who has missed one is helped by nobody else.
 */
export class RecordAgreement implements Checker {
  private readonly world: World;
  private publishedMs = Infinity;
  private seconds = 0;
  private readonly reported = new Set<number>();

  constructor(world: World) {
    this.world = world;
  }

  kept(observer: number, subject: number): void {
    if (observer === subject) this.publishedMs = this.world.nowMs;
  }

  second(): void {
    const { nowMs, hosts } = this.world;
    if (nowMs < this.publishedMs + QUIET_MS || this.seconds++ % EVERY_S !== 0) return;
    const asked = hosts.filter((host) => this.isAsked(host));
    if (asked.length < 2) return;
    const versions = asked.map((host) => this.versionsOf(host));
    for (const { index, node } of hosts) {
      if (node !== undefined && this.isQuiet(index)) this.compare(index, asked, versions);
    }
  }

  private compare(subject: number, asked: readonly Host[], versions: readonly Float64Array[]): void {
    const { world } = this;
    let newest = -1;
    asked.forEach(({ index }, i) => {
      if (index === subject || this.seeEachOther(index, subject))
        newest = Math.max(newest, versions[i][subject]);
    });
    asked.forEach(({ index }, i) => {
      const at = index * world.hosts.length + subject;
      if (index === subject || !this.seeEachOther(index, subject)) return;
      if (versions[i][subject] === newest) this.reported.delete(at);
      if (versions[i][subject] === newest || this.reported.has(at)) return;
      this.reported.add(at);
      const held = versions[i][subject] < 0 ? "no record" : `record ${versions[i][subject]}`;
      world.violate("record-agreement", `host ${index} has ${held} of host ${subject}, others ${newest}`);
    });
  }

  private isAsked({ index, values, node }: Host): boolean {
    return values?.isCompared === true && node?.isConnected === true && this.isQuiet(index);
  }

  private isQuiet(host: number): boolean {
    return this.world.isHealthy(host, this.world.nowMs - QUIET_MS);
  }

  /** Whether two hosts have held each other as active for long, under the identity that they have. */
  private seeEachOther(a: number, b: number): boolean {
    return this.world.network.connects(a, b) && this.sees(a, b) && this.sees(b, a);
  }

  private sees(observer: number, subject: number): boolean {
    const { beliefs, truth, nowMs, hosts } = this.world;
    const at = observer * hosts.length + subject;
    return (
      beliefs.isActive(observer, subject) &&
      beliefs.lifeOf[at] === truth.lifeOf[subject] &&
      beliefs.sinceMsOf[at] <= nowMs - QUIET_MS
    );
  }

  /** What a host has of each, -1 for nothing. */
  private versionsOf({ index, swim, values }: Host): Float64Array {
    const { hosts, naming } = this.world;
    const versions = new Float64Array(hosts.length).fill(-1);
    if (swim === undefined || values === undefined) return versions;
    const members = membersOf(swim);
    eachRecord(values.keeper, swim, (slot, version) => {
      const subject = slot === NONE ? index : subjectOf(members, slot, naming);
      if (subject >= 0 && subject < versions.length) versions[subject] = version;
    });
    return versions;
  }
}
