export { FakeNetwork, type FakeNetworkOptions } from "./network.js";
export type { LinkFaults } from "./faults.js";
export { Host } from "./host.js";
export { Machine, type Medium, type OnDatagram } from "./machine.js";
export type { FakeTimer } from "./timer.js";
export { SwimNode } from "./swim-node.js";
export { Clock, type Happening } from "./clock.js";
export { seededRandom } from "./random.js";
export type { SwimNodeOptions } from "../shared/options.js";
