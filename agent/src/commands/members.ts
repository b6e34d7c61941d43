import { setTimeout as sleep } from "node:timers/promises";
import { createLogUpdate } from "log-update";
import type { Command } from "commander";
import { printable, quoted } from "../agent/log.js";
import type { MembersAnswer, ShownMember } from "../control/answers.js";
import type { AgentClient } from "../control/client.js";
import { onStopKey } from "../demo/keys.js";
import {
  EXIT_CODES,
  printJson,
  printLine,
  speak,
  withControlOptions,
  type ControlFlags,
  type SetExitCode,
} from "./control.js";
import { drawTable, roundTrip, shortened, span } from "./table.js";

/** How often the members are asked for with `--watch`. */
const PERIOD_MS = 1000;
/** Characters of a value that have room in a table. */
const VALUE_LENGTH = 48;
const HEAD = ["MEMBER", "STATE", "FOR", "BUMP", "INC", "RTT", "FLAPS", "SUSPECTED BY", "VALUE"];

const HELP = `
The first row is the agent itself. FOR: how long the member has been in its state. RTT: how long it took to answer the
last probe. FLAPS: how often it went and came back within the last hour. SUSPECTED BY: who said first that it does not
answer. Members that are Down or Left are shown for ten minutes.

With --watch the table is drawn again as it changes, until Ctrl-C or q. Where the output is no terminal, it is printed
again each time that a member has changed.

Examples:
  xswim members
  xswim members --watch --port 7946
  xswim members --json | jq -r '.members[] | select(.state == "Alive") | .addr'
${EXIT_CODES}`;

interface MembersFlags extends ControlFlags {
  watch: boolean;
}

/** Adds `members` to the program. */
export function addMembersCommand(program: Command, setExitCode: SetExitCode): void {
  withControlOptions(program.command("members"))
    .description("Show the members that an agent knows.")
    .option("--json", "print one JSON object: self, members", false)
    .option("--watch", "go on showing them as they change", false)
    .addHelpText("after", HELP)
    .action((flags: MembersFlags) =>
      speak(flags, setExitCode, async (client) => {
        if (flags.watch) return watch(client, flags.json === true);
        show(await client.get<MembersAnswer>("/api/members"), flags.json === true);
      }),
    );
}

function show(answer: MembersAnswer, isJson: boolean): void {
  if (isJson) printJson(answer);
  else printLine(tableOf(answer, Date.now(), process.stdout.isTTY === true));
}

/** Shows the members until it is told to stop, or the agent is gone. */
async function watch(client: AgentClient, isJson: boolean): Promise<void> {
  const stopped = new AbortController();
  const stop = (): void => stopped.abort();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, stop);
  process.stdout.once("error", stop);
  // Where the width is not known, nothing can be drawn again.
  const isLive = process.stdout.isTTY === true && process.stdout.columns > 0 && !isJson;
  const screen = isLive ? createLogUpdate(process.stdout) : undefined;
  const endKeys = isLive ? onStopKey(stop) : (): void => undefined;
  let before = "";
  try {
    while (!stopped.signal.aborted) {
      const answer = await client.get<MembersAnswer>("/api/members");
      const now = signature(answer);
      if (screen !== undefined) screen(fitted(tableOf(answer, Date.now(), true)));
      else if (now !== before) show(answer, isJson);
      before = now;
      await sleep(PERIOD_MS, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  } finally {
    screen?.done();
    endKeys();
  }
}

/** What is worth printing again: all but times, which change always. */
function signature({ self, members }: MembersAnswer): string {
  const rows = [self, ...members].map(({ addr, bump, state, incarnation, flaps, suspectedBy, value }) =>
    JSON.stringify([addr, bump, state, incarnation, flaps, suspectedBy, value]),
  );
  return rows.sort().join("\n");
}

/** The lines that a terminal has room for. */
function fitted(text: string): string {
  const room = Math.max(5, (process.stdout.rows || 24) - 2);
  const lines = text.split("\n");
  if (lines.length <= room) return text;
  return [...lines.slice(0, room), "… " + (lines.length - room) + " more lines"].join("\n");
}

/** The members as a table: the agent itself, then the others by their addresses. */
export function tableOf({ self, members }: MembersAnswer, nowMs: number, isForTerminal: boolean): string {
  const others = [...members].sort((a, b) => a.addr.localeCompare(b.addr, "en", { numeric: true }));
  const rows = [self, ...others].map((member, index) => rowOf(member, index === 0, nowMs));
  return drawTable(HEAD, rows, isForTerminal);
}

function rowOf(member: ShownMember, isSelf: boolean, nowMs: number): string[] {
  const { value, valueAgeMs } = member;
  const age = valueAgeMs === null || valueAgeMs < 1000 ? "" : ", " + span(valueAgeMs) + " old";
  const cells = [
    member.addr + (isSelf ? " *" : ""),
    member.state,
    span(nowMs - Date.parse(member.since)),
    String(member.bump),
    String(member.incarnation),
    roundTrip(member.rttMs),
    String(member.flaps),
    member.suspectedBy ?? "-",
    value === null ? "-" : quoted(shortened(value, VALUE_LENGTH)) + age,
  ];
  return cells.map(printable);
}
