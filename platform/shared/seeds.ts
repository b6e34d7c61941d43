import { about } from "../../core/checks.js";
import type { IdentityType, LeanSwim } from "../../core/index.js";
import { checkHostPort } from "./addresses.js";

/**
 * Returns the seeds of the options as identities. The core checks each one.
 * @throws TypeError or RangeError that names the seed that is not a valid identity of the type, and says why
 */
export function seedIdentities<T>(
  from: readonly (string | T)[] | undefined,
  type: IdentityType<T>,
  swim: LeanSwim<T>,
): T[] {
  const given = from ?? [];
  const seeds: T[] = [];
  for (let i = 0; i < given.length; i++) {
    const where = "SwimNode: seeds[" + i + "]";
    let seed = given[i];
    if (typeof seed === "string" && type.at) {
      checkHostPort(where, seed);
      seed = type.at(seed, 0);
    }
    try {
      swim.isSelf(seed as T);
    } catch (error) {
      throw about(where + ": ", error);
    }
    seeds.push(seed as T);
  }
  return seeds;
}
