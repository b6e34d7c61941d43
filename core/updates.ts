import { INVALID } from "./dialect.js";
import { COPIES_NATIVELY } from "./native.js";
import { LENGTH, LENGTH_AT, remake, SHORT_TAIL } from "./table.js";
import type { Members } from "./members.js";

// Words of a slot (see `Table.words`): its neighbours in its list. NONE is that of `Order`.
const WORDS = 8;
const HEAD = 2;
const NEXT = 4;
const PREVIOUS = 5;
const NONE = 0xffff;

/** One transmission, as a head counts it. */
const ONE_REMAINING = 256;
/** What is not the remaining transmissions. */
const WITHOUT_REMAINING = 255;
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
  /** No queued update may be sent more often than this. */
  private most = 0;
  /**
   * Its `words` hold our lists: next and previous by slot, and from `endsAt` on the first and last slot of the list for
   * each number of remaining transmissions.
   */
  private readonly members: Members<unknown>;

  /** Takes a table that has ends for the lists of as many transmissions as an update gets. */
  constructor(members: Members<unknown>) {
    this.members = members;
  }

  /** Takes note of a new limit; what is queued keeps its number. */
  setMaxTransmissions(maxTransmissions: number): void {
    const members = this.members;
    const numEnds = (maxTransmissions + 1) * 2;
    if (numEnds > (members.rowsAt >> 1) - members.endsAt) remake(members, 0, 0, numEnds, 0);
  }

  /** Queues the member's state to be sent `transmissions` times, whatever was left of an older one. */
  add(slot: number, transmissions: number): void {
    this.remove(slot);
    if (transmissions > this.most) this.most = transmissions;
    this.length++;
    const length = this.members.identityLength(slot);
    const words = this.members.words;
    words[slot * WORDS + HEAD] |= transmissions * ONE_REMAINING;
    const endsAt = this.members.endsAt;
    let after = NONE;
    let before = words[endsAt + transmissions * 2];
    for (let steps = 0; before !== NONE && steps < SORT_STEPS; steps++) {
      if (this.members.identityLength(before) <= length) break;
      after = before;
      before = words[before * WORDS + NEXT];
    }
    this.insert(slot, transmissions, after, before);
  }

  /** Stops spreading the member's state. */
  remove(slot: number): void {
    const remaining = this.members.remaining(slot);
    if (remaining === 0) return;
    this.members.words[slot * WORDS + HEAD] &= WITHOUT_REMAINING;
    this.length--;
    this.cut(slot, slot, remaining);
  }

  /** Whether an update is queued that was not sent yet, or is left from a time of more transmissions. */
  hasUnsent(maxTransmissions: number): boolean {
    const words = this.members.words;
    const endsAt = this.members.endsAt;
    const end = this.members.rowsAt >> 1;
    for (let i = endsAt + maxTransmissions * 2; i < end; i += 2) if (words[i] !== NONE) return true;
    return false;
  }

  /**
   * Writes updates into the table's datagram, the least-sent first, until `end` leaves no room for more; each counts as
   * sent once. Those that may be sent more than `mostRemaining` times are left out. `cursor.at` goes to the position after
   * the last. Returns how many it wrote.
   */
  fill(cursor: { at: number }, end: number, mostRemaining: number): number {
    const members = this.members;
    const bytes = members.bytes;
    const words = members.words;
    const endsAt = members.endsAt;
    const rowsAt = members.rowsAt;
    const rowSize = members.rowSize;
    let at = cursor.at;
    let written = 0;
    let misfits = 0;
    let unseen = this.length;
    while (this.most > 0 && words[endsAt + this.most * 2] === NONE) this.most--;
    // Updates just sent wait here, so that none is met again in the next list.
    let sentFirst = NONE;
    let sentLast = NONE;
    for (let remaining = Math.min(mostRemaining, this.most); remaining > 0; remaining--) {
      const waitingFirst = sentFirst;
      const waitingLast = sentLast;
      sentFirst = NONE;
      let slot = words[endsAt + remaining * 2];
      while (slot !== NONE && misfits < MISFITS) {
        // Neighbours that fit move together.
        const first = slot;
        let last = NONE;
        while (slot !== NONE) {
          // As `Members.copyMember`, written out: it is most of all that is done here.
          const head = words[slot * WORDS + HEAD];
          const length = (head & LENGTH) >> LENGTH_AT;
          if (length !== 0) {
            const next = at + length + SHORT_TAIL;
            if (next > end) break;
            const row = rowsAt + slot * rowSize;
            if (COPIES_NATIVELY) bytes.copyWithin(at, row, row + length + SHORT_TAIL);
            else for (let i = row; at < next; i++) bytes[at++] = bytes[i];
            at = next;
          } else {
            const next = members.copyMember(slot, at, end);
            if (next === INVALID) break;
            at = next;
          }
          // One transmission less.
          words[slot * WORDS + HEAD] = head - ONE_REMAINING;
          written++;
          unseen--;
          if (remaining === 1) this.length--;
          last = slot;
          slot = words[slot * WORDS + NEXT];
        }
        if (slot !== NONE) {
          misfits++;
          unseen--;
          slot = words[slot * WORDS + NEXT];
        }
        if (last === NONE) continue;
        this.cut(first, last, remaining);
        if (remaining === 1) continue;
        if (sentFirst === NONE) sentFirst = first;
        else words[sentLast * WORDS + NEXT] = first;
        words[first * WORDS + PREVIOUS] = sentLast;
        sentLast = last;
      }
      if (waitingFirst !== NONE) this.append(waitingFirst, waitingLast, remaining);
      if (sentFirst === NONE && (misfits >= MISFITS || unseen === 0)) break;
    }
    cursor.at = at;
    return written;
  }

  /** Takes the neighbours from `first` to `last` out of the list of `remaining`. */
  private cut(first: number, last: number, remaining: number): void {
    const words = this.members.words;
    const endsAt = this.members.endsAt;
    const previous = words[first * WORDS + PREVIOUS];
    const next = words[last * WORDS + NEXT];
    if (previous === NONE) words[endsAt + remaining * 2] = next;
    else words[previous * WORDS + NEXT] = next;
    if (next === NONE) words[endsAt + remaining * 2 + 1] = previous;
    else words[next * WORDS + PREVIOUS] = previous;
  }

  /** Puts a chain of slots behind the list of `remaining`. */
  private append(first: number, last: number, remaining: number): void {
    const words = this.members.words;
    const endsAt = this.members.endsAt;
    const end = words[endsAt + remaining * 2 + 1];
    words[first * WORDS + PREVIOUS] = end;
    words[last * WORDS + NEXT] = NONE;
    if (end === NONE) words[endsAt + remaining * 2] = first;
    else words[end * WORDS + NEXT] = first;
    words[endsAt + remaining * 2 + 1] = last;
  }

  private insert(slot: number, remaining: number, previous: number, next: number): void {
    const words = this.members.words;
    const endsAt = this.members.endsAt;
    words[slot * WORDS + NEXT] = next;
    words[slot * WORDS + PREVIOUS] = previous;
    if (previous === NONE) words[endsAt + remaining * 2] = slot;
    else words[previous * WORDS + NEXT] = slot;
    if (next === NONE) words[endsAt + remaining * 2 + 1] = slot;
    else words[next * WORDS + PREVIOUS] = slot;
  }
}
