import { about } from "../../core/checks.js";
import type { IdentityType, Integer64, LeanSwim } from "../../core/index.js";
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
    if (typeof seed === "string" && type.at) seed = identityAt(type, seed, where);
    try {
      swim.isSelf(seed as T);
    } catch (error) {
      throw about(where + ": ", error);
    }
    seeds.push(seed as T);
  }
  return seeds;
}

/**
 * Returns the identity to call at an address such as `192.168.1.10:7946`, of a type that has `at`.
 * @throws TypeError that begins with `where` when `text` is not the address of one machine
 */
export function identityAt<T>(type: IdentityType<T>, text: string, where: string): T {
  checkHostPort(where, text);
  return (type.at as (address: string, bump: Integer64) => T).call(type, text, 0);
}
