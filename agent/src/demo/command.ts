import type { Command } from "commander";
import { onNpmGone } from "../parent.js";
import { Demo, HOST, SIZE } from "./demo.js";
import { freePorts } from "./free-ports.js";
import { onStopKey } from "./keys.js";

const HELP = `
Each row is a member: its identity (address and bump), its process, and its state, incarnation and last round
trip as the observer, which is this program, knows them. One member after another is killed and comes back, until
Ctrl-C or q, on which all leave.

When the output is no terminal, the events are printed as lines, one member is killed and comes back, and the
program ends.

Exit codes: 0 as described, 1 a member could not begin, or the cluster took too long.`;

/** Adds `demo` to the program; `setExitCode` is told how it ended. */
export function addDemoCommand(program: Command, setExitCode: (exitCode: number) => void): void {
  program
    .command("demo")
    .description("Watch five members on this machine find one another, lose one and take it back.")
    .addHelpText("after", HELP)
    .action(async () => {
      const isLive = process.stdout.isTTY === true;
      const demo = new Demo(await freePorts(SIZE, HOST), isLive);
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => demo.stop());
      onNpmGone(() => demo.stop());
      const endKeys = isLive ? onStopKey(() => demo.stop()) : () => undefined;
      setExitCode(await demo.run());
      endKeys();
    });
}
