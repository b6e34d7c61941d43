/**
 * A runtime for programs that would rather ask a `Swim` what is to be done than be called by it.
 * @module xswim/gather
 */
export { GatheringRuntime, type Datagram, type GatheringOptions, type Notification } from "./runtime.js";
