import { closeSync, constants, openSync } from "node:fs";

/** Whether there is a terminal that signals go out from, which there is not any more when its window was closed. */
export function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY));
    return true;
  } catch {
    return false;
  }
}
