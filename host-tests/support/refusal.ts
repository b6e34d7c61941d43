import { equal } from "./assert.js";
import { snapshot } from "./snapshot.js";
import type { Solo } from "./solo.js";

/** The datagram ends with this status, and nothing but counters has changed; nothing was sent or notified. */
export function refuses(solo: Solo, bytes: Uint8Array, status: string): void {
  const before = snapshot(solo.swim);
  const wakes = solo.numWakes;
  equal(solo.hearBytes(bytes), status, "status");
  equal(snapshot(solo.swim), before, "state");
  equal(solo.take(), [], "sent");
  equal(solo.takeEvents(), [], "notified");
  equal(solo.numWakes, wakes, "wake-ups asked for");
}
