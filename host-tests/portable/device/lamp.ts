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
import { i16, struct, u8 } from "xswim/schema";

export interface Board {
  port: number;
  seeds: string[];
  store: Store;
  /** The IP address, where the platform does not find the right one. */
  advertise?: string;
}

export interface Light {
  level: number;
  /** Degrees. */
  celsius: number;
}

export class Lamp {
  readonly node: SwimNodeInstance<Renewable, Light>;
  readonly told: string[] = [];

  constructor(SwimNode: SwimNodeConstructor, board: Board) {
    const config: Config = { ...lan(4), maxMembers: 8 };
    const value = struct({ level: u8, celsius: i16 });
    const options: SwimNodeOptions<Renewable, string, typeof value> = {
      port: board.port,
      seeds: board.seeds,
      store: board.store,
      config,
      codec: bincode,
      identityType: renewableAddr,
      value,
      maxValues: 4,
      maxValueBytes: 128,
      compareValuesMs: 2000,
      onValue: ({ level, celsius }, member) =>
        this.told.push(level.toFixed() + " at " + celsius.toFixed() + " of " + member.addr),
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

  /** Shows all others how it shines, also those that come later. */
  show(light: Light): boolean {
    return this.node.publish(light);
  }

  /** How the lamp at an address shines, as far as that is known, and since when in milliseconds. */
  lightOf(address: string): [light: Light | undefined, ageMs: number] {
    return [this.node.value(address), this.node.valueAgeMs(address)];
  }

  others(): string[] {
    const members: NodeMember<Renewable, Light>[] = this.node.members();
    return members.map((member) => member.identity.addr);
  }
}
