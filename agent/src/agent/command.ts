import { Argument, Option, type Command } from "commander";
import { onNpmGone } from "../parent.js";
import { Agent } from "./agent.js";
import { makeLog } from "./log.js";
import { Output } from "./output.js";
import {
  collectSocketAddress,
  LOG_LEVELS,
  makeSettings,
  parseClusterSize,
  parseSocketAddress,
  type AgentFlags,
} from "./settings.js";

/** The exit code when the reader of the standard output is gone. */
const READER_GONE = 3;
/** How long the last lines have when the output is full. */
const LAST_LINES_MS = 500;

const HELP = `
Addresses are an IP address and a port: 127.0.0.1:8080, [::1]:8080.
It speaks with foca 1.0.0's example agent, whose identities, wire format and settings are the defaults here.
It leaves the cluster on SIGINT (Ctrl-C), SIGTERM and SIGHUP, when npm started it and is gone, and when the reader of its
standard output is gone. When that output is only slow, or its disk is full, the agent goes on: 256 KB of lines wait,
and of those beyond it tells the number.

Exit codes: 0 it left, 1 it could not begin (the port is in use), 2 wrong arguments, 3 it left since the other end of
its standard output was closed.

With --json every line on the standard output is an object with level, time (ISO 8601), event and msg, and
  ready       identity, bind              the socket is open
  memberUp    identity, members           a member became active; members: how many are, without this one
  memberDown  identity, members           a member was declared Down, or left
  rename      before, after               a newer identity took an older one's place
  broadcast   from, text                  a member published something
  idle                                    no other member is left; the seeds are tried again
  rejoin      identity, leftOut           this one was declared Down and came back; 5 are told at once, then one a
                                          second, with the number of those before it that were not told
  linesLost   lines                       so many lines are missing here, since the output took none
  error       error, socketErrors | path  the socket or the members file failed; it goes on
  leaving     reason    left  metrics
and with --log-level debug also active, defunct, hello (text); with trace sent, received (peer, message).
An identity is { addr, bump }.

Examples:
  xswim agent 127.0.0.1:8080
  xswim agent 127.0.0.1:8081 -a 127.0.0.1:8080 -f members.txt
  xswim agent 0.0.0.0:8080 -i 192.168.1.10:8080 -a 192.168.1.11:8080 -a 192.168.1.12:8080 --json`;

/** Adds `agent` to the program; `setExitCode` is told how it ended. */
export function addAgentCommand(program: Command, setExitCode: (exitCode: number) => void): void {
  program
    .command("agent")
    .description("Be a member of a cluster, until told to leave.")
    .addArgument(new Argument("<BIND_ADDR>", "the UDP address to bind").argParser(parseSocketAddress))
    .option(
      "-i, --identity <ADDR>",
      "the address others reach us at (default: BIND_ADDR)",
      parseSocketAddress,
    )
    .option("-a, --announce <ADDR>", "a member to join by; may be repeated", collectSocketAddress, [])
    .option("-f, --filename <FILE>", "keep the addresses of the active members in this file, one a line")
    .addOption(
      new Option("--codec <NAME>", "wire format").choices(["bincode", "postcard"]).default("bincode"),
    )
    .addOption(new Option("--config <NAME>", "settings").choices(["lan", "wan", "simple"]).default("lan"))
    .option("--cluster-size <N>", "members expected, for lan and wan", parseClusterSize, 10)
    .addOption(new Option("--log-level <LEVEL>", "what to tell").choices(LOG_LEVELS).default("info"))
    .option("--json", "one JSON object a line on the standard output", false)
    .addHelpText("after", HELP)
    .action(async (bind: string, flags: AgentFlags, command: Command) => {
      const settings = makeSettings(bind, flags, command);
      const output = new Output({
        linesLost: (lines) => log.error({ event: "linesLost", lines }, "lines lost here: " + lines),
        readerGone: () => leaveWithoutReader(agent),
      });
      const log = makeLog(settings.logLevel, settings.json, output);
      const agent = new Agent(settings, log);
      leaveWhenTold(agent);
      setExitCode(await agent.done);
      await output.settled(LAST_LINES_MS);
    });
}

/** Without a reader nobody would learn what became of the agent, so it ends, as programs in a pipeline do. */
function leaveWithoutReader(agent: Agent): void {
  // It may be the same pipe.
  process.stderr.once("error", () => undefined);
  process.stderr.write("xswim agent: nobody reads the standard output any more, so it left\n");
  void agent.leave("nobody reads the standard output", READER_GONE);
}

/** Has signals end the agent, the second one at once; and the end of the program that started it, when it listens. */
function leaveWhenTold(agent: Agent): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => void agent.leave(signal));
  }
  process.once("disconnect", () => void agent.leave("the program that started it is gone"));
  process.channel?.unref();
  onNpmGone(() => void agent.leave("the npm that started it is gone"));
}
