// Members that we were only told of: anybody can make such up.
import type { Members } from "./members.js";
import { uniform, type Random } from "./random.js";

/**
 * Whether somebody seems to make members up: the table is filled by more than a quarter, and we were only told of most active
 * members. Then those that we heard ourselves come first.
 */
export function areStrange(members: Members<unknown>): boolean {
  const order = members.order;
  return order.numHeard * 2 < order.numActive && members.length * 4 > members.maxMembers;
}

/** An active member that we were only told of, and not `kept`: the first from a random one on. There is one. */
export function anyStranger(members: Members<unknown>, random: Random, kept: number): number {
  const order = members.order;
  const numActive = order.numActive;
  let position = uniform(random, numActive);
  for (;;) {
    const slot = order.activeAt(position);
    if (slot !== kept && !members.wasHeard(slot)) return slot;
    position = (position + 1) % numActive;
  }
}

/** Notes of all members that we have not heard them: we were away, and they may be. */
export function forgetAllHeard(members: Members<unknown>): void {
  const order = members.order;
  for (let i = 0; i < order.numActive; i++) members.forgetHeard(order.activeAt(i));
}
