// Datagrams written and read by hand, for identities { addr: SocketAddrV4, bump: u64 }. None of this is the code under
// test. Identities, members and messages have short names, so that a test reads like a transcript:
//
//   "2.7"          the member 10.0.0.2:7000 with bump 7
//   "Suspect 2.7@3" it is suspected at incarnation 3
//   "Ping(9) > 2.7 + Alive 3.1@0 * 01ff"   a Ping to it, with an update and a custom broadcast

export type DialectName = "bincode" | "postcard";
export const KINDS = [
  "Ping",
  "Ack",
  "PingReq",
  "IndirectPing",
  "IndirectAck",
  "ForwardedAck",
  "Announce",
  "Feed",
  "Gossip",
  "Broadcast",
  "TurnUndead",
] as const;
export type Kind = (typeof KINDS)[number];
const STATES = ["Alive", "Suspect", "Down"];
const PORT = 7000;

export interface Datagram {
  from: string;
  incarnation: number;
  to: string;
  kind: Kind;
  /** Of probe messages. */
  n?: number;
  /** Target or origin. */
  subject?: string;
  updates: string[];
  /** In hex digits. */
  broadcasts: string[];
}

/** The identity value of a short name. */
export function peer(name: string): { addr: string; bump: number } {
  const [host, bump] = name.split(".");
  return { addr: `10.0.${Number(host) >> 8}.${Number(host) & 255}:${PORT}`, bump: Number(bump) };
}

/** The short name of an identity value; at an address that is none of a test's, the long one. */
export function nameOf(identity: { addr: string; bump: number | string }): string {
  const [ip, port] = identity.addr.split(":");
  const octets = ip.split(".").map(Number);
  const isShort = octets[0] === 10 && octets[1] === 0 && Number(port) === PORT;
  if (!isShort) return identity.addr + "/" + identity.bump;
  return octets[2] * 256 + octets[3] + "." + identity.bump;
}

export class Writer {
  readonly bytes: number[] = [];
  readonly dialect: DialectName;
  constructor(dialect: DialectName) {
    this.dialect = dialect;
  }
  raw(...octets: number[]): this {
    for (const octet of octets) this.bytes.push(octet);
    return this;
  }
  /** An unsigned integer of more than 8 bits. */
  uint(value: number): this {
    if (this.dialect === "postcard") {
      while (value > 127) {
        this.raw((value % 128) + 128);
        value = Math.floor(value / 128);
      }
      return this.raw(value);
    }
    if (value <= 250) return this.raw(value);
    const size = value <= 0xffff ? 2 : value <= 0xffffffff ? 4 : 8;
    this.raw(size === 2 ? 251 : size === 4 ? 252 : 253);
    for (let i = 0; i < size; i++) this.raw(Math.floor(value / 256 ** i) % 256);
    return this;
  }
  peer(name: string): this {
    const [host, bump] = name.split(".");
    const number = Number(host);
    this.raw(10, 0, number >> 8, number & 255).uint(PORT);
    return Number.isSafeInteger(Number(bump)) ? this.uint(Number(bump)) : this.big(BigInt(bump));
  }
  /** One that a number does not hold. */
  big(value: bigint): this {
    if (this.dialect === "postcard") {
      for (; value > 127n; value >>= 7n) this.raw(Number(value % 128n) + 128);
      return this.raw(Number(value));
    }
    this.raw(253);
    for (let i = 0; i < 8; i++) this.raw(Number((value >> BigInt(8 * i)) % 256n));
    return this;
  }
  /** `"Suspect 2.7@3"`. */
  member(text: string): this {
    const [state, identity, incarnation] = text.split(/[ @]/);
    return this.peer(identity).uint(Number(incarnation)).raw(STATES.indexOf(state));
  }
  header(datagram: Datagram): this {
    this.peer(datagram.from).uint(datagram.incarnation).peer(datagram.to).raw(KINDS.indexOf(datagram.kind));
    if (datagram.subject !== undefined) this.peer(datagram.subject);
    return datagram.n === undefined ? this : this.raw(datagram.n);
  }
  get result(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }
}

/** The whole datagram. Without updates and broadcasts there is no count either when `isBare`. */
export function encode(datagram: Datagram, dialect: DialectName = "bincode", isBare = false): Uint8Array {
  const writer = new Writer(dialect).header(datagram);
  const isEmpty = datagram.updates.length + datagram.broadcasts.length === 0;
  if (isEmpty && (isBare || datagram.kind === "Announce")) return writer.result;
  if (datagram.kind !== "Broadcast") {
    writer.raw(datagram.updates.length >> 8, datagram.updates.length & 255);
    for (const update of datagram.updates) writer.member(update);
  }
  for (const item of datagram.broadcasts) {
    const length = item.length / 2;
    writer.raw(length >> 8, length & 255);
    for (let i = 0; i < length; i++) writer.raw(parseInt(item.slice(i * 2, i * 2 + 2), 16));
  }
  return writer.result;
}

class Reader {
  at = 0;
  readonly bytes: Uint8Array;
  readonly dialect: DialectName;
  constructor(bytes: Uint8Array, dialect: DialectName) {
    this.bytes = bytes;
    this.dialect = dialect;
  }
  byte(): number {
    if (this.at >= this.bytes.length) throw new RangeError("the datagram ends too early");
    return this.bytes[this.at++];
  }
  uint(): bigint {
    const first = this.byte();
    if (this.dialect === "postcard") {
      let value = BigInt(first % 128);
      for (let shift = 7n, byte = first; byte > 127; shift += 7n) {
        byte = this.byte();
        value |= BigInt(byte % 128) << shift;
      }
      return value;
    }
    if (first <= 250) return BigInt(first);
    const size = first === 251 ? 2 : first === 252 ? 4 : 8;
    let value = 0n;
    for (let i = 0; i < size; i++) value |= BigInt(this.byte()) << BigInt(8 * i);
    return value;
  }
  peer(): string {
    const ip = [this.byte(), this.byte(), this.byte(), this.byte()].join(".");
    const port = this.uint();
    return nameOf({ addr: ip + ":" + port, bump: String(this.uint()) });
  }
}

/** Takes a datagram apart that the code under test sent; throws when it is not whole. */
export function decode(bytes: Uint8Array, dialect: DialectName = "bincode"): Datagram {
  const reader = new Reader(bytes, dialect);
  const from = reader.peer();
  const incarnation = Number(reader.uint());
  const to = reader.peer();
  const index = reader.byte();
  const datagram: Datagram = { from, incarnation, to, kind: KINDS[index], updates: [], broadcasts: [] };
  if (index >= 2 && index <= 5) datagram.subject = reader.peer();
  if (index <= 5) datagram.n = reader.byte();
  if (reader.at === bytes.length) return datagram;
  if (datagram.kind !== "Broadcast") {
    const count = reader.byte() * 256 + reader.byte();
    for (let i = 0; i < count; i++) {
      const name = reader.peer();
      const at = reader.uint();
      datagram.updates.push(`${STATES[reader.byte()]} ${name}@${at}`);
    }
  }
  while (reader.at < bytes.length) {
    let item = "";
    const length = reader.byte() * 256 + reader.byte();
    for (let i = 0; i < length; i++) item += reader.byte().toString(16).padStart(2, "0");
    datagram.broadcasts.push(item);
  }
  return datagram;
}

/** One line: what it is, to whom, and what it carries. */
export function describe(datagram: Datagram): string {
  let text: string = datagram.kind;
  if (datagram.subject !== undefined) text += `(${datagram.subject}, ${datagram.n})`;
  else if (datagram.n !== undefined) text += `(${datagram.n})`;
  text += " > " + datagram.to;
  for (const update of datagram.updates) text += " + " + update;
  for (const item of datagram.broadcasts) text += " * " + item;
  return text;
}
