import {
  plain,
  plainV4,
  renewableAddr,
  renewableV4,
  type Dialect,
  type IdentityType,
  type Renewable,
} from "../../core/index.js";

const PORT = 7946;

/**
 * How hosts are named: host 258 is 10.0.1.2:7946. Identities are read back from their bytes by position, so that
 * no text is made for a datagram.
 */
export interface Naming {
  readonly name: string;
  readonly type: IdentityType<unknown>;
  /** Whether an identity can come back after it was held Down, as another life. */
  readonly canRenew: boolean;
  make(host: number, life: number): unknown;
  /** The host of the identity at `at`; -1 when it is none of ours. */
  hostOf(bytes: Uint8Array, at: number): number;
  /** The life of the identity at `at`; 0 for one that has none. */
  lifeOf(dialect: Dialect, bytes: Uint8Array, at: number): number;
  lifeOfValue(identity: unknown): number;
}

class AddressNaming implements Naming {
  readonly name: string;
  readonly type: IdentityType<unknown>;
  readonly canRenew: boolean;
  /** Bytes before the octets. */
  private readonly offset: number;

  constructor(name: string, type: unknown, canRenew: boolean, offset: number) {
    this.name = name;
    this.type = type as IdentityType<unknown>;
    this.canRenew = canRenew;
    this.offset = offset;
  }

  make(host: number, life: number): unknown {
    const addr = "10." + (host >> 16) + "." + ((host >> 8) & 255) + "." + (host & 255) + ":" + PORT;
    return this.canRenew ? { addr, bump: life } : addr;
  }

  hostOf(bytes: Uint8Array, at: number): number {
    at += this.offset;
    if (bytes[at] !== 10) return -1;
    return (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }

  lifeOf(dialect: Dialect, bytes: Uint8Array, at: number): number {
    return this.canRenew ? dialect.readUint(bytes, this.type.addressEnd(dialect, bytes, at)) : 0;
  }

  lifeOfValue(identity: unknown): number {
    return this.canRenew ? Number((identity as Renewable).bump) : 0;
  }
}

/** The identity types that a run can be made with. */
export const NAMINGS: Readonly<Record<string, Naming>> = Object.freeze({
  renewableV4: new AddressNaming("renewableV4", renewableV4, true, 0),
  renewableAddr: new AddressNaming("renewableAddr", renewableAddr, true, 1),
  plainV4: new AddressNaming("plainV4", plainV4, false, 0),
  plain: new AddressNaming("plain", plain, false, 1),
});
