import Net from "net";
import type { Config, Renewable } from "../../core/index.js";
import {
  checkNodeOptions,
  type AddressOf,
  type MakeSeal,
  type PlatformDefaults,
  type SwimNodeOptions,
} from "../shared/options.js";
import { SwimNodeBase } from "../shared/swim-node.js";
import type { ValueFormat } from "../shared/value-format.js";
import { deviceBump } from "./bump.js";
import { traceError, XsDriver, type DriverEvents } from "./driver.js";
import { deviceRandom } from "./random.js";

/**
 * The most bytes that arrive whole on a device: what an Ethernet frame of 1,500 bytes holds beside the headers of IP and
 * UDP. lwIP keeps a longer datagram in several buffers, of which the SDK's socket reads the first.
 */
const LONGEST_DATAGRAM = 1472;

/**
 * The options of this `SwimNode`, which are the same on every platform. On XS, `maxPacketSize` of `config` is 1,472 bytes
 * at most, and a datagram from another member that is longer than that arrives cut: it is refused and counted, whatever
 * `maxReceiveSize` says. Give such a `maxPacketSize` to all members of the cluster.
 */
export type XsNodeOptions<T = Renewable, A = AddressOf<T>, F extends ValueFormat = "bytes"> = SwimNodeOptions<
  T,
  A,
  F
>;

/**
 * A member of a cluster, on one UDP socket and one timer of the Moddable SDK. Create it when the device has a network
 * address, and call `changeAddress` when the device gets another one. A port that cannot be bound is tried again
 * after 1 s, 2 s and so on, and in the end every 30 s; each failure goes to `onError`, or is traced when there is no
 * `onError`.
 *
 * When one of your callbacks throws, the node catches the exception, because it would end the machine. The exception
 * is counted in `callbackErrors` and passed to `onError`, or traced when there is no `onError`.
 */
export class SwimNode<T = Renewable, A = AddressOf<T>, F extends ValueFormat = "bytes"> extends SwimNodeBase<
  T,
  A,
  F
> {
  /**
   * Opens the socket soon after it returned, and then joins by the seeds.
   * @throws TypeError or RangeError that names the wrong option, Error when the device has no network address yet. In
   *   these cases no socket was opened.
   */
  constructor(options: SwimNodeOptions<T, A, F>);
  /** @internal For `xswim/sealed`. */
  constructor(options: SwimNodeOptions<T, A, F>, makeSeal?: MakeSeal);
  constructor(options: SwimNodeOptions<T, A, F>, makeSeal?: MakeSeal) {
    checkNodeOptions(options);
    checkPacketSize(options.config);
    const driver = new XsDriver();
    const advertise = ownAddress(options);
    const errors: unknown[] = [];
    const bump = options.bump === undefined ? deviceBump(options.store, errors) : 0;
    const seed = advertise + "," + options.port + "," + String(Net.get("MAC"));
    const defaults: PlatformDefaults = { advertise, bump, random: deviceRandom(seed, bump), errors };
    if (makeSeal !== undefined) defaults.makeSeal = makeSeal;
    super(options, defaults, driver);
    // What the driver calls are methods that are not for users: an object of closures would cost 40 heap slots.
    driver.open(this as unknown as DriverEvents);
  }

  /** For the driver: the port could not be opened. */
  protected notOpened(error: unknown): void {
    if (this.options.onError === undefined) traceError(error);
    this.failed(error);
  }

  /** For the driver: a callback of the user's threw. */
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

/** What a node sends must be received by nodes of its kind. */
function checkPacketSize(config: Config | undefined): void {
  if (config === undefined || config === null || !(config.maxPacketSize > LONGEST_DATAGRAM)) return;
  throw new RangeError(
    "SwimNode: config.maxPacketSize must be 1472 at most, because devices cut longer datagrams",
  );
}

/** Returns the device's own address, or an empty text when the options make it unnecessary. */
function ownAddress(options: { advertise?: string; identity?: unknown }): string {
  if (options.advertise !== undefined || options.identity !== undefined) return options.advertise ?? "";
  const address: string | undefined = Net.get("IP");
  if (address) return address;
  throw new Error("SwimNode: there is no network yet; create it when there is an address, or pass advertise");
}
