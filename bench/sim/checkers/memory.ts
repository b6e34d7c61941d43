import type { Swim } from "../../../core/index.js";
import type { World } from "../world.js";
import type { Checker } from "./checker.js";

/** Columns of typed arrays, in bytes a place of the table, besides the row: a slot's eight words, a hash bucket. */
const COLUMN_BYTES = 8 * 2 + 2;
/** A row beside the identity. */
const ROW_BYTES = 2;
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
    const { members, updates, broadcasts, outbox } = swim["cluster"];
    const { maxMembers, maxBroadcasts, maxPacketSize, initialMembers } = swim.config;
    const limits: [string, number, number][] = [
      ["members", members.length, maxMembers],
      [
        "places for members",
        members.capacity,
        Math.max(2 * members.length, maxMembersEver(host, this.world)),
      ],
      ["places for members", members.capacity, Math.max(maxMembers, Math.min(initialMembers, maxMembers))],
      ["members in sections", members.order.numActive + members.order.numDown, members.length],
      ["queued updates", updates.length, members.length],
      ["broadcasts", broadcasts.length, maxBroadcasts],
      ["bytes of rows", members.rows.length, members.capacity * (ROW_BYTES + this.identityLength(swim))],
      ["bytes of the send buffer", outbox["buffer"].length, maxPacketSize],
      ["bytes of columns", columnBytes(swim), members.capacity * COLUMN_BYTES + FIXED_BYTES],
    ];
    for (const [what, held, limit] of limits) {
      if (held <= limit) continue;
      this.world.violate("memory", `host ${host} has ${held} ${what}, at most ${limit} are allowed`);
    }
  }

  private identityLength(swim: Swim<unknown>): number {
    return swim["cluster"].self.bytes.length;
  }
}

/** The table never shrinks, so it may have places for as many as there are hosts. */
function maxMembersEver(host: number, world: World): number {
  return Math.max(world.hosts[host].config.initialMembers, 2 * world.hosts.length);
}

/** All typed arrays that hang on the table and its queue, but for the rows; views of one buffer once. */
function columnBytes(swim: Swim<unknown>): number {
  const { members, updates } = swim["cluster"];
  const buffers = new Set<ArrayBufferLike>();
  for (const owner of [members, members.order, updates]) {
    for (const value of Object.values(owner)) {
      if (ArrayBuffer.isView(value) && value !== members.rows) buffers.add(value.buffer);
    }
  }
  let bytes = 0;
  for (const buffer of buffers) bytes += buffer.byteLength;
  return bytes;
}
