// The member table as it is written without a device in mind: an object a member, found by its address in text. What the
// columns of core/members.ts are measured against; both hold the same about each member.

export interface TwinMember {
  identity: { addr: string; bump: number };
  incarnation: number;
  state: "Alive" | "Suspect" | "Down";
  /** When a suspicion runs out, or a Down member is forgotten. */
  deadlineMs: number;
  /** How often the update is still to be sent. */
  remaining: number;
}

export class Twin {
  private readonly members = new Map<string, TwinMember>();
  /** In the order of probing. */
  private readonly order: TwinMember[] = [];

  insert(addr: string, bump: number): void {
    const member: TwinMember = {
      identity: { addr, bump },
      incarnation: 0,
      state: "Alive",
      deadlineMs: Infinity,
      remaining: 0,
    };
    this.members.set(addr, member);
    this.order.push(member);
  }

  /** The member that a datagram names by four bytes of address and, after a byte that tells its form, the port. */
  find(bytes: Uint8Array, at: number): TwinMember | undefined {
    const host = `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
    return this.members.get(host + ":" + (bytes[at + 5] | (bytes[at + 6] << 8)));
  }
}
