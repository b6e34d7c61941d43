// Whom the measured nodes know.
import { Swim, type LeanSwim, type Renewable } from "../../core/index.js";
import { peer } from "../support/wire.js";

/** Seconds since the epoch, as devices with a clock have it: an identity of 12 bytes. */
export const BUMP = 1_700_000_000;
export const OWN = name(1);

/** The short name of the member with this number; we are 1. */
export function name(number: number): string {
  return number + "." + BUMP;
}

/** A device's node has the lean core, without `applyMany`, which works on it all the same. */
export function populate(swim: LeanSwim<Renewable>, members: number): void {
  for (let number = 2; number < members + 2; number++) {
    const member = { identity: peer(name(number)), incarnation: 0, state: "Alive" as const };
    Swim.prototype.applyMany.call(swim, [member], false);
  }
}
