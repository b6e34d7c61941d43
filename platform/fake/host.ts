import type { Renewable } from "../../core/index.js";
import type { SwimNodeConstructor } from "../shared/node-types.js";
import type { AddressOf, SwimNodeOptions } from "../shared/options.js";
import type { ValueFormat } from "../shared/value-format.js";
import { Machine, type Medium } from "./machine.js";
import { SwimNode } from "./swim-node.js";

/** A machine on the fake network, with the class `SwimNode` as device code knows it. `FakeNetwork.host` makes it. */
export class Host extends Machine {
  /** Makes a node on this host: `new host.SwimNode({ port: 7946 })`. */
  readonly SwimNode: SwimNodeConstructor;

  /** Use `FakeNetwork.host` instead, which also connects the host. */
  constructor(network: Medium, address: string) {
    super(network, address);
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    const host = this;
    this.SwimNode = class<T = Renewable, A = AddressOf<T>, F extends ValueFormat = "bytes"> extends SwimNode<
      T,
      A,
      F
    > {
      constructor(options: SwimNodeOptions<T, A, F>) {
        super(options, host);
      }
    };
  }
}
