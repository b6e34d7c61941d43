import { bincode, makeHeader, MessageKind, renewableAddr, State, type Renewable } from "../core/index.js";

/** Datagrams from so many different members take turns. */
export const SENDERS = 64;
export const GOSSIP_SIZE = 20;
const BUMP = 1_700_000_000;
const PORT = 7946;
/** Our own identity; the members are 1 to N. */
const OURSELVES = 0;

/** The address of the `index`-th of as many members as a benchmark needs. */
export function addressOf(index: number): string {
  return `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}:${PORT}`;
}

/** The `index`-th identity. */
export function identityOf(index: number): Renewable {
  return { addr: addressOf(index), bump: BUMP };
}

/** What `identityOf` was given, from the identity's bytes: a variant index, four octets, port and bump. */
export function indexOf(bytes: Uint8Array, at: number): number {
  return (bytes[at + 2] << 16) | (bytes[at + 3] << 8) | bytes[at + 4];
}

/** The `nth` of a sequence of members without order, the same in every language. */
export function scattered(nth: number, members: number): number {
  const mixed = Math.imul(nth, 0x9e3779b1) >>> 0;
  return 1 + Math.floor((mixed * members) / 0x100000000);
}

/** The members that the `nth` Gossip of known members is about. */
export function knownOf(nth: number, members: number): number[] {
  const first = SENDERS + nth * GOSSIP_SIZE;
  return Array.from({ length: GOSSIP_SIZE }, (_, place) => scattered(first + place, members));
}

/** Members that a node which knows `members` does not know. */
export function newcomersOf(members: number): number[] {
  return Array.from({ length: GOSSIP_SIZE }, (_, place) => members + 1 + place);
}

function encodeIdentity(index: number): Uint8Array {
  const bytes = new Uint8Array(64);
  return bytes.slice(0, renewableAddr.schema.write(bincode.dialect, identityOf(index), bytes, 0));
}

/** A datagram to us from member `from`, all Alive at incarnation 0 that it is about; an Announce has no body. */
export function datagram(from: number, kind: MessageKind, probeNumber: number, about: number[]): Uint8Array {
  const out = new Uint8Array(2048);
  const form = { schema: renewableAddr.schema, dialect: bincode.dialect };
  const header = makeHeader<Renewable>(form);
  const source = encodeIdentity(from);
  const destination = encodeIdentity(OURSELVES);
  header.source.set(source, 0, source.length);
  header.destination.set(destination, 0, destination.length);
  header.kind = kind;
  header.probeNumber = probeNumber;
  let at = bincode.writeHeader(header, out, 0);
  if (kind === MessageKind.Announce) return out.slice(0, at);
  out[at++] = about.length >> 8;
  out[at++] = about.length & 255;
  for (const index of about) {
    const identity = encodeIdentity(index);
    at = bincode.writeMember(out, at, out.length, identity, 0, identity.length, 0, State.Alive);
  }
  return out.slice(0, at);
}

/** Which datagrams are handed to a node. */
export type Traffic = "pings" | "gossipKnown" | "gossipNew" | "announces";
export const TRAFFICS: readonly Traffic[] = ["pings", "gossipKnown", "gossipNew", "announces"];

/** One datagram from each of `SENDERS` members. */
export function datagrams(traffic: Traffic, members: number): Uint8Array[] {
  return Array.from({ length: SENDERS }, (_, nth) => {
    const from = scattered(nth, members);
    if (traffic === "pings") return datagram(from, MessageKind.Ping, 1, []);
    if (traffic === "announces") return datagram(from, MessageKind.Announce, 0, []);
    const about = traffic === "gossipKnown" ? knownOf(nth, members) : newcomersOf(members);
    return datagram(from, MessageKind.Gossip, 0, about);
  });
}

/** The same in hex digits, as the Rust bench prints them. */
export function hexOf(traffic: Traffic, members: number): string {
  return datagrams(traffic, members)
    .map((bytes) => Buffer.from(bytes).toString("hex"))
    .join("");
}
