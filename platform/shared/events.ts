/** Callbacks that wait until the user's code is not calling the node: a name and two arguments each. */
export type EventQueue = unknown[];

/**
 * Calls `target[name]` for each event that waits, and for those that are added meanwhile. When a callback throws, the
 * exception goes to the caller. That event is over; the others wait for the next call, for which `SwimNodeBase` sets its
 * timer at once.
 */
export function deliverEvents(queue: EventQueue, target: object): void {
  while (queue.length > 0) {
    const name = queue.shift() as string;
    const first = queue.shift();
    const second = queue.shift();
    const callback = (target as Record<string, unknown>)[name];
    if (typeof callback === "function") callback.call(target, first, second);
  }
}
