// Device code as a user writes it: one file for all platforms. The tests put the names of the other entries in the place
// of "xswim/xs", check the types against each, and run it there.
import {
  bincode,
  lan,
  renewableAddr,
  type Config,
  type NodeMember,
  type Renewable,
  type Store,
  type SwimNodeConstructor,
  type SwimNodeInstance,
  type SwimNodeOptions,
} from "xswim/xs";

export interface Board {
  port: number;
  seeds: string[];
  store: Store;
  /** The IP address, where the platform does not find the right one. */
  advertise?: string;
}

export class Lamp {
  readonly node: SwimNodeInstance;
  readonly told: string[] = [];

  constructor(SwimNode: SwimNodeConstructor, board: Board) {
    const config: Config = { ...lan(4), maxMembers: 8 };
    const options: SwimNodeOptions = {
      port: board.port,
      seeds: board.seeds,
      store: board.store,
      config,
      codec: bincode,
      identityType: renewableAddr,
      onMemberUp: (member) => this.told.push("up " + member.addr),
      onMemberDown: (member) => this.told.push("down " + member.addr),
      onBroadcast: (bytes, from) =>
        this.told.push(String.fromCharCode(bytes[0]) + " from " + from.toUpperCase()),
    };
    if (board.advertise !== undefined) options.advertise = board.advertise;
    this.node = new SwimNode(options);
  }

  /** Says something to the others. */
  say(letter: string): boolean {
    return this.node.broadcast(Uint8Array.of(letter.charCodeAt(0)));
  }

  others(): string[] {
    const members: NodeMember<Renewable>[] = this.node.members();
    return members.map((member) => member.identity.addr);
  }
}
