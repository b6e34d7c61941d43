import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { addAgentCommand } from "./agent/command.js";
import { addKeygenCommand } from "./agent/keygen.js";
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
addKeygenCommand(program);
addDemoCommand(program, setExitCode);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : WRONG_ARGUMENTS;
}
