import { fileURLToPath } from "node:url";

/** Where cargo installs foca's example agent. */
export const FOCA_AGENT_ROOT = fileURLToPath(new URL("../../../build/foca-agent", import.meta.url));
export const FOCA_AGENT = FOCA_AGENT_ROOT + "/bin/foca_insecure_udp_agent";
/** The crate of our own programs on the published foca. */
export const PEER_FOLDER = fileURLToPath(new URL("../../foca-peer/", import.meta.url));
/** What it builds. */
export const PEER_PROGRAMS = PEER_FOLDER + "target/release/";
