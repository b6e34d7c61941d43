import Net from "net";
import type { Renewable } from "../../core/index.js";
import { checkNodeOptions, type AddressOf, type SwimNodeOptions } from "../shared/options.js";
import { SwimNodeBase } from "../shared/swim-node.js";
import { deviceBump } from "./bump.js";
import { traceError, XsDriver, type DriverEvents } from "./driver.js";
import { deviceRandom } from "./random.js";

/** The options, which are the same on every platform. */
export type XsNodeOptions<T = Renewable, A = AddressOf<T>> = SwimNodeOptions<T, A>;

/**
 * A member of a cluster, on one UDP socket and one timer of Moddable's. To be made when there is a network address;
 * `changeAddress` when there is another one.
 *
 * What a callback of yours throws is caught, because an exception would end the machine: counted in
 * `callbackErrors` and given to `onError`, or traced when there is none.
 */
export class SwimNode<T = Renewable, A = AddressOf<T>> extends SwimNodeBase<T, A> {
  /** @throws TypeError or RangeError that names the option that is wrong, Error without a network; nothing was opened. */
  constructor(options: SwimNodeOptions<T, A>) {
    checkNodeOptions(options);
    const driver = new XsDriver();
    const advertise = ownAddress(options);
    const bump = options.bump === undefined ? deviceBump(options.store) : 0;
    const seed = advertise + "," + options.port + "," + String(Net.get("MAC"));
    super(options, { advertise, bump, random: deviceRandom(seed, bump) }, driver);
    // What the driver calls are methods that are not for users: an object of closures would cost 40 heap slots.
    driver.open(this as unknown as DriverEvents);
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
}

/** The device's own address; empty when the options make it needless. */
function ownAddress(options: { advertise?: string; identity?: unknown }): string {
  if (options.advertise !== undefined || options.identity !== undefined) return options.advertise ?? "";
  const address: string | undefined = Net.get("IP");
  if (address) return address;
  throw new Error("SwimNode: there is no network yet; make it when there is an address, or give advertise");
}
