/**
 * A member of a cluster on Node, over one UDP socket.
 * @module xswim/node
 */
export { SwimNode } from "./swim-node.js";
export { circlePoint } from "./circle.js";
export type { SavedValue } from "./saved-values.js";
export type { NodeMember, SwimNodeConstructor, SwimNodeInstance } from "../shared/node-types.js";
export type { AddressOf, ProbeHelpers, SwimNodeOptions } from "../shared/options.js";
export type {
  Advertised,
  DiscoverOptions,
  HostNodeConstructor,
  HostNodeInstance,
  HostNodeOptions,
} from "../host/options.js";
export type { RefusalReason } from "../host/refusals.js";
export type { Trouble, TroubleKind } from "../host/troubles.js";
export type { ValueFormat, ValueOf } from "../shared/value-format.js";
export type { Store } from "../shared/bump.js";
export type { ClusterKey } from "../shared/cluster-keys.js";
export type { Sealing, Seal } from "../shared/seal.js";
export * from "../../core/index.js";
