import { INVALID } from "./dialect.js";
import type { Codec } from "./codec.js";
import type { Members } from "./members.js";
import { NONE } from "./order.js";

/** Steps that sorting by length may take for one new update; a bound, so that a full queue costs no more. */
const SORT_STEPS = 8;
/** Updates in a row that do not fit before the datagram counts as full. */
const MISFITS = 4;

/**
 * What is still to be spread. An update is its member's present state, so a queued update is a number in the
 * member's row: how often it may still be sent. Rows of one number hang together in a list, which makes the
 * least-sent first without a search. Of equals the longer go first, as far as `SORT_STEPS` reach.
 */
export class Updates {
  /** Updates queued. */
  length = 0;
  private readonly members: Members<unknown>;
  /** Next and previous slot, by slot. */
  private links: Uint16Array;
  /** First and last slot of the list for each number of remaining transmissions. */
  private ends: Uint16Array;
  /** Of the `fill` that runs: updates written, updates that did not fit, and the chain of those just sent. */
  private written = 0;
  private misfits = 0;
  private sentFirst = NONE;
  private sentLast = NONE;

  constructor(members: Members<unknown>, maxTransmissions: number) {
    this.members = members;
    this.links = new Uint16Array(members.capacity * 2);
    this.ends = new Uint16Array((maxTransmissions + 1) * 2).fill(NONE);
  }

  /** Takes note of a new limit; what is queued keeps its number. */
  setMaxTransmissions(maxTransmissions: number): void {
    if ((maxTransmissions + 1) * 2 <= this.ends.length) return;
    const ends = new Uint16Array((maxTransmissions + 1) * 2).fill(NONE);
    ends.set(this.ends);
    this.ends = ends;
  }

  /** Queues the member's state to be sent `transmissions` times, whatever was left of an older one. */
  add(slot: number, transmissions: number): void {
    this.remove(slot);
    if (slot * 2 >= this.links.length) this.grow();
    this.members.rows[this.members.remainingAt(slot)] = transmissions;
    this.length++;
    const length = this.members.identityLength(slot);
    let after = NONE;
    let before = this.ends[transmissions * 2];
    for (let steps = 0; before !== NONE && steps < SORT_STEPS; steps++) {
      if (this.members.identityLength(before) <= length) break;
      after = before;
      before = this.links[before * 2];
    }
    this.insert(slot, transmissions, after, before);
  }

  /** Stops spreading the member's state. */
  remove(slot: number): void {
    const at = this.members.remainingAt(slot);
    const remaining = this.members.rows[at];
    if (remaining === 0) return;
    this.members.rows[at] = 0;
    this.length--;
    const next = this.links[slot * 2];
    const previous = this.links[slot * 2 + 1];
    if (previous === NONE) this.ends[remaining * 2] = next;
    else this.links[previous * 2] = next;
    if (next === NONE) this.ends[remaining * 2 + 1] = previous;
    else this.links[next * 2 + 1] = previous;
  }

  /** How often the member's state is still to be sent. */
  remaining(slot: number): number {
    return this.members.rows[this.members.remainingAt(slot)];
  }

  /** Whether an update is queued that was not sent yet. */
  hasUnsent(maxTransmissions: number): boolean {
    return this.ends[maxTransmissions * 2] !== NONE;
  }

  /**
   * Writes updates, the least-sent first, until `end` leaves no room for more; each counts as sent once.
   * Those that may be sent more than `mostRemaining` times are left out. `cursor.at` goes to the position after the
   * last. Returns how many it wrote.
   */
  fill(codec: Codec, out: Uint8Array, cursor: { at: number }, end: number, mostRemaining: number): number {
    this.written = 0;
    this.misfits = 0;
    // Updates just sent wait, so that none is met again in the next list.
    let waitingFirst = NONE;
    let waitingLast = NONE;
    for (let remaining = Math.min(mostRemaining, this.ends.length / 2 - 1); remaining > 0; remaining--) {
      if (this.misfits < MISFITS) this.fillFrom(remaining, codec, out, cursor, end);
      else this.sentFirst = NONE;
      if (waitingFirst !== NONE) this.append(waitingFirst, waitingLast, remaining);
      waitingFirst = this.sentFirst;
      waitingLast = this.sentLast;
      if (this.misfits >= MISFITS && waitingFirst === NONE) break;
    }
    return this.written;
  }

  /** Writes from the list of `remaining` and takes what it wrote out of it, as the chain `sentFirst` to `sentLast`. */
  private fillFrom(
    remaining: number,
    codec: Codec,
    out: Uint8Array,
    cursor: { at: number },
    end: number,
  ): void {
    const links = this.links;
    const rows = this.members.rows;
    let sentFirst = NONE;
    let sentLast = NONE;
    let keptLast = NONE;
    let slot = this.ends[remaining * 2];
    this.ends[remaining * 2] = NONE;
    while (slot !== NONE && this.misfits < MISFITS) {
      const next = links[slot * 2];
      if (this.writeOne(codec, out, cursor, end, slot)) {
        this.written++;
        rows[this.members.remainingAt(slot)] = remaining - 1;
        if (remaining === 1) this.length--;
        else if (sentFirst === NONE) sentFirst = slot;
        else this.link(sentLast, slot);
        sentLast = slot;
      } else {
        this.misfits++;
        this.follow(keptLast, slot, remaining);
        keptLast = slot;
      }
      slot = next;
    }
    this.follow(keptLast, slot, remaining);
    if (slot === NONE) this.ends[remaining * 2 + 1] = keptLast;
    if (sentFirst !== NONE) {
      links[sentFirst * 2 + 1] = NONE;
      links[sentLast * 2] = NONE;
    }
    this.sentFirst = sentFirst;
    this.sentLast = sentLast;
  }

  private writeOne(
    codec: Codec,
    out: Uint8Array,
    cursor: { at: number },
    end: number,
    slot: number,
  ): boolean {
    const members = this.members;
    const identityAt = members.identityAt(slot);
    const next = codec.writeMember(
      out,
      cursor.at,
      end,
      members.rows,
      identityAt,
      members.identityLength(slot),
      members.incarnation(slot),
      members.state(slot),
    );
    if (next === INVALID) return false;
    cursor.at = next;
    return true;
  }

  /** Puts a chain of slots behind the list of `remaining`. */
  private append(first: number, last: number, remaining: number): void {
    this.follow(this.ends[remaining * 2 + 1], first, remaining);
    this.ends[remaining * 2 + 1] = last;
  }

  /** Makes `slot` the one after `previous` in the list of `remaining`, or the first when there is none before. */
  private follow(previous: number, slot: number, remaining: number): void {
    if (previous === NONE) this.ends[remaining * 2] = slot;
    else this.links[previous * 2] = slot;
    if (slot !== NONE) this.links[slot * 2 + 1] = previous;
  }

  private link(previous: number, slot: number): void {
    this.links[previous * 2] = slot;
    this.links[slot * 2 + 1] = previous;
  }

  private insert(slot: number, remaining: number, previous: number, next: number): void {
    this.links[slot * 2] = next;
    this.links[slot * 2 + 1] = previous;
    if (previous === NONE) this.ends[remaining * 2] = slot;
    else this.links[previous * 2] = slot;
    if (next === NONE) this.ends[remaining * 2 + 1] = slot;
    else this.links[next * 2 + 1] = slot;
  }

  private grow(): void {
    const links = new Uint16Array(this.members.capacity * 2);
    links.set(this.links);
    this.links = links;
  }
}
