// What a table holds, as plain values: copies for the program. All of it allocates.
import { STATE_NAMES } from "./codec.js";
import type { Member, Sleeper } from "./member.js";
import type { Members } from "./members.js";
import { promisedMs } from "./promise.js";

/** The member of a slot. */
export function memberAt<T>(members: Members<T>, slot: number): Member<T> {
  return {
    identity: members.value(slot),
    incarnation: members.incarnation(slot),
    state: STATE_NAMES[members.state(slot)],
  };
}

/** All active members. */
export function activeMembers<T>(members: Members<T>): Member<T>[] {
  const order = members.order;
  const found: Member<T>[] = [];
  for (let i = 0; i < order.numActive; i++) found.push(memberAt(members, order.activeAt(i)));
  return found;
}

/** All members, the Down ones behind the active ones. */
export function allMembers<T>(members: Members<T>): Member<T>[] {
  const order = members.order;
  const found = activeMembers(members);
  for (let i = 0; i < order.numDown; i++) found.push(memberAt(members, order.downAt(i)));
  return found;
}

/** Those that take a nap and are not overdue. */
export function sleepingMembers<T>(members: Members<T>): Sleeper<T>[] {
  const order = members.order;
  const found: Sleeper<T>[] = [];
  for (let i = 0; i < order.numDown; i++) {
    const slot = order.downAt(i);
    if (members.isAsleep(slot))
      found.push({ identity: members.value(slot), napMs: promisedMs(members.incarnation(slot)) });
  }
  return found;
}

/** Calls `visit` for each active member until it returns false. */
export function visitMembers<T>(members: Members<T>, visit: (member: Member<T>) => unknown): void {
  const order = members.order;
  for (let i = 0; i < order.numActive; i++) if (visit(memberAt(members, order.activeAt(i))) === false) return;
}

/** Calls `visit` for the identity of each active member that we have heard until it returns false. */
export function visitHeard<T>(members: Members<T>, visit: (identity: T) => unknown): void {
  const order = members.order;
  for (let i = 0; i < order.numActive; i++) {
    const slot = order.activeAt(i);
    if (members.wasHeard(slot) && visit(members.value(slot)) === false) return;
  }
}
