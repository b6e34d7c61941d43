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
 * cannot be bound is reported to `onError` before any `onReady`; the node does nothing then.
 */
export class SwimNode<T = Renewable, A = AddressOf<T>> extends SwimNodeBase<T, A> {
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
      receive: (bytes) => this.receive(bytes, 0, bytes.length),
      wake: () => this.wake(),
      failed: (error) => this.failed(error),
    });
  }
}
