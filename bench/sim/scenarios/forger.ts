import { makeHeader, MessageKind, State } from "../../../core/index.js";
import type { World } from "../world.js";

/** The number of a stranger beyond all that are forged. */
const SOURCE = 1 << 16;
/** The first life of forged members that come in many lives: as long in bytes as all that follow. */
const FIRST_LIFE = 100_000;

/** Somebody outside of the cluster who speaks for members that are not there: strangers at addresses that no host has. */
export class Forger {
  readonly count: number;
  private readonly world: World;
  private readonly identities: Uint8Array[] = [];
  /** Who the datagrams say that they come from: one more stranger, of whom nothing else is said. */
  private source: Uint8Array;
  private sourceLife = FIRST_LIFE;
  private readonly bytes = new Uint8Array(65507);

  constructor(world: World, count: number) {
    this.world = world;
    this.count = count;
    for (let i = 0; i < count; i++) this.identities.push(this.identityBytes(i));
    this.source = this.identityBytes(count);
  }

  /** One of the strangers. */
  identity(stranger: number): unknown {
    return this.world.naming.make(this.world.hosts.length + stranger, 1);
  }

  /** Tells a host, in one Gossip, that all strangers have that state at that incarnation. */
  tell(to: number, incarnation: number, state: State): void {
    this.send(to, this.identities, incarnation, state);
  }

  /** Tells a host, in one Gossip, that some strangers, from `first` on, are Alive in their lives of that number. */
  introduce(to: number, first: number, count: number, life: number): void {
    const identities: Uint8Array[] = [];
    // Who was declared Down is not listened to, so each Gossip comes from a later life of that stranger.
    this.source = this.identityBytes(SOURCE, this.sourceLife++);
    for (let i = 0; i < count; i++) identities.push(this.identityBytes(first + i, FIRST_LIFE + life));
    this.send(to, identities, 0, State.Alive);
  }

  /** Bytes of a Gossip that `introduce` sends to a host, without members, and of each of its members. */
  get sizes(): { header: number; member: number } {
    this.source = this.identityBytes(SOURCE, this.sourceLife);
    const header = this.write(0, [], 0, State.Alive);
    const member = this.write(0, [this.source], 0, State.Alive) - header;
    return { header, member };
  }

  private send(to: number, identities: readonly Uint8Array[], incarnation: number, state: State): void {
    const { world } = this;
    const length = this.write(to, identities, incarnation, state);
    world.network.inject(world.nowMs, to, this.bytes, length);
  }

  /** Writes a Gossip to a host; returns its length. */
  private write(to: number, identities: readonly Uint8Array[], incarnation: number, state: State): number {
    const { world, bytes, source } = this;
    const { codec, naming, hosts } = world;
    const { schema } = naming.type;
    const header = makeHeader({ schema, dialect: codec.dialect });
    const destination = world.encode(naming.make(to, hosts[to].life));
    header.source.set(source, 0, source.length);
    header.destination.set(destination, 0, destination.length);
    header.sourceIncarnation = incarnation;
    header.kind = MessageKind.Gossip;
    let at = codec.writeHeader(header, bytes, 0);
    bytes[at++] = identities.length >> 8;
    bytes[at++] = identities.length & 255;
    for (const identity of identities)
      at = codec.writeMember(bytes, at, bytes.length, identity, 0, identity.length, incarnation, state);
    return at;
  }

  private identityBytes(stranger: number, life = 1): Uint8Array {
    const { naming, hosts } = this.world;
    return this.world.encode(naming.make(hosts.length + stranger, life));
  }
}
