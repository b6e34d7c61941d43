import { bincode, IdentityRef, type Config, type Swim } from "../../core/index.js";
import type { Members } from "../../core/members.js";
import { PERFECT } from "../sim/faults.js";
import { NAMINGS, type Naming } from "../sim/identities.js";
import { introduce, subjectOf, tapMembers, type Tap } from "../sim/inside.js";
import { Network } from "../sim/network.js";
import { Chance, mix } from "../sim/random.js";
import { Timeline } from "../sim/timeline.js";
import type { HostValues } from "../sim/values.js";
import { Member } from "./member.js";
import { Watch } from "./watch.js";

/** What a crowd is made with. */
export interface CrowdOptions {
  count: number;
  seed: number;
  config: Config;
  /** Where not all hosts have the same settings. */
  configOf?(host: number): Config;
  /** The hosts that others join by; the first one when left out. */
  numSeeds?: number;
}

/**
 * Thousands of cores in virtual time, on the simulator's queue and network. The simulator's `World` keeps 19 bytes for each
 * pair of hosts, which are 5 GB for 16,384 of them; a crowd keeps books of those hosts alone that somebody watches.
 */
export class Crowd implements Tap {
  readonly time: Timeline;
  readonly network: Network;
  readonly members: Member[] = [];
  readonly naming: Naming = NAMINGS.renewableV4;
  readonly codec = bincode;
  readonly chance: Chance;
  readonly options: CrowdOptions;
  /** Makes the values of a host's core when it starts; undefined where nobody has values. */
  valuesFor: ((host: number, config: Config) => HostValues) | undefined = undefined;
  /** Told when a host's table has changed. */
  onChange: ((observer: number, members: Members<unknown>) => void) | undefined = undefined;
  private readonly watches: (Watch | undefined)[];
  private readonly seeds: readonly unknown[];
  /** The identities of all hosts, in bytes. */
  readonly identities: readonly Uint8Array[];

  constructor(options: CrowdOptions) {
    const { count, seed } = options;
    this.options = options;
    this.chance = new Chance(seed, 1);
    this.time = new Timeline(
      {
        deliver: (datagram) => this.deliver(datagram),
        wake: (host) => this.members[host].wake(),
        thaw: () => undefined,
      },
      () => undefined,
    );
    this.network = new Network(count, PERFECT, this.time.queue, new Chance(seed, 2));
    this.watches = new Array<Watch | undefined>(count).fill(undefined);
    this.identities = Array.from({ length: count }, (_, host) => this.encode(host));
    this.seeds = Array.from({ length: options.numSeeds ?? 1 }, (_, host) => this.naming.make(host, 1));
    for (let host = 0; host < count; host++) this.members.push(new Member(this, host));
  }

  get nowMs(): number {
    return this.time.nowMs;
  }

  /** The core of a host that runs. */
  swimOf(host: number): Swim<unknown> {
    const { swim } = this.members[host];
    if (swim === undefined) throw new Error(`host ${host} is off`);
    return swim;
  }

  /** Starts a host, which joins by the seeds. */
  start(host: number): void {
    this.make(host, this.seeds);
    this.members[host].arm();
  }

  /** Starts a host that knows the others of `known` from the start, as if they had always been there. It calls no seeds. */
  startKnowing(host: number, known: readonly number[]): void {
    const swim = this.make(host, []);
    const { schema } = this.naming.type;
    const ref = new IdentityRef({ schema, dialect: this.codec.dialect }, new Uint8Array(0));
    for (const other of known) {
      if (other === host) continue;
      const bytes = this.identities[other];
      ref.set(bytes, 0, bytes.length);
      introduce(swim, ref);
    }
    // Connects, and asks for the first wake-up.
    swim.applyMany([], false);
    this.members[host].arm();
  }

  /** Starts the first `count` hosts, each at a random point of its period and with the members that `knownOf` says. */
  startSettled(count: number, knownOf: (host: number) => readonly number[]): void {
    const { probePeriodMs } = this.options.config;
    for (let host = 0; host < count; host++)
      this.time.plan(this.chance.fraction() * probePeriodMs, () => this.startKnowing(host, knownOf(host)));
    this.time.run(probePeriodMs);
  }

  /** Ends a host without a word. */
  crash(host: number): void {
    this.members[host].crash();
    for (const watch of this.watches) watch?.lost(host);
  }

  /** Keeps books of who holds a host, from now on. */
  watch(subject: number): Watch {
    const watch = new Watch(this, subject);
    this.watches[subject] = watch;
    return watch;
  }

  /** For the tap: a table changed. */
  changed(observer: number, members: Members<unknown>, slot: number, isRemoved: boolean): void {
    const subject = subjectOf(members, slot, this.naming);
    this.watches[subject]?.changed(observer, isRemoved ? undefined : members.state(slot));
    if (this.onChange !== undefined) this.onChange(observer, members);
  }

  /** The settings of a host. */
  configOf(host: number): Config {
    const { options } = this;
    return options.configOf === undefined ? options.config : options.configOf(host);
  }

  private make(host: number, seeds: readonly unknown[]): Swim<unknown> {
    const member = this.members[host];
    const swim = member.start(seeds, mix(this.options.seed, host + 16), this.configOf(host));
    tapMembers(swim, member, this);
    return swim;
  }

  private deliver(datagram: number): void {
    const { network } = this;
    this.members[network.destination(datagram)].deliver(network.bytes(datagram), network.length(datagram));
    network.release(datagram);
  }

  private encode(host: number): Uint8Array {
    const { schema } = this.naming.type;
    const { dialect } = this.codec;
    const bytes = new Uint8Array(schema.maxLength(dialect));
    return bytes.slice(0, schema.write(dialect, this.naming.make(host, 1), bytes, 0));
  }
}
