import type { ClusterKey } from "../../platform/shared/cluster-keys.js";

// Keys for tests.
export const KEY: ClusterKey = { id: 0, secret: "000102030405060708090a0b0c0d0e0f" };
export const OTHER: ClusterKey = { id: 1, secret: "f0e0d0c0b0a090807060504030201000" };
/** The number of `KEY`, and not its bits. */
export const WRONG: ClusterKey = { id: 0, secret: "000102030405060708090a0b0c0d0e0e" };
