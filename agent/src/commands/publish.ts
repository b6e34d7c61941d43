import { text } from "node:stream/consumers";
import type { Command } from "commander";
import {
  EXIT_CODES,
  printJson,
  speak,
  withControlOptions,
  type ControlFlags,
  type SetExitCode,
} from "./control.js";

const HELP = `
All members are told the value of the agent, and keep it until it publishes another one. Who joins later is told, too.
VALUE is a text; - reads it from the standard input, without its last line break. The agent says when it is too long for
a datagram.

Examples:
  xswim publish "rack 4, 21.5 °C"
  uptime | xswim publish -
${EXIT_CODES}`;

/** Adds `publish` to the program. */
export function addPublishCommand(program: Command, setExitCode: SetExitCode): void {
  withControlOptions(program.command("publish"))
    .argument("<VALUE>", "what to publish; - for the standard input")
    .description("Publish a value of an agent to all members.")
    .option("--json", "print what the agent answers", false)
    .addHelpText("after", HELP)
    .action((given: string, flags: ControlFlags) =>
      speak(flags, setExitCode, async (client) => {
        const value = given === "-" ? (await text(process.stdin)).replace(/\r?\n$/, "") : given;
        const answer = await client.post("/api/publish", { value });
        if (flags.json === true) printJson(answer);
      }),
    );
}
