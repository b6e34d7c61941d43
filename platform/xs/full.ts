// Everything in one: a node, and the core with its codecs, schemas and tables.
import { Swim, type Renewable, type SwimOptions } from "../../core/index.js";
import type { AddressOf } from "../shared/options.js";
import type { ValueFormat } from "../shared/value-format.js";
import { SwimNode as LeanNode } from "./swim-node.js";

/** A node whose core has `applyMany` and `setConfig`. */
export class SwimNode<T = Renewable, A = AddressOf<T>, F extends ValueFormat = "bytes"> extends LeanNode<
  T,
  A,
  F
> {
  declare readonly swim: Swim<T>;

  protected override makeSwim(options: SwimOptions<T>): Swim<T> {
    return new Swim(options);
  }
}
export * from "../../core/index.js";
