import {
  bincode,
  lan,
  renewableAddr,
  Swim,
  type Codec,
  type Endpoint,
  type IdentityRef,
  type IdentityType,
  type Integer64,
  type Member,
  type Random,
  type Status,
  type SwimOptions,
} from "../../core/index.js";
import { checkHost, hostPort } from "./addresses.js";
import { BumpKeeper } from "./bump.js";
import { Endpoints, NOWHERE } from "./endpoints.js";
import { Events } from "./events.js";
import { Joiner } from "./joiner.js";
import { Latest } from "./latest.js";
import { InspectedRuntime, NodeRuntime } from "./node-runtime.js";
import type { SwimNodeInstance } from "./node-types.js";
import type { Driver, SwimNodeOptions } from "./options.js";
import { seedIdentities } from "./seeds.js";

/** What a platform adds to the user's options: what it found out by itself. */
export interface PlatformDefaults {
  /** The IP address others reach us at, when the options do not say. */
  advertise: string;
  bump: Integer64;
  random: Random;
}

/**
 * A node, ready to run, but for the socket and the timer, which the platform's `SwimNode` brings: joins by its
 * seeds and keeps trying, publishes, leaves, and calls the user back.
 */
export class SwimNodeBase<T, A = unknown> implements SwimNodeInstance<T> {
  /** The core, for what is not here: metrics, `applyMany`, `setConfig` and the like. */
  readonly swim: Swim<T>;
  /** How often the socket failed. */
  socketErrors = 0;
  /**
   * Datagrams that were not sent, since somebody named a member where none can be: at port 0, or at a multicast, broadcast
   * or unspecified address.
   */
  refusedEndpoints = 0;
  /** How often a callback of yours threw and that was survived, which is so on XS only: see its `SwimNode`. */
  callbackErrors = 0;
  protected readonly driver: Driver;
  protected readonly options: SwimNodeOptions<T, A>;
  private readonly type: IdentityType<T>;
  private readonly endpoints: Endpoints<T>;
  private readonly joiner: Joiner<T>;
  private readonly latest: Latest<T> | undefined;
  private readonly events = new Events();
  private readonly bump: Integer64;
  /** When the core wants to be woken, in the driver's milliseconds. */
  private coreMs = Infinity;
  /** What the driver's timer is set to. */
  private armedMs = Infinity;
  /** Keeps our number where there is a store. */
  private readonly keeper: BumpKeeper | undefined;
  private isInLoop = false;
  private isReady = false;
  private isClosed = false;
  private hasLeft = false;

  /**
   * @param options which `checkNodeOptions` has found good
   * @throws TypeError or RangeError for a wrong option; nothing was opened then.
   */
  constructor(options: SwimNodeOptions<T, A>, defaults: PlatformDefaults, driver: Driver) {
    this.options = options;
    this.driver = driver;
    this.type = options.identityType ?? (renewableAddr as unknown as IdentityType<T>);
    this.bump = options.bump ?? defaults.bump;
    const random = options.random ?? defaults.random;
    const codec = options.codec ?? bincode;
    const config = options.config ?? lan(10);
    const identity = options.identity ?? this.identityAt(this.firstAddress(defaults.advertise));
    this.latest = options.broadcastHandler ? undefined : this.makeLatest(codec);
    this.endpoints = new Endpoints(this.type);
    this.keeper = options.store === undefined ? undefined : new BumpKeeper(options.store);
    const swimOptions: SwimOptions<T> = {
      identity,
      identityType: this.type,
      codec,
      config,
      random,
      runtime: this.makeRuntime(),
    };
    const handler = options.broadcastHandler ?? this.latest;
    if (handler !== undefined) swimOptions.broadcastHandler = handler;
    this.swim = new Swim(swimOptions);
    this.joiner = new Joiner(seedIdentities(options.seeds, this.type, this.swim), random, driver.now());
    this.identityChanged();
  }

  /** The active members, without ourselves: a copy. */
  members(): Member<T>[] {
    return this.swim.members();
  }

  /** Our identity now. */
  get identity(): T {
    return this.swim.identity;
  }

  /**
   * Publishes `bytes` as our value: the `onBroadcast` of those who are members now gets it once, and the next
   * publication takes its place. Who joins later hears the next one, and a lost datagram can leave somebody out:
   * publish again now and then. With a `broadcastHandler`, offers it `bytes` as they are.
   * Returns whether it was queued; false after `leave` and `close`.
   * @throws TypeError, RangeError or SwimError as `Swim.addBroadcast` does.
   */
  broadcast(bytes: Uint8Array): boolean {
    if (!(bytes instanceof Uint8Array)) throw new TypeError("broadcast: expected a Uint8Array");
    if (this.isClosed || this.hasLeft) return false;
    if (this.latest === undefined) return this.swim.addBroadcast(bytes);
    if (this.latest.isSpent) this.renew();
    return this.swim.addBroadcast(this.latest.wrap(this.ownAddress(), bytes));
  }

  /**
   * Tells the cluster that we leave, and stops joining. The socket stays open until `close`, but what comes is not
   * looked at: an echo of our leaving would make us come back under a renewed identity, as it does in foca.
   */
  leave(): void {
    if (this.isClosed || this.hasLeft) return;
    this.hasLeft = true;
    this.joiner.stop();
    this.swim.leaveCluster();
  }

  /**
   * Takes another address, as when the network gave the device a new one: `192.168.1.20`. Does nothing after `leave`
   * and `close`, because it would bring the node back.
   * @throws TypeError when it is no IP address, and as `Swim.changeIdentity` does; nothing has changed.
   */
  changeAddress(advertise: string): void {
    checkHost("changeAddress", advertise);
    if (this.isClosed || this.hasLeft) return;
    this.swim.changeIdentity(this.identityAt(hostPort(advertise, this.options.port), this.laterBump()));
    this.identityChanged();
  }

  /** Closes the socket and the timer, at once and for good; no callback comes any more. May be called again. */
  close(): void {
    if (!this.isClosed && this.keeper !== undefined) this.keeper.flush(this);
    this.stop();
  }

  /** For the platform: closes the socket and the timer without a last word to the store, as a power cut does. */
  protected stop(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.events.clear();
    this.driver.close();
  }

  /** For the platform: the socket is open. */
  protected ready(): void {
    this.isReady = true;
    this.event("onReady");
    this.wake();
  }

  /** For the platform: the datagram `bytes[start..end]` came. */
  protected receive(bytes: Uint8Array, start: number, end: number): Status | undefined {
    if (this.isClosed || this.hasLeft) return undefined;
    this.isInLoop = true;
    try {
      return this.swim.handleData(bytes, start, end);
    } finally {
      this.leaveLoop();
    }
  }

  /** For the platform: the time asked for by `Driver.arm` is over. */
  protected wake(): void {
    if (this.isClosed) return;
    this.isInLoop = true;
    this.armedMs = Infinity;
    try {
      const nowMs = this.driver.now();
      if (this.keeper !== undefined) this.keeper.wake(this, nowMs);
      if (nowMs >= this.coreMs) {
        this.coreMs = Infinity;
        this.swim.handleTimer();
      }
      if (this.isReady && nowMs >= this.joiner.nextMs) this.join(nowMs);
    } finally {
      this.leaveLoop();
    }
  }

  /**
   * For the platform and the runtime: the socket failed.
   * @internal
   */
  failed(error: unknown): void {
    this.socketErrors++;
    this.event("onError", error);
  }

  /**
   * For the runtime: a callback of the user is to be called.
   * @internal
   */
  event(name: keyof SwimNodeOptions<T>, first?: unknown, second?: unknown): void {
    if (this.options[name] === undefined || this.isClosed) return;
    this.events.add(name, first, second);
    if (!this.isInLoop) this.arm(this.driver.now());
  }

  /** For the runtime. */
  now(): number {
    return this.driver.now();
  }

  /** For the runtime. */
  send(to: IdentityRef<T>, data: Uint8Array, start: number, end: number): void {
    if (this.isClosed) return;
    try {
      const endpoint: Endpoint | undefined = this.endpoints.find(to);
      if (endpoint === undefined) throw new TypeError("SwimNode: the identity type has no endpoint");
      if (endpoint === NOWHERE) {
        this.refusedEndpoints++;
        return;
      }
      this.driver.send(endpoint.address, endpoint.port, data, start, end);
    } catch (error) {
      this.failed(error);
    }
  }

  /** For the runtime. */
  submitAfter(ms: number): void {
    this.coreMs = this.driver.now() + ms;
    if (!this.isInLoop) this.arm(this.coreMs);
  }

  /**
   * For the runtime: we are connected, or not any more.
   * @internal
   */
  connectionChanged(isConnected: boolean): void {
    const nowMs = this.driver.now();
    if (this.hasLeft) return;
    if (isConnected && this.joiner.seeds.length > 0) this.joiner.planConnected(nowMs);
    if (!isConnected) this.joiner.hurry(nowMs);
    if (!this.isInLoop) this.arm(this.joiner.nextMs);
  }

  /**
   * For the runtime: we have another identity than before.
   * @param hasRenewed whether the type of identities gave it, and not the user
   * @internal
   */
  identityChanged(hasRenewed = false): void {
    if (this.latest !== undefined) this.latest.setOwner(this.ownAddress(), hasRenewed);
    if (this.keeper !== undefined) this.keeper.changed(this, hasRenewed);
  }

  /**
   * For the publications: the number of our present life.
   * @internal
   */
  ownLife(): Integer64 {
    return lifeNumber(this.type, this.swim.identity) ?? this.bump;
  }

  /**
   * For the runtime: a member came up or went down.
   * @internal
   */
  activityChanged(identity: T, isUp: boolean): void {
    const { latest, type } = this;
    if (latest === undefined) return;
    if (isUp) latest.memberUp(type.addressOf(identity), lifeNumber(type, identity));
    else latest.memberDown(type.addressOf(identity));
  }

  /**
   * For the publications: the number of the life of the member at an address, as far as there is one.
   * @internal
   */
  lifeAt(address: unknown): Integer64 | undefined {
    // Other types tell neither an address from an identity nor a life from another.
    if (this.type.at === undefined) return undefined;
    const member = this.swim.find(this.type.at(address as string, 0));
    return member === undefined ? undefined : lifeNumber(this.type, member.identity);
  }

  /** Calls the user back and sets the timer, once the core is done. */
  private leaveLoop(): void {
    this.isInLoop = false;
    try {
      if (!this.isClosed) this.events.deliver(this.options);
    } finally {
      if (!this.isClosed) {
        const soonest = this.events.isEmpty ? Infinity : this.driver.now();
        this.arm(Math.min(soonest, this.coreMs, this.isReady ? this.joiner.nextMs : Infinity));
      }
    }
  }

  private arm(atMs: number): void {
    if (this.isClosed || atMs === Infinity || atMs >= this.armedMs) return;
    this.armedMs = atMs;
    this.driver.arm(Math.max(0, atMs - this.driver.now()));
  }

  /** Plans the next try before it calls anybody, so that nothing a seed does can hurry it. */
  private join(nowMs: number): void {
    const { swim, joiner } = this;
    if (swim.isConnected) {
      joiner.planConnected(nowMs);
      this.call(joiner.nextSeed(), true);
      return;
    }
    joiner.planAlone(nowMs);
    for (let i = 0; i < joiner.seeds.length && !swim.isDefunct; i++) this.call(joiner.seeds[i], false);
  }

  /**
   * Announces to a seed, unless it is ourselves or, with `onlySilent`, an active member. What an identity type of the
   * user's throws is told as an error: the other seeds are called all the same.
   */
  private call(seed: T, onlySilent: boolean): void {
    try {
      if (this.swim.isSelf(seed) || (onlySilent && this.swim.knows(seed))) return;
      this.swim.announce(seed);
    } catch (error) {
      this.failed(error);
    }
  }

  private makeRuntime(): NodeRuntime<T> {
    const { onDatagramSent, onDatagramReceived } = this.options;
    if (onDatagramSent === undefined && onDatagramReceived === undefined) return new NodeRuntime(this);
    return new InspectedRuntime(this);
  }

  private makeLatest(codec: Codec): Latest<T> | undefined {
    const address = this.type.addressSchema;
    if (address === undefined) return undefined;
    return new Latest<T>(codec, address, this);
  }

  private ownAddress(): unknown {
    return this.type.addressOf(this.swim.identity);
  }

  /** Takes the next number, for publications that others believe. Others may cause this, so it does not throw. */
  private renew(): void {
    const renewed = this.type.renew(this.swim.identity);
    if (renewed === undefined || lifeNumber(this.type, renewed) === undefined) return;
    try {
      this.swim.changeIdentity(renewed);
      this.identityChanged(true);
    } catch (error) {
      this.failed(error);
    }
  }

  /** More than any we had: who comes back to an earlier address is held Down there under the number it left with. */
  private laterBump(): Integer64 {
    const renewed = this.type.renew(this.swim.identity);
    return (renewed === undefined ? undefined : lifeNumber(this.type, renewed)) ?? this.bump;
  }

  private firstAddress(found: string): string {
    const advertise = this.options.advertise ?? found;
    checkHost("SwimNode: advertise", advertise);
    return hostPort(advertise, this.options.port);
  }

  private identityAt(address: string, bump = this.bump): T {
    if (this.type.at) return this.type.at(address, bump);
    throw new TypeError(
      "SwimNode: identity is needed, because identityType does not make identities of an address alone",
    );
  }
}

/** The number of an identity's life, of a type whose identities are an address and such a number; else undefined. */
function lifeNumber<T>(type: IdentityType<T>, identity: T): Integer64 | undefined {
  return type.at === undefined ? undefined : (identity as { bump?: Integer64 }).bump;
}
