import { IdentityRef, State, type Codec, type Config, type Swim } from "../../core/index.js";
import type { Members } from "../../core/members.js";
import {
  Beliefs,
  subjectOf,
  tapMembers,
  tapSelf,
  UNKNOWN,
  type Belief,
  type SelfTap,
  type Tap,
  type Transition,
} from "./beliefs.js";
import type { Checker, Violation } from "./checkers/checker.js";
import type { Faults } from "./faults.js";
import { Host, RECEIVE_QUEUE } from "./host.js";
import type { Naming } from "./identities.js";
import { Network } from "./network.js";
import { Kind, Queue } from "./queue.js";
import { Chance, mix } from "./random.js";
import { Disagreements, Truth } from "./truth.js";

/** Wake-ups of one host at one moment that are a storm. */
const STORM = 10_000;
/** Happenings in a virtual second, for each host, that are one: a busy cluster has a tenth of that. */
const STORM_PER_HOST = 2000;
/** Violations kept in words; the rest is counted. */
const KEPT = 20;

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
  /** Makes the checkers; none when left out. */
  checkersFor?(world: World): Checker[];
  /** For tests of the checkers: breaks a core right after it was made. */
  breakCore?(swim: Swim<unknown>, host: number): void;
}

/** Hosts with a core each, the network between them, and the virtual time in which all of it happens. */
export class World implements Tap, SelfTap {
  nowMs = 0;
  /** Happenings so far. */
  happened = 0;
  readonly hosts: Host[] = [];
  readonly network: Network;
  readonly truth: Truth;
  readonly beliefs: Beliefs;
  readonly disagreements: Disagreements;
  /** For the scenario; the network and the hosts have generators of their own. */
  readonly chance: Chance;
  readonly naming: Naming;
  readonly codec: Codec;
  readonly options: WorldOptions;
  readonly violations: Violation[] = [];
  numViolations = 0;
  /** Told of every change in what a host holds. */
  readonly onTransition: ((transition: Transition) => void)[] = [];
  /** Told of every virtual second, for progress. */
  onSecond: (() => void) | undefined = undefined;
  /** Whether a host that thaws runs its timers before it reads its socket, as Node does after a blocked loop. */
  timersFirst = false;
  private readonly queue = new Queue();
  private readonly checkers: Checker[];
  private readonly actions: (() => void)[] = [];
  private readonly freeActions: number[] = [];
  private isStopped = false;
  /** How many happenings end the present second as a storm. */
  private stormAt = Infinity;

  constructor(options: WorldOptions) {
    const { numHosts, seed } = options;
    this.options = options;
    this.naming = options.naming;
    this.codec = options.codec;
    this.chance = new Chance(seed, 1);
    this.network = new Network(numHosts, options.faults, this.queue, new Chance(seed, 2));
    this.truth = new Truth(numHosts);
    this.beliefs = new Beliefs(numHosts);
    this.disagreements = new Disagreements(this.beliefs, this.truth, this.network);
    for (let i = 0; i < numHosts; i++) {
      const config = options.configOf(i);
      this.hosts.push(new Host(this, i, config));
      this.truth.isPartial[i] = config.maxMembers < numHosts - 1 ? 1 : 0;
    }
    this.checkers = options.checkersFor?.(this) ?? [];
    this.everySecond();
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
    const id = this.freeActions.pop() ?? this.actions.length;
    this.actions[id] = action;
    this.queue.push(this.nowMs + ms, Kind.Action, id);
  }

  /** Lets `ms` milliseconds pass. */
  run(ms: number): void {
    const untilMs = this.nowMs + ms;
    while (this.queue.nextMs <= untilMs && !this.isStopped) this.step();
    this.nowMs = untilMs;
  }

  /** Lets time pass until `condition`, looked at after every happening; returns the milliseconds, or Infinity. */
  runUntil(condition: () => boolean, limitMs: number): number {
    const startMs = this.nowMs;
    while (!condition()) {
      if (this.queue.nextMs > startMs + limitMs || this.isStopped) {
        this.nowMs = startMs + limitMs;
        return Infinity;
      }
      this.step();
    }
    return this.nowMs - startMs;
  }

  /** Lets the next happening happen. */
  step(): void {
    const queue = this.queue;
    queue.shift();
    this.nowMs = queue.atMs;
    if (++this.happened > this.stormAt) this.storm("the hosts keep each other busy without end");
    const id = queue.id;
    if (queue.kind === Kind.Datagram) this.deliver(id);
    else if (queue.kind === Kind.Wake) this.wake(this.hosts[id]);
    else if (queue.kind === Kind.Thaw) this.thaw(this.hosts[id]);
    else {
      const action = this.actions[id];
      this.freeActions.push(id);
      action();
    }
  }

  /**
   * Starts a host. It joins by `seeds` (the first hosts, when left out), or knows `known` from the start as if it
   * had always been there.
   */
  start(index: number, seeds = this.seeds, known?: readonly IdentityRef<unknown>[]): void {
    const host = this.hosts[index];
    const identities: unknown[] = [];
    for (const seed of seeds) if (seed !== index) identities.push(this.naming.make(seed, 0));
    const swim = host.start(identities, mix(mix(this.seed, index + 16), host.starts));
    this.options.breakCore?.(swim, index);
    tapMembers(swim["cluster"].members, index, this);
    tapSelf(swim, index, this);
    this.truth.isLive[index] = 1;
    this.truth.numLive++;
    this.truth.incarnationOf[index] = 0;
    this.truth.lifeOf[index] = this.naming.lifeOfValue(swim.identity);
    this.truth.firstLifeOf[index] = this.truth.lifeOf[index];
    this.truth.disturb(index, this.nowMs);
    this.disagreements.judgeHost(this.nowMs, index);
    if (known !== undefined) this.prefill(swim, index, known);
    this.arm(host);
  }

  /** Starts all hosts at once, all knowing each other, each at a random point of its period. */
  startSettled(count = this.hosts.length): void {
    const refs: IdentityRef<unknown>[] = [];
    for (let i = 0; i < count; i++) refs.push(this.reference(i));
    for (let i = 0; i < count; i++) {
      const known = refs;
      this.plan(this.chance.fraction() * this.hosts[i].config.probePeriodMs, () =>
        this.start(i, this.seeds, known),
      );
    }
    this.run(Math.max(...this.hosts.map((host) => host.config.probePeriodMs)));
  }

  /** Ends a host without a word. */
  crash(index: number): void {
    const host = this.hosts[index];
    host.swim = undefined;
    host.coreMs = Infinity;
    host.joiner.stop();
    host.frozenUntilMs = 0;
    host.asleepUntilMs = 0;
    host.blockedUntilMs = 0;
    for (const datagram of host.waiting.splice(0)) this.network.release(datagram);
    this.beliefs.forgetAll(index);
    this.gone(index);
  }

  /** Has a host leave the cluster; it runs on until it is crashed. */
  leave(index: number): void {
    const host = this.hosts[index];
    host.hasLeft = true;
    host.joiner.stop();
    this.gone(index);
    host.swim?.leaveCluster();
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
    this.reconnected(index);
  }

  /** Takes a host's link down, or up again. */
  setLink(index: number, isUp: boolean): void {
    this.network.isOff[index] = isUp ? 0 : 1;
    this.reconnected(index);
  }

  /** The host of an identity as a value. */
  hostOf(identity: unknown): number {
    const { type } = this.naming;
    const bytes = new Uint8Array(type.schema.maxLength(this.codec.dialect));
    type.schema.write(this.codec.dialect, identity, bytes, 0);
    return this.naming.hostOf(bytes, 0);
  }

  /** Whether a host runs, has not left, and was healthy all along since `sinceMs`. */
  isHealthy(index: number, sinceMs = this.nowMs): boolean {
    return this.truth.isLive[index] === 1 && this.truth.healthyMsOf[index] <= sinceMs;
  }

  /** Notes what no core may do. */
  violate(checker: string, text: string): void {
    this.numViolations++;
    if (this.violations.length < KEPT) this.violations.push({ checker, atMs: this.nowMs, text });
  }

  /** For hosts: sets the wake-up. */
  arm(host: Host): void {
    const dueMs = Math.min(host.coreMs, host.joiner.nextMs);
    if (dueMs >= host.plannedMs) return;
    host.plannedMs = dueMs;
    this.queue.push(dueMs, Kind.Wake, host.index);
  }

  /** For hosts. */
  send(host: Host, to: IdentityRef<unknown>, data: Uint8Array, length: number): void {
    const swim = host.swim as Swim<unknown>;
    const index = host.index;
    if (swim.incarnation !== this.truth.incarnationOf[index]) this.incarnated(host, swim);
    const sentMs = Math.max(this.nowMs, host.blockedUntilMs);
    this.network.send(sentMs, index, this.naming.hostOf(to.bytes, to.at), data, length);
  }

  /** For hosts: one took its renewed identity. */
  renewed(host: Host): void {
    const life = host.life;
    const index = host.index;
    if (life === this.truth.lifeOf[index]) return;
    for (const checker of this.checkers) checker.renewed?.(index, life, this.truth.lifeOf[index]);
    this.truth.lifeOf[index] = life;
    this.truth.incarnationOf[index] = 0;
    this.disagreements.judgeHost(this.nowMs, index);
  }

  /** For hosts: one that did not leave was declared Down and cannot renew. */
  becameDefunct(host: Host): void {
    if (!host.hasLeft && this.truth.isLive[host.index] === 1) this.gone(host.index);
  }

  /** For the tap: a table changed. */
  changed(observer: number, members: Members<unknown>, slot: number, isRemoved: boolean): void {
    const subject = subjectOf(members, slot, this.naming);
    if (subject < 0 || subject >= this.hosts.length) return;
    const life = this.naming.lifeOf(members.dialect, members.rows, members.identityAt(slot));
    const state: Belief = isRemoved ? UNKNOWN : members.state(slot);
    const incarnation = members.incarnation(slot);
    const transition = this.beliefs.enter(this.nowMs, observer, subject, life, incarnation, state);
    for (let i = 0; i < this.checkers.length; i++) this.checkers[i].transition?.(transition);
    this.disagreements.judge(this.nowMs, observer, subject);
    for (let i = 0; i < this.onTransition.length; i++) this.onTransition[i](transition);
  }

  /** For the tap: a host was told something of itself. */
  heardOfSelf(host: number, incarnation: number, state: State, isAnswered: boolean): void {
    for (const checker of this.checkers) checker.heardOfSelf?.(host, incarnation, state, isAnswered);
  }

  private prefill(swim: Swim<unknown>, index: number, known: readonly IdentityRef<unknown>[]): void {
    const cluster = swim["cluster"];
    for (let i = 0; i < known.length; i++) {
      if (i !== index) cluster.learn(known[i], 0, State.Alive, false);
    }
    // Connects, and asks for the first wake-up.
    swim.applyMany([], false);
  }

  /** The identity of a host's first life, in bytes. */
  private reference(index: number): IdentityRef<unknown> {
    const { type } = this.naming;
    const bytes = new Uint8Array(type.schema.maxLength(this.codec.dialect));
    const length = type.schema.write(this.codec.dialect, this.naming.make(index, 1), bytes, 0);
    const ref = new IdentityRef({ schema: type.schema, dialect: this.codec.dialect }, bytes);
    ref.set(bytes, 0, length);
    return ref;
  }

  private gone(index: number): void {
    if (this.truth.isLive[index] === 1) this.truth.numLive--;
    this.truth.isLive[index] = 0;
    this.disagreements.judgeHost(this.nowMs, index);
  }

  private reconnected(index: number): void {
    this.truth.disturb(index, this.nowMs);
    this.disagreements.judgeHost(this.nowMs, index);
  }

  private incarnated(host: Host, swim: Swim<unknown>): void {
    const incarnation = swim.incarnation;
    const life = this.naming.lifeOf(this.codec.dialect, swim["cluster"].self.bytes, 0);
    // A renewed identity is gossiped before it is notified.
    if (life !== this.truth.lifeOf[host.index]) {
      host.life = life;
      this.renewed(host);
      if (incarnation === 0) return;
    }
    const before = this.truth.incarnationOf[host.index];
    for (const checker of this.checkers) checker.incarnated?.(host.index, incarnation, before);
    this.truth.incarnationOf[host.index] = incarnation;
  }

  /** A host that knows nobody cannot join while none of those that it was told of can be reached. */
  private excuseLonely(index: number): void {
    const { swim } = this.hosts[index];
    if (swim === undefined || swim.isConnected) return;
    for (const seed of this.seeds) {
      if (seed !== index && this.truth.isLive[seed] === 1 && this.network.connects(seed, index)) return;
    }
    this.truth.disturb(index, this.nowMs);
  }

  private deliver(datagram: number): void {
    const network = this.network;
    const host = this.hosts[network.destination(datagram)];
    const isDeaf = host.swim === undefined || host.asleepUntilMs > this.nowMs;
    const mustWait =
      host.frozenUntilMs > this.nowMs || host.blockedUntilMs > this.nowMs || host.waiting.length > 0;
    if (isDeaf || (mustWait && host.waiting.length >= RECEIVE_QUEUE)) {
      network.counts.lost++;
      network.release(datagram);
      return;
    }
    network.counts.delivered++;
    if (mustWait) host.waiting.push(datagram);
    else this.handle(host, datagram);
  }

  private handle(host: Host, datagram: number): void {
    const network = this.network;
    host.swim?.handleData(network.bytes(datagram), network.length(datagram));
    network.release(datagram);
    this.arm(host);
  }

  private wake(host: Host): void {
    // A wake-up in whose place a sooner one was set.
    if (this.nowMs !== host.plannedMs) return;
    host.plannedMs = Infinity;
    if (host.swim === undefined) return;
    if (host.frozenUntilMs > this.nowMs) {
      host.plannedMs = host.frozenUntilMs;
      this.queue.push(host.plannedMs, Kind.Wake, host.index);
      return;
    }
    host.wakesNow = host.lastWakeMs === this.nowMs ? host.wakesNow + 1 : 0;
    host.lastWakeMs = this.nowMs;
    if (host.wakesNow > STORM) {
      this.storm("host " + host.index + " asks to be woken at once for ever");
      return;
    }
    this.fire(host);
    this.arm(host);
  }

  /** Does what is due on a host. */
  private fire(host: Host): void {
    if (this.nowMs >= host.coreMs) {
      host.coreMs = Infinity;
      host.swim?.handleTimer();
    }
    if (this.nowMs >= host.joiner.nextMs) host.join();
  }

  private thaw(host: Host): void {
    if (host.frozenUntilMs > this.nowMs || host.blockedUntilMs > this.nowMs) return;
    if (this.timersFirst) this.fire(host);
    for (const datagram of host.waiting.splice(0)) this.handle(host, datagram);
  }

  /** Ends a run that would not come to an end. */
  private storm(text: string): void {
    if (!this.isStopped) this.violate("storm", text);
    this.isStopped = true;
  }

  private everySecond(): void {
    this.stormAt = this.happened + STORM_PER_HOST * (this.hosts.length + 10);
    for (let host = 0; host < this.hosts.length; host++) this.excuseLonely(host);
    for (const checker of this.checkers) checker.second?.();
    if (this.onSecond !== undefined) this.onSecond();
    this.plan(1000, () => this.everySecond());
  }
}
