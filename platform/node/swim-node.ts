import type { Renewable } from "../../core/index.js";
import { nextBump } from "../shared/bump.js";
import { checkNodeOptions, type AddressOf, type SwimNodeOptions } from "../shared/options.js";
import { SwimNodeBase } from "../shared/swim-node.js";
import { checkBindAddress, defaultAdvertise } from "./addresses.js";
import { DgramDriver } from "./driver.js";
import { systemRandom } from "./random.js";

/**
 * A member of a cluster, on one UDP socket of Node's. Keeps the process alive until `close`.
 *
 * Bound to all IPv4 addresses when `options.address` is left out; `"::"` binds to all of both families. A port that
 * cannot be bound is tried again after 1 s, 2 s and so on, every 30 s in the end. Each failure is counted in
 * `socketErrors` and given to `onError`; without `onError`, the first is said in a warning of the process.
 *
 * What a callback of yours throws is an uncaught exception, which ends the process unless you handle that. The other
 * callbacks that were due are called after it, and the node goes on.
 */
export class SwimNode<T = Renewable, A = AddressOf<T>> extends SwimNodeBase<T, A> {
  private hasWarned = false;

  /** @throws TypeError or RangeError that names the option that is wrong; no socket was opened. */
  constructor(options: SwimNodeOptions<T, A>) {
    checkNodeOptions(options);
    const driver = new DgramDriver(checkBindAddress(options.address));
    super(
      options,
      {
        advertise: defaultAdvertise(options.address),
        bump: options.bump ?? nextBump(options.store, Math.floor(Date.now() / 1000)),
        random: systemRandom(),
      },
      driver,
    );
    driver.open(options.port, {
      ready: () => this.ready(),
      notOpened: (error) => this.notOpened(error),
      receive: (bytes) => this.receive(bytes, 0, bytes.length),
      wake: () => this.wake(),
      failed: (error) => this.failed(error),
      refused: () => void this.refusedEndpoints++,
    });
  }

  /** Without `onError` nobody would learn why the node does nothing. */
  private notOpened(error: unknown): void {
    if (this.options.onError === undefined && !this.hasWarned) {
      this.hasWarned = true;
      const what = "SwimNode: UDP port " + this.options.port + " could not be opened, and is tried again: ";
      process.emitWarning(what + String(error) + ". Give the option onError to be told.");
    }
    this.failed(error);
  }
}
