// Members that we were only told of: anybody can make such up.
import type { Members } from "./members.js";
import { NONE } from "./order.js";
import { uniform, type Random } from "./random.js";

/**
 * Whether somebody seems to make members up: the table is filled by more than a quarter, and we were only told of most active
 * members. Then those that we heard ourselves come first.
 */
export function areStrange(members: Members<unknown>): boolean {
  const order = members.order;
  return order.numHeard * 2 < order.numActive && members.length * 4 > members.maxMembers;
}

/** An active member that we were only told of, the first from a random one on, or NONE. */
export function anyStranger(members: Members<unknown>, random: Random): number {
  const order = members.order;
  const numActive = order.numActive;
  if (order.numHeard >= numActive) return NONE;
  let position = uniform(random, numActive);
  while (members.wasHeard(order.activeAt(position))) position = (position + 1) % numActive;
  return order.activeAt(position);
}

/** Notes of all members that we have not heard them: we were away, and they may be. */
export function forgetAllHeard(members: Members<unknown>): void {
  const order = members.order;
  for (let i = 0; i < order.numActive; i++) members.forgetHeard(order.activeAt(i));
}
