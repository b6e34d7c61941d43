import type { Command } from "commander";
import { printable } from "../agent/log.js";
import type { InfoAnswer } from "../control/answers.js";
import {
  EXIT_CODES,
  printJson,
  printLine,
  speak,
  withControlOptions,
  type ControlFlags,
  type SetExitCode,
} from "./control.js";
import { roundTrip, span } from "./table.js";

const HELP = `
--json prints all that the agent tells of itself: also its counters, and those of sealed datagrams.

Examples:
  xswim info
  xswim info --json | jq .counters
${EXIT_CODES}`;

/** Adds `info` to the program. */
export function addInfoCommand(program: Command, setExitCode: SetExitCode): void {
  withControlOptions(program.command("info"))
    .description("Tell what an agent is, how it is set, and what troubles it.")
    .option("--json", "print one JSON object", false)
    .addHelpText("after", HELP)
    .action((flags: ControlFlags) =>
      speak(flags, setExitCode, async (client) => {
        const info = await client.get<InfoAnswer>("/api/info");
        if (flags.json === true) return printJson(info);
        for (const [name, text] of linesOf(info)) printLine((name + ":").padEnd(12) + printable(text));
      }),
    );
}

/** What there is to tell, each with its name. */
function linesOf(info: InfoAnswer): [string, string][] {
  const { advertised, config, cluster, sealing, keyIds, discovery } = info;
  const lines: [string, string][] = [
    ["identity", info.identity.addr + " (bump " + info.identity.bump + ")"],
    ["bound to", info.bind],
    ["state", info.state + ", " + info.numMembers + " other members"],
    ["round trip", roundTrip(info.rttMs)],
    ["up for", span(info.upSeconds * 1000)],
    ["version", info.version],
    ["codec", info.codec],
  ];
  if (advertised !== null) lines.splice(2, 0, ["reached at", advertised.address + ": " + advertised.why]);
  if (config !== null) lines.push(["settings", config.name + ", for " + config.size + " members"]);
  if (cluster !== null) lines.push(["cluster", cluster]);
  lines.push(["sealing", sealing === null ? "no keys" : sealing + ", keys " + (keyIds ?? []).join(", ")]);
  if (discovery !== null) lines.push(["discovery", [discovery.state, ...discovery.found].join(" ")]);
  if (info.socketErrors > 0) lines.push(["errors", info.socketErrors + " of the socket"]);
  for (const { text, at } of info.troubles) lines.push(["trouble", text + " (" + at + ")"]);
  return lines;
}
