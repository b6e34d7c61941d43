// What a node on a device needs, with one codec. More comes by `postcard.ts`, `shared/metrics.ts` and `full.ts`.
export { SwimNode, type XsNodeOptions } from "./swim-node.js";
export type { Store } from "./bump.js";
export type { SwimNodeOptions } from "../shared/options.js";
export { bincode, lan, renewableAddr, serdeCodec, simple, SwimError, wan } from "../../core/index.js";
export type * from "../../core/index.js";
