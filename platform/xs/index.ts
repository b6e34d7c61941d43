export { SwimNode, type XsNodeOptions } from "./swim-node.js";
export type { Store } from "../shared/bump.js";
export type { SwimNodeOptions } from "../shared/options.js";
export * from "../../core/index.js";
