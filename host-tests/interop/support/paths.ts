import { fileURLToPath } from "node:url";

/** Where cargo installs foca's example agent. */
export const FOCA_AGENT_ROOT = fileURLToPath(new URL("../../../build/foca-agent", import.meta.url));
export const FOCA_AGENT = FOCA_AGENT_ROOT + "/bin/foca_insecure_udp_agent";
