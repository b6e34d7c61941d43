import {
  Swim,
  type HeaderValue,
  type IdentityType,
  type Random,
  type Runtime,
  type SwimOptions,
} from "../../core/index.js";
import { hostPort } from "../shared/addresses.js";
import {
  BEACON_PORT,
  checkDiscover,
  HOST_CALLBACKS,
  HOST_OPTIONS,
  type Advertised,
  type HostNodeInstance,
  type HostNodeOptions,
} from "./options.js";
import { Discovery, type DiscoveryDriver } from "../shared/discovery.js";
import type { DiscoverySetup } from "./discovery-setup.js";
import { Inspection } from "./inspection.js";
import { NamedSeeds, namedSeed, type NamedSeed } from "./named-seeds.js";
import { checkNodeOptions, type Driver, type PlatformDefaults } from "../shared/options.js";
import { Pinger } from "./pinger.js";
import { identityAt } from "../shared/seeds.js";
import { SwimNodeBase } from "../shared/swim-node.js";
import { Troubles, type Trouble } from "./troubles.js";
import type { ValueFormat, ValueOf } from "../shared/value-format.js";

/** How long the seeds may be silent before that is told. */
const SEEDS_SILENT_MS = 5000;
/** After how long it is told again at the latest. */
const LONGEST_SILENCE_MS = 600_000;
/** How long an answer to `ping` is waited for. */
const PING_TIMEOUT_MS = 2000;

/** What a host finds out by itself. */
export interface HostDefaults extends PlatformDefaults {
  /** Why `advertise` is what it is. */
  readonly why: string;
  /** Whether others may not reach it there, because it is a loopback address, or one of containers. */
  readonly isUnreachable: boolean;
}

/** @throws as `checkNodeOptions` does */
export function checkHostOptions<T, A, F extends ValueFormat>(options: HostNodeOptions<T, A, F>): void {
  checkNodeOptions(options, " " + HOST_CALLBACKS, " " + HOST_OPTIONS);
  checkDiscover(options);
}

/**
 * What a node has on Node and on the fake network beyond a device: the whole core, pings that the program asks for, and word of
 * what keeps it from getting on.
 */
export abstract class HostNode<T, A, F extends ValueFormat>
  extends SwimNodeBase<T, A, F>
  implements HostNodeInstance<T, ValueOf<F>>
{
  /** The core, with `applyMany` and `setConfig`. */
  declare readonly swim: Swim<T>;
  /** What the core calls; set while the constructor of the base runs. */
  declare private runtime: Runtime<T>;
  // These are not shown with the node, since they refer to it.
  #pinger: Pinger<T> | undefined;
  readonly #inspection: Inspection<T> | undefined;
  private readonly troubles: Troubles | undefined;
  private readonly why: string;
  private readonly random: Random;
  private readonly isUnreachable: boolean;
  #discovery: Discovery<T> | undefined;
  /** The seeds that are given by names. */
  #named: NamedSeeds | undefined;
  private readonly seeds: readonly unknown[];
  private cancelSilence = (): void => undefined;

  constructor(options: HostNodeOptions<T, A, F>, defaults: HostDefaults, driver: Driver) {
    super(withoutNames(options), defaults, driver);
    this.random = defaults.random;
    this.seeds = options.seeds ?? [];
    const { onTrouble, onRefusedDatagram, identity, advertise } = options;
    this.why = identity !== undefined ? "the option identity" : defaults.why;
    if (identity === undefined && advertise !== undefined) this.why = "the option advertise";
    this.isUnreachable = defaults.isUnreachable && identity === undefined && advertise === undefined;
    if (onTrouble !== undefined)
      this.troubles = new Troubles((trouble) => this.event("onTrouble" as "onError", trouble));
    if (onTrouble !== undefined || onRefusedDatagram !== undefined)
      this.#inspection = new Inspection(this.inspected());
  }

  get advertised(): Advertised {
    return { address: this.textOf(this.identity), why: this.why };
  }

  ping(
    member: T | string,
    options: { via?: T | string | undefined; timeoutMs?: number } = {},
  ): Promise<number | undefined> {
    const { via, timeoutMs = PING_TIMEOUT_MS } = options;
    if (!(timeoutMs >= 1 && timeoutMs <= 60_000))
      throw new RangeError("ping: timeoutMs must be from 1 to 60000 milliseconds");
    const target = this.memberAt("ping: ", member);
    const helper = via === undefined ? undefined : this.memberAt("ping: via: ", via);
    this.#pinger ??= this.makePinger();
    return this.#pinger.ping(target, helper, timeoutMs);
  }

  /** For the platform: calls `callback` once, in `ms` milliseconds; returns what takes that back. */
  protected abstract later(ms: number, callback: () => void): () => void;

  /** For the platform: how the node looks for others. Opens what it needs; nothing when the platform cannot. */
  protected abstract makeDiscoveryDriver(setup: DiscoverySetup): DiscoveryDriver;

  /** For the platform: finds the address of a host by its name; calls `found` later. */
  protected abstract lookUp(host: string, found: (error: unknown, address?: string) => void): void;

  get found(): readonly string[] {
    return this.#discovery?.found ?? [];
  }

  /**
   * Tells the cluster that this node leaves, and stops joining and looking for others. The socket stays open until `close`, but the
   * node ignores what comes in.
   */
  override leave(): void {
    super.leave();
    this.#discovery?.close();
    this.#named?.close();
  }

  /** Tells the node that the network is back, or is another one, as on every platform; looks up the names of seeds again, too. */
  override networkChanged(address?: string): void {
    super.networkChanged(address);
    this.#named?.hurry();
  }

  /** Comes back from a nap now, as on every platform; looks up the names of seeds again, too. */
  override endNap(): void {
    super.endNap();
    this.#named?.hurry();
  }

  /** @internal */
  override connectionChanged(isConnected: boolean): void {
    super.connectionChanged(isConnected);
    if (!isConnected) this.#named?.hurry();
  }

  /** For the platform: a datagram came from there. */
  protected receiveFrom(bytes: Uint8Array, address: string, port: number): void {
    const inspection = this.#inspection;
    inspection?.begin();
    const status = this.receive(bytes, 0, bytes.length);
    inspection?.end(status, bytes, address, port);
  }

  protected override ready(): void {
    super.ready();
    this.discover();
    this.callNames();
    if (this.troubles === undefined) return;
    const { address } = this.advertised;
    if (this.isUnreachable) {
      const text =
        "the others are told " + address + " (" + this.why + "), where they may not reach this node";
      this.trouble({ kind: "unreachableAddress", text: text + "; advertise another address" });
    }
    if (this.seeds.length > 0) this.awaitSeeds(SEEDS_SILENT_MS, this.now());
  }

  protected override stop(): void {
    super.stop();
    this.#discovery?.close();
    this.#named?.close();
    this.cancelSilence();
    this.#pinger?.close();
  }

  protected override makeSwim(options: SwimOptions<T>): Swim<T> {
    Object.defineProperty(this, "runtime", { value: options.runtime });
    return new Swim(options);
  }

  /** Tells in `ms` milliseconds, and then ever more seldom, when no seed has answered since the node was alone at `sinceMs`. */
  private awaitSeeds(ms: number, sinceMs: number): void {
    this.cancelSilence = this.later(ms, () => {
      const nowMs = this.now();
      if (this.swim.isConnected || this.swim.isDefunct) return this.awaitSeeds(SEEDS_SILENT_MS, nowMs);
      this.awaitSeeds(Math.min(2 * ms, LONGEST_SILENCE_MS), sinceMs);
      const seeds = this.seeds.map((seed) => (typeof seed === "string" ? seed : this.textOf(seed as T)));
      const seconds = Math.round((nowMs - sinceMs) / 1000);
      const text = "no answer from " + seeds.join(", ") + " for " + seconds + " s";
      const advice = "; are they running, at these addresses, with the same codec and keys?";
      this.trouble({ kind: "seedsSilent", text: text + advice, seeds });
    });
  }

  /** Begins to call the seeds that are given by names, if there are any. */
  private callNames(): void {
    const named = namesOf(this.seeds, this.type);
    if (named.length === 0) return;
    const { swim, type } = this;
    const isConnected = (): boolean => swim.isConnected;
    this.#named ??= new NamedSeeds(named, {
      get isConnected() {
        return isConnected();
      },
      fraction: () => (this.random() >>> 0) / 2 ** 32,
      later: (ms, callback) => this.later(ms, callback),
      lookUp: (host, found) => this.lookUp(host, found),
      call: (address) => {
        if (swim.isDefunct) return;
        const identity = identityAt(type, address, "SwimNode: seeds");
        if (!swim.isSelf(identity) && !swim.knows(identity)) swim.announce(identity);
      },
      failed: (error) => this.failed(error),
    });
    this.#named.hurry();
  }

  /** Begins to look for others, where that is asked for. */
  private discover(): void {
    const options: HostNodeOptions<T, A, F> = this.options;
    const { discover, cluster = "", port } = options;
    if (!discover || this.#discovery !== undefined) return;
    const { beaconPort = BEACON_PORT, mdns = true, interface: name } = discover === true ? {} : discover;
    const driver = this.makeDiscoveryDriver({
      port,
      cluster,
      beaconPort,
      mdns:
        mdns && (this.seal === undefined || this.seal.sealing === "off" || this.seal.sealing === "accept"),
      interface: name,
      codec: this.codec.dialect.name,
      take: (address, foundPort) => this.#discovery?.take(address, foundPort),
      heard: (bytes, address, from) => this.#discovery?.heard(bytes, 0, bytes.length, address, from),
      wake: () => this.#discovery?.wake(),
      failed: (error) => this.failed(error),
    });
    this.#discovery = new Discovery<T>(
      {
        swim: this.swim,
        seal: this.seal,
        type: this.type,
        port,
        codec: this.codec.dialect.name,
        cluster,
        random: options.random ?? this.random,
        now: () => this.now(),
        failed: (error) => this.failed(error),
        nobodyFound: (other) => this.nobodyFound(other),
      },
      driver,
    );
    this.#discovery.wake();
  }

  private nobodyFound(other: string | undefined): void {
    const near = other === undefined ? "" : ' (a cluster by the name "' + other + '" is near)';
    const text =
      "nobody was found nearby for 10 s" +
      near +
      "; either nobody is there, or this network passes on neither";
    const advice = " multicast nor broadcast: then give the address of a member as a seed";
    this.trouble({ kind: "nobodyFound", text: text + advice });
  }

  private trouble(trouble: Trouble): void {
    this.troubles?.add(trouble, this.now());
  }

  private makePinger(): Pinger<T> {
    const { runtime } = this;
    const pinger = new Pinger<T>({
      swim: this.swim,
      now: () => this.now(),
      later: (ms, callback) => this.later(ms, callback),
      addressOf: (identity) => this.textOf(identity),
      listen(isWaiting) {
        // The core makes a header for each datagram as long as there is somebody to read it.
        if (isWaiting) runtime.dataReceived = received;
        else if (inspected === undefined) delete runtime.dataReceived;
        else runtime.dataReceived = inspected;
      },
    });
    const inspected = runtime.dataReceived;
    const received = (header: HeaderValue<T>): void => {
      pinger.received(header);
      inspected?.call(runtime, header);
    };
    return pinger;
  }

  private inspected(): ConstructorParameters<typeof Inspection<T>>[0] {
    return {
      swim: this.swim,
      seal: this.seal,
      codec: this.codec,
      type: this.type,
      address: () => this.textOf(this.identity),
      now: () => this.now(),
      refused: (reason, from) => this.event("onRefusedDatagram" as "onError", reason, from),
      trouble: (trouble) => this.trouble(trouble),
    };
  }

  /** @throws TypeError when no member is there */
  private memberAt(where: string, member: T | string): T {
    const { type } = this;
    const isAddress = typeof member === "string" && type.at !== undefined;
    const found = this.swim.find(isAddress ? identityAt(type, member, where.slice(0, -2)) : (member as T));
    if (found !== undefined) return found.identity;
    throw new TypeError(where + "no member has the address of " + JSON.stringify(member));
  }

  private textOf(identity: T): string {
    const endpoint = this.type.endpoint(identity);
    return endpoint === undefined ? JSON.stringify(identity) : hostPort(endpoint.address, endpoint.port);
  }
}

function namesOf<T>(seeds: readonly unknown[], type: IdentityType<T> | undefined): NamedSeed[] {
  if (type !== undefined && type.at === undefined) return [];
  return seeds.map(namedSeed).filter((seed) => seed !== undefined);
}

/** The options without the seeds that are names, which a device does not know. */
function withoutNames<T, A, F extends ValueFormat>(
  options: HostNodeOptions<T, A, F>,
): HostNodeOptions<T, A, F> {
  const { seeds, identityType } = options;
  if (seeds === undefined || namesOf(seeds, identityType).length === 0) return options;
  return { ...options, seeds: seeds.filter((seed) => namedSeed(seed) === undefined) };
}
