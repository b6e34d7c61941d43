import { InvalidArgumentError, type Command } from "commander";
import { printable } from "../agent/log.js";
import type { AgentEvent } from "../control/client.js";
import { NoAgentError } from "../control/client.js";
import {
  EXIT_CODES,
  printJson,
  printLine,
  speak,
  withControlOptions,
  type ControlFlags,
  type SetExitCode,
} from "./control.js";

/** Events of the stream that are for pages, and no news. */
const NOT_SHOWN = ["hello", "members", "traffic"];
/** As many as an agent keeps. */
const MOST_RECENT = 512;

const HELP = `
Prints the events of an agent as they come, as its own output does, until Ctrl-C: a time, a level and a text, or with
--json the same objects as xswim agent --json. It ends when the agent leaves.

Examples:
  xswim monitor
  xswim monitor --recent 100 --port 7946
  xswim monitor --json | jq -c 'select(.event == "memberDown")'
${EXIT_CODES}`;

interface MonitorFlags extends ControlFlags {
  recent?: number;
}

/** Adds `monitor` to the program. */
export function addMonitorCommand(program: Command, setExitCode: SetExitCode): void {
  withControlOptions(program.command("monitor"))
    .description("Print the events of an agent as they come.")
    .option("--json", "print one JSON object a line", false)
    .option("-n, --recent <N>", "begin with so many that were before, up to " + MOST_RECENT, parseRecent)
    .addHelpText("after", HELP)
    .action((flags: MonitorFlags) =>
      speak(flags, setExitCode, async (client) => {
        const stopped = new AbortController();
        const stop = (): void => stopped.abort();
        for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, stop);
        process.stdout.once("error", stop);
        const printer = new Printer(flags.json === true);
        if (flags.recent !== undefined && flags.recent > 0) {
          const path = "/api/events?recent=" + flags.recent;
          const { events } = await client.get<{ events: Record<string, unknown>[] }>(path);
          for (const event of events) printer.print(event);
        }
        await client.events("/api/events", (event) => printer.take(event), stopped.signal);
        if (!stopped.signal.aborted && !printer.hasLeft) throw new NoAgentError("the agent is gone");
      }),
    );
}

class Printer {
  private readonly isJson: boolean;
  /** Whether the agent said that it leaves. */
  hasLeft = false;

  constructor(isJson: boolean) {
    this.isJson = isJson;
  }

  take({ name, data }: AgentEvent): void {
    if (name === "gap") process.stderr.write("xswim: some events are missing here\n");
    else if (!NOT_SHOWN.includes(name)) this.print(data);
  }

  print(data: Record<string, unknown>): void {
    const { event, time, level, msg } = data;
    if (event === "leaving" || event === "left") this.hasLeft = true;
    if (this.isJson) return printJson(data);
    const name = typeof level === "string" ? level.toUpperCase() : "INFO";
    printLine(printable(String(time) + " " + name.padEnd(5) + " " + String(msg ?? event)));
  }
}

/** @throws InvalidArgumentError that says what is expected. */
function parseRecent(text: string): number {
  if (/^[0-9]{1,3}$/.test(text) && Number(text) <= MOST_RECENT) return Number(text);
  throw new InvalidArgumentError("Expected a number from 0 to " + MOST_RECENT + ".");
}
