import { freePorts } from "../../../agent/src/demo/free-ports.js";
import type { Program } from "./program.js";

/** So many free addresses of this machine. */
export async function addresses(count: number): Promise<string[]> {
  return (await freePorts(count, "127.0.0.1")).map((port) => "127.0.0.1:" + port);
}

/** Whether a program told of this member that it is up. */
export function hasUp(program: Program, address: string): boolean {
  return program
    .eventsOf("memberUp")
    .some((event) => (event["identity"] as { addr: string }).addr === address);
}
