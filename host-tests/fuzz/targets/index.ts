// What is built with counters in it: all targets, and the engine that runs them.
import { datagrams } from "./datagrams.js";
import type { Target } from "../engine/target.js";

export { Fuzzer } from "../engine/fuzzer.js";
export const targets: readonly Target[] = [datagrams];
