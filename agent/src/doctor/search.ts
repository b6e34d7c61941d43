import { parseEndpoint, type Codec, type Config, type Renewable } from "xswim";
import { SwimNode, type ClusterKey, type DiscoverOptions } from "xswim/node";
import { setTimeout as sleep } from "node:timers/promises";

/** How long a farewell may take to leave the machine. */
const FAREWELL_MS = 200;

/** What to look for. */
export interface SearchOptions {
  /** The local IP address and port to bind. */
  readonly bind: string;
  readonly codec: Codec;
  readonly config: Config;
  readonly keys: readonly ClusterKey[] | undefined;
  readonly cluster: string | undefined;
  readonly discover: DiscoverOptions;
}

/** Looks for members nearby, by multicast DNS and beacons, as an agent does that is given no address. */
export class Search {
  private readonly node: SwimNode<Renewable>;

  constructor({ bind, codec, config, keys, cluster, discover }: SearchOptions) {
    const { address, port } = parseEndpoint(bind);
    this.node = new SwimNode<Renewable>({
      address,
      port,
      codec,
      config,
      discover,
      ...(keys === undefined ? {} : { keys: [...keys] }),
      ...(cluster === undefined ? {} : { cluster }),
      onError: () => undefined,
    });
  }

  /** The address under which it joined what it found. */
  get address(): string {
    return this.node.identity.addr;
  }

  /** The addresses that were found, and those of the members that were heard of by them. */
  get found(): string[] {
    return [...new Set([...this.node.found, ...this.node.members().map(({ identity }) => identity.addr)])];
  }

  async close(): Promise<void> {
    this.node.leave();
    await sleep(FAREWELL_MS);
    this.node.close();
  }
}
