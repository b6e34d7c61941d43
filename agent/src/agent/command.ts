import { Argument, Option, type Command } from "commander";
import type { ClusterKey } from "xswim/node";
import type { Logger } from "pino";
import { onNpmGone } from "../parent.js";
import { hasTerminal } from "../terminal.js";
import { AgentServer } from "../server/agent-server.js";
import { DEFAULT_HTTP } from "../server/http-address.js";
import { Agent } from "./agent.js";
import { applyConfigFile, collectConfig } from "./config-file.js";
import { readKeyFile } from "./key-file.js";
import { LogFile } from "./log-file.js";
import { makeLog } from "./log.js";
import { Output } from "./output.js";
import {
  collectSeed,
  LOG_LEVELS,
  SEALINGS,
  makeSettings,
  parseBump,
  parseCluster,
  parseClusterSize,
  parsePort,
  parseSocketAddress,
  type AgentFlags,
  type AgentSettings,
} from "./settings.js";

const DEFAULT_BIND = "0.0.0.0:7946";
const CANNOT_START = 1;
/** The exit code when the other end of the standard output is closed. */
const READER_GONE = 3;
/** How long the program waits at its end for a blocked output to take the last lines. */
const LAST_LINES_MS = 500;

const HELP = `
Each ADDR is an IP address and a port, such as 127.0.0.1:8080 or [::1]:8080.
The agent can form a cluster with foca 1.0.0's example agent. It uses the same identities, wire format and settings
unless you choose others.

Without --announce the agent looks for members nearby: by multicast DNS (_xswim._udp), and by broadcasts to --beacon-port
when that finds nobody. Those of another --cluster stay apart. With a key it looks by sealed broadcasts only.

With --key-file every datagram is sealed, and only sealed ones are taken. The file has one to four keys, one a line, as
xswim keygen prints them; blank lines and what follows a # do not count. The first one seals, and all open. Others must
not be able to read the file: its mode has to be 600. On SIGHUP the agent reads it again, and goes on with its keys; a
wrong file is told, and changes nothing. --sealing is for a running cluster that gets its keys: restart its members with
accept, then with send, then with require, which is what keys do when it is left out.
  off      does nothing with the keys          send     takes both, and sends sealed
  accept   takes both, and seals nothing       require  takes and sends what is sealed only

--http shows the cluster on a page, by /api/info, /api/members, /api/events and /api/traffic, and to Prometheus by /metrics.
Without an address it is at http://127.0.0.1:8946/. An address that other machines reach needs --http-token-file: a file
with 16 to 256 characters on a line and mode 600, which callers send as Authorization: Bearer TOKEN. What has the agent do
something needs the token everywhere. The other commands reach the agent at its control address, a socket that only
its user can open: UDP_PORT.sock in $XDG_RUNTIME_DIR/xswim-UID, or in xswim-UID in the folder for temporary files.

The agent leaves the cluster on SIGINT (Ctrl-C), SIGTERM and SIGHUP, when the npm that started it is gone, and when
the other end of its standard output is closed. With --key-file it leaves on SIGHUP only if its terminal was closed.
When that output is only slow, or its disk is full, the agent goes on: up to 256 KB of lines wait, and the number of
further lines, which are lost, is printed later.

With --config FILE the options are in a JSON object, by their long names without the dashes, and BIND_ADDR is bind. What
the command line says comes first. With --state the agent writes what it knows to FILE, at most once in five seconds and
when it leaves, and begins with that when it is started again; each agent needs a file of its own.

Exit codes:
  0  the agent left
  1  it could not start, for example because the port is in use
  2  wrong arguments
  3  it left because the other end of its standard output was closed

With --json every line on the standard output is an object with level, time (ISO 8601), event and msg, and
  ready       identity, bind              the socket is open; with keys also sealing and keyIds: their ids, the first
                                          one of which seals
  memberUp    identity, members           a member became active; members: how many others there are now
  memberDown  identity, members           a member was declared Down
  memberLeft  identity, members           a member left by itself, as far as can be told
  memberSuspect  identity, by             a member will be declared Down unless it answers; by: who says so, who may pass
                                          it on from others
  memberRefuted  identity                 it did answer
  memberNap   identity, ms                a member sleeps, and promised to be back within ms milliseconds
  memberOverdue  identity                 it is not back, and counts as Down from now on
  rename      before, after               a newer identity replaced an older one with the same address
  value       identity, text, ageMs       a member has a new value: it published one now, or ageMs milliseconds ago and
                                          the agent is told of it now, as it is of all when it joins
  broadcast   from, text                  a member sent news, which nobody keeps
  address     identity                    the machine has another address, and the agent took it
  idle                                    no other member is left; the agent tries the seeds again
  rejoin      identity, leftOut           the agent was declared Down and came back; at most 5 such lines at once,
                                          then one a second; leftOut: how many were not printed before this one
  state       path, members, values, ignored
                                          so much of the state file is in use again; ignored: what was wrong in it
  keys        path, keyIds                the key file was read again, and its keys are in use
  refused     refusedPlain, unknownKey, reflected, replayed, forged
                                          so many datagrams were refused since the last such line, because they were not
                                          sealed, under a key that is not in the file, our own, here before, or not made
                                          under the key that they name; once in ten seconds at most
  trouble     kind, from | seeds          something keeps the agent from getting on, as the text says: seedsSilent,
                                          nobodyFound, otherCodec, otherKey, notForUs, sameAddress or
                                          unreachableAddress; each kind once in half a minute at most
  http        address                     the page is there
  linesLost   lines                       so many lines are missing here, because the output was blocked
  error       error, socketErrors | path  the socket, the control address or the file at path failed; the agent goes on
  leaving     reason                      the agent tells the others that it leaves
  left        metrics, seal, rttMs        the agent has left; metrics: its counters; seal: those of sealed datagrams,
                                          where there are keys; rttMs: the smoothed round-trip time to the others in
                                          milliseconds, missing where none is known
and with --log-level debug also active, defunct, control (path), hello and published (text), memberRefused (identity):
there was no room for a new member, and probeFailed (identity, asked, answered): how many helpers were asked, and how
many of them answered us; with trace sent, received (peer, message) and roundTrip (peer, ms): a probed member answered
after so many milliseconds.
An identity is { addr, bump }.

Examples:
  xswim agent
  xswim agent --cluster home
  xswim agent 127.0.0.1:8080
  xswim agent 127.0.0.1:8081 -a 127.0.0.1:8080 -f members.txt
  xswim agent 0.0.0.0:8080 -i 192.168.1.10:8080 -a 192.168.1.11:8080 -a 192.168.1.12:8080 --json
  (umask 077; xswim keygen > cluster.key); xswim agent 127.0.0.1:8080 --key-file cluster.key
  xswim agent --config /etc/xswim/agent.json --log-level warn
  xswim agent 127.0.0.1:8080 --state /var/lib/xswim/state.json --log-file /var/log/xswim.log`;

/** Adds `agent` to the program; `setExitCode` is told how it ended. */
export function addAgentCommand(program: Command, setExitCode: (exitCode: number) => void): void {
  program
    .command("agent")
    .description("Run a member of a cluster until it is told to leave.")
    .addArgument(
      new Argument("[BIND_ADDR]", "the UDP address to bind (default: 0.0.0.0:7946)").argParser(
        parseSocketAddress,
      ),
    )
    .option(
      "-i, --identity <ADDR>",
      "the address at which the others reach the agent (default: BIND_ADDR)",
      parseSocketAddress,
    )
    .option("-a, --announce <ADDR>", "a member that helps to join; may be repeated", collectSeed, [])
    .option("--discover", "look for members nearby (default, unless there is an --announce)")
    .option("--no-discover", "look for nobody")
    .option(
      "--cluster <NAME>",
      "the name of the cluster to find, so that others nearby stay apart",
      parseCluster,
    )
    .option("--interface <NAME>", "the only network interface to look at, such as eth0")
    .option("--beacon-port <PORT>", "the UDP port of beacons (default: 7945)", parsePort)
    .option("-f, --filename <FILE>", "write the addresses of the active members to this file, one a line")
    .addOption(
      new Option("--codec <NAME>", "wire format").choices(["bincode", "postcard"]).default("bincode"),
    )
    .addOption(
      new Option("--config <NAME|FILE>", "settings (choices: lan, wan, wifi, simple), or a file with options")
        .argParser(collectConfig)
        .default({ name: "lan", isNamed: false }, "lan"),
    )
    .option("--cluster-size <N>", "how many members to expect, for lan and wan", parseClusterSize, 10)
    .option("--key-file <FILE>", "the keys of the cluster, which seal every datagram")
    .addOption(
      new Option("--sealing <MODE>", "what to do with the keys (default: require)").choices(SEALINGS),
    )
    .addOption(new Option("--log-level <LEVEL>", "how much to print").choices(LOG_LEVELS).default("info"))
    .option(
      "--http [ADDR]",
      "show the cluster in browsers, and to programs, at this address (default: " + DEFAULT_HTTP + ")",
      parseSocketAddress,
    )
    .option("--http-token-file <FILE>", "what callers at --http have to know")
    .option("--control <PATH>", "the socket at which the other commands reach the agent")
    .option("--no-control", "open no such socket")
    .option("--json", "print one JSON object a line on the standard output", false)
    .option("--log-file <FILE>", "print to this file instead, which is put aside when it has 10 MB")
    .option("--state <FILE>", "keep members, values and bump in this file over a restart")
    .option(
      "--bump <N>",
      "the number of this start, larger than all before (default: seconds since 1970)",
      parseBump,
    )
    .addHelpText("after", HELP)
    .action(async (argument: string | undefined, _flags: AgentFlags, command: Command) => {
      const bind = chooseBind(argument, applyConfigFile(command));
      const settings = makeSettings(bind, command.opts<AgentFlags>(), command);
      const keys = await keysOf(settings);
      if (keys === "wrong") return setExitCode(CANNOT_START);
      const linesLost = (lines: number): void =>
        log.error({ event: "linesLost", lines }, "lines lost here: " + lines);
      const output = openOutput(settings, linesLost, () => {
        if (agent !== undefined) leaveWithoutReader(agent);
      });
      if (output === undefined) return setExitCode(CANNOT_START);
      const server = await openServer(settings);
      if (server === "wrong") return setExitCode(CANNOT_START);
      const log = makeLog(settings.logLevel, settings.json, output, server?.events);
      const agent = makeAgent(settings, log, keys, server);
      if (agent === undefined) return setExitCode(CANNOT_START);
      leaveWhenTold(agent);
      if (keys === undefined) process.once("SIGHUP", () => void agent.leave("SIGHUP"));
      else readKeysWhenTold(agent);
      setExitCode(await agent.done);
      await output.settled(LAST_LINES_MS);
    });
}

/** Returns the address of the command line, or else of the configuration file. */
function chooseBind(argument: string | undefined, inFile: string | undefined): string {
  return argument ?? inFile ?? DEFAULT_BIND;
}

/** Says so, and returns nothing, when its options do not go together with what it kept. */
function makeAgent(
  settings: AgentSettings,
  log: Logger,
  keys: readonly ClusterKey[] | undefined,
  server: AgentServer | undefined,
): Agent | undefined {
  try {
    return new Agent(settings, log, keys, server);
  } catch (error) {
    server?.close();
    process.stderr.write("xswim agent: " + (error as Error).message + "\n");
    return undefined;
  }
}

/** Returns where lines go; says so, and returns nothing, when the log file cannot be opened. */
function openOutput(
  { logFile }: AgentSettings,
  linesLost: (lines: number) => void,
  readerGone: () => void,
): Output | LogFile | undefined {
  if (logFile === undefined) return new Output({ linesLost, readerGone });
  try {
    return new LogFile(logFile, linesLost);
  } catch (error) {
    process.stderr.write("xswim agent: log file: " + (error as Error).message + "\n");
    return undefined;
  }
}

/** Returns the keys that the agent begins with; says so when the key file is wrong. */
async function keysOf({ keyFile }: AgentSettings): Promise<ClusterKey[] | undefined | "wrong"> {
  try {
    return keyFile === undefined ? undefined : await readKeyFile(keyFile);
  } catch (error) {
    process.stderr.write("xswim agent: key file " + keyFile + ": " + (error as Error).message + "\n");
    return "wrong";
  }
}

/** Opens the addresses at which the agent can be looked at; says so when one of them is wrong. */
async function openServer(settings: AgentSettings): Promise<AgentServer | undefined | "wrong"> {
  if (settings.control === false && settings.http === undefined) return undefined;
  const server = new AgentServer(settings.codec);
  try {
    await server.open(settings);
    return server;
  } catch (error) {
    process.stderr.write("xswim agent: " + (error as Error).message + "\n");
    return "wrong";
  }
}

/** Ends the agent as programs in a pipeline end: without a reader nobody would learn what becomes of it. */
function leaveWithoutReader(agent: Agent): void {
  // The standard error may go to the same pipe.
  process.stderr.once("error", () => undefined);
  process.stderr.write("xswim agent: left, because the other end of the standard output is closed\n");
  void agent.leave("nobody reads the standard output", READER_GONE);
}

/** Ends the agent on a signal (a second one ends it at once), and when the program that started it is gone. */
function leaveWhenTold(agent: Agent): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void agent.leave(signal));
  }
  process.once("disconnect", () => void agent.leave("the program that started it is gone"));
  process.channel?.unref();
  onNpmGone(() => void agent.leave("the npm that started it is gone"));
}

/** Reads the key file again on SIGHUP, which a terminal sends, too, when it is closed: then the agent leaves as without keys. */
function readKeysWhenTold(agent: Agent): void {
  const hadTerminal = hasTerminal();
  process.on("SIGHUP", () => {
    const isTerminalGone = process.platform === "win32" || (hadTerminal && !hasTerminal());
    if (isTerminalGone) void agent.leave("SIGHUP");
    // What is wrong with the file is told.
    else agent.readKeysAgain().catch(() => undefined);
  });
}
