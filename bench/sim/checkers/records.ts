import { NONE } from "../../../core/order.js";
import type { Swim } from "../../../core/index.js";
import type { Values } from "../../../core/values.js";
import { UNKNOWN, type Transition } from "../beliefs.js";
import { eachRecord, membersOf, subjectOf } from "../inside.js";
import type { World } from "../world.js";
import type { Checker } from "./checker.js";

/** No record. */
const NOTHING = -1;
/** How often a store is gone through, in virtual seconds. */
const EVERY_S = 5;

/**
 * Nobody comes to hold an older record of a member than it held before, unless it forgot the member between; and what was
 * published by a member that is forgotten is forgotten with it.
 */
export class Records implements Checker {
  private readonly world: World;
  /** What an observer holds of a subject, row by row. */
  private versions = new Float64Array(0);
  private turn = 0;

  constructor(world: World) {
    this.world = world;
  }

  started(host: number): void {
    const { length } = this.world.hosts;
    this.versions.fill(NOTHING, host * length, (host + 1) * length);
  }

  transition({ observer, subject, state }: Transition): void {
    if (state === UNKNOWN) this.versions[observer * this.world.hosts.length + subject] = NOTHING;
  }

  kept(observer: number, subject: number, version: number): void {
    const { length } = this.world.hosts;
    // Most worlds have no values.
    if (this.versions.length === 0) this.versions = new Float64Array(length * length).fill(NOTHING);
    const at = observer * length + subject;
    if (version < this.versions[at]) {
      const before = `${version} after ${this.versions[at]}`;
      this.world.violate("older-record", `host ${observer} keeps record ${before} of host ${subject}`);
    }
    this.versions[at] = version;
  }

  second(): void {
    if (this.versions.length === 0) return;
    const { hosts } = this.world;
    for (let i = 0; i < hosts.length; i += EVERY_S) {
      this.turn = (this.turn + 1) % hosts.length;
      const { swim, values } = hosts[this.turn];
      if (swim !== undefined && values !== undefined) this.look(this.turn, swim, values.keeper);
    }
  }

  private look(host: number, swim: Swim<unknown>, values: Values<unknown>): void {
    const { world, versions } = this;
    const { hosts, naming } = world;
    const members = membersOf(swim);
    const { order } = members;
    const held = new Set<number>([NONE]);
    for (let i = 0; i < order.numActive; i++) held.add(order.activeAt(i));
    for (let i = 0; i < order.numDown; i++) held.add(order.downAt(i));
    eachRecord(values, swim, (slot, version) => {
      const subject = slot === NONE ? host : subjectOf(members, slot, naming);
      if (!held.has(slot)) {
        world.violate("forgotten-record", `host ${host} has a record of somebody whom it has forgotten`);
      } else if (subject >= 0 && subject < hosts.length) {
        const told = versions[host * hosts.length + subject];
        if (told === version) return;
        const what = `record ${version} of host ${subject}, was told of ${told === NOTHING ? "none" : told}`;
        world.violate("forgotten-record", `host ${host} has ${what}`);
      }
    });
  }
}
