import { existsSync } from "node:fs";

const PLACES = [process.env.FOCA_AGENT, "build/foca-agent/bin/foca_insecure_udp_agent"];

/** foca's own agent; undefined when it is not installed. */
export function focaAgent() {
  return PLACES.find((path) => path && existsSync(path));
}
