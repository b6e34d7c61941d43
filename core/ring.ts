import type { IdentityRef } from "./codec.js";
import type { Members } from "./members.js";
import { NONE } from "./order.js";
import type { Self } from "./self.js";

/** A slot of `Ring` that must be looked for. */
const STALE = -1;

/**
 * Our successor: of all active members the one whose address, hashed, comes next after ours on a circle. All nodes
 * hash alike, so everybody is somebody's successor, and news that each node gives its successor leaves nobody out
 * by chance. Costs no memory a member; only when the successor goes are the members looked through.
 *
 * There are two: among all active members, and among those that we have heard. Where somebody makes members up, these are
 * the successors of most; who makes up one that was heard must send a datagram for each.
 */
export class Ring<T> {
  private readonly members: Members<T>;
  private readonly self: Self<T>;
  /** The slots of our successors, NONE when there is none, STALE when it must be looked for. */
  private slot = STALE;
  private heardSlot = STALE;
  private ownPoint = 0;

  constructor(members: Members<T>, self: Self<T>) {
    this.members = members;
    this.self = self;
  }

  /** The slot of our successor among all active members, or NONE when nobody is active. */
  get successor(): number {
    if (this.slot === STALE) this.search();
    return this.slot;
  }

  /** The slot of our successor among the active members that we have heard, or NONE when there is none. */
  get heardSuccessor(): number {
    if (this.heardSlot === STALE) this.search();
    return this.heardSlot;
  }

  /** A member became active, or was heard for the first time. Returns whether it is a successor of ours now. */
  joined(slot: number): boolean {
    let isNew = false;
    if (this.slot !== STALE && this.isNearer(slot, this.slot)) {
      this.slot = slot;
      isNew = true;
    }
    if (this.heardSlot !== STALE && this.members.wasHeard(slot) && this.isNearer(slot, this.heardSlot)) {
      this.heardSlot = slot;
      isNew = true;
    }
    return isNew;
  }

  /** Whether somebody who is not in the table would be our successor in it, or (`isHeard`) our successor that we have heard. */
  wants(ref: IdentityRef<unknown>, isHeard: boolean): boolean {
    const than = isHeard ? this.heardSuccessor : this.successor;
    return than !== NONE && this.distance(ref.bytes, ref.at) < this.distanceOf(than);
  }

  /** A member is active no more. */
  left(slot: number): void {
    if (slot === this.slot) this.slot = STALE;
    if (slot === this.heardSlot) this.heardSlot = STALE;
  }

  /** Our own address may be another. */
  forget(): void {
    this.slot = STALE;
    this.heardSlot = STALE;
  }

  private search(): void {
    const order = this.members.order;
    const self = this.self;
    const start = self.ref.at + self.addressStart;
    this.ownPoint = point(self.ref.bytes, start, start + self.addressLength);
    this.slot = NONE;
    this.heardSlot = NONE;
    for (let i = 0; i < order.numActive; i++) this.joined(order.activeAt(i));
  }

  private isNearer(slot: number, than: number): boolean {
    return than === NONE || this.distanceOf(slot) < this.distanceOf(than);
  }

  private distanceOf(slot: number): number {
    return this.distance(this.members.bytes, this.members.identityAt(slot));
  }

  /** How far ahead of us on the circle the identity at `at` is, in 2^-32 of it. */
  private distance(bytes: Uint8Array, at: number): number {
    const type = this.members.type;
    const dialect = this.members.dialect;
    const start = type.addressStart(dialect, bytes, at);
    return (point(bytes, start, type.addressEnd(dialect, bytes, start)) - this.ownPoint) >>> 0;
  }
}

/** FNV-1a over an address, mixed (MurmurHash3's finaliser), so that neighbouring addresses lie far apart. */
export function point(bytes: Uint8Array, at: number, end: number): number {
  let hash = 0x811c9dc5;
  for (; at < end; at++) hash = Math.imul(hash ^ bytes[at], 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
