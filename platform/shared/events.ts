/** Callbacks that wait until no call of the user is on the stack: a name and two arguments each. */
export type EventQueue = unknown[];

/**
 * Calls `target[name]` for all that wait and for what they add. What one of them throws goes to the caller; it is not
 * called again, and the others wait for the next time, which `SwimNodeBase` asks its timer for at once.
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
