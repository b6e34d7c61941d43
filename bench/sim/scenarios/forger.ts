import { makeHeader, MessageKind, type State } from "../../../core/index.js";
import type { World } from "../world.js";

/** Somebody outside of the cluster who speaks for members that are not there: strangers at addresses that no host has. */
export class Forger {
  readonly count: number;
  private readonly world: World;
  private readonly identities: Uint8Array[] = [];
  /** Who the datagrams say that they come from: one more stranger, of whom nothing else is said. */
  private readonly source: Uint8Array;
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
    bytes[at++] = this.count >> 8;
    bytes[at++] = this.count & 255;
    for (const identity of this.identities)
      at = codec.writeMember(bytes, at, bytes.length, identity, 0, identity.length, incarnation, state);
    world.network.inject(world.nowMs, to, bytes, at);
  }

  private identityBytes(stranger: number): Uint8Array {
    return this.world.encode(this.identity(stranger));
  }
}
