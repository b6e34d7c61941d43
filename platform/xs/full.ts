// Everything in one: a node, and the core with its codecs, schemas and tables.
export { SwimNode } from "./swim-node.js";
export * from "../../core/index.js";
