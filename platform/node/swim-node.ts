import { lookup } from "node:dns";
import { networkInterfaces } from "node:os";
import type { Renewable } from "../../core/index.js";
import { nextBump } from "../shared/bump.js";
import { checkHostOptions, HostNode } from "../host/swim-node.js";
import type { DiscoverySetup } from "../host/discovery-setup.js";
import type { HostNodeOptions } from "../host/options.js";
import { makeNodeSeal } from "../shared/node-seal.js";
import type { AddressOf } from "../shared/options.js";
import type { ValueFormat } from "../shared/value-format.js";
import {
  checkBindAddress,
  defaultAdvertise,
  isWildcard,
  whyAdvertised,
  type Interfaces,
} from "./addresses.js";
import { NodeDiscoveryDriver } from "./discovery.js";
import { DgramDriver } from "./driver.js";
import { InterfaceWatch } from "./interface-watch.js";
import { systemRandom } from "./random.js";
import { applyValues, savedValues, type SavedValue } from "./saved-values.js";
import { NodePrimitives } from "./seal.js";

/**
 * A member of a cluster, on one UDP socket of Node. It keeps the process alive until `close`.
 *
 * Without `options.address` the socket is bound to all IPv4 addresses; `"::"` binds it to all IPv4 and IPv6
 * addresses. A port that cannot be bound is tried again after 1 s, 2 s and so on, and in the end every 30 s. Each
 * failure is counted in `socketErrors` and passed to `onError`. Without `onError`, the process prints a warning at
 * the first one.
 *
 * When `advertise` and `identity` are left out and the socket is bound to all addresses, the node finds its address
 * itself, and looks at the interfaces of the machine every 3 s. It takes another address when its own is gone, and
 * hurries as by `networkChanged` when the address was gone and is there again. An address that is still there on any
 * interface is kept.
 *
 * When one of your callbacks throws, that is an uncaught exception, which ends the process unless you handle it. If
 * you do, the node calls the other callbacks that were due, and goes on.
 */
export class SwimNode<T = Renewable, A = AddressOf<T>, F extends ValueFormat = "bytes"> extends HostNode<
  T,
  A,
  F
> {
  private hasWarned = false;
  /** Watches our address, where we found it ourselves. */
  private watch: InterfaceWatch | undefined;

  /**
   * Opens the socket soon after it returned, and then joins by the seeds.
   * @throws TypeError or RangeError that names the wrong option; then no socket was opened.
   */
  constructor(options: HostNodeOptions<T, A, F>);
  /** @internal For tests. @param interfaces gives the machine's network interfaces */
  constructor(options: HostNodeOptions<T, A, F>, interfaces?: Interfaces);
  constructor(options: HostNodeOptions<T, A, F>, interfaces: Interfaces = networkInterfaces) {
    checkHostOptions(options);
    const driver = new DgramDriver(checkBindAddress(options.address));
    const errors: unknown[] = [];
    const name = typeof options.discover === "object" ? options.discover.interface : undefined;
    const found = defaultAdvertise(options.address, interfaces(), name);
    super(
      options,
      {
        advertise: found,
        bump: options.bump ?? nextBump(options.store, Math.floor(Date.now() / 1000), errors),
        random: systemRandom(),
        makeSeal: (node, own, swim) =>
          makeNodeSeal(own, swim, new NodePrimitives((error) => node.failed(error))),
        errors,
        ...whyAdvertised(options.address, found, interfaces()),
      },
      driver,
    );
    driver.open(options.port, {
      ready: () => this.ready(),
      notOpened: (error) => this.notOpened(error),
      receive: (bytes, address, port) => this.receiveFrom(bytes, address, port),
      wake: () => this.wake(),
      failed: (error) => this.failed(error),
      refused: () => void this.refusedEndpoints++,
    });
    const isFound = options.advertise === undefined && options.identity === undefined;
    if (isFound && name === undefined && (options.address === undefined || isWildcard(options.address)))
      this.watch = new InterfaceWatch(found, (address) => this.interfaceChanged(address), interfaces);
  }

  /**
   * Takes another IP address, which the node keeps from then on: it does not look at the interfaces of the machine any
   * more.
   * @throws as on all platforms; then nothing has changed.
   */
  override changeAddress(advertise: string): void {
    super.changeAddress(advertise);
    this.watch?.close();
  }

  /**
   * Returns a copy of all values that this node keeps, its own one too, to save and pass to `applyValues`: as
   * `swim.membershipState` does of the members.
   */
  valueState(): SavedValue<T>[] {
    return this.values === undefined ? [] : savedValues(this.values, this.identity, this.codec.dialect);
  }

  /**
   * Takes in saved values, after `swim.applyMany` has taken in the members that published them. Calls `onValue` for each that is
   * news here, and sends nothing: others who lack one find out when they compare. Its own one the node does not publish anew.
   * Returns how many were taken. What is older than what is kept is left out, as is what is no value, or of a member that is
   * not known.
   * @throws TypeError or RangeError when one has not the shape of a `SavedValue`; those before it were taken.
   */
  applyValues(saved: Iterable<SavedValue<T>>): number {
    const { values } = this;
    return values === undefined ? 0 : applyValues(this, values, this.type, this.codec.dialect, saved);
  }

  protected override stop(): void {
    this.watch?.close();
    super.stop();
  }

  private interfaceChanged(address: string): void {
    const { watch } = this;
    // This change is not the user's, so it does not end the watch.
    this.watch = undefined;
    try {
      this.networkChanged(address);
    } catch (error) {
      this.failed(error);
    } finally {
      this.watch = watch;
    }
  }

  /** Prints a warning when there is no `onError`, because otherwise nobody would learn why the node does nothing. */
  private notOpened(error: unknown): void {
    if (this.options.onError === undefined && !this.hasWarned) {
      this.hasWarned = true;
      const what = "SwimNode: UDP port " + this.options.port + " could not be opened and is tried again: ";
      process.emitWarning(what + String(error) + ". Pass the option onError to get such errors.");
    }
    this.failed(error);
  }

  protected override makeDiscoveryDriver(setup: DiscoverySetup): NodeDiscoveryDriver {
    return new NodeDiscoveryDriver(setup, this.options.address);
  }

  /** An IPv4 address, unless the socket is bound to IPv6. */
  protected override lookUp(host: string, found: (error: unknown, address?: string) => void): void {
    const family = this.options.address?.includes(":") === true ? 0 : 4;
    lookup(host, { family }, (error, address) => found(error, error === null ? address : undefined));
  }

  protected override later(ms: number, callback: () => void): () => void {
    const timeout = setTimeout(callback, ms).unref();
    return () => clearTimeout(timeout);
  }
}
