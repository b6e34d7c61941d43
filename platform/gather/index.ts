export { GatheringRuntime, type Datagram, type GatheringOptions, type Notification } from "./runtime.js";
