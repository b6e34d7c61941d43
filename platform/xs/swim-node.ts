import Net from "net";
import type { Integer64, Renewable } from "../../core/index.js";
import type { SwimNodeOptions } from "../shared/options.js";
import { SwimNodeBase } from "../shared/swim-node.js";
import { keepBump, nextBump, type Store } from "./bump.js";
import { traceError, XsDriver, type DriverEvents } from "./driver.js";
import { deviceRandom } from "./random.js";

/** After the number was stored because the node came back, the time until it is stored for that reason again. */
const STORE_PAUSE_MS = 60_000;

/** The options of every platform, and what a device needs beside them. */
export interface XsNodeOptions<T = Renewable> extends SwimNodeOptions<T> {
  /**
   * Keeps `bump` from one start to the next: the default export of the module `preference`, or an object of the
   * same shape. Without it, and without a clock that was set, every life has the number 1. A device that restarts
   * is then taken for its former self until the cluster tells it otherwise, and what it publishes is heard only once
   * it has published more often than that.
   *
   * Written at the start, with a change of address, and when the node came back from being declared Down; the last at
   * most once a minute, to spare the flash, and in `close`. A device that lost its power within that minute may start with a
   * number that it had already: the cluster tells it so, and it comes back with a larger one.
   */
  store?: Store;
}

/**
 * A member of a cluster, on one UDP socket and one timer of Moddable's. To be made when there is a network address;
 * `changeAddress` when there is another one.
 *
 * What a callback of yours throws is caught, because an exception would end the machine: counted in
 * `callbackErrors` and given to `onError`, or traced when there is none.
 */
export class SwimNode<T = Renewable> extends SwimNodeBase<T> {
  /** How often a callback of yours threw. */
  callbackErrors = 0;
  private readonly store: Store | undefined;
  /** Until when the number stays in memory alone when we come back; 0 when it may be stored at once. */
  private storeMs = 0;

  /** @throws TypeError or RangeError that names the option that is wrong, Error without a network; nothing was opened. */
  constructor(options: XsNodeOptions<T>) {
    const driver = new XsDriver();
    const advertise = ownAddress(options);
    const bump = options?.bump === undefined ? nextBump(options?.store) : 0;
    const seed = advertise + "," + options?.port + "," + String(Net.get("MAC"));
    super(options, { advertise, bump, random: deviceRandom(seed, bump) }, driver);
    this.store = options.store;
    this.keepBump();
    // What the driver calls are methods that are not for users: an object of closures would cost 40 heap slots.
    driver.open(options.port, this as unknown as DriverEvents);
  }

  override changeAddress(advertise: string): void {
    super.changeAddress(advertise);
    this.keepBump();
  }

  override close(): void {
    if (this.storeMs > 0) this.keepBump();
    this.storeMs = 0;
    super.close();
  }

  /** For the runtime: our identity changed. Others may have us renew our number again and again: not each is stored. */
  override identityChanged(hasRenewed = false): void {
    super.identityChanged(hasRenewed);
    if (hasRenewed && this.now() >= this.storeMs) this.keepBumpForNow();
  }

  protected override wake(): void {
    if (this.storeMs > 0 && this.now() >= this.storeMs) this.keepBumpForNow();
    super.wake();
  }

  /** For the driver: the port could not be opened. */
  protected notOpened(error: unknown): void {
    if (this.options.onError === undefined) traceError(error);
    this.failed(error);
  }

  /** For the driver: a callback of the user threw. */
  protected threw(error: unknown): void {
    this.callbackErrors++;
    try {
      if (this.options.onError !== undefined) this.options.onError(error);
      else traceError(error);
    } catch (another) {
      traceError(another);
    }
  }

  /** Stores our number, and the next one not before the pause is over, or when nothing was left to store by then. */
  private keepBumpForNow(): void {
    this.storeMs = this.keepBump() ? this.now() + STORE_PAUSE_MS : 0;
  }

  /** Stores our number, so that the next life has a larger one. Returns whether it tried to: false when it is stored. */
  private keepBump(): boolean {
    const bump = (this.identity as { bump?: Integer64 }).bump;
    if (this.store === undefined || bump === undefined) return false;
    try {
      return keepBump(this.store, bump);
    } catch (error) {
      this.failed(error);
      return true;
    }
  }
}

/** The device's own address; empty when the options make it needless. */
function ownAddress(options: { advertise?: string; identity?: unknown } | undefined): string {
  if (options?.advertise !== undefined || options?.identity !== undefined) return options.advertise ?? "";
  const address: string | undefined = Net.get("IP");
  if (address) return address;
  throw new Error("SwimNode: there is no network yet; make it when there is an address, or give advertise");
}
