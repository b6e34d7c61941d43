import type { Swim } from "../../../core/index.js";
import { membersOf, subjectOf } from "../inside.js";
import type { World } from "../world.js";
import type { Checker } from "./checker.js";

/** How often a table is gone through, in virtual seconds, at least. */
const EVERY_S = 10;

/**
 * What a table holds is what was told of it, so that no change gets past the other checkers: the members are
 * counted and compared one by one, one table after another.
 */
export class Audit implements Checker {
  private readonly world: World;
  private turn = 0;

  constructor(world: World) {
    this.world = world;
  }

  second(): void {
    const { hosts } = this.world;
    const count = Math.max(1, Math.min(20, Math.ceil(hosts.length / EVERY_S)));
    for (let i = 0; i < count; i++) {
      this.turn = (this.turn + 1) % hosts.length;
      const { swim } = hosts[this.turn];
      if (swim !== undefined) this.look(this.turn, swim);
    }
  }

  private look(host: number, swim: Swim<unknown>): void {
    const { beliefs } = this.world;
    const members = membersOf(swim);
    const { numActive, numDown } = members.order;
    let held = 0;
    for (let i = 0; i < numActive; i++) held += this.compare(host, swim, members.order.activeAt(i));
    for (let i = 0; i < numDown; i++) held += this.compare(host, swim, members.order.downAt(i));
    if (held === beliefs.numHeld[host]) return;
    this.world.violate("audit", `host ${host} holds ${held} members, was told ${beliefs.numHeld[host]}`);
  }

  /** Compares what a slot holds with what was told of it; returns 1 for a host, 0 for a stranger. */
  private compare(host: number, swim: Swim<unknown>, slot: number): number {
    const { beliefs, hosts, naming } = this.world;
    const members = membersOf(swim);
    const subject = subjectOf(members, slot, naming);
    if (subject < 0 || subject >= hosts.length) return 0;
    const at = host * hosts.length + subject;
    const life = naming.lifeOf(members.dialect, members.bytes, members.identityAt(slot));
    const isSame =
      beliefs.stateOf[at] === members.state(slot) &&
      beliefs.incarnationOf[at] === members.incarnation(slot) &&
      beliefs.lifeOf[at] === life;
    if (!isSame) this.world.violate("audit", `host ${host} changed host ${subject} in secret`);
    return 1;
  }
}
