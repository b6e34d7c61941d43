/**
 * For tests: a network of hosts in one process, on a virtual clock, with the same `SwimNode` as on a device.
 * @module xswim/fake
 */
export { FakeNetwork, type FakeNetworkOptions } from "./network.js";
export type { LinkFaults } from "./faults.js";
export { Host, type HostProgram, type RebootOptions } from "./host.js";
export { Flash } from "./flash.js";
export type { DatagramEvent, Fate, Traffic } from "./traffic.js";
export { Machine, type Medium, type OnDatagram } from "./machine.js";
export type { FakeTimer } from "./timer.js";
export type { RunningNode } from "./running-node.js";
export { SwimNode } from "./swim-node.js";
export { Clock, type Happening } from "./clock.js";
export { seededRandom } from "./random.js";
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
