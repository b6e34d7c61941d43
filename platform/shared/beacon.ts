// The datagram by which nodes that know nobody find each other: see docs/WIRE.md, "Discovery".

// "xsw", and the version of the layout.
const MAGIC = 0x78737701;
const KIND = 4;
const CODEC = 5;
const ID = 6;
const PORT = 10;
const NAME = 12;

/** The longest name of a cluster, in letters. */
export const LONGEST_NAME = 32;
/** The longest beacon, in bytes. */
export const LONGEST_BEACON = NAME + 1 + LONGEST_NAME;

/** Who is there? */
export const ASK = 1;
/** I am. */
export const ANSWER = 2;

/** What stands in a beacon for the wire format of that name. */
export function codecTag(name: string): number {
  if (name === "bincode") return 0;
  return name === "postcard" ? 1 : 255;
}

/** A beacon, taken apart. */
export class Beacon {
  /** `ASK` or `ANSWER`. */
  kind = ASK;
  /** The wire format of the sender: 0 for bincode, 1 for postcard, 255 for another. */
  codec = 0;
  /** A random number of the sender, so that it knows its own. */
  id = 0;
  /** The port of its node. */
  port = 0;
  /** The name of its cluster. */
  cluster = "";

  /** Writes it at `at`, where there must be room for `LONGEST_BEACON` bytes. Returns where it ends. */
  write(bytes: Uint8Array, at: number): number {
    const { id, port } = this;
    for (let i = 0; i < 4; i++) {
      bytes[at + i] = MAGIC >>> (24 - 8 * i);
      bytes[at + ID + i] = id >>> (24 - 8 * i);
    }
    bytes[at + KIND] = this.kind;
    bytes[at + CODEC] = this.codec;
    bytes[at + PORT] = port >> 8;
    bytes[at + PORT + 1] = port;
    const length = this.cluster.length;
    bytes[at + NAME] = length;
    at += NAME + 1;
    for (let i = 0; i < length; i++) bytes[at + i] = this.cluster.charCodeAt(i);
    return at + length;
  }

  /** Takes in `bytes[at..end]`; false when that is no beacon, and then this is not to be used. */
  read(bytes: Uint8Array, at: number, end: number): boolean {
    if (wordAt(bytes, at) !== MAGIC || bytes[at + NAME] !== end - at - NAME - 1) return false;
    this.kind = bytes[at + KIND];
    this.codec = bytes[at + CODEC];
    this.id = wordAt(bytes, at + ID);
    this.port = (bytes[at + PORT] << 8) | bytes[at + PORT + 1];
    if (this.port === 0 || (this.kind !== ASK && this.kind !== ANSWER)) return false;
    let cluster = "";
    for (at += NAME + 1; at < end; at++) cluster += String.fromCharCode(bytes[at]);
    this.cluster = cluster;
    return isCluster(cluster);
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}

function isCluster(cluster: string): boolean {
  return /^[-.\w]*$/.test(cluster) && cluster.length <= LONGEST_NAME;
}

/** @throws TypeError or RangeError that begins with `where` when it is no name of a cluster */
export function checkCluster(where: string, cluster: unknown): void {
  if (typeof cluster !== "string") throw new TypeError(where + " must be a string, the name of the cluster");
  if (!isCluster(cluster))
    throw new RangeError(where + " must be at most 32 letters, digits, dots, hyphens and underscores");
}
