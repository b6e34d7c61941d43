import { IdentityRef, type Codec, type Config, type Swim } from "../../core/index.js";
import type { Seal } from "../../platform/shared/seal.js";
import { Books } from "./books.js";
import type { Checker } from "./checkers/checker.js";
import type { Environment } from "./environment.js";
import type { Faults } from "./faults.js";
import { FocaNode } from "./foca-node.js";
import { FocaProcess } from "./foca-process.js";
import { Host } from "./host.js";
import type { Naming } from "./identities.js";
import { introduce, tapMembers, tapRecords, tapSelf } from "./inside.js";
import { Network } from "./network.js";
import { Kind, type Queue } from "./queue.js";
import { Chance, mix } from "./random.js";
import { Timeline } from "./timeline.js";
import type { HostValues } from "./values.js";

/** Happenings in a virtual second, for each host, that are a storm: a busy cluster has a tenth of that. */
const STORM_PER_HOST = 2000;

/** What a world is made with. */
export interface WorldOptions {
  numHosts: number;
  seed: number;
  configOf(host: number): Config;
  naming: Naming;
  codec: Codec;
  faults: Faults;
  /** Hosts that others join by; 1 when left out. */
  numSeeds?: number;
  /** Hosts that run foca in the place of our core, anywhere among the others; none when left out. */
  numFoca?: number;
  /** The hosts among which those are, from the first on; all when left out. */
  numFocaAmong?: number;
  /** The life that every host has when it first starts; 1 when left out. */
  firstLife?: number;
  /** Makes the checkers; none when left out. */
  checkersFor?(world: World): Checker[];
  /** For tests of the checkers: breaks a core right after it was made. */
  breakCore?(swim: Swim<unknown>, host: number): void;
}

/** Hosts with a core each, the network between them, and the virtual time in which all of it happens. */
export class World implements Environment {
  readonly time: Timeline;
  readonly books: Books;
  readonly hosts: Host[] = [];
  readonly network: Network;
  /** For the scenario; the network and the hosts have generators of their own. */
  readonly chance: Chance;
  readonly naming: Naming;
  readonly codec: Codec;
  readonly options: WorldOptions;
  /** Told of every virtual second, for progress. */
  onSecond: (() => void) | undefined = undefined;
  /** Whether a host that thaws runs its timers before it reads its socket, as Node does after a blocked loop. */
  timersFirst = false;
  /** Makes the seal of a host's core when it starts, in a world whose nodes have keys. */
  sealFor: ((host: number) => Seal) | undefined = undefined;
  /** Makes the values of a host's core when it starts, in a world whose nodes have values. */
  valuesFor: ((host: number) => HostValues) | undefined = undefined;
  /** Those that the hosts have in their first lives, in bytes. */
  private readonly firstIdentities: Uint8Array[] = [];

  constructor(options: WorldOptions) {
    const { numHosts, seed, naming } = options;
    this.options = options;
    this.naming = naming;
    this.codec = options.codec;
    this.chance = new Chance(seed, 1);
    this.time = new Timeline(
      {
        deliver: (datagram) => this.hosts[this.network.destination(datagram)].deliver(datagram),
        wake: (host) => this.hosts[host].wake(),
        thaw: (host) => this.hosts[host].thaw(),
      },
      () => this.storm("the hosts keep each other busy without end"),
    );
    this.network = new Network(numHosts, options.faults, this.queue, new Chance(seed, 2));
    this.books = new Books(numHosts, this.time, naming, this.network);
    const numFoca = options.numFoca ?? 0;
    if (numFoca > 0) FocaProcess.get().begin(naming.name, this.codec.dialect.name);
    const foca = new Set(new Chance(seed, 3).sample(options.numFocaAmong ?? numHosts, numFoca));
    for (let i = 0; i < numHosts; i++) {
      const config = options.configOf(i);
      this.hosts.push(new Host(this, i, config, foca.has(i), this.firstLife));
      this.truth.isPartial[i] = config.maxMembers < numHosts - 1 && !foca.has(i) ? 1 : 0;
    }
    this.books.checkers = options.checkersFor?.(this) ?? [];
    this.everySecond();
  }

  get nowMs(): number {
    return this.time.nowMs;
  }

  get queue(): Queue {
    return this.time.queue;
  }

  get truth(): Books["truth"] {
    return this.books.truth;
  }

  get beliefs(): Books["beliefs"] {
    return this.books.beliefs;
  }

  get disagreements(): Books["disagreements"] {
    return this.books.disagreements;
  }

  get onTransition(): Books["onTransition"] {
    return this.books.onTransition;
  }

  /** The life that every host has when it first starts. */
  get firstLife(): number {
    return this.options.firstLife ?? 1;
  }

  /** Hosts that others join by, unless they are told of others. */
  get seeds(): number[] {
    return Array.from({ length: this.options.numSeeds ?? 1 }, (_, i) => i);
  }

  get seed(): number {
    return this.options.seed;
  }

  /** Calls `action` in `ms` milliseconds. */
  plan(ms: number, action: () => void): void {
    this.time.plan(ms, action);
  }

  /** Lets `ms` milliseconds pass. */
  run(ms: number): void {
    this.time.run(ms);
  }

  /** Lets time pass until `condition`, looked at after every happening; returns the milliseconds, or Infinity. */
  runUntil(condition: () => boolean, limitMs: number): number {
    return this.time.runUntil(condition, limitMs);
  }

  /** The same until no host holds a wrong belief of another. */
  runUntilAgreed(limitMs: number): number {
    return this.runUntil(() => this.disagreements.total === 0, limitMs);
  }

  /**
   * Starts a host. It joins by `seeds` (the first hosts, when left out), or knows from the start, as if it had
   * always been there, the first so many hosts. It takes the life after its latest one, unless `life` is given.
   */
  start(index: number, seeds = this.seeds, numKnown = 0, life?: number): void {
    const host = this.hosts[index];
    const identities: unknown[] = [];
    for (const seed of seeds) if (seed !== index) identities.push(this.naming.make(seed, 0));
    host.start(identities, mix(mix(this.seed, index + 16), host.starts), life);
    host.contacts = [...seeds, ...host.joining.rememberedPeers().map((peer) => this.hostOf(peer))];
    if (host.swim !== undefined) {
      this.options.breakCore?.(host.swim, index);
      tapMembers(host.swim, host, this.books);
      tapSelf(host.swim, host, this.books);
      if (host.values !== undefined) tapRecords(host.values.keeper, host.swim, host, this.books);
    }
    this.books.started(index, this.naming.canRenew ? host.life : 0);
    if (numKnown > 0) this.prefill(host, numKnown);
    host.arm();
  }

  /** Starts all hosts at once, all knowing each other, each at a random point of its period. */
  startSettled(count = this.hosts.length): void {
    for (let i = 0; i < count; i++) {
      this.plan(this.chance.fraction() * this.hosts[i].config.probePeriodMs, () =>
        this.start(i, this.seeds, count),
      );
    }
    this.run(Math.max(...this.hosts.map((host) => host.config.probePeriodMs)));
  }

  /** Ends a host without a word. */
  crash(index: number): void {
    this.hosts[index].crash();
    this.beliefs.forgetAll(index);
    this.books.gone(index);
  }

  /** Has a host leave the cluster; it runs on until it is crashed. */
  leave(index: number): void {
    const host = this.hosts[index];
    host.leave();
    this.books.gone(index);
    host.node?.leaveCluster();
  }

  /** Has a host take a nap: it says so, and then neither sends nor hears anything until `wake`. */
  nap(index: number, ms: number): void {
    const host = this.hosts[index];
    host.nap(ms);
    this.books.gone(index);
  }

  /** Ends a host's nap. */
  wake(index: number): void {
    const host = this.hosts[index];
    this.books.started(index, host.life + 1);
    host.endNap();
  }

  /** Freezes a host: timers are late, datagrams wait. With `radioOff`, what is sent to it is lost. */
  freeze(index: number, ms: number, radioOff = false): void {
    const host = this.hosts[index];
    host.frozenUntilMs = Math.max(host.frozenUntilMs, this.nowMs + ms);
    if (radioOff) host.asleepUntilMs = Math.max(host.asleepUntilMs, this.nowMs + ms);
    this.truth.disturb(index, host.frozenUntilMs);
    this.queue.push(this.nowMs + ms, Kind.Thaw, index);
  }

  /** Holds what a host sends and receives, while its timers run on: Lifeguard's slow message processing. */
  block(index: number, ms: number): void {
    const host = this.hosts[index];
    host.blockedUntilMs = Math.max(host.blockedUntilMs, this.nowMs + ms);
    this.truth.disturb(index, host.blockedUntilMs);
    this.queue.push(this.nowMs + ms, Kind.Thaw, index);
  }

  /** Puts a host into a group that hears only itself. */
  setGroup(index: number, group: number): void {
    this.network.groupOf[index] = group;
    this.books.reconnected(index);
  }

  /** Takes a host's link down, or up again. */
  setLink(index: number, isUp: boolean): void {
    this.network.isOff[index] = isUp ? 0 : 1;
    this.books.reconnected(index);
  }

  /** The host of an identity as a value. */
  hostOf(identity: unknown): number {
    return this.naming.hostOf(this.encode(identity), 0);
  }

  /** An identity in bytes. */
  encode(identity: unknown): Uint8Array {
    const { schema } = this.naming.type;
    const { dialect } = this.codec;
    const bytes = new Uint8Array(schema.maxLength(dialect));
    return bytes.slice(0, schema.write(dialect, identity, bytes, 0));
  }

  /** Whether a host runs, has not left, and was healthy all along since `sinceMs`. */
  isHealthy(index: number, sinceMs = this.nowMs): boolean {
    return this.truth.isHealthy(index, sinceMs);
  }

  /** Notes what no node may do. */
  violate(checker: string, text: string): void {
    this.books.violate(checker, text);
  }

  /** Ends a run that would not come to an end. */
  storm(text: string): void {
    if (this.time.stop()) this.violate("storm", text);
  }

  private prefill({ swim, node, index }: Host, count: number): void {
    const { schema } = this.naming.type;
    const known: Uint8Array[] = [];
    for (let i = 0; i < count; i++) {
      const first = (this.firstIdentities[i] ??= this.encode(this.naming.make(i, this.firstLife)));
      if (i !== index) known.push(first);
    }
    if (node instanceof FocaNode) return node.know(Buffer.concat(known));
    if (swim === undefined) return;
    const ref = new IdentityRef({ schema, dialect: this.codec.dialect }, new Uint8Array(0));
    for (const bytes of known) {
      ref.set(bytes, 0, bytes.length);
      introduce(swim, ref);
    }
    // Connects, and asks for the first wake-up.
    swim.applyMany([], false);
  }

  /** A host that knows nobody cannot join while none of those that it was told of can be reached. */
  private excuseLonely(index: number): void {
    const { node, contacts } = this.hosts[index];
    if (node === undefined || node.isConnected) return;
    for (const seed of contacts) {
      if (seed !== index && this.truth.isLive[seed] === 1 && this.network.connects(seed, index)) return;
    }
    this.truth.disturb(index, this.nowMs);
  }

  private everySecond(): void {
    this.time.stormAt = this.time.happened + STORM_PER_HOST * (this.hosts.length + 10);
    for (let host = 0; host < this.hosts.length; host++) this.excuseLonely(host);
    for (const checker of this.books.checkers) checker.second?.();
    if (this.onSecond !== undefined) this.onSecond();
    this.plan(1000, () => this.everySecond());
  }
}
