import { bincode, renewableV4, type IdentityType, type Renewable } from "../../core/index.js";
import { point } from "../../core/ring.js";

const PORT = 7000;
/** Bytes of an address on the wire: four octets and the port, which takes three. */
const ADDRESS_LENGTH = 7;
const { dialect } = bincode;

/** An identity in bytes. */
export function bytesOf(identity: Renewable): Uint8Array {
  const bytes = new Uint8Array(renewableV4.schema.maxLength(dialect));
  return bytes.slice(0, renewableV4.schema.write(dialect, identity, bytes, 0));
}

function addressAt(octet: number): string {
  return "10.0.0." + octet + ":" + PORT;
}

function pointOf(octet: number): number {
  const bytes = bytesOf({ addr: addressAt(octet), bump: 1 });
  const start = renewableV4.addressStart(dialect, bytes, 0);
  return point(bytes, start, renewableV4.addressEnd(dialect, bytes, start));
}

/**
 * The hosts of a scenario by number: each is the successor of the one before it, on the circle of hashed addresses. So to
 * turn the circle changes nothing but names.
 */
export class Naming {
  readonly numHosts: number;
  readonly type: IdentityType<Renewable>;
  private readonly octets: readonly number[];
  /** The host of an octet; the number of hosts for one that nobody has. */
  private readonly hostOfOctet = new Uint8Array(256);

  /** @param type how identities win and renew; a defect may have it do so otherwise */
  constructor(numHosts: number, type: IdentityType<Renewable> = renewableV4) {
    this.numHosts = numHosts;
    this.type = type;
    const octets = Array.from({ length: numHosts }, (_, i) => i + 1);
    this.octets = octets.sort((a, b) => pointOf(a) - pointOf(b));
    this.hostOfOctet.fill(numHosts);
    this.octets.forEach((octet, host) => (this.hostOfOctet[octet] = host));
  }

  make(host: number, life: number): Renewable {
    return { addr: addressAt(this.octets[host]), bump: life };
  }

  /** The host whose identity begins at `at`; the number of hosts for one that is nobody's. */
  hostAt(bytes: Uint8Array, at: number): number {
    return this.hostOfOctet[bytes[at + 3]];
  }

  /** The host of an address such as `"10.0.0.2:7000"`, or its short name in a datagram's text, `"2.7"`. */
  hostNamed(name: string): number {
    const octet = name.includes(":") ? name.split(":")[0].split(".")[3] : name.split(".")[0];
    return this.hostOfOctet[Number(octet)];
  }

  /** The life in the identity at `at`. */
  lifeAt(bytes: Uint8Array, at: number): number {
    return dialect.readUint(bytes, at + ADDRESS_LENGTH);
  }

  /** Where the next address of a host begins in `bytes`, from `at` on; -1 for none. No number of the wire looks like one. */
  nextAddress(bytes: Uint8Array, at: number): number {
    for (; at + ADDRESS_LENGTH <= bytes.length; at++) {
      const isOurs = bytes[at] === 10 && bytes[at + 1] === 0 && bytes[at + 2] === 0;
      if (isOurs && bytes[at + 4] === 251 && bytes[at + 5] === (PORT & 255) && bytes[at + 6] === PORT >> 8)
        return at;
    }
    return -1;
  }

  /** All ways to turn the circle: for each, who is called what. The first leaves all as they are. */
  get turns(): readonly (readonly number[])[] {
    const { numHosts } = this;
    return this.octets.map((_, by) => this.octets.map((_, host) => (host + by) % numHosts));
  }
}
