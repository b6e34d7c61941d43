import { Argument, InvalidArgumentError, Option, type Command } from "commander";
import { collectConfig, type ConfigChoice } from "../agent/config-file.js";
import { readKeyFile } from "../agent/key-file.js";
import { printable } from "../agent/log.js";
import {
  makeConfig,
  parseClusterSize,
  parseCluster,
  parsePort,
  parseSocketAddress,
} from "../agent/settings.js";
import { examine, type CodecName, type ExaminationOptions, type Report } from "../doctor/examination.js";
import { FAILED, printJson, printLine, type SetExitCode } from "./control.js";
import { drawTable, roundTrip } from "./table.js";

const HELP = `
A guest joins the cluster by the member at ADDR, looks around for some seconds, and leaves. It tells what it saw, and
what is wrong: nobody listens; the cluster speaks another wire format, or seals its datagrams under another key, or none;
this machine cannot be reached from there; a member does not answer; a clock is ahead; datagrams are longer than they
should be; with --discover, members are not found by multicast and broadcast. Give it the options that your agents have.

Exit codes: 0 nothing is wrong, 1 something is, 2 wrong arguments.

Examples:
  xswim doctor 192.168.1.10:7946
  xswim doctor 192.168.1.10:7946 --key-file cluster.key --codec postcard
  xswim doctor 127.0.0.1:7946 --seconds 5 --json | jq -r '.findings[].text'`;

interface DoctorFlags {
  seconds: number;
  codec: CodecName;
  config: ConfigChoice;
  clusterSize: number;
  keyFile?: string;
  bind?: string;
  identity?: string;
  discover: boolean;
  cluster?: string;
  beaconPort?: number;
  json: boolean;
}

/** Adds `doctor` to the program. */
export function addDoctorCommand(program: Command, setExitCode: SetExitCode): void {
  program
    .command("doctor")
    .addArgument(new Argument("<ADDR>", "the address of a member").argParser(parseSocketAddress))
    .description("Join a cluster as a guest, and tell what is wrong.")
    .option("--seconds <N>", "how long to stay", parseSeconds, 10)
    .addOption(
      new Option("--codec <NAME>", "wire format").choices(["bincode", "postcard"]).default("bincode"),
    )
    .addOption(
      new Option("--config <NAME>", "settings (choices: lan, wan, wifi, simple)")
        .argParser(collectConfig)
        .default({ name: "lan", isNamed: false }, "lan"),
    )
    .option("--cluster-size <N>", "how many members to expect, for lan and wan", parseClusterSize, 10)
    .option("--key-file <FILE>", "the keys of the cluster")
    .option(
      "-b, --bind <ADDR>",
      "the UDP address to bind (default: where ADDR is reached from)",
      parseSocketAddress,
    )
    .option(
      "-i, --identity <ADDR>",
      "where others reach the guest (default: what is bound)",
      parseSocketAddress,
    )
    .option("--discover", "also look for members nearby, as agents do that are given no address", false)
    .option("--cluster <NAME>", "the name of the cluster to find nearby", parseCluster)
    .option("--beacon-port <PORT>", "the UDP port of beacons (default: 7945)", parsePort)
    .option("--json", "print one JSON object, with findings", false)
    .addHelpText("after", HELP)
    .action(async (target: string, flags: DoctorFlags) => {
      try {
        const report = await examine(await optionsOf(target, flags));
        if (flags.json) printJson(report);
        else for (const line of linesOf(report)) printLine(printable(line));
        if (report.findings.some(({ isProblem }) => isProblem)) setExitCode(FAILED);
      } catch (error) {
        process.stderr.write("xswim doctor: " + (error as Error).message + "\n");
        setExitCode(FAILED);
      }
    });
}

async function optionsOf(target: string, flags: DoctorFlags): Promise<ExaminationOptions> {
  const { seconds, codec, keyFile, bind, identity, cluster, beaconPort } = flags;
  const discover = flags.discover ? (beaconPort === undefined ? {} : { beaconPort }) : undefined;
  const keys = keyFile === undefined ? undefined : await readKeyFile(keyFile);
  const config = makeConfig(flags);
  return { target, seconds, codec, config, keys, keyFile, bind, identity, discover, cluster };
}

function linesOf(report: Report): string[] {
  const { target, guest, seconds, members, findings, codec } = report;
  const lines = [
    "A guest at " +
      guest +
      " asked " +
      target +
      " to let it in, and stayed for " +
      seconds +
      " s (" +
      codec +
      ").",
  ];
  if (members.length > 0) {
    const rows = members.map(({ addr, state, bump, rttMs, pings }) => [
      printable(addr),
      state,
      String(bump),
      roundTrip(rttMs),
      String(pings),
    ]);
    const head = ["MEMBER", "STATE", "BUMP", "RTT", "PINGS"];
    lines.push(...drawTable(head, rows, process.stdout.isTTY === true).split("\n"));
  }
  for (const { isProblem, text } of findings) lines.push((isProblem ? "wrong: " : "note: ") + text);
  if (!findings.some(({ isProblem }) => isProblem)) lines.push("Nothing is wrong.");
  return lines;
}

/** @throws InvalidArgumentError that says what is expected. */
function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (/^[0-9]{1,4}$/.test(text) && seconds >= 1 && seconds <= 3600) return seconds;
  throw new InvalidArgumentError("Expected a number of seconds from 1 to 3600.");
}
