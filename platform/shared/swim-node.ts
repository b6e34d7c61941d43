import {
  bincode,
  lan,
  renewableAddr,
  LeanSwim,
  SwimError,
  type Codec,
  type Endpoint,
  type IdentityRef,
  type IdentityType,
  type Integer64,
  type Status,
  type SwimOptions,
} from "../../core/index.js";
import { about } from "../../core/checks.js";
import type { Values } from "../../core/values.js";
import { checkHost, hostPort } from "./addresses.js";
import { BumpKeeper } from "./bump.js";
import { Endpoints, NOWHERE } from "./endpoints.js";
import { deliverEvents, type EventQueue } from "./events.js";
import { joinBySeeds } from "./join.js";
import { Joiner } from "./joiner.js";
import { firstIdentity, identityFor, isAt, laterLife, lifeNumber, renewLife } from "./life.js";
import { runtimeOf } from "./node-runtime.js";
import type { NodeMember, SwimNodeInstance } from "./node-types.js";
import { shownMembers, valueAgeMsOf, valueOf, valuesOf } from "./node-values.js";
import type { Driver, PlatformDefaults, SwimNodeOptions } from "./options.js";
import { RememberedPeers } from "./remembered.js";
import type { ClusterKey } from "./cluster-keys.js";
import type { Seal, Sealing } from "./seal.js";
import { receiveSealed, sealIn, sealOf, withoutKeys } from "./sealed.js";
import { seedIdentities } from "./seeds.js";
import { isValue, readValue, writeValue, type ValueFormat, type ValueOf } from "./value-format.js";

// Bits of `SwimNodeBase.state`.
/** The core, or a callback, is at work, and the timer is set after it. */
const IN_LOOP = 1;
/** The socket is open. */
export const READY = 2;
export const CLOSED = 4;
export const LEFT = 8;
export const ASLEEP = 16;

/**
 * What all platforms' `SwimNode` have in common. It joins by its seeds and keeps trying, publishes, leaves, and calls
 * the user's callbacks. The platform's `SwimNode` adds the socket and the timer.
 */
export class SwimNodeBase<T, A = unknown, F extends ValueFormat = "bytes"> implements SwimNodeInstance<
  T,
  ValueOf<F>
> {
  readonly swim: LeanSwim<T>;
  readonly seal: Seal | undefined = undefined;
  socketErrors = 0;
  /** How many datagrams were not sent because no single host can be at the address of the member, as at port 0. */
  refusedEndpoints = 0;
  /** How many exceptions from your callbacks the node caught. Only the `SwimNode` of `xswim/xs` catches them. */
  callbackErrors = 0;
  protected readonly driver: Driver;
  protected readonly options: SwimNodeOptions<T, A, F>;
  private readonly endpoints = new Endpoints<T>();
  /** Tries the seeds, when there are any. */
  private readonly joiner: Joiner<T> | undefined = undefined;
  /** @internal For the platform. */
  protected readonly values: Values<T> | undefined;
  private readonly events: EventQueue = [];
  private readonly bump: Integer64;
  /** When the core wants to be woken, in the driver's milliseconds. */
  private coreMs = Infinity;
  /** When a nap is over, in the driver's milliseconds. */
  private napEndMs = Infinity;
  /** What the driver's timer is set to. */
  private armedMs = Infinity;
  /** Keeps our number where there is a store. */
  private readonly keeper: BumpKeeper | undefined;
  /** Keeps members there. */
  private readonly remembered: RememberedPeers<T> | undefined = undefined;
  /** Which of `IN_LOOP`, `READY`, `CLOSED`, `LEFT` and `ASLEEP` hold: a field each would take 48 bytes more on XS. */
  private state = 0;

  /**
   * @param options that passed `checkNodeOptions`
   * @throws TypeError or RangeError for a wrong option; then nothing was opened.
   */
  constructor(options: SwimNodeOptions<T, A, F>, defaults: PlatformDefaults, driver: Driver) {
    this.options = withoutKeys(options);
    this.driver = driver;
    this.bump = options.bump ?? defaults.bump;
    const random = options.random ?? defaults.random;
    const config = options.config ?? lan(10);
    const identity = options.identity ?? firstIdentity(this.type, options, defaults.advertise, this.bump);
    this.values = valuesOf(this, options, this.type, config);
    this.keeper = options.store === undefined ? undefined : new BumpKeeper(options.store);
    const swimOptions: SwimOptions<T> = {
      identity,
      identityType: this.type,
      codec: this.codec,
      config,
      random,
      runtime: runtimeOf<T, A>(this, options),
    };
    if (options.broadcastHandler !== undefined) swimOptions.broadcastHandler = options.broadcastHandler;
    if (this.values !== undefined) swimOptions.keeper = this.values;
    if (options.keys !== undefined) this.seal = sealOf(this, options, swimOptions, defaults.makeSeal);
    this.swim = this.makeSwim(swimOptions);
    const seeds = seedIdentities(options.seeds, this.type, this.swim);
    if (options.store !== undefined && this.type.at !== undefined)
      this.remembered = new RememberedPeers(options.store, this.type, seeds);
    const hasMore = this.remembered !== undefined;
    if (hasMore || seeds.length > 0) this.joiner = new Joiner(seeds, random, driver.now(), hasMore);
    const { errors } = defaults;
    for (let i = 0; errors !== undefined && i < errors.length; i++) this.failed(errors[i]);
    this.identityChanged();
  }

  members(): NodeMember<T, ValueOf<F>>[] {
    return shownMembers<T, F>(this.values, this.format, this.codec, this.swim);
  }

  /** @internal For the platform. */
  protected get type(): IdentityType<T> {
    return this.options.identityType ?? (renewableAddr as unknown as IdentityType<T>);
  }

  get identity(): T {
    return this.swim.identity;
  }

  get rttMs(): number {
    return this.swim.rttMs;
  }

  broadcast(bytes: Uint8Array): boolean {
    if (!(bytes instanceof Uint8Array)) throw new TypeError("broadcast: expected a Uint8Array");
    if (this.values !== undefined || this.is(CLOSED | LEFT)) return this.offer(bytes, true);
    return this.swim.addBroadcast(bytes);
  }

  publish(value: ValueOf<F>): boolean {
    if (this.values === undefined)
      throw new TypeError("publish: not with a broadcastHandler, nor with an address of several fields");
    try {
      return this.offer(writeValue(this.format, this.codec.dialect, value), false);
    } catch (error) {
      throw error instanceof SwimError ? error : about("publish: ", error);
    }
  }

  value(member: T | string): ValueOf<F> | undefined {
    return valueOf<T, F>(this.values, this.type, this.format, this.codec, member);
  }

  valueAgeMs(member: T | string): number {
    return valueAgeMsOf(this.values, this.type, member);
  }

  leave(): void {
    if (this.is(CLOSED | LEFT)) return;
    this.state |= LEFT;
    if (this.joiner !== undefined) this.joiner.stop();
    this.swim.leaveCluster();
  }

  nap(ms: number): void {
    if (this.is(CLOSED | LEFT | ASLEEP) || this.swim.isDefunct) return;
    this.swim.nap(ms);
    this.state |= ASLEEP;
    this.napEndMs = this.driver.now() + ms;
    if (!this.is(IN_LOOP)) this.arm(this.napEndMs);
  }

  endNap(): void {
    this.napEndMs = Infinity;
    if (!this.is(ASLEEP) || this.is(CLOSED | LEFT)) return;
    this.state &= ~ASLEEP;
    this.swim.wake();
    if (this.joiner !== undefined) this.joiner.hurry(this.driver.now());
    if (!this.is(IN_LOOP)) this.arm(this.driver.now());
  }

  changeAddress(advertise: string): void {
    checkHost("changeAddress", advertise);
    if (this.is(CLOSED | LEFT)) return;
    const later = laterLife(this.type, this.identity) ?? this.bump;
    this.swim.changeIdentity(identityFor(this.type, hostPort(advertise, this.options.port), later));
    this.identityChanged();
  }

  networkChanged(address?: string): void {
    if (address !== undefined) checkHost("networkChanged", address);
    if (this.is(CLOSED | LEFT)) return;
    if (address !== undefined && !isAt(this.swim, this.type, hostPort(address, this.options.port)))
      this.changeAddress(address);
    this.swim.networkChanged();
    if (this.joiner === undefined) return;
    this.joiner.hurry(this.driver.now());
    this.arm(this.joinMs);
  }

  setKeys(keys: readonly ClusterKey[], sendWith?: number): void {
    sealIn(this.seal).setKeys(keys, sendWith);
  }

  setSealing(sealing: Sealing): void {
    sealIn(this.seal).setSealing(sealing);
  }

  close(): void {
    if (!this.is(CLOSED) && this.keeper !== undefined) this.keeper.flush(this);
    if (!this.is(CLOSED) && this.remembered !== undefined) this.remembered.write(this);
    this.stop();
  }

  /** For the platform: closes the socket and the timer without writing to the store, as a power cut does. */
  protected stop(): void {
    if (this.is(CLOSED)) return;
    this.state |= CLOSED;
    this.events.length = 0;
    this.driver.close();
  }

  /** For the platform: the socket is open. */
  protected ready(): void {
    this.state |= READY;
    this.event("onReady");
    this.wake();
  }

  /** For the platform: the datagram `bytes[start..end]` came. */
  protected receive(bytes: Uint8Array, start: number, end: number): Status | undefined {
    if (this.is(CLOSED | LEFT | ASLEEP)) return undefined;
    const { seal, swim } = this;
    if (seal !== undefined && !seal.open(bytes, start, end)) return undefined;
    this.state |= IN_LOOP;
    try {
      return seal === undefined ? swim.handleData(bytes, start, end) : receiveSealed(swim, seal, bytes);
    } finally {
      this.leaveLoop();
    }
  }

  /** For the platform: the time asked for by `Driver.arm` is over. */
  protected wake(): void {
    if (this.is(CLOSED)) return;
    this.state |= IN_LOOP;
    this.armedMs = Infinity;
    try {
      const nowMs = this.driver.now();
      if (this.keeper !== undefined) this.keeper.wake(this, nowMs);
      if (nowMs >= this.napEndMs) this.endNap();
      if (nowMs >= this.coreMs) {
        this.coreMs = Infinity;
        this.swim.handleTimer();
      }
      if (this.joiner !== undefined && nowMs >= this.joinMs)
        joinBySeeds(this, this.joiner, this.remembered, nowMs);
      if (this.remembered !== undefined) this.remembered.wake(this, nowMs);
    } finally {
      this.leaveLoop();
    }
  }

  /** @internal For the platform and the runtime: the socket or the store failed. */
  failed(error: unknown): void {
    this.socketErrors++;
    this.event("onError", error);
  }

  /** @internal For the runtime: a callback of the user is to be called. */
  event(name: keyof SwimNodeOptions<T>, first?: unknown, second?: unknown): void {
    if (this.options[name] === undefined || this.is(CLOSED)) return;
    this.events.push(name, first, second);
    if (!this.is(IN_LOOP)) this.arm(this.driver.now());
  }

  /** @internal For the runtime. */
  now(): number {
    return this.driver.now();
  }

  /** @internal For the runtime. */
  send(to: IdentityRef<T>, data: Uint8Array, start: number, end: number): void {
    if (this.is(CLOSED)) return;
    try {
      const endpoint: Endpoint | undefined = this.endpoints.find(this.type, to);
      if (endpoint === undefined) throw new TypeError("SwimNode: the identity type has no endpoint");
      const { seal } = this;
      if (endpoint === NOWHERE) this.refusedEndpoints++;
      else if (seal === undefined) this.driver.send(endpoint.address, endpoint.port, data, start, end);
      else {
        seal.seal(data, start, end);
        this.driver.send(endpoint.address, endpoint.port, data, seal.start, seal.end);
      }
    } catch (error) {
      this.failed(error);
    }
  }

  /** @internal For the runtime. */
  submitAfter(ms: number): void {
    this.coreMs = this.driver.now() + ms;
    if (!this.is(IN_LOOP)) this.arm(this.coreMs);
  }

  /** @internal For the runtime: the node is connected now, or not any more. */
  connectionChanged(isConnected: boolean): void {
    const { joiner } = this;
    if (this.is(LEFT) || joiner === undefined) return;
    const nowMs = this.driver.now();
    if (this.remembered !== undefined) this.remembered.connectionChanged(isConnected, nowMs);
    if (isConnected && joiner.hasAnswer(this.swim)) joiner.planConnected(nowMs);
    else joiner.hurry(nowMs);
    if (!this.is(IN_LOOP)) this.arm(joiner.nextMs);
  }

  /**
   * For the runtime: the node's identity has changed.
   * @param hasRenewed whether it was renewed, and not changed by the user
   * @internal
   */
  identityChanged(hasRenewed = false): void {
    if (this.values !== undefined) this.values.setLife(this.ownLife(), hasRenewed);
    if (this.keeper !== undefined) this.keeper.changed(this, hasRenewed);
  }

  /** @internal For the values: the number of the node's present life. */
  ownLife(): Integer64 {
    return lifeNumber(this.type, this.swim.identity) ?? this.bump;
  }

  /** @internal For the values. */
  isValue(bytes: Uint8Array, at: number, end: number): boolean {
    return isValue(this.format, this.codec.dialect, bytes, at, end);
  }

  /** @internal For the values. */
  valueCame(slot: number, bytes: Uint8Array, at: number, end: number): void {
    if (this.options.onValue === undefined || this.values === undefined) return;
    const value = readValue(this.format, this.codec.dialect, bytes, at, end);
    this.event("onValue", value, this.values.identityAt(slot));
  }

  /** @internal For the values. */
  newsCame(bytes: Uint8Array, at: number, end: number, owner: number): void {
    if (this.options.onBroadcast === undefined || this.type.addressSchema === undefined) return;
    const from = this.type.addressSchema.read(this.codec.dialect, bytes, owner);
    this.event("onBroadcast", bytes.slice(at, end), from);
  }

  /** @internal For the platform. */
  protected get codec(): Codec {
    return this.options.codec ?? bincode;
  }

  private get format(): ValueFormat {
    return this.options.value ?? "bytes";
  }

  /** Queues what this node publishes; returns whether it was. */
  private offer(bytes: Uint8Array, isNews: boolean): boolean {
    const { values } = this;
    if (values === undefined || this.is(CLOSED | LEFT)) return false;
    if (values.isSpent(this.ownLife())) renewLife(this, this.type);
    return this.swim.addBroadcast(values.wrap(bytes, isNews));
  }

  /** Whether one of these bits of `state` is set. */
  private is(bits: number): boolean {
    return (this.state & bits) !== 0;
  }

  /** Calls the user back and sets the timer, once the core is done. */
  private leaveLoop(): void {
    this.state &= ~IN_LOOP;
    try {
      deliverEvents(this.events, this.options);
    } finally {
      const soonest = this.events.length === 0 ? Infinity : this.driver.now();
      this.arm(Math.min(soonest, this.coreMs, this.joinMs, this.napEndMs));
    }
  }

  /** When the seeds are to be tried next; Infinity for never. */
  private get joinMs(): number {
    return this.joiner === undefined || !this.is(READY) || this.is(ASLEEP) ? Infinity : this.joiner.nextMs;
  }

  private arm(atMs: number): void {
    if (this.is(CLOSED) || atMs >= this.armedMs) return;
    this.armedMs = atMs;
    this.driver.arm(Math.max(0, atMs - this.driver.now()));
  }

  /** @internal For the platform: makes the core. Called by the constructor, before any field of a subclass is set. */
  protected makeSwim(options: SwimOptions<T>): LeanSwim<T> {
    return new LeanSwim(options);
  }
}
