import { checkHost, hostPort } from "./addresses.js";
import type { IdentityType, Integer64, LeanSwim } from "../../core/index.js";

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

/** The node that renews its identity. */
interface Renewing<T> {
  readonly swim: LeanSwim<T>;
  identityChanged(hasRenewed: boolean): void;
  failed(error: unknown): void;
}

/**
 * Renews a node's identity, because the others believe no further version of this life's publications. Other nodes can
 * cause this, so it does not throw.
 */
export function renewLife<T>(node: Renewing<T>, type: IdentityType<T>): void {
  const renewed = type.renew(node.swim.identity);
  if (renewed === undefined || lifeNumber(type, renewed) === undefined) return;
  try {
    node.swim.changeIdentity(renewed);
    node.identityChanged(true);
  } catch (error) {
    node.failed(error);
  }
}

/** Returns the identity of the node with these options; `found` is the IP address that the platform found. */
export function firstIdentity<T>(
  type: IdentityType<T>,
  options: { readonly advertise?: string; readonly port: number },
  found: string,
  bump: Integer64,
): T {
  const advertise = options.advertise ?? found;
  checkHost("SwimNode: advertise", advertise);
  return identityFor(type, hostPort(advertise, options.port), bump);
}

/** Returns the identity of the life with that number at an address. @throws TypeError when the type cannot make one */
export function identityFor<T>(type: IdentityType<T>, address: string, bump: Integer64): T {
  if (type.at) return type.at(address, bump);
  throw new TypeError("SwimNode: identity is needed, because identityType cannot make one from an address");
}

/** Whether a node has that address. */
export function isAt<T>(swim: LeanSwim<T>, type: IdentityType<T>, address: string): boolean {
  return swim.isSelf(identityFor(type, address, 0));
}
