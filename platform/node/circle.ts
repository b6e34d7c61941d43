import type { Codec, IdentityType } from "../../core/index.js";
import { point } from "../../core/ring.js";

/**
 * Returns where the address of an identity is on the circle of hashed addresses, from 0 to 2^32 - 1. The successor of a member is
 * the active member that comes next after it, beyond the highest the lowest one.
 * @throws TypeError or RangeError when it is not a valid identity
 */
export function circlePoint<T>(type: IdentityType<T>, codec: Codec, identity: T): number {
  const { dialect } = codec;
  const bytes = new Uint8Array(type.schema.maxLength(dialect));
  type.schema.write(dialect, identity, bytes, 0);
  const start = type.addressStart(dialect, bytes, 0);
  return point(bytes, start, type.addressEnd(dialect, bytes, start));
}
