import type { Renewable } from "../../core/index.js";
import { CryptoCcm } from "../node/ccm.js";
import { nextBump } from "../shared/bump.js";
import { makeNodeSeal } from "../shared/node-seal.js";
import { checkHostOptions, HostNode } from "../host/swim-node.js";
import type { DiscoverySetup } from "../host/discovery-setup.js";
import type { HostNodeOptions } from "../host/options.js";
import type { AddressOf, Driver, SealedNode } from "../shared/options.js";
import type { SealPrimitives } from "../shared/seal.js";
import type { ValueFormat } from "../shared/value-format.js";
import { FakeDiscoveryDriver } from "./discovery.js";
import type { Machine } from "./machine.js";
import type { FakeTimer } from "./timer.js";

/** How long a name server takes. */
const LOOK_UP_MS = 20;

/** A node on a host of the fake network. It takes the same options as the `SwimNode` of every other platform. */
export class SwimNode<T = Renewable, A = AddressOf<T>, F extends ValueFormat = "bytes"> extends HostNode<
  T,
  A,
  F
> {
  private readonly host: Machine;
  private hasLeft = false;
  private isNapping = false;

  /**
   * Use the `SwimNode` of a host instead: `new host.SwimNode(options)`.
   * @throws TypeError or RangeError that names the wrong option, Error when the port is in use on that host
   */
  constructor(options: HostNodeOptions<T, A, F>, host: Machine) {
    checkHostOptions(options);
    host.refuseOff("SwimNode");
    const driver = new FakeDriver(host);
    const errors: unknown[] = [];
    const bump = options.bump ?? nextBump(options.store, host.life, errors);
    super(
      options,
      {
        advertise: host.address,
        bump,
        random: host.makeRandom(),
        makeSeal: (node, own, swim) => makeNodeSeal(own, swim, new FakePrimitives(node, host.makeRandom())),
        errors,
        why: "the address of the host",
        isUnreachable: false,
      },
      driver,
    );
    this.host = host;
    driver.open(options.port, {
      receive: (bytes, address, port) => this.receiveFrom(bytes, address, port),
      wake: () => this.wake(),
      ready: () => this.ready(),
      crash: () => this.stop(),
    });
    host.nodes.add(this);
  }

  /**
   * Takes another IP address, and moves the host there, too.
   * @throws TypeError or RangeError when `advertise` is not the IP address of one machine, or belongs to another
   *   host; then nothing has changed
   */
  override changeAddress(advertise: string): void {
    // The check of the address comes first on every platform.
    if (this.hasLeft || this.isClosed) return super.changeAddress(advertise);
    const before = this.host.address;
    this.host.changeAddress(advertise);
    try {
      super.changeAddress(this.host.address);
    } catch (error) {
      this.host.changeAddress(before);
      throw error;
    }
  }

  /** Tells the cluster that this node leaves, as on every platform. */
  override leave(): void {
    super.leave();
    this.hasLeft = true;
  }

  /** Says that this node sleeps, as on every platform. The host stays awake: its `sleep` turns the radio off. */
  override nap(ms: number): void {
    const wasDefunct = this.swim.isDefunct;
    super.nap(ms);
    this.isNapping ||= !this.hasLeft && !wasDefunct && this.swim.isDefunct;
  }

  /** Comes back from a nap now. */
  override endNap(): void {
    super.endNap();
    this.isNapping = false;
  }

  /** What keeps this node from taking part, such as `has left`; an empty text for nothing. */
  get absence(): string {
    if (this.hasLeft) return "has left";
    if (this.isNapping) return "naps";
    return this.swim.isDefunct ? "was declared Down" : "";
  }

  private get isClosed(): boolean {
    return !this.host.nodes.has(this);
  }

  protected override stop(): void {
    this.host.nodes.delete(this);
    super.stop();
  }

  protected override makeDiscoveryDriver(setup: DiscoverySetup): FakeDiscoveryDriver {
    return new FakeDiscoveryDriver(this.host, setup);
  }

  protected override lookUp(host: string, found: (error: unknown, address?: string) => void): void {
    this.later(LOOK_UP_MS, () => {
      const address = this.host.network.addressOf(host);
      if (!this.isClosed) found(address === undefined ? new Error("there is no " + host) : null, address);
    });
  }

  protected override later(ms: number, callback: () => void): () => void {
    const timer = this.host.makeTimer(() => {
      this.host.dropTimer(timer);
      callback();
    });
    timer.set(ms);
    return () => this.host.dropTimer(timer);
  }
}

/** The same cipher as on Node, and random bytes of the network, which are the same in each run. */
class FakePrimitives implements SealPrimitives {
  private readonly node: SealedNode;
  private readonly random: () => number;

  constructor(node: SealedNode, random: () => number) {
    this.node = node;
    this.random = random;
  }

  makeCcm(secret: Uint8Array): CryptoCcm {
    return new CryptoCcm(secret);
  }

  fillUnique(bytes: Uint8Array): boolean {
    for (let i = 0; i < bytes.length; i++) bytes[i] = this.random();
    return true;
  }

  failed(error: unknown): void {
    this.node.failed(error);
  }
}

interface Callbacks {
  receive(bytes: Uint8Array, address: string, port: number): void;
  wake(): void;
  ready(): void;
  crash(): void;
}

class FakeDriver implements Driver {
  private readonly host: Machine;
  private port = 0;
  private timer: FakeTimer | undefined;
  private earlyMs = Infinity;

  constructor(host: Machine) {
    this.host = host;
  }

  open(port: number, callbacks: Callbacks): void {
    this.host.bind(port, callbacks.receive);
    this.port = port;
    this.timer = this.host.makeTimer(callbacks.wake);
    if (this.earlyMs !== Infinity) this.timer.set(this.earlyMs);
    const opened = this.host.makeTimer(() => {
      this.host.dropTimer(opened);
      callbacks.ready();
    });
    opened.set(0);
    this.host.onCrash(callbacks.crash);
  }

  now(): number {
    return this.host.now();
  }

  send(address: string, port: number, data: Uint8Array, start: number, end: number): void {
    this.host.send(this.port, address, port, data, start, end);
  }

  arm(ms: number): void {
    if (this.timer === undefined) this.earlyMs = ms;
    else this.timer.set(ms);
  }

  close(): void {
    if (this.timer === undefined) return;
    this.host.unbind(this.port);
    this.host.dropTimer(this.timer);
    this.timer = undefined;
  }
}
