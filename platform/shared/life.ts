import type { IdentityType, Integer64 } from "../../core/index.js";

/** The number of an identity's life, of a type whose identities are an address and such a number; else undefined. */
export function lifeNumber<T>(type: IdentityType<T>, identity: T): Integer64 | undefined {
  return type.at === undefined ? undefined : (identity as { bump?: Integer64 }).bump;
}

/**
 * Returns a larger number than any that the node with this identity had; undefined where lives have no number. When it
 * comes back to an earlier address, the others hold it Down there under the number that it had when it left.
 */
export function laterLife<T>(type: IdentityType<T>, identity: T): Integer64 | undefined {
  const renewed = type.renew(identity);
  return renewed === undefined ? undefined : lifeNumber(type, renewed);
}
