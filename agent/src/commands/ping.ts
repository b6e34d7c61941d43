import type { Command } from "commander";
import { parseSocketAddress } from "../agent/settings.js";
import { printable } from "../agent/log.js";
import type { PingAnswer } from "../control/answers.js";
import {
  EXIT_CODES,
  FAILED,
  printJson,
  printLine,
  speak,
  withControlOptions,
  type ControlFlags,
  type SetExitCode,
} from "./control.js";

const HELP = `
The agent pings the member itself, and has up to three others ping it. When only others get an answer, the link between
the agent and the member is at fault, and not the member.

Examples:
  xswim ping 192.168.1.11:7946
  xswim ping 192.168.1.11:7946 --via 192.168.1.12:7946
${EXIT_CODES} It failed when nobody got an answer.`;

interface PingFlags extends ControlFlags {
  via?: string;
}

/** Adds `ping` to the program. */
export function addPingCommand(program: Command, setExitCode: SetExitCode): void {
  withControlOptions(program.command("ping"))
    .argument("<MEMBER>", "the address of a member", parseSocketAddress)
    .description("Measure the round trip from an agent to a member, directly and through others.")
    .option("--via <MEMBER>", "only through this member", parseSocketAddress)
    .option("--json", "print one JSON object: results", false)
    .addHelpText("after", HELP)
    .action((member: string, flags: PingFlags) =>
      speak(flags, setExitCode, async (client) => {
        const body = flags.via === undefined ? { member } : { member, via: flags.via };
        const answer = await client.post<PingAnswer>("/api/ping", body);
        if (flags.json === true) printJson(answer);
        else for (const line of linesOf(answer)) printLine(line);
        return answer.results.some(({ rttMs }) => rttMs !== null) ? 0 : FAILED;
      }),
    );
}

function linesOf({ results }: PingAnswer): string[] {
  const ways = results.map(({ via }) => (via === null ? "directly" : "through " + printable(via)));
  const width = Math.max(0, ...ways.map((way) => way.length)) + 2;
  return results.map(
    ({ rttMs }, index) =>
      ways[index].padEnd(width) + (rttMs === null ? "no answer" : rttMs.toFixed(1) + " ms"),
  );
}
