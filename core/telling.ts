import { State } from "./codec.js";
import type { Members } from "./members.js";
import { NONE } from "./order.js";
import { promisedMs } from "./promise.js";
import type { Runtime } from "./runtime.js";

/**
 * Notifies of a member's new state. `before` is its state until now, Down for one that is new here; `by` is the slot of who told
 * of it, or NONE.
 */
export function tellChange<T>(
  runtime: Runtime<T>,
  members: Members<T>,
  slot: number,
  before: State,
  by: number,
): void {
  const state = members.state(slot);
  if (state === before) return;
  if (state === State.Down) {
    if (members.isAsleep(slot) && runtime.memberNap)
      runtime.memberNap(members.value(slot), promisedMs(members.incarnation(slot)));
    else if (before === State.Alive && runtime.memberLeft) runtime.memberLeft(members.value(slot));
    else if (runtime.memberDown) runtime.memberDown(members.value(slot));
    return;
  }
  if (before === State.Down && runtime.memberUp) runtime.memberUp(members.value(slot));
  if (state === State.Suspect) {
    if (runtime.memberSuspected)
      runtime.memberSuspected(members.value(slot), by === NONE ? undefined : members.value(by));
  } else if (before === State.Suspect && runtime.memberRefuted) runtime.memberRefuted(members.value(slot));
}
