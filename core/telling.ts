import { State } from "./codec.js";
import type { Members } from "./members.js";
import { NONE } from "./order.js";
import { promisedMs } from "./promise.js";
import type { Runtime } from "./runtime.js";

/** What is known, as far as it is told. */
interface Telling<T> {
  readonly env: { readonly runtime: Runtime<T> };
  readonly members: Members<T>;
  /** The slot of who told of the change, or NONE. */
  readonly lastSender: number;
}

/** Notifies of a member's new state. `before` is its state until now, Down for one that is new here. */
export function tellChange<T>(knowledge: Telling<T>, slot: number, before: State): void {
  const members = knowledge.members;
  const state = members.state(slot);
  if (state === before) return;
  const runtime = knowledge.env.runtime;
  if (state === State.Down) {
    if (members.isAsleep(slot) && runtime.memberNap)
      runtime.memberNap(members.value(slot), promisedMs(members.incarnation(slot)));
    else if (before === State.Alive && runtime.memberLeft) runtime.memberLeft(members.value(slot));
    else if (runtime.memberDown) runtime.memberDown(members.value(slot));
    return;
  }
  if (before === State.Down && runtime.memberUp) runtime.memberUp(members.value(slot));
  if (state === State.Suspect) {
    const by = knowledge.lastSender;
    if (runtime.memberSuspected)
      runtime.memberSuspected(members.value(slot), by === NONE ? undefined : members.value(by));
  } else if (before === State.Suspect && runtime.memberRefuted) runtime.memberRefuted(members.value(slot));
}
