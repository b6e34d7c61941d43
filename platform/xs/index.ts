/**
 * A member of a cluster on Moddable XS, over one UDP socket and one timer of the Moddable SDK.
 * @module xswim/xs
 */
// What a node on a device needs, with one codec. More comes by `postcard.ts`, `shared/metrics.ts`,
// `shared/schema.ts` and `full.ts`.
export { SwimNode, type XsNodeOptions } from "./swim-node.js";
export type { NodeMember, SwimNodeConstructor, SwimNodeInstance } from "../shared/node-types.js";
export type { AddressOf, SwimNodeOptions } from "../shared/options.js";
export type { ValueFormat, ValueOf } from "../shared/value-format.js";
export type { Store } from "../shared/bump.js";
export type { ClusterKey } from "../shared/cluster-keys.js";
export type { Sealing, Seal } from "../shared/seal.js";
export { bincode, lan, renewableAddr, serdeCodec, simple, SwimError, wan, wifi } from "../../core/index.js";
export type * from "../../core/index.js";
