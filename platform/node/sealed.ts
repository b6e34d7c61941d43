/**
 * What seals datagrams: for a program around a bare core, and for code that imports the same on a device.
 * @module xswim/sealed
 */
export { SwimNode } from "./swim-node.js";
export { bincode, lan, renewableAddr, serdeCodec, simple, SwimError, wan, wifi } from "../../core/index.js";
export { Seal } from "./seal.js";
export { SEAL_HEADROOM, SEAL_OVERHEAD, SEAL_TAILROOM } from "../shared/seal.js";
export type { Sealing, SealOptions } from "../shared/seal.js";
export { SealMetric } from "../shared/seal-metrics.js";
export type { ClusterKey } from "../shared/cluster-keys.js";
export type { Store } from "../shared/bump.js";
