export { FakeNetwork, type FakeNetworkOptions, type LinkFaults } from "./network.js";
export { Host, type OnDatagram } from "./host.js";
export { SwimNode } from "./swim-node.js";
export { Clock, type Happening } from "./clock.js";
export { seededRandom } from "./random.js";
export type { SwimNodeConstructor, SwimNodeInstance } from "../shared/node-types.js";
export type { AddressOf, SwimNodeOptions } from "../shared/options.js";
export type { Store } from "../shared/bump.js";
export * from "../../core/index.js";
