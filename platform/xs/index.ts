/**
 * A member of a cluster on Moddable XS, over one UDP socket and one timer of the Moddable SDK.
 * @module xswim/xs
 */
export { SwimNode, type XsNodeOptions } from "./swim-node.js";
export type { SwimNodeConstructor, SwimNodeInstance } from "../shared/node-types.js";
export type { AddressOf, SwimNodeOptions } from "../shared/options.js";
export type { Store } from "../shared/bump.js";
export * from "../../core/index.js";
