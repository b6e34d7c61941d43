// Many nodes on one fake network, each on a host of its own, and what they told. Engine-free.
import { lan, type Config, type Renewable } from "../../core/index.js";
import {
  FakeNetwork,
  type FakeNetworkOptions,
  type Host,
  type SwimNodeInstance,
} from "../../platform/fake/index.js";
import { ok } from "./assert.js";

const PORT = 7946;

export class Fleet {
  readonly network: FakeNetwork;
  /** By the number of the host; undefined where nothing runs. */
  readonly nodes: (SwimNodeInstance | undefined)[] = [];
  /** What the nodes told, in order: `"3 down 5"`, `"3 renamed 5"`. */
  readonly told: string[] = [];
  private readonly config: Config;

  /** @param size how many nodes the cluster is configured for; none is started */
  constructor(size: number, config: Partial<Config> = {}, options: FakeNetworkOptions = {}) {
    this.network = new FakeNetwork(options);
    this.config = Object.freeze({ ...lan(size), ...config });
  }

  /** As many nodes, the first of which is the seed of all, that all know each other. */
  static joined(size: number, config: Partial<Config> = {}, options: FakeNetworkOptions = {}): Fleet {
    const fleet = new Fleet(size, config, options);
    for (let number = 0; number < size; number++) fleet.start(number, [0]);
    fleet.untilAllKnowAll(60_000);
    fleet.told.length = 0;
    return fleet;
  }

  host(number: number): Host {
    return this.network.host("10.0.0." + (number + 1));
  }

  hosts(numbers: readonly number[]): Host[] {
    return numbers.map((number) => this.host(number));
  }

  /** Starts a node, in the next of the host's lives unless `bump` says another. */
  start(number: number, seeds: readonly number[], bump?: number): void {
    const tell = (what: string, of: Renewable): void => {
      this.told.push(number + " " + what + " " + numberOf(of));
    };
    this.nodes[number] = new (this.host(number).SwimNode)({
      port: PORT,
      seeds: seeds.filter((seed) => seed !== number).map((seed) => this.host(seed).address + ":" + PORT),
      config: this.config,
      ...(bump === undefined ? {} : { bump }),
      onMemberUp: (of) => tell("up", of),
      onMemberDown: (of) => tell("down", of),
      onRename: (_before, after) => tell("renamed", after),
      onRejoin: (as) => tell("rejoined as", as),
    });
  }

  /** Ends a node without a word to the others. */
  crash(number: number): void {
    this.host(number).crash();
    this.nodes[number] = undefined;
  }

  /** Has a node leave, and ends it. */
  leave(number: number): void {
    this.node(number).leave();
    this.node(number).close();
    this.nodes[number] = undefined;
  }

  node(number: number): SwimNodeInstance {
    const node = this.nodes[number];
    if (node === undefined) throw new RangeError("no node runs on host " + number);
    return node;
  }

  /** The numbers of the hosts on which a node runs. */
  get running(): number[] {
    return Array.from(this.nodes.keys()).filter((number) => this.nodes[number] !== undefined);
  }

  /** Whom a node knows, by number. */
  knownTo(number: number): number[] {
    const members = this.node(number).members();
    return members.map((member) => numberOf(member.identity)).sort((a, b) => a - b);
  }

  /** Whether each of these nodes knows all the others of them, and nobody else. */
  allKnowAll(numbers: readonly number[] = this.running): boolean {
    return numbers.every((number) => {
      // First by number, which is soon said: this is asked after every happening.
      if (this.node(number).swim.numMembers !== numbers.length - 1) return false;
      return this.knownTo(number).join() === numbers.filter((other) => other !== number).join();
    });
  }

  /** Lets time pass until all nodes that run know each other and nobody else. Returns the milliseconds. */
  untilAllKnowAll(limitMs: number): number {
    return this.network.runUntil(() => this.allKnowAll(), limitMs);
  }

  /** Nobody was told of a death but of these. */
  onlyDown(...numbers: number[]): void {
    const wrong = this.told.filter(
      (text) => / down /.test(text) && !numbers.includes(Number(text.split(" ")[2])),
    );
    ok(wrong.length === 0, "declared Down though alive: " + wrong.join(", "));
  }

  /** A counter, over all nodes that run. */
  sum(metric: number): number {
    return this.running.reduce((sum, number) => sum + this.node(number).swim.metrics[metric], 0);
  }
}

function numberOf(identity: Renewable): number {
  return Number(identity.addr.split(":")[0].split(".")[3]) - 1;
}
