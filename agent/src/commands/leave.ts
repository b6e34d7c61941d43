import type { Command } from "commander";
import { EXIT_CODES, speak, withControlOptions, type ControlFlags, type SetExitCode } from "./control.js";

const HELP = `
The agent tells the others that it leaves, and ends. A service manager that starts it again only after failures leaves it
so, since it ends with exit code 0.

Example:
  xswim leave --port 7946
${EXIT_CODES}`;

/** Adds `leave` to the program. */
export function addLeaveCommand(program: Command, setExitCode: SetExitCode): void {
  withControlOptions(program.command("leave"))
    .description("Have an agent leave its cluster and end.")
    .addHelpText("after", HELP)
    .action((flags: ControlFlags) =>
      speak(flags, setExitCode, async (client) => {
        await client.post("/api/leave");
      }),
    );
}
