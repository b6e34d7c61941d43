import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { addAgentCommand } from "./agent/command.js";
import { addKeygenCommand } from "./agent/keygen.js";
import { addCompletionCommand } from "./commands/completion.js";
import { addDoctorCommand } from "./commands/doctor.js";
import { addInfoCommand } from "./commands/info.js";
import { addKeysCommand } from "./commands/keys.js";
import { addLeaveCommand } from "./commands/leave.js";
import { addMembersCommand } from "./commands/members.js";
import { addMonitorCommand } from "./commands/monitor.js";
import { addPingCommand } from "./commands/ping.js";
import { addPublishCommand } from "./commands/publish.js";
import { addDemoCommand } from "./demo/command.js";

const WRONG_ARGUMENTS = 2;

/** The version in package.json, which is one folder above this file in `dist/`. */
function version(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

const program = new Command("xswim")
  .description("Cluster membership (SWIM), on the wire of the Rust crate foca 1.0.0.")
  .version(version())
  .configureHelp({ showGlobalOptions: false })
  .showHelpAfterError("(add --help to see what is expected)")
  .exitOverride();

const setExitCode = (exitCode: number): void => {
  process.exitCode = exitCode;
};
addAgentCommand(program, setExitCode);
addDoctorCommand(program, setExitCode);

program.commandsGroup("Commands for an agent that runs on this machine:");
addMembersCommand(program, setExitCode);
addMonitorCommand(program, setExitCode);
addInfoCommand(program, setExitCode);
addPingCommand(program, setExitCode);
addPublishCommand(program, setExitCode);
addLeaveCommand(program, setExitCode);

program.commandsGroup("More:");
addKeysCommand(program, setExitCode);
addKeygenCommand(program);
addDemoCommand(program, setExitCode);
addCompletionCommand(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : WRONG_ARGUMENTS;
}
