// The least that answering a Ping can take in this language: a program in a straight line that knows by heart where
// everything stands in one kind of datagram, who its members are, and what it answers. It has no other message, no other
// form of an identity, no news, no counters, and its table is no table: a member's row is the last byte of its address.
// `answerPing` of the core is measured against it.

/** An identity is as long, as `renewableV4` writes it with bincode. */
const IDENTITY = 12;
const ROWS = 256;
const OWN_AT = ROWS * IDENTITY;
const ACK_AT = OWN_AT + IDENTITY;
// A Ping: the sender, its incarnation, the receiver, the kind, the number of the probe, and how many updates follow.
const SOURCE = 0;
const DESTINATION = 13;
const KIND = 25;
const NUMBER = 26;
const PING_LENGTH = 29;
const ACK = 1;

type Send = (to: number, data: Uint8Array, start: number, end: number) => void;

export class Floor {
  /** Rows of identities | our own | the Ack. */
  private readonly bytes = new Uint8Array(ACK_AT + PING_LENGTH);
  private readonly words = new Int32Array(this.bytes.buffer, 0, ACK_AT / 4);
  private readonly send: Send;

  constructor(own: Uint8Array, members: readonly Uint8Array[], send: Send) {
    for (const member of members) this.bytes.set(member, member[3] * IDENTITY);
    this.bytes.set(own, OWN_AT);
    this.bytes.set(own, ACK_AT);
    this.bytes[ACK_AT + KIND] = ACK;
    this.send = send;
  }

  /** Answers a Ping of a member to us; whether it did. */
  answerPing(ping: Uint8Array): boolean {
    const words = this.words;
    const row = ping[3] * IDENTITY;
    if (
      ping.length !== PING_LENGTH ||
      ping[KIND] !== 0 ||
      words[row >> 2] !== word(ping, SOURCE) ||
      words[(row >> 2) + 1] !== word(ping, SOURCE + 4) ||
      words[(row >> 2) + 2] !== word(ping, SOURCE + 8) ||
      words[OWN_AT / 4] !== word(ping, DESTINATION) ||
      words[OWN_AT / 4 + 1] !== word(ping, DESTINATION + 4) ||
      words[OWN_AT / 4 + 2] !== word(ping, DESTINATION + 8)
    )
      return false;
    const bytes = this.bytes;
    bytes.copyWithin(ACK_AT + DESTINATION, row, row + IDENTITY);
    bytes[ACK_AT + NUMBER] = ping[NUMBER];
    this.send(row, bytes, ACK_AT, ACK_AT + PING_LENGTH);
    return true;
  }
}

function word(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}
