import { SEAL_OVERHEAD } from "../../../platform/shared/seal.js";
import type { Swim } from "../../../core/index.js";
import { sizesOf } from "../inside.js";
import type { World } from "../world.js";
import type { Checker } from "./checker.js";

/** Columns of typed arrays, in bytes a place of the table, besides the row: a slot's eight words, a hash bucket. */
const COLUMN_BYTES = 8 * 2 + 2;
/** Bytes of a row behind the identity: incarnation and state, and one that makes the row even. */
const ROW_BYTES = 5;
/** Buckets of a table for few; the ends of the queue's lists, two for each number of transmissions up to 255. */
const FIXED_BYTES = 4 * 2 + 256 * 2 * 2;

/** A node stays within its limits, and its columns within what the table's places may cost. */
export class Memory implements Checker {
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  second(): void {
    for (const host of this.world.hosts) if (host.swim !== undefined) this.look(host.index, host.swim);
  }

  private look(host: number, swim: Swim<unknown>): void {
    const sizes = sizesOf(swim);
    const { maxMembers, maxBroadcasts, maxPacketSize, initialMembers } = swim.config;
    const { members, places } = sizes;
    const rowBytes = ROW_BYTES + sizes.longestIdentityBytes;
    const sealBytes = this.world.hosts[host].seal === undefined ? 0 : SEAL_OVERHEAD;
    const limits: [string, number, number][] = [
      ["members", members, maxMembers],
      ["places for members", places, Math.max(2 * members, maxMembersEver(host, this.world))],
      ["places for members", places, Math.max(maxMembers, Math.min(initialMembers, maxMembers))],
      ["members in sections", sizes.inSections, members],
      ["queued updates", sizes.queuedUpdates, members],
      ["broadcasts", sizes.broadcasts, maxBroadcasts],
      ["bytes of rows", sizes.rowBytes, places * rowBytes],
      ["bytes of the send buffer", sizes.sendBufferBytes, maxPacketSize + sealBytes],
      ["bytes of columns", sizes.columnBytes, places * COLUMN_BYTES + FIXED_BYTES],
    ];
    for (const [what, held, limit] of limits) {
      if (held <= limit) continue;
      this.world.violate("memory", `host ${host} has ${held} ${what}, at most ${limit} are allowed`);
    }
  }
}

/** The table never shrinks, so it may have places for as many as there are hosts. */
function maxMembersEver(host: number, world: World): number {
  return Math.max(world.hosts[host].config.initialMembers, 2 * world.hosts.length);
}
