/**
 * The store of the device, for the option `store` of a node.
 * @module xswim/store
 */
import Preference from "preference";
import type { Store } from "../../shared/bump.js";

export type { Store };
/** The SDK's `Preference`; on Zephyr, which has none, the key-value storage of ECMA-419. */
export const store: Store = Preference;
