import { fileURLToPath } from "node:url";

function fromRoot(path: string): string {
  return fileURLToPath(new URL("../../../" + path, import.meta.url));
}

/** The sources of the switch, and where its program goes. */
export const SWITCH_SOURCES = fromRoot("host-tests/network/switch");
export const SWITCH = fromRoot("build/network/switch");

/** The module of the member of memberlist, and where its program goes. */
export const MEMBERLIST_SOURCES = fromRoot("bench/rivals/memberlist-go");
export const MEMBERLIST = fromRoot("build/network/memberlist-go");

/** Where each story leaves its rows, and where all of them go in the end. */
export const ROWS = fromRoot("build/network/rows");
export const TABLE = fromRoot("build/results/network.json");
